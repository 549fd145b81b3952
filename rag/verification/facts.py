"""A passage read once, and its verdict on each claim: there, not there, or said of something else."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from threading import Lock
from typing import Protocol

from rag.verification.analysed_text import AnalysedText
from rag.verification.binding import Binding
from rag.verification.claims import Verdict
from rag.verification.clause_scores import Found
from rag.verification.clauses import title_length
from rag.verification.figures.figure_verdicts import PassageFigures
from rag.verification.figures.relative_dates import told
from rag.verification.moments import Moment, moments
from rag.verification.names.name_matching import PassageWords, read_passage
from rag.verification.names.name_verdicts import name_status
from rag.verification.names.word_lists import Name


class Affinity(Protocol):
    """Balanced cosines of a text with clauses of a passage, given as spans of its text."""

    def __call__(self, text: str, spans: Sequence[tuple[int, int]]) -> Sequence[float]:
        """One cosine for each span."""


def extract(text: str, language: str) -> AnalysedText:
    """Read a sentence: its figures, dates and names are what it claims."""
    return AnalysedText(text, language)


class Facts:
    """What a passage says, in a language (ISO 639-1); `published` is the day of its article."""

    def __init__(self, text: str, language: str, published: date | None = None) -> None:
        self.reading = AnalysedText(text, language)
        self.language, self.published = language, published
        self._in_clause: dict[tuple[str, str, int], bool] = {}

    @classmethod
    def of(cls, text: str, language: str, published: date | None = None) -> Facts:
        """Read a passage."""
        return cls(text, language, published)

    def verdicts(
        self, claims: AnalysedText, affinity: Affinity | None = None, question: AnalysedText | None = None
    ) -> list[Verdict]:
        """The verdict on each claim of a sentence, in order.

        A figure inside a name ("G20") belongs to the name, a capital inside a figure ("Forty-two") to the
        figure. The question's words count as said of every claim.
        """
        found = self.found(claims)
        return Binding(self, claims, found, affinity, question).verdicts()

    def presence(self, claims: AnalysedText) -> list[Verdict]:
        """The verdicts by whether each claim is anywhere in the passage, whatever it is said of."""
        return [one.verdict for one in self.found(claims)]

    def found(self, claims: AnalysedText) -> list[Found]:
        """The claims of a sentence with their verdicts by presence."""
        figures = PassageFigures(self.reading, self.published, own=claims.language == self.language)
        plain = claims.folded.text
        dated = [
            Found(Verdict(claims.figure_claim(one), figures.status(one, plain)), figure=one)
            for one in claims.figures
            if not one.loose
        ]
        named = [
            Found(Verdict(claims.name_claim(one), name_status(one, claims.language, self.words)), name=one)
            for one in claims.names
        ]
        named = [one for one in named if not _inside(one, dated)]
        dated = [one for one in dated if not _inside(one, named)]
        return sorted([*named, *dated], key=lambda one: one.verdict.claim.start)

    @cached_property
    def words(self) -> PassageWords:
        """The passage's words, as names are looked up in them."""
        return read_passage(self.reading.text, self.language)

    @cached_property
    def moments(self) -> list[Moment]:
        """The passage's dates; one without a year has the years that it may be of."""
        found = moments(self.reading.folded.text, self.reading.figures)
        return [
            replace(one, years=one.years or self._years_of(one, found), told=bool(one.years)) for one in found
        ]

    @cached_property
    def stems(self) -> dict[str, list[int]]:
        """The clauses in which each telling word stands."""
        found: dict[str, list[int]] = {}
        for word in self.reading.words:
            found.setdefault(word.stem, []).append(self.reading.clauses.of(word.start))
        return found

    @cached_property
    def title(self) -> range:
        """The clauses of the article's title, where the first line is one: all of the passage is about it."""
        size = title_length(self.reading.text)
        return range(self.reading.clauses.of(size - 1) + 1 if size else 0)

    def name_in(self, name: Name, language: str, clause: int) -> bool:
        """Whether a clause has a name."""
        key = (" ".join(name.words), language, clause)
        if key not in self._in_clause:
            clause_span = self.reading.clauses.all[clause]
            words = read_passage(self.reading.text[clause_span.start : clause_span.end], self.language)
            self._in_clause[key] = name_status(name, language, words) == "held"
        return self._in_clause[key]

    def _years_of(self, moment: Moment, found: Sequence[Moment]) -> frozenset[int]:
        """The years that a date without one may be of: the article's, the last one told, those beside it."""
        years = {year for one in found if one.start < moment.start for year in one.years if one is not moment}
        last = [one.years for one in found if one.start < moment.start and one.years][-1:]
        here = self._clause_of(moment)
        beside = [one.years for one in found if one.start > moment.start and self._clause_of(one) == here]
        near = {year for group in (*last, *beside) for year in group}
        if self.published is None:
            return frozenset(near or years or {year for one in found for year in one.years})
        for month in moment.months:
            apart = month - self.published.month
            near.add(self.published.year + (-1 if apart > 6 else 1 if apart < -6 else 0))
        start, end = self.reading.clauses.span(here)
        near |= told(self.reading.text[start:end], self.language, self.published, ()).years
        return frozenset(near | {self.published.year})

    def _clause_of(self, moment: Moment) -> int:
        return self.reading.clause(moment.parts[0])


class FactsCache:
    """The facts of the passages read last, so that each is read once for all sentences of an answer."""

    def __init__(self, size: int = 64) -> None:
        self._size = size
        self._known: OrderedDict[tuple[str, str, date | None], Facts] = OrderedDict()
        self._lock = Lock()

    def of(self, text: str, language: str, published: date | None = None) -> Facts:
        """The facts of a passage, read now or before."""
        key = (text, language, published)
        with self._lock:
            facts = self._known.pop(key, None) or Facts(text, language, published)
            self._known[key] = facts
            if len(self._known) > self._size:
                self._known.popitem(last=False)
        return facts


def _inside(one: Found, others: Sequence[Found]) -> bool:
    """Whether a claim is a part of another, or the same piece of the sentence."""
    claim = one.verdict.claim
    return any(
        other.verdict.claim.start <= claim.start and claim.end <= other.verdict.claim.end for other in others
    )
