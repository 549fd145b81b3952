"""Score how well a clause of a passage matches the context of a claim in a sentence.

The context are the sentence's other names, figures and content words ("anchors"). Each is looked up in the
passage, and weighted by its rarity there, its distance from the claim in the sentence, and its distance from
the clause in the passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

from rag.verification.analysed_text import AnalysedText
from rag.verification.claims import Span, Verdict
from rag.verification.figures.quantities import Figure
from rag.verification.names.word_lists import Name

if TYPE_CHECKING:
    from rag.verification.facts import Facts

_DECAY = {"name": 0.7, "word": 2.5, "figure": 4.0}
"""Exponential decay of an anchor's weight, per unit of clause distance from the claim. A name may be the
subject of later clauses; a figure says nothing of the next clause. Fitted on in_passage_tune.json."""
_WEIGHT = {"name": 1.5, "word": 1.0, "figure": 1.0}
"""Weight of an anchor by its kind. Origin not recorded, as for the next two."""
_QUESTION_WORD_WEIGHT = 0.5
"""Weight of a word of the question, relative to a word of the sentence."""
_FORWARD_FACTOR, _TITLE_NEARNESS, _MIN_CLAUSE_DISTANCE = 1.8, 0.6, 0.5
"""Factor on the distance of an anchor that follows the value in the passage; nearness of the title to any
clause; minimum distance of two clauses of a sentence. Fitted on in_passage_tune.json."""
_MIN_OWN_WEIGHT = 0.3
"""Total weight of the anchors of other clauses if the claim's own clause has none. Not fitted."""
_MAX_UNBOUND_NUMBER = 3
"""Largest number without a unit that is not bound to a clause: "the two countries" occur anywhere. Not
fitted."""


@dataclass(frozen=True, slots=True)
class ClaimLookup:
    """A claim looked up in a passage: the verdict by presence alone, and the figure or name claimed."""

    verdict: Verdict
    figure: Figure | None = None
    name: Name | None = None

    @property
    def span(self) -> tuple[int, int]:
        """The claim's span in the sentence."""
        return self.verdict.claim.start, self.verdict.claim.end

    @property
    def is_small_number(self) -> bool:
        """Whether the claim is a number of at most 3 without a unit."""
        figure = self.figure
        return figure is not None and figure.kind == "number" and max(figure.values) <= _MAX_UNBOUND_NUMBER


@dataclass(frozen=True, slots=True)
class Anchor:
    """A name, figure or word of the sentence or question that the passage has.

    `kind`: "name", "figure" or "word". `start`, `end`: its span in the sentence; `start` is -1 for words of
    the question. `places`: indices of the passage's clauses that contain it.
    """

    kind: str
    start: int
    end: int
    weight: float
    places: tuple[int, ...]


class ClauseScores:
    """Scores the clauses of a passage for the claims of a sentence.

    `places` maps each claim to the indices of the clauses that have its value.
    """

    def __init__(
        self,
        facts: Facts,
        claims: AnalysedText,
        places: Mapping[ClaimLookup, tuple[int, ...]],
        question: AnalysedText | None,
    ) -> None:
        self._facts, self._claims = facts, claims
        self._clauses = facts.passage.clauses
        self._spans = [one.span for one in places]
        self._anchors = [*self._claim_anchors(places), *self._word_anchors(claims, asked=False)]
        if question:
            self._anchors += self._word_anchors(question, asked=True)

    def weighted(self, span: Span) -> list[tuple[Anchor, float]]:
        """Return the anchors of the claim at `span`, weighted by their nearness to it in the sentence.

        Words and figures of other clauses together weigh no more than the anchors of the claim's own clause.
        """
        clauses = self._claims.clauses
        here = clauses.index_at(span[0])
        near, far = list[tuple[Anchor, float]](), list[tuple[Anchor, float]]()
        for anchor in self._anchors:
            if anchor.start < 0:
                near.append((anchor, anchor.weight))
            elif not (anchor.start < span[1] and span[0] < anchor.end):
                there = clauses.index_at(anchor.start)
                apart = max(clauses.distance(here, there), _MIN_CLAUSE_DISTANCE) if here != there else 0.0
                weighted = (anchor, anchor.weight * exp(-_DECAY[anchor.kind] * apart))
                (near if here == there or anchor.kind == "name" else far).append(weighted)
        own, other = sum(weight for _, weight in near), sum(weight for _, weight in far)
        share = min(1.0, max(own, _MIN_OWN_WEIGHT) / other) if other else 1.0
        return [*near, *((anchor, weight * share) for anchor, weight in far)]

    def score(self, clause: int, anchors: Iterable[tuple[Anchor, float]]) -> float:
        """Return the sum of the anchors' weights, each multiplied by its nearness to a clause."""
        return sum(weight * max(self.nearness(clause, place) for place in a.places) for a, weight in anchors)

    def nearness(self, clause: int, place: int) -> float:
        """Return the nearness of a clause to an anchor in clause `place`, from 1 for the same down to 0."""
        if place in self._facts.title and clause not in self._facts.title:
            return _TITLE_NEARNESS
        distance = self._clauses.distance(clause, place)
        return exp(-distance * (_FORWARD_FACTOR if place > clause else 1.0))

    def _claim_anchors(self, places: Mapping[ClaimLookup, tuple[int, ...]]) -> Iterator[Anchor]:
        for one, there in places.items():
            if there and not one.is_small_number:
                kind = "name" if one.name else "figure"
                yield Anchor(kind, *one.span, self._rarity(there) * _WEIGHT[kind], there)

    def _word_anchors(self, source: AnalysedText, *, asked: bool) -> list[Anchor]:
        """Return the content words of the sentence or question that the passage has.

        Across languages only English and French share enough stems.
        """
        languages = {self._claims.language, self._facts.language}
        if len(languages) > 1 and languages != {"en", "fr"}:
            return []
        spans = [] if asked else self._spans
        factor = _QUESTION_WORD_WEIGHT if asked else 1.0
        found = []
        for word in source.words:
            places = tuple(dict.fromkeys(self._facts.stems.get(word.stem, ())))
            if places and not any(start <= word.start < end for start, end in spans):
                start = -1 if asked else word.start
                weight = self._rarity(places) * _WEIGHT["word"] * factor
                found.append(Anchor("word", start, word.end, weight, places))
        return found

    def _rarity(self, places: Iterable[int]) -> float:
        """Return the inverse clause frequency, scaled to 1 for content of a single clause."""
        return log(1 + len(self._clauses.all) / len(set(places))) / log(1 + len(self._clauses.all))
