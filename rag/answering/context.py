"""Context selection: the sentences most likely to answer, each with the sentence before it. Pure.

Complete passages waste a small budget. Within 180 estimated tokens, complete passages held the answer to 37
of 50 questions on the sample library, excerpts to 43; on the scraped articles 24 and 25 of 30
(docs/benchmarks.md). The sentence before is included because it resolves pronouns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from rag.text.splitter import estimate_tokens
from rag.types import Hit

_ELLIPSIS = " … "


class ScoredToken(NamedTuple):
    """A token's span in a passage, and its logit against "no answer"."""

    start: int
    end: int
    logit: float


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence of a passage, `passage.text[start:end]`, and its score for the question.

    `tokens` are its tokens with the answer scorer's logits, () without a scorer.
    """

    start: int
    end: int
    score: float
    tokens: tuple[ScoredToken, ...] = ()


@dataclass(frozen=True, slots=True)
class RankedHit:
    """A hit with its scored sentences in order; a single one, the whole passage, without a scorer."""

    hit: Hit
    sentences: tuple[ScoredSentence, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The text of a hit that goes into the prompt."""

    hit: Hit
    text: str

    @property
    def heading(self) -> str:
        """The article's title, and its date where it is known."""
        return _heading(self.hit)


def select_excerpts(ranked: Sequence[RankedHit], max_tokens: int, max_hits: int) -> list[Excerpt]:
    """Select excerpts of at most `max_hits` hits within a budget of estimated tokens, the best hit first.

    Sentences are added greedily by score. The best one is always included; one that exceeds the remaining
    budget is skipped in favour of shorter ones.
    """
    selected: dict[int, set[int]] = {}
    remaining = max_tokens
    for n, i in _by_score(ranked):
        known = selected.get(n, set())
        new = {max(i - 1, 0), i} - known
        if not new or (not known and len(selected) == max_hits):
            continue
        article = ranked[n].hit.article.id
        cost = _cost(ranked[n], new, titled=any(ranked[m].hit.article.id == article for m in selected))
        if cost <= remaining or not selected:
            selected[n] = known | new
            remaining -= cost
    return [Excerpt(ranked[n].hit, _text(ranked[n], sorted(indices))) for n, indices in selected.items()]


def _by_score(ranked: Sequence[RankedHit]) -> list[tuple[int, int]]:
    """Return every sentence as (index of the hit, index of the sentence), the best first."""
    indices = [(n, i) for n, scored in enumerate(ranked) for i in range(len(scored.sentences))]
    return sorted(indices, key=lambda index: -ranked[index[0]].sentences[index[1]].score)


def _cost(scored: RankedHit, indices: set[int], *, titled: bool) -> int:
    """Return estimated tokens of sentences, with the heading unless the article has one already."""
    heading = 0 if titled else estimate_tokens(_heading(scored.hit))
    return heading + sum(estimate_tokens(_sentence(scored, i)) for i in indices)


def _text(scored: RankedHit, indices: Sequence[int]) -> str:
    """Return the sentences in order, with " … " for those left out."""
    text = _sentence(scored, indices[0])
    for previous, i in pairwise(indices):
        text += (_gap_after(scored, previous) if i == previous + 1 else _ELLIPSIS) + _sentence(scored, i)
    return text


def _sentence(scored: RankedHit, i: int) -> str:
    sentence = scored.sentences[i]
    return scored.hit.passage.text[sentence.start : sentence.end].strip()


def _gap_after(scored: RankedHit, i: int) -> str:
    """Return the passage's text between a sentence and the next."""
    return scored.hit.passage.text[scored.sentences[i].end : scored.sentences[i + 1].start] or " "


def _heading(hit: Hit) -> str:
    published = f" ({hit.article.published})" if hit.article.published else ""
    return f"{hit.article.title}{published}"
