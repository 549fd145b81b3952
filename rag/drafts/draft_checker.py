"""Check a draft: search for each sentence in all languages, and compare it claim by claim."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from rag.answering.answer_scorer import AnswerScorer
from rag.answering.verifier import ClauseVectors
from rag.drafts.checked_draft import Backing, CheckedSentence, Deviation, Finding
from rag.drafts.contest import Contest, Contested, PassageComparer
from rag.drafts.draft_sentences import DraftSentence, draft_sentences
from rag.drafts.quotable_sentences import QuotableSentence, quotable_sentences
from rag.drafts.readings import MAX_COSINE_GAP, MIN_COSINE, WindowReading, confirming, differing
from rag.drafts.windows import Window, windows
from rag.retrieval.retriever import Retriever
from rag.types import Article, Filters
from rag.verification.claims import Span
from rag.verification.facts import Facts, FactsCache, extract

PASSAGES = 16
"""Number of passages searched for with a sentence. Not fitted."""

CACHED_PIECES = 96
"""Number of article pieces whose token states are cached, at 0.5 MB each: those of about 20 windows. Not
fitted."""


class DraftChecker:
    """Looks up the sentences of drafts in the articles. Thread safe."""

    def __init__(
        self,
        retriever: Retriever,
        article: Callable[[str], Article | None],
        scorer: AnswerScorer | None = None,
    ) -> None:
        """`article` reads an article by its id."""
        self._retriever, self._article = retriever, article
        self._facts, self._reader = FactsCache(), PassageComparer(ClauseVectors(retriever.centred), scorer)

    def check(self, draft: str, filters: Filters = Filters()) -> Iterator[CheckedSentence]:
        """Yield the result for each sentence of a draft, in order, from articles that pass the filters."""
        for sentence in draft_sentences(draft):
            yield self._checked(sentence, filters)

    def readings(self, sentence: DraftSentence, filters: Filters = Filters()) -> list[WindowReading]:
        """Return the readings of the windows around the passages found, the nearest first.

        Claims are compared only in windows within MAX_COSINE_GAP of the nearest one.
        """
        hits = self._retriever.search(sentence.sought, PASSAGES, language=sentence.language, filters=filters)
        found = [self._near(sentence, window) for window in windows(hits, self._article)]
        least = max([one.near - MAX_COSINE_GAP for one in found] + [MIN_COSINE])
        read = [self._read(sentence, one) if one.near >= least else one for one in found]
        return sorted(read, key=lambda one: -one.near)

    def _checked(self, sentence: DraftSentence, filters: Filters) -> CheckedSentence:
        if not sentence.checkable:
            return _result(sentence, "passed_over")
        readings = self.readings(sentence, filters)
        if backings := confirming(readings):
            return _result(sentence, "confirmed", backings)
        if found := differing(readings):
            return _result(sentence, "differs", *_deviations(sentence, found))
        return _result(sentence, "not_found", readings[0].closest() if readings else [])

    def _near(self, sentence: DraftSentence, window: Window) -> WindowReading:
        """Return a window's sentences with their cosines."""
        sentences = quotable_sentences(window.titled, window.language)
        spans = [one.span for one in sentences]
        near = self._reader.near(sentence.sought, sentence.language, self._facts_of(window), spans)
        pairs = zip(sentences, near, strict=True)
        return WindowReading(window, tuple(pair for pair in pairs if pair[0].start >= window.offset))

    def _read(self, sentence: DraftSentence, reading: WindowReading) -> WindowReading:
        """Return a window's reading with each claim compared."""
        claims = extract(sentence.text, sentence.language)
        window = reading.window
        contest = Contest(claims, self._facts_of(window), window.pieces, self._reader)
        return replace(reading, contested=tuple(contest.contested()))

    def _facts_of(self, window: Window) -> Facts:
        return self._facts.of(window.titled, window.language, window.article.published)


def _deviations(
    sentence: DraftSentence, found: Sequence[tuple[WindowReading, Contested]]
) -> tuple[list[Backing], list[Deviation]]:
    """Return the sentences with other values, and the deviations, each with the number of its sentence."""
    marks: dict[QuotableSentence, list[Span]] = {}
    deviations = []
    for reading, claim in found:
        if claim.rival is not None:
            place = claim.rival.start, claim.rival.end
            quoted = reading.sentence_of(place[0])
            marks.setdefault(quoted, []).append(place)
            n, said = list(marks).index(quoted) + 1, sentence.text[slice(*claim.span)]
            kind = claim.claim.verdict.claim.kind
            deviations.append(Deviation(kind, *claim.span, said, claim.rival.text, n))
    return [found[0][0].backing(one, strong) for one, strong in marks.items()], deviations


def _result(
    sentence: DraftSentence,
    finding: Finding,
    backings: Sequence[Backing] = (),
    deviations: Sequence[Deviation] = (),
) -> CheckedSentence:
    return CheckedSentence(
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        language=sentence.language,
        finding=finding,
        backings=tuple(backings),
        deviations=tuple(deviations),
    )
