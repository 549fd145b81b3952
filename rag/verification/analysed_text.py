"""A text read once: its figures, dates, names, clauses and telling words, with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from rag.text.normalization import Folded, folded
from rag.verification.claims import Claim
from rag.verification.clauses import Clauses
from rag.verification.figures.quantities import Figure, figures
from rag.verification.names.name_extraction import names
from rag.verification.names.phonetics import fold
from rag.verification.names.word_lists import Name, words_of

_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_HAN_GRAMMAR = frozenset("的了在是和与及也将对向为被由到从以并而或有这那其就都不会上中下于年月日号个")
_JOINED = re.compile(r"\s*(?:[,，、]\s*)?(?:(?:and|et|và|и|和|与|及|as well as|the|la|le|les|l['’])\s*)*")
_WORDS_AFTER = re.compile(r"[ \u00a0]([^\W\d_]{3,})(?:[ \u00a0]([^\W\d_]{3,}))?")
_NOUN_AFTER_NUMBER = ("en", "fr", "ru")
"""Languages in which the noun stands behind its number, as one word."""
_SENTENCE_BOUNDARY = re.compile(r"[;；。！？]|[.!?]\s")
STEM = 5
"""Letters by which words of one stem are known: export, exporters; экспорт, экспорте."""


@dataclass(frozen=True, slots=True)
class Word:
    """A telling word of a text: its stem and where it stands."""

    stem: str
    start: int
    end: int


class AnalysedText:
    """A text, its language (ISO 639-1), and what is extracted from it, each when first needed."""

    def __init__(self, text: str, language: str) -> None:
        self.text, self.language = text, language

    @cached_property
    def folded(self) -> Folded:
        """The text as figures are read from it."""
        return folded(self.text)

    @cached_property
    def figures(self) -> list[Figure]:
        """The figures, in coordinates of the folded text."""
        return figures(self.folded, self.language)

    @cached_property
    def names(self) -> list[Name]:
        """The proper names."""
        return names(self.text, self.language)

    @cached_property
    def clauses(self) -> Clauses:
        """The clauses."""
        return Clauses(self.text, self.language)

    @cached_property
    def words(self) -> list[Word]:
        """The words that tell what is said, without function words; pairs of characters in Chinese."""
        return [*self._lettered(), *self._paired()]

    def clause(self, figure: Figure) -> int:
        """The number of the clause that a figure begins in."""
        return self.clauses.of(self.span(figure)[0])

    def figure_claim(self, figure: Figure) -> Claim:
        """A figure as a claim."""
        start, end = self.span(figure)
        return Claim(figure.kind, self.text[start:end], start, end)

    def name_claim(self, name: Name) -> Claim:
        """A name as a claim."""
        return Claim("name", self.text[name.start : name.end], name.start, name.end)

    def counted(self, figure: Figure) -> list[tuple[int, int]]:
        """The spans of up to two words behind a number, one of which names what it counts; [] if unknown."""
        match = (
            _WORDS_AFTER.match(self.text, self.span(figure)[1])
            if self.language in _NOUN_AFTER_NUMBER
            else None
        )
        return [match.span(n) for n in (1, 2) if match[n]] if match else []

    def joins(self, gap: str) -> bool:
        """Whether what stands between two names coordinates them."""
        return _JOINED.fullmatch(gap) is not None

    def together(self, one: int, other: int) -> bool:
        """Whether no sentence ends and no semicolon stands between two places."""
        start, end = sorted((one, other))
        return _SENTENCE_BOUNDARY.search(self.text, start, end) is None

    def span(self, figure: Figure) -> tuple[int, int]:
        """Where a figure stands in the text."""
        return self.folded.span(figure.start, figure.end)

    def _lettered(self) -> list[Word]:
        found = []
        small = words_of("starters", self.language) if self.language != "zh" else frozenset()
        for match in _WORD.finditer(_HAN.sub(lambda m: " " * len(m[0]), self.text)):
            word = match[0].casefold() if self.language == "vi" else fold(match[0])
            if len(word) >= (2 if self.language == "vi" else 3) and word not in small:
                stem = word if self.language == "vi" else word[:STEM]
                found.append(Word(stem, match.start(), match.end()))
        return found

    def _paired(self) -> list[Word]:
        found = []
        for run in _HAN.finditer(self.text):
            for one, other in pairwise(range(run.start(), run.end())):
                pair = self.text[one] + self.text[other]
                if not _HAN_GRAMMAR & set(pair):
                    found.append(Word(pair, one, other + 1))
        return found
