"""Context selection: the sentences most likely to answer, each with the sentence before it. Pure.

Complete passages waste a small budget. Within 180 estimated tokens, complete passages held the answer to 37
of 50 questions on the sample library, excerpts to 43; on the scraped articles 24 and 25 of 30
(docs/benchmarks.md). The sentence before is included because it resolves pronouns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.text.splitter import estimate_tokens
from rag.types import Hit

_GAP = " … "


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence of a passage, `passage.text[start:end]`, and its score for the question.

    `strong` is the span within it that most likely answers, None where none stands out.
    """

    start: int
    end: int
    worth: float
    strong: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """A hit with its scored sentences in order; a hit without a scorer is a single stretch."""

    hit: Hit
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The text of a hit that goes into the prompt."""

    hit: Hit
    text: str

    @property
    def heading(self) -> str:
        """The article's title, and its date where it is known."""
        return _heading(self.hit)


def choose(weighed: Sequence[Weighed], budget: int, most: int) -> list[Excerpt]:
    """Excerpts of at most `most` hits within a budget of estimated tokens, the best hit first.

    Sentences are added greedily by score. The best one is always included; one that exceeds the remaining
    budget is skipped in favour of shorter ones.
    """
    picked: dict[int, set[int]] = {}
    left = budget
    for n, at in _ranked(weighed):
        had = picked.get(n, set())
        new = {max(at - 1, 0), at} - had
        if not new or (not had and len(picked) == most):
            continue
        cost = _cost(weighed[n], new, titled=any(_same(weighed[n], weighed[other]) for other in picked))
        if cost <= left or not picked:
            picked[n] = had | new
            left -= cost
    return [Excerpt(weighed[n].hit, _text(weighed[n], sorted(places))) for n, places in picked.items()]


def _ranked(weighed: Sequence[Weighed]) -> list[tuple[int, int]]:
    """Every stretch as (index of the hit, index of the stretch), the best first."""
    places = [(n, at) for n, one in enumerate(weighed) for at in range(len(one.stretches))]
    return sorted(places, key=lambda place: -weighed[place[0]].stretches[place[1]].worth)


def _same(one: Weighed, other: Weighed) -> bool:
    return one.hit.article.id == other.hit.article.id


def _cost(one: Weighed, places: set[int], *, titled: bool) -> int:
    title = 0 if titled else estimate_tokens(_heading(one.hit))
    return title + sum(estimate_tokens(_stretch_text(one, at)) for at in places)


def _text(one: Weighed, places: Sequence[int]) -> str:
    text = _stretch_text(one, places[0])
    for before, at in pairwise(places):
        text += (_stretch_text(one, before, to=at) if at == before + 1 else _GAP) + _stretch_text(one, at)
    return text


def _stretch_text(one: Weighed, at: int, to: int | None = None) -> str:
    """The text of a stretch, or with `to`, the text between the two stretches."""
    text, here = one.hit.passage.text, one.stretches[at]
    return (
        text[here.start : here.end].strip() if to is None else text[here.end : one.stretches[to].start] or " "
    )


def _heading(hit: Hit) -> str:
    published = f" ({hit.article.published})" if hit.article.published else ""
    return f"{hit.article.title}{published}"
