"""A text analysed once: its figures, dates, names, clauses and content words, with their positions."""

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
_HAN_FUNCTION_CHARACTERS = frozenset(
    "的了在是和与及也将对向为被由到从以并而或有这那其就都不会上中下于年月日号个"
)
_COORDINATION = re.compile(
    r"\s*(?:[,，、]\s*)?(?:(?:and|et|và|и|和|与|及|as well as|the|la|le|les|l['’])\s*)*"
)
_WORDS_AFTER = re.compile(r"[ \u00a0]([^\W\d_]{3,})(?:[ \u00a0]([^\W\d_]{3,}))?")
_NOUN_AFTER_NUMBER = ("en", "fr", "ru")
"""Languages in which the counted noun follows its number as one word."""
_SENTENCE_BOUNDARY = re.compile(r"[;；。！？]|[.!?]\s")
_STEM_LETTERS = 5
"""Length of the prefix that serves as a word's stem: export, exporters; экспорт, экспорте. Not fitted."""


@dataclass(frozen=True, slots=True)
class Word:
    """A content word: its stem, and its span in the text."""

    stem: str
    start: int
    end: int


class AnalysedText:
    """A text in a language (ISO 639-1). Each property is computed when it is first used, then cached."""

    def __init__(self, text: str, language: str) -> None:
        self.text, self.language = text, language

    @cached_property
    def folded(self) -> Folded:
        """The normalised text, from which figures are extracted."""
        return folded(self.text)

    @cached_property
    def figures(self) -> list[Figure]:
        """The figures; their offsets are those of the normalised text (see `span`)."""
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
        """The content words; of Chinese text, all pairs of adjacent characters (bigrams)."""
        return [*self._alphabetic_words(), *self._han_bigrams()]

    def clause(self, figure: Figure) -> int:
        """Return the index of the clause in which a figure begins."""
        return self.clauses.index_at(self.span(figure)[0])

    def figure_claim(self, figure: Figure) -> Claim:
        """Return the claim that a figure makes."""
        start, end = self.span(figure)
        return Claim(figure.kind, self.text[start:end], start, end)

    def name_claim(self, name: Name) -> Claim:
        """Return the claim that a name makes."""
        return Claim("name", self.text[name.start : name.end], name.start, name.end)

    def counted_nouns(self, figure: Figure) -> list[tuple[int, int]]:
        """Return the spans of the one or two words after a number: one of them is the noun that it counts.

        [] if no word follows, and in languages in which the noun stands elsewhere.
        """
        if self.language not in _NOUN_AFTER_NUMBER:
            return []
        match = _WORDS_AFTER.match(self.text, self.span(figure)[1])
        return [match.span(n) for n in (1, 2) if match[n]] if match else []

    def coordinates(self, gap: str) -> bool:
        """Tell whether the text between two names coordinates them ("and", a comma)."""
        return _COORDINATION.fullmatch(gap) is not None

    def in_one_sentence(self, one: int, other: int) -> bool:
        """Tell whether neither a sentence end nor a semicolon separates two offsets."""
        start, end = sorted((one, other))
        return _SENTENCE_BOUNDARY.search(self.text, start, end) is None

    def span(self, figure: Figure) -> tuple[int, int]:
        """Return the span of a figure in the original text."""
        return self.folded.span(figure.start, figure.end)

    def _alphabetic_words(self) -> list[Word]:
        found = []
        vietnamese = self.language == "vi"  # its words are short, and differ by tones
        function_words = words_of("starters", self.language) if self.language != "zh" else frozenset()
        for match in _WORD.finditer(_HAN.sub(lambda m: " " * len(m[0]), self.text)):
            word = match[0].casefold() if vietnamese else fold(match[0])
            if len(word) >= (2 if vietnamese else 3) and word not in function_words:
                stem = word if vietnamese else word[:_STEM_LETTERS]
                found.append(Word(stem, match.start(), match.end()))
        return found

    def _han_bigrams(self) -> list[Word]:
        found = []
        for run in _HAN.finditer(self.text):
            for one, other in pairwise(range(run.start(), run.end())):
                pair = self.text[one] + self.text[other]
                if not _HAN_FUNCTION_CHARACTERS & set(pair):
                    found.append(Word(pair, one, other + 1))
        return found
