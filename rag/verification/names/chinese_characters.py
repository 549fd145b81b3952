"""Names in Han characters, and how other scripts write them: by readings, or by sound for foreign names.

A name of three characters is read by pinyin (Xi Jinping), by the Palladius table (Си Цзиньпин) or in
Vietnamese (Tập Cận Bình). A foreign name is written by the sound of characters that mean nothing. The
pinyin of characters is pypinyin's table, the Vietnamese readings in sino.json are our own.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache, lru_cache
from pathlib import Path

from rag.text.word_sets import word_list
from rag.verification.names.phonetics import sounds

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # before its import: its phrases take half a second
import pypinyin
from pypinyin import Style
from pypinyin.constants import PINYIN_DICT
from pypinyin.style import convert

_DATA = Path(__file__).with_name("chinese_characters.json")
HAN = re.compile(r"[\u4e00-\u9fff]+")
_MANY_SOUNDS, _LONGEST_RUN = 1500, 30


@cache
def _data() -> dict[str, str | dict[str, str]]:
    data: dict[str, str | dict[str, str]] = json.loads(_DATA.read_text("utf-8"))
    return data


def _string(key: str) -> str:
    value = _data()[key]
    return value if isinstance(value, str) else ""


@cache
def surnames() -> str:
    """The surnames of one character, as one string."""
    return _string("surnames")


@cache
def double_surnames() -> tuple[str, ...]:
    """The surnames of two characters."""
    return tuple(_string("double surnames").split())


@cache
def transcribing() -> frozenset[str]:
    """The characters that foreign names are written with."""
    return frozenset(_string("transcribing"))


@lru_cache(maxsize=16384)
def pinyin(character: str) -> tuple[str, ...]:
    """The readings of a character without tones, the usual one first, v for ü; empty for what has none."""
    if ord(character) not in PINYIN_DICT:
        return ()
    (readings,) = pypinyin.pinyin(character, style=Style.NORMAL, heteronym=True)
    return tuple(readings)


@cache
def palladius(syllable: str) -> str:
    """A syllable of pinyin as Russian writes it, after Palladius; "" for what is none."""
    if syllable in _PALLADIUS:
        return _PALLADIUS[syllable]
    return convert(syllable.replace("v", "ü"), Style.CYRILLIC, strict=True) if syllable in syllables() else ""


_PALLADIUS = {"chuo": "чо", "duo": "до", "shuo": "шо", "suo": "со", "tuo": "то"}
"""The syllables in which pypinyin differs from usage."""


@cache
def _vietnamese_table() -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    readings = _data()["vietnamese"]
    for reading, characters in readings.items() if isinstance(readings, dict) else ():
        for character in characters:
            table[character] = (*table.get(character, ()), reading)
    return table


def vietnamese(character: str) -> tuple[str, ...]:
    """The folded Vietnamese readings of a character; empty where the table lacks it."""
    return _vietnamese_table().get(character, ())


@cache
def characters_of(reading: str) -> str:
    """The characters with a folded Vietnamese reading."""
    readings = _data()["vietnamese"]
    return readings.get(reading, "") if isinstance(readings, dict) else ""


@cache
def syllables() -> frozenset[str]:
    """All syllables of pinyin, without tones."""
    return frozenset(r for code in PINYIN_DICT if 0x4E00 <= code < 0x9FA6 for r in pinyin(chr(code)))


@lru_cache(maxsize=4096)
def cut_pinyin(word: str) -> tuple[str, ...]:
    """A folded word as syllables of pinyin, at most three, the longest first; empty where it is none."""
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
    """Whether a character is read so, in pinyin or Vietnamese."""
    return syllable in pinyin(character) or syllable in vietnamese(character)


@lru_cache(maxsize=16384)
def han_sounds(text: str) -> tuple[str, ...]:
    """The sounds of each character by its usual reading, n for ng."""
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
    """The stretches of a Chinese passage that may write foreign names, without repeats."""
    found: dict[str, None] = {}
    left = _MANY_SOUNDS
    for match in re.finditer(r"[\u4e00-\u9fff]+", passage):
        start = None
        for at, character in enumerate([*match[0], ""]):
            if character and character in transcribing():
                start = at if start is None else start
            elif start is not None:
                if at - start >= 2:
                    found[match[0][start:at][:_LONGEST_RUN]] = None
                    left -= at - start
                start = None
        if left < 0:
            break
    return tuple(found)


@lru_cache(maxsize=8192)
def heard(name: str, run: str, whole: bool) -> float:
    """How far a name in letters is from the best stretch of a run of characters; `whole`: from all of it.

    0 for the same sounds, per consonant of the name.
    """
    mine = sounds(name)
    weight = max(1.0, sum(1.0 if c not in "aeiouh" else 0.25 for c in mine))
    row, ends = _row(run, whole)
    theirs = "".join(han_sounds(run))
    for place, sound in enumerate(mine):
        last, row = row, [row[0] + _lost(sound, mine, place)]
        for at, other in enumerate(theirs):
            row.append(
                min(
                    last[at] + _swap(sound, other),
                    last[at + 1] + _lost(sound, mine, place),
                    row[at] + (0.12 if other in "aeiouh" else 0.75),
                )
            )
    return min(row[end] for end in ends) / weight


def _row(run: str, whole: bool) -> tuple[list[float], list[int]]:
    """The first row of costs, free where a syllable begins, and where a syllable ends."""
    ends, free, row = [], {0}, [0.0]
    for syllable in han_sounds(run):
        for sound in syllable:
            row.append(row[-1] + (0.12 if sound in "aeiouh" else 0.75))
        ends.append(len(row) - 1)
        free.add(len(row) - 1)
    if whole:
        return row, ends[-1:]
    return [0.0 if at in free else cost for at, cost in enumerate(row)], ends


def _lost(sound: str, name: str, place: int) -> float:
    """What it costs that Chinese leaves a sound out: r and l before a consonant, the last consonants."""
    if sound in "aeiouh":
        return 0.15
    following = name[place + 1 : place + 2]
    if sound == "r" and following not in ("a", "e", "i", "o", "u"):
        return 0.15
    if sound == "l" and following not in ("a", "e", "i", "o", "u"):
        return 0.35
    return 0.5 if not following else 0.8


_HAN_NEAR = {
    **dict.fromkeys(word_list("lr bp dt gk Sz sz Ss cs cz CJ Jz CS Cc JS Cz"), 0.15),
    **dict.fromkeys(word_list("fv bv fh mn gh kh Jt Jd Ct Jg Ck Ji vu ct cC"), 0.3),
    **dict.fromkeys(word_list("gJ kJ hJ Jk hv rJ ks kS iJ hs hS td zd nl"), 0.4),
}


def _swap(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in "aeiou" and other in "aeiou":
        return 0.08
    return min(_HAN_NEAR.get(one + other, 1.0), _HAN_NEAR.get(other + one, 1.0))


@cache
def _by_pinyin() -> dict[str, str]:
    """The characters of our Vietnamese table by their pinyin."""
    table: dict[str, str] = {}
    for character in _vietnamese_table():
        for reading in pinyin(character):
            table[reading] = table.get(reading, "") + character
    return table


def characters_by_pinyin(syllable: str) -> str:
    """The characters, of those that Vietnamese names are made of, with a reading in pinyin."""
    return _by_pinyin().get(syllable, "")
