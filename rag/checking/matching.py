"""A passage, read once: its words, its names, and whether a word of another spelling is among them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from rag.checking import sino
from rag.checking.gazetteer import WORD, mentions
from rag.checking.han_naming import head, tail
from rag.checking.naming import VIETNAMESE_SURNAMES
from rag.checking.palladius import palladius
from rag.checking.spelling import close, distance, fold, latin, same_russian, sounds, vietnamese_sounds

_CAMEL = re.compile(r"(?<=[a-zà-ÿа-яё])(?=[A-ZÀ-ÞĐА-ЯЁ])")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PART = r"(?:(?![和与及在])[\u4e00-\u9fff]){1,8}"
DOTTED = re.compile(rf"{_PART}(?:[·•・‧]{_PART}){{1,4}}")
_SMALL = frozenset(
    [
        "of",
        "the",
        "and",
        "for",
        "de",
        "la",
        "le",
        "les",
        "du",
        "des",
        "et",
        "pour",
        "l",
        "d",
        "и",
        "по",
        "в",
        "на",
    ]
)
_MANY, _LONGEST, _LONGEST_WORD = 600, 12000, 40
HEARD = 0.3
_RUSSIAN_SURNAMES = frozenset(
    [
        "нгуен",
        "чан",
        "ле",
        "фам",
        "хоанг",
        "хюинь",
        "фан",
        "ву",
        "во",
        "данг",
        "буй",
        "до",
        "хо",
        "нго",
        "зыонг",
        "динь",
        "чыонг",
        "дао",
        "доан",
        "выонг",
        "чинь",
        "лыонг",
        "май",
        "то",
        "та",
        "као",
        "ха",
        "лам",
    ]
)


@dataclass(frozen=True, slots=True)
class Passage:
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
        if self.language == "zh" and any(written in self.text for written in sino.usual(latin(folded))):
            return True
        if self.language == "zh" and self._sounds_in_han(word):
            return True
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
        if any(sino.heard(word, part, True) <= HEARD for part in self.dotted):
            return True
        # A short name sounds like some stretch of any text.
        limit = 0.08 if spoken < 2 else min(0.27, 0.055 * spoken)
        return any(sino.heard(word, run, spoken < 2) <= limit for run in sino.runs(self.text))

    def has_whole(self, words: tuple[str, ...], language: str) -> bool:
        """Whether a name is there as a whole: letter by letter, or by its readings."""
        joined = "".join(words)
        if _HAN.search(joined):
            return joined in self.text or (
                self.language != "zh" and len(words) == 1 and self._read_aloud(joined)
            )
        if self.language == "zh":
            if language == "ru":
                return 2 <= len(words) <= 3 and self._palladius_in_han(fold(joined), len(words))
            return self.syllabic(words, language) and self._in_han(_syllables(words, language))
        if language == "ru" and self.language != "ru" and 2 <= len(words) <= 4:
            return self._row_in_russian(words)
        if self.syllabic(words, language):
            return self._has_row(words) or (language != self.language and self._has_reading(words, language))
        return False

    def syllabic(self, words: tuple[str, ...], language: str) -> bool:
        """Whether a name is Vietnamese or Chinese by its looks: its syllables mean nothing one by one."""
        folded = [fold(word) for word in words]
        if language == "vi" and len(words) >= 2:
            return all(map(vietnamese_sounds, folded))
        if language == "ru" and self.language == "vi" and len(words) >= 3:
            return folded[0] in _RUSSIAN_SURNAMES
        if language not in ("en", "fr", "vi") or not 2 <= len(words) <= 4:
            return False
        if folded[0] in VIETNAMESE_SURNAMES and all(map(vietnamese_sounds, folded)):
            return True
        return folded[0] in _chinese_surnames() and all(map(sino.cut_pinyin, folded[1:]))

    def _has_row(self, words: tuple[str, ...]) -> bool:
        """Whether the syllables stand in a row, or are the end of a name there."""
        wanted = [fold(word) for word in words]
        size = len(wanted)
        for at in range(len(self.words) - size + 1):
            if self.words[at] == wanted[0] and list(self.words[at : at + size]) == wanted:
                return True
        if self.language == "ru":
            heard = [(vietnamese_sounds(word), sounds(word)) for word in wanted]
            spoken = [sounds(word) for word in self.words]
            return any(
                all(
                    min(distance(v, s), distance(p, s)) <= 0.35
                    for (v, p), s in zip(heard, spoken[at:], strict=False)
                )
                for at in range(len(spoken) - size + 1)
                if min(distance(heard[0][0], spoken[at]), distance(heard[0][1], spoken[at])) <= 0.2
            )
        return False

    def _row_in_russian(self, words: tuple[str, ...]) -> bool:
        """Whether Vietnamese syllables in a row, or pinyin, are what a Russian name says."""
        joined, spoken = fold("".join(words)), [sounds(word) for word in words]
        for at, word in enumerate(self.words):
            row = self.words[at : at + len(words)]
            heard = [(vietnamese_sounds(w), sounds(w)) for w in row]
            if len(row) == len(words) and all(
                v and min(distance(v, s), distance(p, s), _started(v, s)) <= 0.3
                for (v, p), s in zip(heard, spoken, strict=True)
            ):
                return True
            if word not in _chinese_surnames():
                continue
            syllables = [s for w in self.words[at : at + len(words)] for s in sino.cut_pinyin(w)]
            options = [frozenset({palladius(s)}) - {""} for s in syllables]
            if options and all(options) and _segments(joined, options):
                return True
        return False

    def _has_reading(self, words: tuple[str, ...], language: str) -> bool:
        """Tập Cận Bình for Xi Jinping or Си Цзиньпин, and the other way round."""
        options = _other_readings(_syllables(words, language), self.language)
        return bool(options) and self._spelled(options)

    def _read_aloud(self, name: str) -> bool:
        """Whether a Han name is read aloud somewhere in the passage."""
        russian = [frozenset(filter(None, map(palladius, sino.pinyin(c)))) for c in name]
        systems = [
            [frozenset(sino.pinyin(c)) for c in name],
            [frozenset(sino.vietnamese(c)) for c in name],
            russian,
        ]
        if any(self._spelled(system) for system in systems if all(system)):
            return True
        if self.language == "ru" and self._vietnamese_in_russian(name):
            return True
        # Two characters sound like too many words.
        return len(name) > 2 and any(sounds_like(other, name) for other in self.capital)

    def _vietnamese_in_russian(self, name: str) -> bool:
        """Whether words in a row say the Vietnamese readings of the characters: 范国宝, Фам Куок Бао."""
        readings = [[vietnamese_sounds(r) for r in sino.vietnamese(c)] for c in name]
        for at in range(len(self.words) - len(name) + 1) if all(readings) else ():
            row = map(sounds, self.words[at : at + len(name)])
            if all(any(distance(r, s) <= 0.3 for r in some) for some, s in zip(readings, row, strict=True)):
                return True
        return False

    def _spelled(self, options: list[frozenset[str]]) -> bool:
        """Whether neighbouring words are one reading of each syllable, in order."""
        for at, word in enumerate(self.words):
            if not any(word.startswith(option) for option in options[0]):
                continue
            for size in range(1, len(options) + 1):
                if _segments("".join(self.words[at : at + size]), options):
                    return True
        return False

    def _in_han(self, syllables: tuple[str, ...]) -> bool:
        """Whether characters in a row are read so; one of three may be missing in the Vietnamese table."""
        size, mandarin = len(syllables), all(s in sino.syllables() for s in syllables)
        for at in range(len(self.text) - size + 1) if size >= 2 else ():
            if not sino.reads(self.text[at], syllables[0]):
                continue
            row = zip(self.text[at : at + size], syllables, strict=True)
            wrong = [c for c, s in row if not sino.reads(c, s)]
            if not wrong or (size > 2 and not mandarin and len(wrong) == 1 and not sino.vietnamese(wrong[0])):
                return True
        return False

    def _palladius_in_han(self, joined: str, size: int) -> bool:
        """Whether two to four characters, the first a surname, are read as a Russian name says."""
        for at in range(len(self.text) - 1):
            if self.text[at] not in sino.surnames():
                continue
            for length in range(max(2, size), min(4, size + 1) + 1):
                row = self.text[at : at + length]
                options = [frozenset(filter(None, map(palladius, sino.pinyin(c)))) for c in row]
                if len(row) == length and all(options) and _segments(joined, options):
                    return True
        return False

    def lacks_initials(self, acronym: str) -> bool:
        """Whether no words in a row begin with the letters of an acronym."""
        letters = fold(acronym)
        row = "".join(word[0] for word in self.words if word not in _SMALL)
        return letters not in row


def sounds_like(word: str, written: str, limit: float = HEARD) -> bool:
    """Whether characters write a word in letters, by its sound or as is usual."""
    return written in sino.usual(latin(fold(word))) or sino.heard(word, written, True) <= limit


def _started(one: str, other: str) -> float:
    """0 where one is the other with a Russian ending."""
    return 0.0 if len(one) >= 2 and other.startswith(one) and len(other) - len(one) <= 2 else 1.0


def _segments(joined: str, options: list[frozenset[str]]) -> bool:
    """Whether a word is one option of each set, one after the other; a Russian ending may follow."""
    ends = {0}
    for step in options:
        ends = {end + len(option) for end in ends for option in step if joined.startswith(option, end)}
        if not ends:
            return False
    return any(joined == joined[:end] or same_russian(joined, joined[:end]) for end in ends)


def _syllables(words: tuple[str, ...], language: str) -> tuple[str, ...]:
    folded = [fold(word) for word in words]
    if language == "vi" or all(map(vietnamese_sounds, folded)):
        return tuple(folded)
    return tuple(syllable for word in folded for syllable in sino.cut_pinyin(word))


@lru_cache(maxsize=1024)
def _other_readings(syllables: tuple[str, ...], language: str) -> list[frozenset[str]]:
    """The readings that the same characters have in another language."""
    options = []
    for syllable in syllables:
        characters = sino.characters_of(syllable) or sino.characters_by_pinyin(syllable)
        readings = {r for c in characters for r in (*sino.pinyin(c), *sino.vietnamese(c))} | {syllable}
        if language == "ru":
            readings = {palladius(r) for r in readings} - {""}
        options.append(frozenset(readings))
    return options if all(options) else []


@lru_cache(maxsize=1)
def _chinese_surnames() -> frozenset[str]:
    return frozenset(reading for c in sino.surnames() for reading in sino.pinyin(c)[:1])


@lru_cache(maxsize=65536)
def _mask(text: str) -> frozenset[str]:
    groups = {
        "b": "p",
        "d": "t",
        "g": "k",
        "h": "",
        "v": "f",
        "z": "s",
        "c": "s",
        "S": "s",
        "C": "s",
        "J": "s",
    }
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


@lru_cache(maxsize=32)
def read_passage(text: str, language: str) -> Passage:
    """A passage, ready to be asked; of a very long one only the beginning."""
    cut, text = len(text) > _LONGEST, text[:_LONGEST]
    tokens = [m[0] for m in WORD.finditer(text) if len(m[0]) <= _LONGEST_WORD]
    parts = [part for token in tokens for part in (_CAMEL.split(token) if _CAMEL.search(token) else ())]
    folded = tuple(fold(token) for token in tokens)
    distinct = dict.fromkeys([*tokens, *parts])
    capital = tuple(dict.fromkeys(fold(t) for t in distinct if t[0].isupper() and len(t) > 1))
    long = tuple(dict.fromkeys(fold(t) for t in distinct if len(t) >= 4 or t[0].isupper()))
    spaced = _CAMEL.sub(" ", text) if parts else text
    keys = {key for whole in {text, spaced} for m in mentions(whole, language) for key in m.keys}
    cut = cut or len(long) > _MANY
    known = frozenset((*folded, *(fold(part) for part in parts)))
    return Passage(
        text, language, folded, known, capital[:_MANY], long[:_MANY], frozenset(keys), _dotted(text), cut
    )
