"""Readings of Han characters, and the similarity of Chinese transcriptions to names in letters.

Chinese and Vietnamese names have readings in pinyin (Xi Jinping), in Palladius' cyrillisation (Си Цзиньпин)
and in Vietnamese (Tập Cận Bình). Foreign names are transcribed by characters of similar sound. Pinyin is
pypinyin's; the Vietnamese readings in chinese_characters.json were compiled for Byline.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache, lru_cache
from pathlib import Path

from rag.text.word_sets import word_list
from rag.verification.names.phonetics import VOWELS, WEAK_SOUNDS, sounds

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # before the import: phrases take 0.5 s to load
import pypinyin
from pypinyin import Style
from pypinyin.constants import PINYIN_DICT
from pypinyin.style import convert

_DATA = Path(__file__).with_name("chinese_characters.json")
HAN = re.compile(r"[\u4e00-\u9fff]+")
MAX_COMPARED_CHARACTERS = 1500
"""Maximum number of characters of a passage that are compared by sound, to limit the time. Not fitted."""
_MAX_RUN_CHARACTERS = 30
"""Maximum length of one transcription. Not fitted."""


@cache
def _data() -> dict[str, str | dict[str, str]]:
    data: dict[str, str | dict[str, str]] = json.loads(_DATA.read_text("utf-8"))
    return data


def _string(key: str) -> str:
    value = _data()[key]
    return value if isinstance(value, str) else ""


@cache
def surnames() -> str:
    """Return the surnames of one character, as one string."""
    return _string("surnames")


@cache
def double_surnames() -> tuple[str, ...]:
    """Return the surnames of two characters."""
    return tuple(_string("double surnames").split())


@cache
def transcribing() -> frozenset[str]:
    """Return the characters that transcribe foreign names."""
    return frozenset(_string("transcribing"))


@lru_cache(maxsize=16384)
def pinyin(character: str) -> tuple[str, ...]:
    """Return the pinyin of a character without tones, the usual reading first, v for ü; () if unknown."""
    if ord(character) not in PINYIN_DICT:
        return ()
    (readings,) = pypinyin.pinyin(character, style=Style.NORMAL, heteronym=True)
    return tuple(readings)


@cache
def palladius(syllable: str) -> str:
    """Return the Palladius cyrillisation of a pinyin syllable; "" if it is no such syllable."""
    if syllable in _PALLADIUS:
        return _PALLADIUS[syllable]
    return convert(syllable.replace("v", "ü"), Style.CYRILLIC, strict=True) if syllable in syllables() else ""


_PALLADIUS = {"chuo": "чо", "duo": "до", "shuo": "шо", "suo": "со", "tuo": "то"}
"""Syllables whose cyrillisation in pypinyin differs from usage."""


@cache
def _vietnamese_table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    readings = _data()["vietnamese"]
    for reading, characters in readings.items() if isinstance(readings, dict) else ():
        for character in characters:
            table[character] = (*table.get(character, ()), reading)
    return table


def vietnamese(character: str) -> tuple[str, ...]:
    """Return the folded Vietnamese readings of a character; () if the table lacks it."""
    return _vietnamese_table().get(character, ())


@cache
def characters_of(reading: str) -> str:
    """Return the characters with a folded Vietnamese reading, as one string."""
    readings = _data()["vietnamese"]
    return readings.get(reading, "") if isinstance(readings, dict) else ""


@cache
def syllables() -> frozenset[str]:
    """Return all pinyin syllables, without tones."""
    return frozenset(r for code in PINYIN_DICT if 0x4E00 <= code < 0x9FA6 for r in pinyin(chr(code)))


@lru_cache(maxsize=4096)
def cut_pinyin(word: str) -> tuple[str, ...]:
    """Split a folded word into at most three pinyin syllables, longest first; () if it is not pinyin."""
    known = syllables()

    def cut(rest: str, left: int) -> tuple[str, ...] | None:
        if not rest:
            return ()
        for size in range(min(6, len(rest)), 0, -1) if left else ():
            if rest[:size] in known:
                tail = cut(rest[size:], left - 1)
                if tail is not None:
                    return (rest[:size], *tail)
        return None

    return (cut(word, 3) or ()) if len(word) <= 18 else ()


@lru_cache(maxsize=16384)
def reads(character: str, syllable: str) -> bool:
    """Tell whether a syllable is a reading of a character, in pinyin or Vietnamese."""
    return syllable in pinyin(character) or syllable in vietnamese(character)


@lru_cache(maxsize=16384)
def han_sounds(text: str) -> tuple[str, ...]:
    """Return the sounds of each character's usual reading, in the alphabet of phonetics.sounds; n for ng."""
    return tuple(_syllable_sounds(pinyin(c)[0]) if pinyin(c) else "" for c in text)


@cache
def _syllable_sounds(syllable: str) -> str:
    text = (
        syllable.replace("ng", "n").replace("q", "C").replace("zh", "J").replace("x", "S").replace("j", "J")
    )
    text = text.replace("ch", "C").replace("sh", "S").replace("y", "i").replace("w", "v")
    return text.replace("ii", "i").replace("vu", "u")


@lru_cache(maxsize=4096)
def runs(passage: str) -> tuple[str, ...]:
    """Return the distinct runs of transcribing characters in a passage, of two characters or more."""
    found: dict[str, None] = {}
    left = MAX_COMPARED_CHARACTERS
    for match in HAN.finditer(passage):
        start = None
        for at, character in enumerate([*match[0], ""]):
            if character and character in transcribing():
                start = at if start is None else start
            elif start is not None:
                if at - start >= 2:
                    found[match[0][start:at][:_MAX_RUN_CHARACTERS]] = None
                    left -= at - start
                start = None
        if left < 0:
            break
    return tuple(found)


@lru_cache(maxsize=8192)
def sound_distance(name: str, run: str, whole: bool) -> float:
    """Return the weighted edit distance of a name in letters from a run of characters, per consonant.

    The name is compared with the best substring of whole characters or, with `whole`, with the whole run. A
    weak sound of the name counts as _WEAK_SOUND_WEIGHT consonants. 0 for equal sounds.
    """
    mine = sounds(name)
    weight = max(1.0, sum(_WEAK_SOUND_WEIGHT if c in WEAK_SOUNDS else 1.0 for c in mine))
    row, ends = _row(run, whole)
    theirs = "".join(han_sounds(run))
    insertions = [_insertion_cost(sound) for sound in theirs]
    for place, sound in enumerate(mine):
        deletion = _deletion_cost(sound, mine, place)
        last, row = row, [row[0] + deletion]
        for at, other in enumerate(theirs):
            substitution = _substitution_cost(sound, other)
            row.append(min(last[at] + substitution, last[at + 1] + deletion, row[at] + insertions[at]))
    return min(row[end] for end in ends) / weight


def _row(run: str, whole: bool) -> tuple[list[float], list[int]]:
    """Return the first row of the edit distance, and the indices at which a syllable ends.

    Unless the whole run is compared, the row is 0 at the beginning of each syllable: a match may start there.
    """
    ends, free, row = [], {0}, [0.0]
    for syllable in han_sounds(run):
        for sound in syllable:
            row.append(row[-1] + _insertion_cost(sound))
        ends.append(len(row) - 1)
        free.add(len(row) - 1)
    if whole:
        return row, ends[-1:]
    return [0.0 if at in free else cost for at, cost in enumerate(row)], ends


_WEAK_SOUND_WEIGHT = 0.25
"""Weight of a vowel or h of a name, relative to a consonant. Origin not recorded, as for the costs below,
which are relative to an unrelated sound in place of another."""
_INSERTION_COST, _WEAK_INSERTION_COST = 0.75, 0.12
"""Cost of a sound that the transcription adds; of a vowel, which separates consonants, or h."""
_DELETION_COSTS = {"weak": 0.15, "r": 0.15, "l": 0.35, "last": 0.5, "other": 0.8}
"""Costs of a sound that the transcription omits: a vowel or h; r or l before a consonant or at the end;
another last consonant; any other consonant."""
_VOWEL_COST = 0.08
"""Cost of one vowel in place of another."""


def _insertion_cost(sound: str) -> float:
    return _WEAK_INSERTION_COST if sound in WEAK_SOUNDS else _INSERTION_COST


def _deletion_cost(sound: str, name: str, place: int) -> float:
    following = name[place + 1 : place + 2]
    if sound in WEAK_SOUNDS:
        return _DELETION_COSTS["weak"]
    if sound in ("r", "l") and following not in VOWELS:
        return _DELETION_COSTS[sound]
    return _DELETION_COSTS["other" if following else "last"]


_SUBSTITUTION_COSTS = {
    **dict.fromkeys(word_list("lr bp dt gk Sz sz Ss cs cz CJ Jz CS Cc JS Cz"), 0.15),
    **dict.fromkeys(word_list("fv bv fh mn gh kh Jt Jd Ct Jg Ck Ji vu ct cC"), 0.3),
    **dict.fromkeys(word_list("gJ kJ hJ Jk hv rJ ks kS iJ hs hS td zd nl"), 0.4),
}
"""Costs of a consonant in place of a similar one, by the pair in either order; others cost 1."""


def _substitution_cost(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in VOWELS and other in VOWELS:
        return _VOWEL_COST
    return min(_SUBSTITUTION_COSTS.get(one + other, 1.0), _SUBSTITUTION_COSTS.get(other + one, 1.0))


@cache
def _by_pinyin() -> dict[str, str]:
    """Return the characters of the Vietnamese table by their pinyin."""
    table: dict[str, str] = {}
    for character in _vietnamese_table():
        for reading in pinyin(character):
            table[reading] = table.get(reading, "") + character
    return table


def characters_by_pinyin(syllable: str) -> str:
    """Return the characters of the Vietnamese table with a pinyin reading, as one string."""
    return _by_pinyin().get(syllable, "")
