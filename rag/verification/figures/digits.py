"""Numerals, and the parsing of numbers in digits with any thousands separator and decimal mark."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from rag.text.word_sets import word_set

MAX_NUMBER_CHARACTERS = 40
"""Maximum number of characters of a number in digits. Not fitted."""

_YEAR_FIRST = r"\d{4}(?P<s1>[-/.])\d{1,2}(?P=s1)\d{1,2}"
_YEAR_LAST = r"\d{1,2}(?P<s2>[-/.])\d{1,2}(?P=s2)(?:\d{4}|\d\d)"
_DATE = rf"(?<!\d)(?:{_YEAR_FIRST}|{_YEAR_LAST})(?!\d|[.,/-]\d)"
_GROUPED = r"(?<!\d)\d{1,3}(?:[ '’]\d{3})++(?:[.,]\d{1,3})?(?!\d)"
_PLAIN = r"\d++(?:[.,]\d++)*+"
_FRACTION_SIGNS = "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
DIGITS = re.compile(
    rf"(?P<date>{_DATE})|(?:{_GROUPED}|{_PLAIN}) ?[{_FRACTION_SIGNS}]|{_GROUPED}|{_PLAIN}|[{_FRACTION_SIGNS}]"
)
"""Pattern of a number, or of a date in digits, in a normalised text."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text: `text[start:end]`, with every value that it may have.

    `spelled`: written in words. `doubtful`: perhaps no number at all, or part of a name; it is a value of a
    passage, but never a claim of a sentence. `scale`: the factor of its last word (million).
    """

    start: int
    end: int
    values: frozenset[Fraction]
    spelled: bool = False
    doubtful: bool = False
    scale: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class WordToken:
    """A word, or a number in digits, of a normalised text."""

    start: int
    end: int
    word: str
    """The word in lower case; "" for digits."""
    glued: bool
    """Tell whether at most a space or a hyphen separates it from the token before."""
    han: bool = False
    """Tell whether it is a run of Chinese numeral characters."""


_WORD = r"[^\W\d_]++"
_PREFIX = re.compile(r"(\d?)([^\W\d_\u3400-\u9fff]{1,20})([-‑]?)$")
_EUROPEAN = re.compile(r"[A-Za-zÀ-ɏА-яЁё]")
_WORD_AFTER = re.compile(_WORD)
_CURRENCY_PREFIXES = word_set(
    "US USD EUR GBP CNY RMB VND RUB JPY R N Rs Rp KSh Sh Tsh Ush A C HK NT S CA AU GH DA F P"
)
"""Currency signs before an amount without a space: US$5, R300."""

_INDIAN_GROUPS = re.compile(r"\d{1,2}(?:,\d\d)+,\d{3}")
_GROUPS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


def readings(raw: str) -> frozenset[Fraction]:
    """Return every value that a number in digits may have: both of "1,450"; none if it is not a number."""
    part = Fraction(0)
    if raw and raw[-1] in _FRACTION_SIGNS:
        part = Fraction(unicodedata.numeric(raw[-1])).limit_denominator(8)
        raw = raw[:-1].rstrip() or "0"
    plain = re.sub(r"[ '’]", "", raw)
    if len(plain) > MAX_NUMBER_CHARACTERS:
        return frozenset()
    return frozenset(value + part for value in _values(plain))


def _values(plain: str) -> set[Fraction]:
    marks = [letter for letter in plain if letter in ".,"]
    bare = plain.replace(".", "").replace(",", "")
    if not marks:
        return {Fraction(plain)}
    if len(set(marks)) == 2:
        whole, _, rest = plain.rpartition(marks[-1])
        return {Fraction(f"{re.sub('[.,]', '', whole)}.{rest}")} if marks.count(marks[-1]) == 1 else set()
    if min(len(row) for row in re.split("[.,]", plain)) >= 4:
        return set()  # "1665,1691": two years
    if len(marks) > 1:
        return {Fraction(bare)} if _GROUPS.fullmatch(plain) or _INDIAN_GROUPS.fullmatch(plain) else set()
    found = {Fraction(plain.replace(",", "."))}
    if _GROUPS.fullmatch(plain) and not plain.startswith("0"):
        found.add(Fraction(bare))
    return found


def in_name(text: str, start: int, end: int) -> bool:
    """Tell whether digits belong to a name: G20, F-16, COVID-19, 5G."""
    before = _PREFIX.search(text, max(0, start - 22), start)
    if before and _EUROPEAN.match(before[2]):
        prefixed = before[2].islower() and len(before[2]) > 2 and before[2] != "covid"
        if before[1] or not (prefixed if before[3] else before[2] in _CURRENCY_PREFIXES):
            return True
    after = _WORD_AFTER.match(text, end)
    return bool(after and after[0] in ("G", "D", "K", "P", "X", "Q"))
