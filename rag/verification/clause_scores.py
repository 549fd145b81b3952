"""How well a clause of a passage goes with what a sentence says of a claim: the other content it shares.

Names, figures and words of the sentence are looked up in the clauses; each counts by how rare it is in the
passage, by how near it stands to the claim in the sentence, and to the clause in the passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

from rag.verification.analysed_text import AnalysedText
from rag.verification.claims import Verdict
from rag.verification.figures.quantities import Figure
from rag.verification.names.word_lists import Name

if TYPE_CHECKING:
    from rag.verification.facts import Facts

_DECAY = {"name": 0.7, "word": 2.5, "figure": 4.0}
"""How fast the weight of other content falls with its distance from the claim in the sentence. A name is the
subject of later clauses; a figure says nothing of the clause beside it."""
_WEIGHT = {"name": 1.5, "word": 1.0, "figure": 1.0}
_QUESTION_WORD_WEIGHT = 0.5
"""Weight of a word of the question's beside that of the sentence's own."""
_FORWARD, _TITLE, _MIN_BOUNDARY = 1.8, 0.6, 0.5
"""Cost factor of content that follows a value, against that before it; nearness of a title to any clause; and
the smallest distance of two clauses in a sentence. Set on in_passage_tune.json, as _DECAY."""
_MIN_WEIGHT = 0.3
"""Weight that content of other clauses may have where the claim's own has none."""
_MAX_UNBOUND_NUMBER = 3
"""Numbers up to this are bound to no clause."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A claim with its verdict by presence alone, and the figure or name that it is."""

    verdict: Verdict
    figure: Figure | None = None
    name: Name | None = None

    @property
    def span(self) -> tuple[int, int]:
        """Where in the sentence the claim stands."""
        return self.verdict.claim.start, self.verdict.claim.end

    @property
    def small(self) -> bool:
        """Whether it is a small number without a unit: "the two countries" are told of anywhere."""
        figure = self.figure
        return figure is not None and figure.kind == "number" and max(figure.values) <= _MAX_UNBOUND_NUMBER


@dataclass(frozen=True, slots=True)
class Anchor:
    """Other content of the sentence: its start (-1 for the question's) and its clauses in the passage."""

    kind: str
    start: int
    end: int
    weight: float
    places: tuple[int, ...]


class ClauseScores:
    """Scores the clauses of a passage for the claims of a sentence; `places` are the claims' own clauses."""

    def __init__(
        self,
        facts: Facts,
        claims: AnalysedText,
        places: Mapping[Found, tuple[int, ...]],
        question: AnalysedText | None,
    ) -> None:
        self._facts, self._claims = facts, claims
        self._clauses = facts.reading.clauses
        self._spans = [one.span for one in places]
        self._anchors = [*self._claim_anchors(places), *self._word_anchors(claims, asked=False)]
        if question:
            self._anchors += self._word_anchors(question, asked=True)

    def weighted(self, span: Span) -> list[tuple[Anchor, float]]:
        """The anchors of the claim at a span, weighted by how near they stand to it in the sentence.

        Words and figures of other clauses weigh together no more than those of the claim's own.
        """
        clauses = self._claims.clauses
        here = clauses.of(span[0])
        near, far = list[tuple[Anchor, float]](), list[tuple[Anchor, float]]()
        for anchor in self._anchors:
            if anchor.start < 0:
                near.append((anchor, anchor.weight))
            elif not (anchor.start < span[1] and span[0] < anchor.end):
                there = clauses.of(anchor.start)
                apart = max(clauses.distance(here, there), _MIN_BOUNDARY) if here != there else 0.0
                weighted = (anchor, anchor.weight * exp(-_DECAY[anchor.kind] * apart))
                (near if here == there or anchor.kind == "name" else far).append(weighted)
        own, other = sum(weight for _, weight in near), sum(weight for _, weight in far)
        share = min(1.0, max(own, _MIN_WEIGHT) / other) if other else 1.0
        return [*near, *((anchor, weight * share) for anchor, weight in far)]

    def score(self, clause: int, anchors: Iterable[tuple[Anchor, float]]) -> float:
        """How much of the anchors' weight is near a clause."""
        return sum(weight * max(self.near(clause, place) for place in a.places) for a, weight in anchors)

    def near(self, clause: int, place: int) -> float:
        """How near a clause is to content at another, from 0 to 1."""
        if place in self._facts.title and clause not in self._facts.title:
            return _TITLE
        distance = self._clauses.distance(clause, place)
        return exp(-distance * (_FORWARD if place > clause else 1.0))

    def _claim_anchors(self, places: Mapping[Found, tuple[int, ...]]) -> Iterator[Anchor]:
        for one, there in places.items():
            if there and not one.small:
                kind = "name" if one.name else "figure"
                yield Anchor(kind, *one.span, self._rarity(there) * _WEIGHT[kind], there)

    def _word_anchors(self, reading: AnalysedText, *, asked: bool) -> list[Anchor]:
        languages = {self._claims.language, self._facts.language}
        if len(languages) > 1 and languages != {"en", "fr"}:
            return []
        spans = [] if asked else self._spans
        factor = _QUESTION_WORD_WEIGHT if asked else 1.0
        found = []
        for word in reading.words:
            places = tuple(dict.fromkeys(self._facts.stems.get(word.stem, ())))
            if places and not any(start <= word.start < end for start, end in spans):
                start = -1 if asked else word.start
                weight = self._rarity(places) * _WEIGHT["word"] * factor
                found.append(Anchor("word", start, word.end, weight, places))
        return found

    def _rarity(self, places: Iterable[int]) -> float:
        """1 for content of one clause only, less the more clauses have it."""
        return log(1 + len(self._clauses.all) / len(set(places))) / log(1 + len(self._clauses.all))
