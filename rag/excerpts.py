"""What a prompt holds of the passages: the sentences that most likely answer, each with the one before. Pure.

Whole passages waste a small budget. Within 180 estimated tokens, the answer to 37 of 50 questions on the
sample library stood in whole passages, to 43 in excerpts; on the scraped articles 24 and 25 of 30
(bench/ANSWERING.md). The sentence before is read too: it says who "he" is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.documents import Hit
from rag.splitting import estimate_tokens

_GAP = " … "


@dataclass(frozen=True, slots=True)
class Stretch:
    """A sentence of a passage, `passage.text[start:end]`, and what it is worth to the question."""

    start: int
    end: int
    worth: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """A hit with its stretches, in order; one that is not known closer is one stretch."""

    hit: Hit
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What is read of a hit."""

    hit: Hit
    text: str

    @property
    def heading(self) -> str:
        """The article's title, and its date where it is known."""
        return _heading(self.hit)


def choose(weighed: Sequence[Weighed], budget: int, most: int) -> list[Excerpt]:
    """The best stretches that fit the budget of estimated tokens, of at most `most` hits; the best hit first.

    The best stretch is always there. One that is too long for what is left makes room for shorter ones.
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
    """Every stretch, by its hit's place and its own, the best first."""
    places = [(n, at) for n, one in enumerate(weighed) for at in range(len(one.stretches))]
    return sorted(places, key=lambda place: -weighed[place[0]].stretches[place[1]].worth)


def _same(one: Weighed, other: Weighed) -> bool:
    return one.hit.article.id == other.hit.article.id


def _cost(one: Weighed, places: set[int], *, titled: bool) -> int:
    title = 0 if titled else estimate_tokens(_heading(one.hit))
    return title + sum(estimate_tokens(_said(one, at)) for at in places)


def _text(one: Weighed, places: Sequence[int]) -> str:
    text = _said(one, places[0])
    for before, at in pairwise(places):
        text += (_said(one, before, to=at) if at == before + 1 else _GAP) + _said(one, at)
    return text


def _said(one: Weighed, at: int, to: int | None = None) -> str:
    """A stretch's words; with `to`, what stands between it and that one."""
    text, here = one.hit.passage.text, one.stretches[at]
    return (
        text[here.start : here.end].strip() if to is None else text[here.end : one.stretches[to].start] or " "
    )


def _heading(hit: Hit) -> str:
    published = f" ({hit.article.published})" if hit.article.published else ""
    return f"{hit.article.title}{published}"
