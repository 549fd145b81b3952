"""Names of months and weekdays in seven languages, as articles write them.

The names are Babel's (CLDR). CLDR lacks the oblique cases of Russian and some variants that newspapers
use; those are added here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from types import MappingProxyType

from babel import Locale

LANGUAGES = ("en", "fr", "ru", "vi", "zh", "de", "es")
"""Languages with names of months and weekdays (ISO 639-1)."""

_VIETNAMESE_MONTHS = "một,hai,ba,tư,năm,sáu,bảy,tám,chín,mười,mười một,mười hai"
_MONTH_VARIANTS: dict[str, dict[str, int]] = {
    "en": {"sept": 9},
    "fr": {"fév": 2},
    "vi": {f"tháng {name}": n for n, name in enumerate(_VIETNAMESE_MONTHS.split(","), 1)}
    | {f"tháng {n:02}": n for n in range(1, 10)},
}
_WEEKDAY_VARIANTS = {"vi": {f"thứ {n + 2}": n for n in range(6)}}
_MONTH_ENDINGS = {"а": ("у", "ом", "е"), "я": ("ю", "ем", "ём", "е")}
"""Further case endings of a Russian month, by the last letter of its genitive."""
_WEEKDAY_ENDINGS = {"а": ("ы", "у", "е", "ой", "ей", "ам"), "е": ("я", "ю", "и", "ем", "ям")}
"""Further case endings of a Russian weekday, by the last letter of its nominative."""
_CONSONANT_ENDINGS = ("а", "у", "ом", "е", "и", "ам")
"""Those of a weekday that ends in a consonant, to which they are appended."""


@cache
def month_names(*languages: str, abbreviated: bool = True) -> MappingProxyType[str, int]:
    """Return the lower-case names of the months of `languages`, each with its number from 1 to 12.

    `languages` defaults to all LANGUAGES, among which no name is ambiguous. Abbreviations have no full stop,
    and are left out unless `abbreviated` is set. Raises KeyError for an unknown language.
    """
    return _names_with_numbers("months", languages, abbreviated)


@cache
def weekday_names(*languages: str, abbreviated: bool = True) -> MappingProxyType[str, int]:
    """Return the lower-case names of the weekdays of `languages`, each with its number: Monday is 0.

    Arguments and errors are those of `month_names`. Some abbreviations are also words: "sun", "mer", "do".
    """
    return _names_with_numbers("days", languages, abbreviated)


def _names_with_numbers(kind: str, languages: Iterable[str], abbreviated: bool) -> MappingProxyType[str, int]:
    widths = ("wide", "abbreviated") if abbreviated else ("wide",)
    named: dict[str, int] = {}
    for language in languages or LANGUAGES:
        if language not in LANGUAGES:
            raise KeyError(language)
        names = getattr(Locale(language), kind)
        for context in ("stand-alone", "format"):
            for width in widths:
                for number, name in names[context][width].items():
                    plain = name.lower().removesuffix(".")
                    named |= dict.fromkeys(_variants(kind, language, plain, width == "wide"), number)
        named |= (_MONTH_VARIANTS if kind == "months" else _WEEKDAY_VARIANTS).get(language, {})
    return MappingProxyType(named)


def _variants(kind: str, language: str, name: str, wide: bool) -> Iterator[str]:
    """Yield a name and its other forms in the same language."""
    yield name
    if language == "fr":
        yield "".join(letter for letter in unicodedata.normalize("NFD", name) if letter.isascii())
    elif language == "ru":
        yield from _russian(kind, name) if wide else ()
    elif language == "zh":
        for prefix in ("星期", "周", "週", "礼拜"):
            other = name.replace("星期", prefix)
            yield from (other, other.replace("日", "天"))


def _russian(kind: str, name: str) -> Iterator[str]:
    """Yield the oblique cases of a name, and the three letters that a month is abbreviated to."""
    if kind == "months":
        yield name[:3]
        endings, stem = _MONTH_ENDINGS.get(name[-1], ()), name[:-1]
    elif name[-1] in _WEEKDAY_ENDINGS:
        endings, stem = _WEEKDAY_ENDINGS[name[-1]], name[:-1]
    else:
        endings, stem = _CONSONANT_ENDINGS, name
    for ending in endings:
        yield stem + ending
