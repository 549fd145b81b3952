"""Distances of a name from the words of a passage in another language.

Two transcriptions of a name (Lavoisier, Лавуазье) often differ by more than the limit for a name that counts
as found. Such a name is "unknown"; only one that is far from every word of the passage is "absent".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.verification.names.chinese_characters import (
    HAN,
    MAX_COMPARED_CHARACTERS,
    sound_distance,
    transcribing,
)
from rag.verification.names.given_names import PARTICLES, neighbours
from rag.verification.names.name_matching import PassageWords, sounds_like
from rag.verification.names.phonetics import WEAK_SOUNDS, distance, fold, latin, sounds, stemmed

_FUNCTION_CHARACTERS = "的了在是和与及会也将对向为被到从以并而或有这那其就都不年月日"
"""Characters that surround names but are part of none."""
_MAX_MEAN_DISTANCE, _MAX_PART_DISTANCE, _MAX_WORD_DISTANCE = 0.235, 0.27, 0.35
"""Phonetic distances above which a name is absent: the weighted mean of its parts; a missing part's distance
from the neighbours of a present part; the distance of a name of one word. Distances are relative to the
longer word, in Chinese to the number of consonants. Fitted on a third of XQuAD's passages."""
_MAX_LATIN_DISTANCE = 0.2
"""The last two between languages in Latin script, which spell most names alike. Origin not recorded."""
_MAX_UNSURE_DISTANCE = 0.41
"""The last one in English and French, which also capitalise words that are not names, and from or to Chinese,
where short words sound alike. Origin not recorded."""
_MIN_IDENTIFYING_LETTERS = 4
"""Minimum length of a part that identifies a name; a syllable resembles some word of any text. Not fitted."""


def min_distance(passage: PassageWords, word: str, language: str) -> float:
    """Return the distance of a word from the nearest name of a passage: 0 if it is found, at most 1."""
    if passage.has(word, language):
        return 0.0
    if HAN.search(word):
        return 1.0 if passage.language == "zh" else _han_distance(word, passage.capitalised)
    if passage.language == "zh":
        runs = (*passage.dotted, *_transcriptions(passage.text))
        return min((_run_distance(word, run) for run in runs), default=1.0)
    return min((_letter_distance(word, other) for other in passage.capitalised), default=1.0)


def is_far(passage: PassageWords, words: tuple[str, ...], language: str) -> bool:
    """Tell whether a name is far from all names of a passage in another language."""
    distances = [min_distance(passage, word, language) for word in words]
    if len(distances) == 1:
        limit = _MAX_LATIN_DISTANCE if _is_latin(passage, words) else _MAX_WORD_DISTANCE
        unsure = language in ("en", "fr") or "zh" in (language, passage.language)
        return distances[0] > (_MAX_UNSURE_DISTANCE if unsure else limit)
    if 0 not in distances:
        # Short parts resemble some word of any text, so parts are weighted by their consonants, squared.
        weights = [max(1, sum(c not in WEAK_SOUNDS for c in sounds(word))) ** 2 for word in words]
        mean = sum(one * weight for one, weight in zip(distances, weights, strict=True)) / sum(weights)
        return mean > _MAX_MEAN_DISTANCE
    there = [word for word, one in zip(words, distances, strict=True) if one == 0]
    missing = [word for word in words if word not in there and fold(word) not in PARTICLES]
    return bool(missing) and _has_other_neighbours(passage, there, missing)


def _has_other_neighbours(passage: PassageWords, there: list[str], missing: list[str]) -> bool:
    """Tell whether the parts found only occur beside other names: another Sarah, another Hoffman."""
    identifying = [word for word in there if len(word) >= _MIN_IDENTIFYING_LETTERS or HAN.search(word)]
    rows = [row for word in identifying if fold(word) not in PARTICLES for row in neighbours(passage, word)]
    rows = [row for row in rows if row]
    limit = _MAX_LATIN_DISTANCE if _is_latin(passage, missing) else _MAX_PART_DISTANCE
    return bool(rows) and all(
        min(_part_distance(part, other) for other in row) > limit for part in missing for row in rows
    )


def _is_latin(passage: PassageWords, words: Sequence[str]) -> bool:
    """Tell whether a passage and words are written in Latin script."""
    latin_words = all(latin(fold(word)) == fold(word) and not HAN.search(word) for word in words)
    return latin_words and passage.language in ("en", "fr", "vi")


def _part_distance(one: str, other: str) -> float:
    """Return the distance of two parts of names, in letters or in Han characters."""
    if HAN.search(one) and HAN.search(other):
        return 1.0
    if HAN.search(one):
        return 0.0 if sounds_like(other, one) else _han_distance(one, (other,))
    if HAN.search(other):
        return 0.0 if sounds_like(one, other) else _run_distance(one, other)
    return _letter_distance(one, other)


def _han_distance(written: str, words: tuple[str, ...]) -> float:
    """Return the distance of a transcription in Han characters from the nearest of several words."""
    spoken = {form for word in words for form in (word, stemmed(word))}
    # The last character may belong to the next word: 埃尔维保 of 埃尔维 and 保持.
    forms = (written, written[:-1]) if len(written) > 3 else (written,)
    return min((sound_distance(word, form, True) for word in spoken for form in forms), default=1.0)


def _run_distance(word: str, run: str) -> float:
    """Return the distance of a word from the best part of a run of Han characters."""
    return min(sound_distance(form, run, False) for form in {word, stemmed(word)})


def _letter_distance(one: str, other: str) -> float:
    """Return the distance of two words in letters."""
    return min(distance(sounds(one), sounds(other)), distance(sounds(stemmed(one)), sounds(stemmed(other))))


@lru_cache(maxsize=256)
def _transcriptions(text: str) -> tuple[str, ...]:
    """Return the distinct runs of transcribing characters, with at most one other character between two.

    Another character may also precede or follow, as in 马可尼 and 爪哇: 可 and 爪 do not transcribe.
    """
    found: dict[str, None] = {}
    left = MAX_COMPARED_CHARACTERS
    for match in _transcription().finditer(text):
        found[match[0]] = None
        left -= len(match[0])
        if left < 0:
            break
    return tuple(found)


@lru_cache(maxsize=1)
def _transcription() -> re.Pattern[str]:
    one = f"[{''.join(sorted(transcribing()))}]"
    other = f"(?:(?![{_FUNCTION_CHARACTERS}])[\u4e00-\u9fff])?"
    return re.compile(rf"{other}(?:{one}{other}){{1,20}}")
