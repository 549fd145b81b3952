"""A passage, read once: its words, its names, and whether a word of another spelling is among them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from rag.text.word_sets import word_set
from rag.verification.names import chinese_characters
from rag.verification.names.chinese_names import head, tail
from rag.verification.names.gazetteer import WORD, mentions
from rag.verification.names.name_extraction import VIETNAMESE_SURNAMES
from rag.verification.names.phonetics import (
    close,
    distance,
    fold,
    same_russian,
    sounds,
    stemmed,
    vietnamese_sounds,
)
from rag.verification.names.transliterations import (
    RUSSIAN_SURNAMES,
    chinese_surnames,
    in_a_row,
    in_han,
    otherwise_read,
    palladian_in_han,
    read_aloud,
    said_in_russian,
    syllables_of,
    vietnamese_in_han,
)

_CAMEL = re.compile(r"(?<=[a-zà-ÿа-яё])(?=[A-ZÀ-ÞĐА-ЯЁ])")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PART = r"(?:(?![和与及在])[\u4e00-\u9fff]){1,8}"
DOTTED = re.compile(rf"{_PART}(?:[·•・‧]{_PART}){{1,4}}")
_SMALL = word_set("of the and for de la le les du des et pour l d и по в на")
_MANY, _LONGEST, _LONGEST_WORD = 600, 12000, 40
_MIN_COPIED = 8
"""Letters of a name from which it is also found spaced otherwise: Armygames. Not fitted."""
MAX_SOUND_DISTANCE = 0.3


@dataclass(frozen=True, slots=True)
class PassageWords:
    """What a passage is compared by. `cut`: it was too long to be read whole."""

    text: str
    language: str
    words: tuple[str, ...]
    folded: frozenset[str]
    capital: tuple[str, ...]
    long: tuple[str, ...]
    keys: frozenset[str]
    dotted: tuple[str, ...]
    cut: bool
    near: dict[tuple[str, str], bool] = field(default_factory=dict, compare=False)

    def copies(self, words: tuple[str, ...]) -> bool:
        """Whether a name of some length stands there letter by letter, spaced or glued as it may be."""
        wanted = "".join(map(fold, words))
        if _HAN.search(wanted) or len(wanted) < _MIN_COPIED:
            return False
        rows = (self.words[at : at + len(words) + 1] for at in range(len(self.words)))
        return any(wanted == "".join(row[:size]) for row in rows for size in range(1, len(row) + 1))

    def stemmed_like(self, word: str) -> bool:
        """Whether a word of its stem is there: "Remplacer" for "remplacé"."""
        stem = fold(word)[:6]
        return len(stem) >= 5 and any(known.startswith(stem) for known in self.folded)

    def has(self, word: str, language: str) -> bool:
        """Whether a word of a name is there in any spelling."""
        key = (word, language)
        if key not in self.near:
            self.near[key] = self._has(word, language)
        return self.near[key]

    def _has(self, word: str, language: str) -> bool:
        if _HAN.search(word):
            return word in self.text if self.language == "zh" else self._has_heard(word)
        folded = fold(word)
        if folded in self.folded or folded.removesuffix("s") in self.folded or folded + "s" in self.folded:
            return True
        if any(not m.shown or m.keys for m in mentions(word, language) if m.keys & self.keys):
            return True
        if self.language == "zh":
            return self._sounds_in_han(word)
        if language == self.language:
            return self._has_alike(folded, language)
        return self._has_close(word)

    def _has_alike(self, folded: str, language: str) -> bool:
        """Another case of it in Russian, or a letter's difference in a long word."""
        if language == "vi":
            return False
        mine = sounds(folded)
        for other in self.long:
            if other[:2] != folded[:2]:
                continue
            if language == "ru" and same_russian(folded, other):
                return True
            if len(folded) >= 6 and distance(mine, sounds(other)) <= 0.1:
                return True
        return False

    def _has_close(self, word: str) -> bool:
        candidates = self.long if len(word) >= 5 else self.capital
        mask = _mask(sounds(word))
        spoken = vietnamese_sounds(word)
        return any(
            (_near(mask, _mask(sounds(other))) and close(word, other))
            or (spoken != "" and self.language == "ru" and distance(spoken, sounds(other)) <= 0.1)
            for other in candidates
        ) or (len(word) >= 5 and any(close(word, other) for other in self.capital if len(other) < 5))

    def _has_heard(self, word: str) -> bool:
        return any(sounds_like(other, word) for other in self.capital)

    def _sounds_in_han(self, word: str) -> bool:
        spoken = len([c for c in sounds(word) if c not in "aeiouh"])
        if any(sounds_like(word, part) for part in self.dotted):
            return True
        # A short name sounds like some stretch of any text.
        limit = 0.08 if spoken < 2 else min(0.27, 0.055 * spoken)
        return any(
            chinese_characters.heard(word, run, spoken < 2) <= limit
            for run in chinese_characters.runs(self.text)
        )

    def has_whole(self, words: tuple[str, ...], language: str) -> bool:
        """Whether a name is there as a whole: letter by letter, or by its readings."""
        joined = "".join(words)
        if _HAN.search(joined):
            return joined in self.text or (
                self.language != "zh" and len(words) == 1 and self._read_aloud(joined)
            )
        if self.language == "zh":
            if language == "ru":
                palladian = len(words) in (2, 3) and palladian_in_han(self.text, fold(joined), len(words))
                return palladian or vietnamese_in_han(self.text, words)
            return self.syllabic(words, language) and in_han(self.text, syllables_of(words, language))
        if language == "ru" and self.language != "ru" and 2 <= len(words) <= 4:
            return said_in_russian(self.words, words)
        if self.syllabic(words, language):
            return in_a_row(self.words, self.language, words) or (
                language != self.language and otherwise_read(self.words, self.language, words, language)
            )
        return False

    def _read_aloud(self, name: str) -> bool:
        """Whether a Han name is read aloud in the passage; two characters sound like too many words."""
        if read_aloud(self.words, self.language, name):
            return True
        return len(name) > 2 and any(sounds_like(other, name) for other in self.capital)

    def syllabic(self, words: tuple[str, ...], language: str) -> bool:
        """Whether a name is Vietnamese or Chinese by its looks: its syllables mean nothing one by one."""
        folded = [fold(word) for word in words]
        if language == "vi" and len(words) >= 2:
            return all(map(vietnamese_sounds, folded))
        if language == "ru" and self.language in ("vi", "zh") and len(words) >= 3:
            return folded[0] in RUSSIAN_SURNAMES
        if language not in ("en", "fr", "vi") or not 2 <= len(words) <= 4:
            return False
        if folded[0] in VIETNAMESE_SURNAMES and all(map(vietnamese_sounds, folded)):
            return True
        return folded[0] in chinese_surnames() and all(map(chinese_characters.cut_pinyin, folded[1:]))

    def lacks_initials(self, acronym: str) -> bool:
        """Whether no words in a row begin with the letters of an acronym."""
        letters = fold(acronym)
        row = "".join(word[0] for word in self.words if word not in _SMALL)
        return letters not in row


def sounds_like(word: str, written: str, limit: float = MAX_SOUND_DISTANCE) -> bool:
    """Whether characters write a word in letters, by its sound."""
    forms = (fold(word), stemmed(word))
    return any(chinese_characters.heard(w, written, True) <= limit for w in forms)


@lru_cache(maxsize=65536)
def _mask(text: str) -> frozenset[str]:
    groups = dict(zip("bdghvzcSCJ", ["p", "t", "k", "", "f", "s", "s", "s", "s", "s"], strict=True))
    return frozenset(groups.get(c, c) for c in text if c not in "aeiou") - {""}


def _near(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one ^ other) <= 3


def _dotted(text: str) -> tuple[str, ...]:
    """The parts of names with dots; the outer ones only as far as they sound foreign."""
    parts: dict[str, None] = {}
    for match in DOTTED.finditer(text):
        first, *rest = re.split(r"[·•・‧]", match[0])
        parts[tail(first)] = None
        parts.update(dict.fromkeys(rest[:-1]))
        parts[head(rest[-1])] = None
    return tuple(part for part in parts if part)


def read_passage(text: str, language: str) -> PassageWords:
    """A passage, ready to be asked; of a very long one only the beginning."""
    cut, text = len(text) > _LONGEST, text[:_LONGEST]
    tokens = [m[0] for m in WORD.finditer(text) if len(m[0]) <= _LONGEST_WORD]
    parts = [part for token in tokens for part in (_CAMEL.split(token) if _CAMEL.search(token) else ())]
    distinct = dict.fromkeys([*tokens, *parts])
    capital = tuple(dict.fromkeys(fold(t) for t in distinct if t[0].isupper() and len(t) > 1))
    long = tuple(dict.fromkeys(fold(t) for t in distinct if len(t) >= 4 or t[0].isupper()))
    spaced = _CAMEL.sub(" ", text) if parts else text
    keys = {key for whole in {text, spaced} for m in mentions(whole, language) for key in m.keys}
    cut = cut or len(long) > _MANY
    known = frozenset(fold(word) for word in distinct)
    # Scraped text glues words together: what is compared in order is read as it was meant.
    folded = tuple(fold(m[0]) for m in WORD.finditer(spaced) if len(m[0]) <= _LONGEST_WORD)
    return PassageWords(
        spaced,
        language,
        folded,
        known,
        capital[:_MANY],
        long[:_MANY],
        frozenset(keys),
        _dotted(text),
        cut,
    )
