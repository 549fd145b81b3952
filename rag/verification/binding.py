"""Does a claim stand with what the sentence says it of? Binds figures, dates and names to clauses.

Each value of the claim's kind in the passage is scored by how well its clause goes with the sentence (see
clause_scores). Where another value scores clearly better than the claimed one, the claim is `elsewhere`: its
value is in the passage, said of something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.verification.analysed_text import AnalysedText
from rag.verification.claims import Verdict
from rag.verification.clause_scores import ClauseScores, Found, Span
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
"""Least cosine of the nouns that two numbers count, if they count the same: .52 to .78 for 17 pairs of
translations, .36 to .62 for 15 pairs of other nouns."""
_REFERS_TO_ONE_OF_TWO = re.compile(
    r"\b(?:the (?:other|latter|former)|l['’]autre|les autres|ces? derni[eè]re?s?|втор(?:ой|ая|ое|ого|ому|ую)|"
    r"друг(?:ой|ая|ого|ому|ую)|последн(?:ий|яя|его|ему)|kia|còn lại)\b|另[一外]|后者|前者",
    re.IGNORECASE,
)
"""Words that stand for a name said before."""
_LABEL = re.compile(r"[A-ZĐА-ЯЁ][\w-]* ?$|[№号] ?$")
_MEASURED = ("length", "weight", "area", "money")
_COORDINATED = 0.2
"""Nearness from which one figure is told of each of several coordinated names."""


class Binding:
    """The claims of one sentence, bound to the clauses of one passage."""

    def __init__(
        self,
        facts: Facts,
        claims: AnalysedText,
        found: Sequence[Found],
        affinity: Affinity | None,
        question: AnalysedText | None,
    ) -> None:
        self._facts, self._claims, self.found = facts, claims, found
        self._affinity = affinity
        self._passage = facts.reading
        self._own = claims.language == facts.language
        self._clauses = len(self._passage.clauses.all)
        self._moments = moments(claims.folded.text, [one.figure for one in found if one.figure])
        self._places = {one: self._places_of(one) for one in found}
        self._scores = ClauseScores(facts, claims, self._places, question)

    def verdicts(self) -> list[Verdict]:
        """The verdicts, with those changed that the clauses change."""
        bound = [self._bound(one) for one in self.found]
        apart = self._coordinated_apart()
        return [
            replace(v, status="elsewhere") if v.status == "held" and v.claim.start in apart else v
            for v in bound
        ]

    def _bound(self, one: Found) -> Verdict:
        if one.verdict.status != "held":
            return replace(one.verdict, status="held") if self._dated(one) else one.verdict
        if not self._places[one]:
            return replace(one.verdict, status="elsewhere") if self._torn(one) else one.verdict
        if self._counts_other(one):
            return replace(one.verdict, status="elsewhere")
        evidence = self.evidence(one)
        if evidence is None:
            return one.verdict
        if logit(self.case(one), evidence) <= 0:
            return one.verdict
        return replace(one.verdict, status="elsewhere", rival=evidence.rival.text)

    def _counts_other(self, one: Found) -> bool:
        """Whether a number counts something else wherever the passage has it: huit équipes, eight tanks."""
        figure = one.figure
        if self._affinity is None or figure is None or figure.kind != "number" or one.small:
            return False
        mine = self._claims.counted(figure)
        same = self._same_figures(one)
        if not mine or not same or not all(map(self._passage.counted, same)):
            return False
        spans = list(dict.fromkeys(span for other in same for span in self._counted_beside(other)))
        cosines = [self._affinity(self._claims.text[start:end], spans) for start, end in mine]
        return max(map(max, cosines)) < _MIN_NOUN_COSINE

    def _counted_beside(self, figure: Figure) -> Iterator[Span]:
        """What the numbers of a figure's sentence count: the noun of "ils sont 64" may stand at another."""
        clause = self._passage.clauses.sentence(self._passage.clause(figure))
        for other in self._passage.figures:
            if clause[0] <= self._passage.span(other)[0] < clause[1]:
                yield from self._passage.counted(other)

    def _dated(self, one: Found) -> bool:
        """Whether a year that the passage does not have is that of a date in it, by the article's day."""
        moment = self._moment_of(one)
        if moment is None or one.verdict.claim.kind != "year" or not moment.months:
            return False
        return any(m.months and m.years and _is_of(moment, m) for m in self._facts.moments)

    def case(self, one: Found) -> str:
        """The row of weights: figure or name, in the passage's own language or in another."""
        return f"{'name' if one.name else 'figure'} {'own' if self._own else 'other'}"

    def evidence(self, one: Found) -> Evidence | None:
        """What speaks for the best rival of a claim; None where there is no rival or nothing to go by."""
        if one.small or self._refers_back(one):
            return None
        places = self._places[one]
        rivals = [rival for rival in self._rivals(one) if rival.clause not in places] if places else []
        anchors = self._scores.weighted(self._whole(one))
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

    def _refers_back(self, one: Found) -> bool:
        """Whether "the other" or "the latter" may stand for what a figure is told of."""
        figures = [one] if one.figure else [other for other in self.found if other.figure]
        clauses = {clause for figure in figures for clause in self._places[figure]}
        return any(
            _REFERS_TO_ONE_OF_TWO.search(self._passage.clauses.with_last(clause)) for clause in clauses
        )

    # Places of values

    def _places_of(self, one: Found) -> tuple[int, ...]:
        """The clauses of the passage that have a claim's value."""
        if one.verdict.status != "held":
            return ()
        if one.name:
            return self._places_of_name(one.name)
        moment = self._moment_of(one)
        if moment:
            return tuple({self._passage.clause(m.parts[0]) for m in self._facts.moments if _is_of(moment, m)})
        return tuple({self._passage.clause(other) for other in self._same_figures(one)})

    def _places_of_name(self, name: Name) -> tuple[int, ...]:
        language = self._claims.language
        if any(self._facts.name_in(name, language, n) for n in self._facts.title):
            return tuple(range(self._clauses))
        return tuple(n for n in range(self._clauses) if self._facts.name_in(name, language, n))

    def _same_figures(self, one: Found) -> list[Figure]:
        figure, there = one.figure, self._passage.figures
        if figure is None:
            return []
        same = [other for other in there if same_value(figure, other, self._claims.folded.text)]
        measure = figure.unit.measure if figure.unit else ""
        if measure in _MEASURED and any(o.unit and o.unit.measure == measure for o in there):
            return [other for other in same if other.unit]
        return same

    def _moment_of(self, one: Found) -> Moment | None:
        return next((m for m in self._moments if one.figure in m.parts), None)

    def _torn(self, one: Found) -> bool:
        """Whether the parts of a date stand in the passage, but of different dates."""
        moment = self._moment_of(one)
        if moment is None:
            return self._is_label(one)
        if len(moment.parts) < 2 or not moment.years:
            return False
        alike = [m for m in self._facts.moments if m.months & moment.months and moment.day in (None, m.day)]
        return bool(alike) and not any(m.years & moment.years or not m.years for m in alike)

    def _is_label(self, one: Found) -> bool:
        """Whether a measure has its number only from names of the passage: 8002 metres, of "CSB 8002"."""
        figure, plain = one.figure, self._claims.folded.text
        if figure is None or figure.unit is None or figure.unit.measure not in _MEASURED:
            return False
        same = [f for f in self._passage.figures if same_value(replace(figure, unit=None), f, plain)]
        starts = [self._passage.span(other)[0] for other in same]
        return bool(starts) and all(_LABEL.search(self._passage.text, 0, start) for start in starts)

    # Rivals

    def _rivals(self, one: Found) -> Iterator[Rival]:
        """The other values of a claim's kind in the passage that the sentence does not claim as well."""
        if one.name:
            yield from self._rival_names(one.name)
            return
        moment = self._moment_of(one)
        if moment:
            for other in self._facts.moments:
                if _comparable(moment, other) and not any(_is_of(mine, other) for mine in self._moments):
                    yield Rival(self._passage.clause(other.parts[0]), self._text_of(other.parts))
        elif one.figure:
            mine = [other.figure for other in self.found if other.figure]
            plain = self._claims.folded.text
            for figure in self._passage.figures:
                if one.figure.rivals(figure) and not any(same_value(f, figure, plain) for f in mine):
                    yield Rival(self._passage.clause(figure), self._text_of([figure]))

    def _rival_names(self, name: Name) -> Iterator[Rival]:
        text = self._passage.text
        for other in self._passage.names:
            if (
                not other.sure
                or other.opening
                or other.tagged
                or other.sort(text) != name.sort(self._claims.text)
            ):
                continue
            words = read_passage(text[other.start : other.end], self._facts.language)
            named = (one.name for one in self.found if one.name)
            if not any(name_status(mine, self._claims.language, words) == "held" for mine in named):
                yield Rival(self._passage.clauses.of(other.start), text[other.start : other.end])

    def _text_of(self, parts: Sequence[Figure]) -> str:
        start, end = self._passage.span(parts[0])[0], self._passage.span(parts[-1])[1]
        return self._passage.text[start:end]

    def _whole(self, one: Found) -> Span:
        """The span of a claim; of a date with all its parts."""
        moment = self._moment_of(one)
        if moment is None:
            return one.span
        return self._claims.span(moment.parts[0])[0], self._claims.span(moment.parts[-1])[1]

    def _coordinated_apart(self) -> set[int]:
        """The starts of coordinated names that the passage tells another figure of than the sentence's."""
        found: set[int] = set()
        for one in self.found:
            if one.figure is None or one.verdict.claim.kind not in ("number", "amount", "percent"):
                continue
            places = self._places[one]
            named = [n for n in self.found if n.name and self._coordinated(n, one)]
            near = [n for n in named if self._told_together(self._places[n], places)]
            if places and near:
                rivals = [rival.clause for rival in self._rivals(one)]
                apart = [n for n in named if n not in near]
                found |= {n.span[0] for n in apart if self._told_together(self._places[n], rivals)}
        return found

    def _told_together(self, one: Sequence[int], other: Sequence[int]) -> bool:
        return any(self._scores.near(b, a) >= _COORDINATED for a in one for b in other)

    def _coordinated(self, name: Found, figure: Found) -> bool:
        """Whether a name is one of several that are joined by "and" before or after a figure."""
        text, others = self._claims.text, [n.span for n in self.found if n.name and n is not name]
        gaps = [text[min(e, name.span[1]) : max(s, name.span[0])] for s, e in others]
        return any(self._claims.joins(gap) for gap in gaps) and self._claims.together(
            name.span[0], figure.span[0]
        )


def _is_of(mine: Moment, theirs: Moment) -> bool:
    """Whether a date of the passage is the claimed one: it has all parts of that, and none differs."""
    if mine.day is not None and theirs.day is None:
        return False
    return mine.same(theirs) and not (mine.months and mine.day is None and not theirs.months)


def _comparable(mine: Moment, theirs: Moment) -> bool:
    """Whether a date may stand in the place of another: a year only for a year."""
    return theirs.told or bool(mine.months or mine.day is not None)
