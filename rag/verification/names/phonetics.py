"""Phonetic comparison of names in Latin and Cyrillic letters: folding, romanisation, sounds, edit distance.

A word is converted to sounds, one character each (`sounds`). Two words are compared by the edit distance of
their sounds, weighted so that what transcriptions often change costs little: a vowel, an h, a consonant that
languages exchange (c and k, w and v, g and h). The distance is relative to the longer word: 0 for equal
sounds, 1 for unrelated words. The costs and limits were set by hand; on what data is not recorded.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rag.text.word_sets import word_list, word_set

_LETTERS = str.maketrans(
    {"đ": "d", "ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "’": "'"}
)
_CYRILLIC = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэіґ", "abvgdeziyklmnoprstufyeig", strict=True))
    | {"ё": "yo", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": ""}
    | {"ю": "yu", "я": "ya", "ї": "yi", "є": "ye"}
)
_IS_CYRILLIC = re.compile(r"[а-яёіїєґ]", re.IGNORECASE)
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, _, sound in (
        row.rpartition(">")
        for row in word_list(
            r"shch|sch>S chzh>J chkh>C tsch|tch|tj>C dzh|dj|dsch>J zh>J sh|sz>S ch>C "
            r"kh>H ph>f th>t dg(?=[eiy])>J gh(?=t|$)> gh>g ck>k qu>kv q>k (?<=[a-z])x>ks ^x>s "
            r"ts|tz|cz>c c(?=[eiy])>s c>k j>J w>v H>h ou|oo>u eau|au>o ee|y>i '>"
        )
    )
]
_FINAL_C = "\ue000"
"""Placeholder of the sound c (ts) until all rules are applied, because later rules rewrite the letter c."""
_DOUBLE = re.compile(r"(.)\1+")
_VIETNAMESE = re.compile(
    r"(?:b|c|ch|d|g|gh|gi|h|k|kh|l|m|n|ng|ngh|nh|p|ph|qu|r|s|t|th|tr|v|x)?[aeiouy]{1,3}(?:c|ch|m|n|ng|nh|p|t)?"
)
_VIETNAMESE_SOUNDS = [
    pair.split(">") for pair in word_list("ngh>ng tr>C ch>t gi>z nh>n ph>f kh>h th>t x>s qu>ku c>k y>i")
]
VOWELS = frozenset("aeiou")
WEAK_SOUNDS = VOWELS | {"h"}
"""Sounds that spellings often change or drop; the others are the consonants by which names are compared."""
_DELETION_COST, _WEAK_DELETION_COST = 1.0, 0.4
"""Cost of a missing sound, and of a missing weak sound."""
_VOWEL_COST, _NEAR_VOWEL_COST = 0.25, 0.15
"""Cost of one vowel in place of another, and of e for i, or o for u."""
_SUBSTITUTION_COST = 1.0
"""Cost of one sound in place of an unrelated one."""
_SIMILAR_SOUND_COSTS = {
    **dict.fromkeys(word_list("bp dt gk sz fv SC Ss Cc cs cz Jz Jg Jh Ji"), 0.3),
    **dict.fromkeys(word_list("gh kh Ck JC JS vu vb tc ck Ch CS Sc Ct dz"), 0.35),
    **dict.fromkeys(word_list("mn ks JK"), 0.5),
}
"""Costs of a consonant in place of a similar one, by the pair in either order."""
_MAX_CLOSE_DISTANCES = ((6, 0.2), (4, 0.16), (0, 0.1))
"""Maximum distance of two spellings of one name, by the minimum number of sounds of the longer one."""
_ENDINGS = word_set(
    "а у ом ым е ы и я ю ем ой ей ого его ому ему о й ь ью ий ый ая яя ую юю их ых им ими ыми ам ами "
    "ах ям ями ях ев ов го му м х ми ою ею ии ию ией ия ие ё"
)


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """Return a word in lower case without accents; Cyrillic remains Cyrillic, with е for ё."""
    spread = unicodedata.normalize("NFD", word.casefold().translate(_LETTERS).replace("й", "\ue001"))
    bare = "".join(c for c in spread if not unicodedata.combining(c))
    return bare.replace("\ue001", "й")


def latin(word: str) -> str:
    """Romanise a folded word."""
    return word.translate(_CYRILLIC) if _IS_CYRILLIC.search(word) else word


@lru_cache(maxsize=65536)
def sounds(word: str) -> str:
    """Return the sounds of a word's first 40 letters, one character a sound.

    S, C and J stand for sh, ch and zh; c for ts. "" for a word without Latin or Cyrillic letters.
    """
    text = latin(fold(word))[:40]
    for pattern, sound in _SOUNDS:
        text = pattern.sub(sound.replace("c", _FINAL_C), text)
    return _DOUBLE.sub(r"\1", text.replace(_FINAL_C, "c"))


@lru_cache(maxsize=4096)
def vietnamese_sounds(word: str) -> str:
    """Return the sounds of a Vietnamese syllable as Russian transcribes it; "" if it is not a syllable."""
    text = fold(word)
    if not _VIETNAMESE.fullmatch(text):
        return ""
    for written, sound in _VIETNAMESE_SOUNDS:
        text = text.replace(written, sound, 1)
    return _DOUBLE.sub(r"\1", text)


@lru_cache(maxsize=65536)
def distance(one: str, other: str) -> float:
    """Return the weighted edit distance of two sequences of sounds, relative to the longer one (0 to 1)."""
    if one == other:
        return 0.0
    if not one or not other or abs(len(one) - len(other)) > max(3, len(one) // 2):
        return 1.0
    row = [0.0]
    for sound in other:
        row.append(row[-1] + _deletion_cost(sound))
    for mine in one:
        last, row = row, [row[0] + _deletion_cost(mine)]
        for at, theirs in enumerate(other):
            row.append(
                min(
                    last[at] + _substitution_cost(mine, theirs),
                    last[at + 1] + _deletion_cost(mine),
                    row[at] + _deletion_cost(theirs),
                )
            )
    return row[-1] / max(len(one), len(other))


def _deletion_cost(sound: str) -> float:
    return _WEAK_DELETION_COST if sound in WEAK_SOUNDS else _DELETION_COST


def _substitution_cost(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in VOWELS and other in VOWELS:
        near = {one, other} <= {"i", "e"} or {one, other} <= {"o", "u"}
        return _NEAR_VOWEL_COST if near else _VOWEL_COST
    return min(_SIMILAR_SOUND_COSTS.get(pair, _SUBSTITUTION_COST) for pair in (one + other, other + one))


def close(one: str, other: str) -> bool:
    """Tell whether two words may be spellings of the same name, with or without a Russian ending."""
    first, second = sounds(one), sounds(other)
    apart = min(distance(first, second), distance(sounds(stemmed(one)), sounds(stemmed(other))))
    size = max(len(first), len(second))
    return apart <= next(limit for least, limit in _MAX_CLOSE_DISTANCES if size >= least)


@lru_cache(maxsize=16384)
def stemmed(word: str) -> str:
    """Return a folded word, in Cyrillic without its ending."""
    text = fold(word)
    if not _IS_CYRILLIC.search(text):
        return text
    for size in (3, 2, 1):
        if len(text) - size >= 3 and text[-size:] in _ENDINGS - {"ев", "ов"}:
            return text[:-size]
    return text


@lru_cache(maxsize=65536)
def same_russian(one: str, other: str) -> bool:
    """Tell whether two folded Russian words are cases of the same name: Москва, Москве; Путин, Путина."""
    if one == other:
        return True
    size = 0
    while size < min(len(one), len(other)) and one[size] == other[size]:
        size += 1
    if size < 3 or size < min(len(one), len(other)) - 2:
        return False
    return all(rest == "" or rest in _ENDINGS for rest in (one[size:], other[size:]))
