"""How near a word of a name is to anything in a passage of another language, before its absence accuses.

A name that two languages write by its sound is often further apart than the limit at which it counts as
found: Lavoisier and Лавуазье. What comes near is left open; only what is far from everything is absent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.verification.names import chinese_characters
from rag.verification.names.given_names import PARTICLES, beside
from rag.verification.names.name_matching import PassageWords, sounds_like
from rag.verification.names.phonetics import distance, fold, latin, sounds, stemmed

_HAN = re.compile(r"[\u4e00-\u9fff]")
_GRAMMAR = "的了在是和与及会也将对向为被到从以并而或有这那其就都不年月日"
"""Characters that stand around names and in none."""
_MAX_COMPARED_SOUNDS = 1500
"""Characters of a passage that are compared by sound at most: a limit on time."""
_MAX_MEAN_DISTANCE, _MAX_PART_DISTANCE, _MAX_WORD_DISTANCE = 0.235, 0.27, 0.35
"""Distances (shares of the longer word; per consonant in Han) beyond which a name is not meant: on average
over its parts; of a part from all that stands beside another part that is there; of a name of one word.
Set on a third of XQuAD's passages."""
_MAX_LATIN_DISTANCE = 0.2
"""Distance of a part or single word between languages of Latin script: these spell most names alike."""
_MAX_UNSURE_DISTANCE = 0.41
"""One word alone must be further off in English and French, which write other words than names with a
capital, and in or from Chinese, where anything sounds like something."""


def nearest(passage: PassageWords, word: str, language: str) -> float:
    """How far a word is from the nearest name of a passage: 0 where it is there, 1 for nothing like it."""
    if passage.has(word, language):
        return 0.0
    if _HAN.search(word):
        return 1.0 if passage.language == "zh" else _heard(word, passage.capital)
    if passage.language == "zh":
        stretches = (*passage.dotted, *_stretches(passage.text))
        return min((_read(word, stretch) for stretch in stretches), default=1.0)
    return min((_apart(word, other) for other in passage.capital), default=1.0)


def is_far(passage: PassageWords, words: tuple[str, ...], language: str) -> bool:
    """Whether a name is far from all that a passage of another language has."""
    apart = [nearest(passage, word, language) for word in words]
    if len(apart) == 1:
        alike = _MAX_LATIN_DISTANCE if _alike(passage, words) else _MAX_WORD_DISTANCE
        unsure = language in ("en", "fr") or "zh" in (language, passage.language)
        return apart[0] > (_MAX_UNSURE_DISTANCE if unsure else alike)
    if 0 not in apart:
        # A short part is near something anywhere: long ones count for more.
        weights = [max(1, sum(c not in "aeiouh" for c in sounds(word))) ** 2 for word in words]
        far = sum(one * weight for one, weight in zip(apart, weights, strict=True)) / sum(weights)
        return far > _MAX_MEAN_DISTANCE
    there = [word for word, one in zip(words, apart, strict=True) if one == 0]
    missing = [word for word in words if word not in there and fold(word) not in PARTICLES]
    return bool(missing) and _beside_others(passage, there, missing)


def _beside_others(passage: PassageWords, there: list[str], missing: list[str]) -> bool:
    """Whether the parts that are there stand beside other names only: another Sarah, another Hoffman."""
    # A syllable is near some word of any text: only a longer part tells which name is meant.
    telling = [word for word in there if len(word) >= 4 or _HAN.search(word)]
    rows = [row for word in telling if fold(word) not in PARTICLES for row in beside(passage, word)]
    rows = [row for row in rows if row]
    limit = _MAX_LATIN_DISTANCE if _alike(passage, missing) else _MAX_PART_DISTANCE
    return bool(rows) and all(_apart_from(part, row) > limit for part in missing for row in rows)


def _alike(passage: PassageWords, words: Sequence[str]) -> bool:
    """Whether a passage writes Latin letters, and so do the words."""
    lettered = all(latin(fold(word)) == fold(word) and not _HAN.search(word) for word in words)
    return lettered and passage.language in ("en", "fr", "vi")


def _apart_from(part: str, row: list[str]) -> float:
    return min(_between(part, other) for other in row)


def _between(one: str, other: str) -> float:
    """How far two parts of names are apart, in letters or in Han."""
    if _HAN.search(one) and _HAN.search(other):
        return 1.0
    if _HAN.search(one):
        return 0.0 if sounds_like(other, one) else _heard(one, (other,))
    if _HAN.search(other):
        return 0.0 if sounds_like(one, other) else _read(one, other)
    return _apart(one, other)


def _heard(written: str, words: tuple[str, ...]) -> float:
    spoken = {form for word in words for form in (word, stemmed(word))}
    # What follows a name in the text may be cut off with it, as the character of 保持 in 埃尔维保.
    forms = (written, written[:-1]) if len(written) > 3 else (written,)
    return min((chinese_characters.heard(word, form, True) for word in spoken for form in forms), default=1.0)


def _read(word: str, stretch: str) -> float:
    return min(chinese_characters.heard(form, stretch, False) for form in {word, stemmed(word)})


def _apart(one: str, other: str) -> float:
    return min(distance(sounds(one), sounds(other)), distance(sounds(stemmed(one)), sounds(stemmed(other))))


@lru_cache(maxsize=256)
def _stretches(text: str) -> tuple[str, ...]:
    """The stretches that may write foreign names, with a character between and around them: 马可尼, 爪哇."""
    found: dict[str, None] = {}
    left = _MAX_COMPARED_SOUNDS
    for match in _foreign().finditer(text):
        found[match[0]] = None
        left -= len(match[0])
        if left < 0:
            break
    return tuple(found)


@lru_cache(maxsize=1)
def _foreign() -> re.Pattern[str]:
    sounding = f"[{''.join(sorted(chinese_characters.transcribing()))}]"
    other = f"(?:(?![{_GRAMMAR}])[\u4e00-\u9fff])?"
    return re.compile(rf"{other}(?:{sounding}{other}){{1,20}}")
