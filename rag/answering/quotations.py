"""Quotations: the sentences of the retrieved passages that most likely answer, quoted as they stand. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import log
from typing import NamedTuple

from rag.answering.answer_marks import answer_mark
from rag.answering.context import RankedHit, ScoredSentence
from rag.text.list_marks import LIST_MARK
from rag.text.pronouns import LANGUAGES
from rag.text.sentences import trimmed
from rag.text.stems import stems
from rag.types import SHOWN_QUOTES, Hit, Quote
from rag.verification.support import QuestionText

WORDS_WEIGHT = 0.3
"""Weight of the question's words in a sentence, beside those of its passage's others, in its language.

Chosen on the 131 questions of bench/quotations.py and of XQuAD's held-out articles that are in an article's
language or in another: docs/benchmarks.md."""
_QUESTION = re.compile(r"[?？][\"'”’»)）]*$")
_END = re.compile(r"[.!…。！;；:：][\"'”’»)\]』」）]*$")


class _Candidate(NamedTuple):
    """A sentence of a ranked hit, with its span in the passage, and what it is ordered by."""

    ranked: RankedHit
    sentence: ScoredSentence
    span: tuple[int, int]
    order: tuple[bool, float]

    @property
    def text(self) -> str:
        return self.ranked.hit.passage.text[slice(*self.span)]


def select_quotes(
    ranked: Sequence[RankedHit], numbered: Sequence[Hit], question: QuestionText
) -> tuple[Quote, ...]:
    """Select the SHOWN_QUOTES best sentences of all hits, then the best of each other hit, best first.

    Headings and questions come last. A sentence that several articles have is quoted once. `numbered` are
    the same hits in the order of their citation numbers.
    """
    numbers = {_key(hit): n for n, hit in enumerate(numbered, 1)}
    chosen: dict[str, Quote] = {}
    for one in sorted(_candidates(ranked, question), key=lambda candidate: candidate.order):
        n = numbers[_key(one.ranked.hit)]
        if len(chosen) < SHOWN_QUOTES or all(n != other.n for other in chosen.values()):
            text = " ".join(one.text.casefold().split())
            if text not in chosen:
                marks = _marks(one, question) if len(chosen) < SHOWN_QUOTES else ()
                chosen[text] = Quote(n, *one.span, one.sentence.score, marks)
    return tuple(chosen.values())


def _candidates(ranked: Sequence[RankedHit], question: QuestionText) -> Iterator[_Candidate]:
    """Yield every sentence that is not empty."""
    gains = _word_gains(ranked, question)
    for n, scored in enumerate(ranked):
        passage = scored.hit.passage.text
        for i, sentence in enumerate(scored.sentences):
            start, end = trimmed(passage, sentence.start, sentence.end)
            if start < end:
                order = _answers_nothing(passage[start:end]), -sentence.score - gains.get((n, i), 0.0)
                yield _Candidate(scored, sentence, (start, end), order)


def _answers_nothing(text: str) -> bool:
    """Tell whether a sentence is a question, or a heading: a line without end mark, list mark and number."""
    if _QUESTION.search(text):
        return True
    return not _END.search(text) and not LIST_MARK.match(text) and not re.search(r"\d", text)


def _word_gains(ranked: Sequence[RankedHit], question: QuestionText) -> dict[tuple[int, int], float]:
    """Return by how much a sentence has more of the question's words than its passage's mean.

    Keys are the indices of hit and sentence. Words that few sentences have count more.
    """
    if question.language not in LANGUAGES:
        return {}
    asked = stems(question.text, question.language)
    if not asked:
        return {}
    words = {
        (n, i): asked & stems(scored.hit.passage.text[one.start : one.end], question.language)
        for n, scored in enumerate(ranked)
        for i, one in enumerate(scored.sentences)
        if scored.hit.language == question.language
    }
    total = sum(len(scored.sentences) for scored in ranked)
    found = Counter(word for row in words.values() for word in row)
    weights = {word: log(1 + total / (1 + found[word])) for word in asked}
    shares = {key: sum(weights[word] for word in row) / sum(weights.values()) for key, row in words.items()}
    sums, sizes = defaultdict[int, float](float), Counter[int]()
    for (n, _), share in shares.items():
        sums[n] += share
        sizes[n] += 1
    return {key: WORDS_WEIGHT * (share - sums[key[0]] / sizes[key[0]]) for key, share in shares.items()}


def _marks(one: _Candidate, question: QuestionText) -> tuple[tuple[int, int], ...]:
    start, end = one.span
    tokens = [
        token._replace(start=max(token.start - start, 0), end=token.end - start)
        for token in one.sentence.tokens
        if token.start < end and token.end > start
    ]
    mark = answer_mark(one.text, one.ranked.hit.language, tokens, question)
    return ((mark[0] + start, mark[1] + start),) if mark else ()


def _key(hit: Hit) -> tuple[str, int]:
    return hit.passage.article_id, hit.passage.ordinal
