"""A passage analysed once, and its verdicts on the claims of sentences."""

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
from rag.verification.clause_scores import ClaimLookup
from rag.verification.clauses import title_length
from rag.verification.figures.figure_verdicts import PassageFigures
from rag.verification.figures.relative_dates import relative_dates
from rag.verification.moments import Moment, moments
from rag.verification.names.name_matching import PassageWords, read_passage
from rag.verification.names.name_verdicts import name_status
from rag.verification.names.word_lists import Name


class Affinity(Protocol):
    """Computes centred cosines of a text with parts of one passage."""

    def __call__(self, text: str, spans: Sequence[tuple[int, int]]) -> Sequence[float]:
        """Return one cosine for each span of the passage's text."""


def extract(text: str, language: str) -> AnalysedText:
    """Analyse a sentence, whose figures, dates and names are its claims."""
    return AnalysedText(text, language)


class Facts:
    """The analysis of a passage in a language (ISO 639-1); `published` is its article's date."""

    def __init__(self, text: str, language: str, published: date | None = None) -> None:
        self.passage = AnalysedText(text, language)
        self.language, self.published = language, published
        self._in_clause: dict[tuple[str, str, int], bool] = {}

    def verdicts(
        self, claims: AnalysedText, affinity: Affinity | None = None, question: AnalysedText | None = None
    ) -> list[Verdict]:
        """Return the verdict on each claim of a sentence, in order.

        `affinity` compares the nouns that numbers count; without it they are not compared. Words of the
        `question` are context of every claim.
        """
        return Binding(self, claims, self.look_up(claims), affinity, question).verdicts()

    def presence(self, claims: AnalysedText) -> list[Verdict]:
        """Return the verdict on each claim by its presence anywhere in the passage, never `elsewhere`."""
        return [one.verdict for one in self.look_up(claims)]

    def look_up(self, claims: AnalysedText) -> list[ClaimLookup]:
        """Look up each claim of a sentence anywhere in the passage, in order of the claims.

        Of overlapping claims the larger one remains: of "G20" the name, of "Forty-two" the figure.
        """
        same_language = claims.language == self.language
        figures = PassageFigures(self.passage, self.published, same_language=same_language)
        plain = claims.folded.text
        dated = [
            ClaimLookup(Verdict(claims.figure_claim(one), figures.status(one, plain)), figure=one)
            for one in claims.figures
            if not one.doubtful
        ]
        named = [
            ClaimLookup(
                Verdict(claims.name_claim(one), name_status(one, claims.language, self.words)), name=one
            )
            for one in claims.names
        ]
        named = [one for one in named if not _inside(one, dated)]
        dated = [one for one in dated if not _inside(one, named)]
        return sorted([*named, *dated], key=lambda one: one.verdict.claim.start)

    @cached_property
    def words(self) -> PassageWords:
        """The index of the passage's words, in which names are looked up."""
        return read_passage(self.passage.text, self.language)

    @cached_property
    def moments(self) -> list[Moment]:
        """The passage's dates; `years` of a date without a year are the candidates."""
        found = moments(self.passage.folded.text, self.passage.figures)
        return [
            replace(one, years=one.years or self._candidate_years(one, found), year_stated=bool(one.years))
            for one in found
        ]

    @cached_property
    def stems(self) -> dict[str, list[int]]:
        """The indices of the clauses that contain each content word, by its stem."""
        found: dict[str, list[int]] = {}
        for word in self.passage.words:
            found.setdefault(word.stem, []).append(self.passage.clauses.index_at(word.start))
        return found

    @cached_property
    def title(self) -> range:
        """The indices of the title's clauses: of the first line, if that is a title."""
        size = title_length(self.passage.text)
        return range(self.passage.clauses.index_at(size - 1) + 1 if size else 0)

    def name_in(self, name: Name, language: str, clause: int) -> bool:
        """Tell whether the clause with an index has a name, which is written in `language`."""
        key = (" ".join(name.words), language, clause)
        if key not in self._in_clause:
            start, end = self.passage.clauses.span(clause)
            words = read_passage(self.passage.text[start:end], self.language)
            self._in_clause[key] = name_status(name, language, words) == "held"
        return self._in_clause[key]

    def _candidate_years(self, moment: Moment, found: Sequence[Moment]) -> frozenset[int]:
        """Infer the years that a date without one may be of.

        They are the last year stated before it, those stated after it in its clause, the article's, that of
        the month next to the article's date, and those of relative expressions in its clause ("last year").
        """
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
        start, end = self.passage.clauses.span(here)
        near |= relative_dates(self.passage.text[start:end], self.language, self.published, ()).years
        return frozenset(near | {self.published.year})

    def _clause_of(self, moment: Moment) -> int:
        return self.passage.clause(moment.parts[0])


class FactsCache:
    """An LRU cache of analysed passages, for all sentences of an answer. Thread safe."""

    def __init__(self, size: int = 64) -> None:
        self._size = size
        self._known: OrderedDict[tuple[str, str, date | None], Facts] = OrderedDict()
        self._lock = Lock()

    def of(self, text: str, language: str, published: date | None = None) -> Facts:
        """Return the facts of a passage, analysed now or before."""
        key = (text, language, published)
        with self._lock:
            facts = self._known.pop(key, None) or Facts(text, language, published)
            self._known[key] = facts
            if len(self._known) > self._size:
                self._known.popitem(last=False)
        return facts


def _inside(one: ClaimLookup, others: Sequence[ClaimLookup]) -> bool:
    """Tell whether a claim's span lies within that of another."""
    claim = one.verdict.claim
    return any(
        other.verdict.claim.start <= claim.start and claim.end <= other.verdict.claim.end for other in others
    )
