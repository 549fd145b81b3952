"""Bind claims to clauses: does the passage say the claimed value of the same thing as the sentence does?

Each value of the claim's kind in the passage is scored by how well its clause matches the sentence (see
clause_scores). If another value, a rival, scores clearly better than the claimed one, the verdict is
`elsewhere`: the passage has the claimed value, but says it of something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.verification.analysed_text import AnalysedText
from rag.verification.claims import Span, Verdict
from rag.verification.clause_scores import ClaimLookup, ClauseScores
from rag.verification.figures.figure_verdicts import same_value
from rag.verification.figures.quantities import Figure
from rag.verification.moments import Moment, moments
from rag.verification.names.name_matching import read_passage
from rag.verification.names.name_verdicts import name_status
from rag.verification.names.word_lists import Name
from rag.verification.rivals import Evidence, Rival, logit

if TYPE_CHECKING:
    from rag.verification.facts import Affinity, Facts

_MIN_NOUN_COSINE = 0.46
"""Minimum centred cosine of two counted nouns that may be the same. Fitted on 17 pairs of translations, of
0.52 to 0.78, and 15 pairs of other nouns, of 0.36 to 0.62."""
_REFERS_TO_ONE_OF_TWO = re.compile(
    r"\b(?:the (?:other|latter|former)|l['’]autre|les autres|ces? derni[eè]re?s?|втор(?:ой|ая|ое|ого|ому|ую)|"
    r"друг(?:ой|ая|ого|ому|ую)|последн(?:ий|яя|его|ему)|kia|còn lại)\b|另[一外]|后者|前者",
    re.IGNORECASE,
)
"""Expressions that refer back to one of two antecedents."""
_LABEL_BEFORE = re.compile(r"[A-ZĐА-ЯЁ][\w-]* ?$|[№号] ?$")
"""Text that makes the number after it part of a name: CSB 8002, № 5."""
_MEASURES = ("length", "weight", "area", "money")
_MIN_COORDINATED_NEARNESS = 0.2
"""Minimum nearness of two clauses whose name and figure belong together. Origin not recorded."""


class Binding:
    """The claims of one sentence, bound to the clauses of one passage.

    `lookups` are the claims with their verdicts by presence, as Facts.look_up returns them. bench/binding.py
    fits the weights on `case` and `evidence`.
    """

    def __init__(
        self,
        facts: Facts,
        claims: AnalysedText,
        lookups: Sequence[ClaimLookup],
        affinity: Affinity | None,
        question: AnalysedText | None,
    ) -> None:
        self._facts, self._claims, self.lookups = facts, claims, lookups
        self._affinity = affinity
        self._passage = facts.passage
        self._same_language = claims.language == facts.language
        self._moments = moments(claims.folded.text, [one.figure for one in lookups if one.figure])
        self._places = {one: self._places_of(one) for one in lookups}
        self._scores = ClauseScores(facts, claims, self._places, question)

    def verdicts(self) -> list[Verdict]:
        """Return the verdicts by presence, corrected by clauses."""
        bound = [self._bound_verdict(one) for one in self.lookups]
        miscounted = self._miscounted_names()
        return [
            replace(v, status="elsewhere") if v.status == "held" and v.claim.start in miscounted else v
            for v in bound
        ]

    def _bound_verdict(self, one: ClaimLookup) -> Verdict:
        if one.verdict.status != "held":
            return replace(one.verdict, status="held") if self._is_implied_year(one) else one.verdict
        if not self._places[one]:
            scattered = self._is_scattered_date(one) or self._is_only_label(one)
            return replace(one.verdict, status="elsewhere") if scattered else one.verdict
        if self._counts_another_noun(one):
            return replace(one.verdict, status="elsewhere")
        evidence = self.evidence(one)
        if evidence is None or logit(self.case(one), evidence) <= 0:
            return one.verdict
        return replace(one.verdict, status="elsewhere", rival=evidence.rival.text)

    def _counts_another_noun(self, one: ClaimLookup) -> bool:
        """Tell whether the passage's number counts something else everywhere: huit équipes, eight tanks."""
        figure = one.figure
        if self._affinity is None or figure is None or figure.kind != "number" or one.is_small_number:
            return False
        mine = self._claims.counted_nouns(figure)
        same = self._same_figures(one)
        if not mine or not same or not all(map(self._passage.counted_nouns, same)):
            return False
        spans = list(dict.fromkeys(span for other in same for span in self._nouns_in_sentence(other)))
        cosines = [self._affinity(self._claims.text[start:end], spans) for start, end in mine]
        return max(map(max, cosines)) < _MIN_NOUN_COSINE

    def _nouns_in_sentence(self, figure: Figure) -> Iterator[Span]:
        """Yield the nouns counted in a figure's sentence: that of "ils sont 64" may follow another number."""
        start, end = self._passage.clauses.sentence(self._passage.clause(figure))
        for other in self._passage.figures:
            if start <= self._passage.span(other)[0] < end:
                yield from self._passage.counted_nouns(other)

    def _is_implied_year(self, one: ClaimLookup) -> bool:
        """Tell whether a year that the passage does not state is the inferred year of a date in it."""
        moment = self.moment_of(one)
        if moment is None or one.verdict.claim.kind != "year" or not moment.months:
            return False
        return any(m.months and m.years and moment.matches(m) for m in self._facts.moments)

    def case(self, one: ClaimLookup) -> str:
        """Return the key of the weights in binding.json, by kind of claim and language of the passage."""
        return f"{'name' if one.name else 'figure'} {'own' if self._same_language else 'other'}"

    def evidence(self, one: ClaimLookup) -> Evidence | None:
        """Compare a claim's value with its best rival; None if there is no rival, or no context.

        The features are the difference of the two scores, relative to the context's weight and to the rival's
        score, and the claim's score relative to the context's weight. Constants keep denominators from 0.
        """
        if one.is_small_number or self._refers_back(one):
            return None
        places = self._places[one]
        rivals = [rival for rival in self.rivals(one) if rival.clause not in places] if places else []
        anchors = self._scores.weighted(self.whole_span(one))
        total = sum(weight for _, weight in anchors)
        if not rivals or not anchors:
            return None
        score = {n: self._scores.score(n, anchors) for n in {*places, *(rival.clause for rival in rivals)}}
        best = max(rivals, key=lambda rival: score[rival.clause])
        theirs, mine = score[best.clause], max(score[clause] for clause in places)
        features = (
            (theirs - mine) / (total + 0.5),
            (theirs - mine) / (theirs + 0.3),
            mine / (total + 0.3),
        )
        return Evidence(best, features)

    def _refers_back(self, one: ClaimLookup) -> bool:
        """Tell whether "the other" or "the latter" may denote the thing of which the passage has a figure."""
        figures = [one] if one.figure else [other for other in self.lookups if other.figure]
        clauses = {clause for figure in figures for clause in self._places[figure]}
        return any(
            _REFERS_TO_ONE_OF_TWO.search(self._passage.clauses.with_previous(clause)) for clause in clauses
        )

    # Spans and clauses that have a value

    def held_at(self, one: ClaimLookup) -> list[Span]:
        """Return the spans of the passage that have a claim's value."""
        there, moment = self._passage, self.moment_of(one)
        if one.name:
            spans = [(name.start, name.end) for name in there.names]
            return [span for span in spans if self._is_named(one.name, there.text[slice(*span)])]
        if moment:
            parts = [m.parts for m in self._facts.moments if moment.matches(m)]
            return [(there.span(p[0])[0], there.span(p[-1])[1]) for p in parts]
        return list(map(there.span, self._same_figures(one)))

    def share(self, one: ClaimLookup, clause: int) -> float:
        """Return a clause's score for a claim, relative to the context's weight."""
        anchors = self._scores.weighted(self.whole_span(one))
        total = sum(weight for _, weight in anchors)
        return self._scores.score(clause, anchors) / (total + 0.3)

    def _is_named(self, name: Name, text: str) -> bool:
        words = read_passage(text, self._facts.language)
        return name_status(name, self._claims.language, words) == "held"

    def _places_of(self, one: ClaimLookup) -> tuple[int, ...]:
        """Return the indices of the passage's clauses that have a claim's value."""
        if one.verdict.status != "held":
            return ()
        if one.name:
            return self._places_of_name(one.name)
        moment = self.moment_of(one)
        if moment:
            return tuple({self._passage.clause(m.parts[0]) for m in self._facts.moments if moment.matches(m)})
        return tuple({self._passage.clause(other) for other in self._same_figures(one)})

    def _places_of_name(self, name: Name) -> tuple[int, ...]:
        """Return the indices of the clauses that have a name: all of them if the title has it."""
        language, clauses = self._claims.language, range(len(self._passage.clauses.all))
        if any(self._facts.name_in(name, language, n) for n in self._facts.title):
            return tuple(clauses)
        return tuple(n for n in clauses if self._facts.name_in(name, language, n))

    def _same_figures(self, one: ClaimLookup) -> list[Figure]:
        """Return the passage's figures of the same value; those with a unit if figures have its unit."""
        figure, there = one.figure, self._passage.figures
        if figure is None:
            return []
        same = [other for other in there if same_value(figure, other, self._claims.folded.text)]
        measure = figure.unit.measure if figure.unit else ""
        if measure in _MEASURES and any(o.unit and o.unit.measure == measure for o in there):
            return [other for other in same if other.unit]
        return same

    def moment_of(self, one: ClaimLookup) -> Moment | None:
        """Return the sentence's date that a figure is part of."""
        return next((m for m in self._moments if one.figure in m.parts), None)

    def _is_scattered_date(self, one: ClaimLookup) -> bool:
        """Tell whether the passage has the parts of a date only in different dates."""
        moment = self.moment_of(one)
        if moment is None or len(moment.parts) < 2 or not moment.years:
            return False
        alike = [m for m in self._facts.moments if m.months & moment.months and moment.day in (None, m.day)]
        return bool(alike) and not any(m.years & moment.years or not m.years for m in alike)

    def _is_only_label(self, one: ClaimLookup) -> bool:
        """Tell whether a measure's number occurs only in names of the passage: 8002 metres, "CSB 8002"."""
        figure, plain = one.figure, self._claims.folded.text
        if figure is None or figure.unit is None or figure.unit.measure not in _MEASURES:
            return False
        same = [f for f in self._passage.figures if same_value(replace(figure, unit=None), f, plain)]
        starts = [self._passage.span(other)[0] for other in same]
        return bool(starts) and all(_LABEL_BEFORE.search(self._passage.text, 0, start) for start in starts)

    # Rivals

    def rivals(self, one: ClaimLookup) -> Iterator[Rival]:
        """Yield the passage's other values of a claim's kind, without those that the sentence also claims."""
        if one.name:
            yield from self._rival_names(one.name)
            return
        moment = self.moment_of(one)
        if moment:
            for other in self._facts.moments:
                if moment.may_rival(other) and not any(mine.matches(other) for mine in self._moments):
                    yield self._rival(other.parts)
        elif one.figure:
            mine = [other.figure for other in self.lookups if other.figure]
            plain = self._claims.folded.text
            for figure in self._passage.figures:
                if one.figure.rivals(figure) and not any(same_value(f, figure, plain) for f in mine):
                    yield self._rival([figure])

    def _rival_names(self, name: Name) -> Iterator[Rival]:
        text = self._passage.text
        for other in self._passage.names:
            if (
                not other.sure
                or other.opening
                or other.guessed
                or other.sort(text) != name.sort(self._claims.text)
            ):
                continue
            span = other.start, other.end
            if not any(one.name and self._is_named(one.name, text[slice(*span)]) for one in self.lookups):
                yield Rival(self._passage.clauses.index_at(other.start), text[slice(*span)], *span)

    def _rival(self, parts: Sequence[Figure]) -> Rival:
        start, end = self._passage.span(parts[0])[0], self._passage.span(parts[-1])[1]
        return Rival(self._passage.clause(parts[0]), self._passage.text[start:end], start, end)

    def whole_span(self, one: ClaimLookup) -> Span:
        """Return the span of a claim in the sentence; of a part of a date, that of the date."""
        moment = self.moment_of(one)
        if moment is None:
            return one.span
        return self._claims.span(moment.parts[0])[0], self._claims.span(moment.parts[-1])[1]

    # Coordinated names: "Lyon and Nice have 8 teams"

    def _miscounted_names(self) -> set[int]:
        """Return the starts of coordinated names for which the passage has another figure than the sentence.

        At least one of the names must have the sentence's figure in the passage.
        """
        found: set[int] = set()
        for one in self.lookups:
            if one.figure is None or one.verdict.claim.kind not in ("number", "amount", "percent"):
                continue
            places = self._places[one]
            named = [n for n in self.lookups if n.name and self._is_coordinated(n, one)]
            near = [n for n in named if self._are_near(self._places[n], places)]
            if places and near:
                rivals = [rival.clause for rival in self.rivals(one)]
                others = [n for n in named if n not in near]
                found |= {n.span[0] for n in others if self._are_near(self._places[n], rivals)}
        return found

    def _are_near(self, one: Sequence[int], other: Sequence[int]) -> bool:
        pairs = ((a, b) for a in one for b in other)
        return any(self._scores.nearness(b, a) >= _MIN_COORDINATED_NEARNESS for a, b in pairs)

    def _is_coordinated(self, name: ClaimLookup, figure: ClaimLookup) -> bool:
        """Tell whether a name is coordinated with another name, in the same sentence as a figure."""
        text, others = self._claims.text, [n.span for n in self.lookups if n.name and n is not name]
        gaps = [text[min(e, name.span[1]) : max(s, name.span[0])] for s, e in others]
        coordinated = any(map(self._claims.coordinates, gaps))
        return coordinated and self._claims.in_one_sentence(name.span[0], figure.span[0])
