"""An index of a passage's words, in which names are looked up in other spellings, languages and scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from rag.text.word_sets import word_set
from rag.verification.names import chinese_characters
from rag.verification.names.chinese_characters import HAN
from rag.verification.names.chinese_names import DOT, transcribing_end, transcribing_start
from rag.verification.names.gazetteer import WORD, mentions
from rag.verification.names.name_extraction import VIETNAMESE_SURNAMES
from rag.verification.names.phonetics import (
    VOWELS,
    WEAK_SOUNDS,
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
    has_other_reading,
    has_reading,
    has_russian_name,
    has_syllables,
    in_han,
    palladian_in_han,
    syllables_of,
    vietnamese_in_han,
)

_CAMEL = re.compile(r"(?<=[a-zà-ÿа-яё])(?=[A-ZÀ-ÞĐА-ЯЁ])")
_PART = r"(?:(?![和与及在])[\u4e00-\u9fff]){1,8}"
DOTTED = re.compile(rf"{_PART}(?:[·•・‧]{_PART}){{1,4}}")
_NOT_IN_ACRONYMS = word_set("of the and for de la le les du des et pour l d и по в на")
"""Words whose initials acronyms leave out."""
_MAX_WORDS, _MAX_CHARACTERS, _MAX_WORD_CHARACTERS = 600, 12000, 40
"""Maximum number of distinct words and of characters that are read of a passage, and maximum length of a
word. Not fitted."""
_MIN_COPIED_LETTERS = 8
"""Minimum length of a name that is also found with other spaces ("Armygames"). Not fitted."""
_STEM_LETTERS, _MIN_STEM_LETTERS = 6, 5
"""Length of the prefix that two words share as a stem, and its minimum length in a shorter word. Not
fitted."""
_MIN_LONG_LETTERS, _MIN_UNCAPITALISED_LETTERS = 4, 5
"""Minimum length of a passage's word without capital that is compared by sound, and of the name's word that
is compared with such words. Not fitted."""
_MIN_VARIANT_LETTERS, _MAX_VARIANT_DISTANCE = 6, 0.1
"""Minimum length of a word that is also found in a variant spelling of its own language, and the maximum
phonetic distance of that; also the distance of a Vietnamese syllable in Russian transcription. Not fitted."""
MAX_SOUND_DISTANCE = 0.3
"""Maximum distance (see sound_distance) of a transcription in Han characters from its name. Origin not
recorded."""
_MIN_CONSONANTS, _MAX_VOWELS_DISTANCE = 2, 0.08
"""Minimum number of consonants of a word that is found within a run of characters. A word with fewer must
sound like the whole run, up to this distance. Origin not recorded, as for the next."""
_MAX_DISTANCE_PER_CONSONANT, _MAX_PART_DISTANCE = 0.055, 0.27
"""Maximum distance of a word from a part of a run: it grows with the word's consonants up to a limit, because
a short name sounds like some part of any text."""
_MAX_MASK_DIFFERENCE = 3
"""Maximum number of consonant classes in which two words of similar sound differ. Not fitted."""


@dataclass(frozen=True, slots=True)
class PassageWords:
    """The words of a passage, folded, in the forms in which they are compared.

    - `words`: all words, in order. `folded`: the distinct ones.
    - `capitalised`: those with a capital. `long`: those with a capital or at least _MIN_LONG_LETTERS.
    - `keys`: the gazetteer's entries in the passage.
    - `dotted`: the parts of dotted Chinese names.
    - `truncated`: whether the passage was too long to be read in full.
    - `cache`: results of `has`.
    """

    text: str
    language: str
    words: tuple[str, ...]
    folded: frozenset[str]
    capitalised: tuple[str, ...]
    long: tuple[str, ...]
    keys: frozenset[str]
    dotted: tuple[str, ...]
    truncated: bool
    cache: dict[tuple[str, str], bool] = field(default_factory=dict, compare=False)

    def has_verbatim(self, words: tuple[str, ...]) -> bool:
        """Tell whether the passage has a long name letter by letter, regardless of its spaces."""
        letters = "".join(map(fold, words))
        if HAN.search(letters) or len(letters) < _MIN_COPIED_LETTERS:
            return False
        rows = (self.words[at : at + len(words) + 1] for at in range(len(self.words)))
        return any(letters == "".join(row[:size]) for row in rows for size in range(1, len(row) + 1))

    def has_stem_of(self, word: str) -> bool:
        """Tell whether the passage has a word with the same stem: "Remplacer" for "remplacé"."""
        stem = fold(word)[:_STEM_LETTERS]
        return len(stem) >= _MIN_STEM_LETTERS and any(known.startswith(stem) for known in self.folded)

    def has(self, word: str, language: str) -> bool:
        """Tell whether the passage has a word of a name in `language`, in any spelling."""
        key = (word, language)
        if key not in self.cache:
            self.cache[key] = self._has(word, language)
        return self.cache[key]

    def _has(self, word: str, language: str) -> bool:
        if HAN.search(word):
            return word in self.text if self.language == "zh" else self._has_transcribed(word)
        folded = fold(word)
        if folded in self.folded or folded.removesuffix("s") in self.folded or folded + "s" in self.folded:
            return True
        if any(mention.keys & self.keys for mention in mentions(word, language)):
            return True
        if self.language == "zh":
            return self._sounds_in_han(word)
        if language == self.language:
            return self._has_inflected(folded, language)
        return self._has_close(word)

    def _has_inflected(self, folded: str, language: str) -> bool:
        """Tell whether the passage, in the same language, has another case of a word, or a slight variant."""
        if language == "vi":
            return False
        mine = sounds(folded)
        for other in self.long:
            if other[:2] != folded[:2]:
                continue
            if language == "ru" and same_russian(folded, other):
                return True
            if len(folded) >= _MIN_VARIANT_LETTERS and distance(mine, sounds(other)) <= _MAX_VARIANT_DISTANCE:
                return True
        return False

    def _has_close(self, word: str) -> bool:
        """Tell whether the passage, in another language in letters, has a word of similar sound."""
        long = len(word) >= _MIN_UNCAPITALISED_LETTERS
        candidates = self.long if long else self.capitalised
        mask = _mask(sounds(word))
        spoken = vietnamese_sounds(word)
        return any(
            (_may_be_close(mask, _mask(sounds(other))) and close(word, other))
            or (
                spoken != ""
                and self.language == "ru"
                and distance(spoken, sounds(other)) <= _MAX_VARIANT_DISTANCE
            )
            for other in candidates
        ) or (
            long
            and any(
                close(word, other) for other in self.capitalised if len(other) < _MIN_UNCAPITALISED_LETTERS
            )
        )

    def _has_transcribed(self, word: str) -> bool:
        """Tell whether a word in Han characters transcribes a name of the passage."""
        return any(sounds_like(other, word) for other in self.capitalised)

    def _sounds_in_han(self, word: str) -> bool:
        """Tell whether the Chinese passage transcribes a word; with few consonants it must match closely."""
        if any(sounds_like(word, part) for part in self.dotted):
            return True
        consonants = sum(c not in WEAK_SOUNDS for c in sounds(word))
        whole = consonants < _MIN_CONSONANTS
        growing = min(_MAX_PART_DISTANCE, _MAX_DISTANCE_PER_CONSONANT * consonants)
        limit = _MAX_VOWELS_DISTANCE if whole else growing
        return any(
            chinese_characters.sound_distance(word, run, whole) <= limit
            for run in chinese_characters.runs(self.text)
        )

    def has_complete(self, words: tuple[str, ...], language: str) -> bool:
        """Tell whether the passage has a complete Chinese or Vietnamese name, or a reading of it."""
        joined = "".join(words)
        if HAN.search(joined):
            return joined in self.text or (
                self.language != "zh" and len(words) == 1 and self._has_reading(joined)
            )
        if self.language == "zh":
            if language == "ru":
                palladian = len(words) in (2, 3) and palladian_in_han(self.text, fold(joined), len(words))
                return palladian or vietnamese_in_han(self.text, words)
            return self.is_syllabic(words, language) and in_han(self.text, syllables_of(words, language))
        if language == "ru" and self.language != "ru" and 2 <= len(words) <= 4:
            return has_russian_name(self.words, words)
        if self.is_syllabic(words, language):
            return has_syllables(self.words, self.language, words) or (
                language != self.language and has_other_reading(self.words, self.language, words, language)
            )
        return False

    def _has_reading(self, name: str) -> bool:
        """Tell whether the passage has a reading of a Han name, or for three characters or more its sound."""
        if has_reading(self.words, self.language, name):
            return True
        return len(name) > 2 and any(sounds_like(other, name) for other in self.capitalised)

    def is_syllabic(self, words: tuple[str, ...], language: str) -> bool:
        """Tell whether a name looks Vietnamese or Chinese, so that it is compared only as a whole."""
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
        """Tell whether no sequence of words has the letters of an acronym as initials."""
        initials = "".join(word[0] for word in self.words if word not in _NOT_IN_ACRONYMS)
        return fold(acronym) not in initials


def sounds_like(word: str, written: str, limit: float = MAX_SOUND_DISTANCE) -> bool:
    """Tell whether Han characters transcribe a word in letters."""
    forms = (fold(word), stemmed(word))
    return any(chinese_characters.sound_distance(w, written, True) <= limit for w in forms)


@lru_cache(maxsize=65536)
def _mask(text: str) -> frozenset[str]:
    """Return the classes of the consonants in a text, for a quick test whether two words can be close."""
    groups = dict(zip("bdghvzcSCJ", ["p", "t", "k", "", "f", "s", "s", "s", "s", "s"], strict=True))
    return frozenset(groups.get(c, c) for c in text if c not in VOWELS) - {""}


def _may_be_close(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one ^ other) <= _MAX_MASK_DIFFERENCE


def _dotted(text: str) -> tuple[str, ...]:
    """Return the parts of dotted names; the outer ones only as far as they are transcribing characters."""
    parts: dict[str, None] = {}
    for match in DOTTED.finditer(text):
        first, *rest = DOT.split(match[0])
        parts[transcribing_end(first)] = None
        parts.update(dict.fromkeys(rest[:-1]))
        parts[transcribing_start(rest[-1])] = None
    return tuple(part for part in parts if part)


def read_passage(text: str, language: str) -> PassageWords:
    """Index the first _MAX_CHARACTERS of a passage."""
    cut, text = len(text) > _MAX_CHARACTERS, text[:_MAX_CHARACTERS]
    tokens = [m[0] for m in WORD.finditer(text) if len(m[0]) <= _MAX_WORD_CHARACTERS]
    parts = [part for token in tokens for part in (_CAMEL.split(token) if _CAMEL.search(token) else ())]
    distinct = dict.fromkeys([*tokens, *parts])
    capital = tuple(dict.fromkeys(fold(t) for t in distinct if t[0].isupper() and len(t) > 1))
    long = tuple(dict.fromkeys(fold(t) for t in distinct if len(t) >= _MIN_LONG_LETTERS or t[0].isupper()))
    spaced = _CAMEL.sub(" ", text) if parts else text
    keys = {key for whole in {text, spaced} for m in mentions(whole, language) for key in m.keys}
    cut = cut or len(long) > _MAX_WORDS
    known = frozenset(fold(word) for word in distinct)
    # Scraped text lacks spaces between words (camel case); sequences are compared with spaces restored.
    folded = tuple(fold(m[0]) for m in WORD.finditer(spaced) if len(m[0]) <= _MAX_WORD_CHARACTERS)
    return PassageWords(
        spaced,
        language,
        folded,
        known,
        capital[:_MAX_WORDS],
        long[:_MAX_WORDS],
        frozenset(keys),
        _dotted(text),
        cut,
    )
