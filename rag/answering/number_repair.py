"""Number repair: corrects numbers that a small model copied wrongly, by comparison with the passages. Pure.

Small models write a passage's 2 337 as "2, 337", and 250亿 (25 billion) as "250 tỷ": the same digits with a
word for another scale.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from rag.locales.catalogue import LOCALES, texts
from rag.text.normalization import folded
from rag.verification.figures.chinese_numbers import han_numerals
from rag.verification.figures.digits import Numeral
from rag.verification.figures.numerals import numerals

Read = tuple[str, str]
"""A passage's text and its language."""

_APART = re.compile(r"(?<![\d.,])(\d{1,3}), (\d{1,3})(?![\d])")
_DECIMALS = 1000  # a figure before its scale has at most three decimals
_COMMAS = str.maketrans(".,", ",\u202f")
_NOUN = re.compile(r" (?!de\b|d')[^\W\d_]")


def righted(text: str, language: str, passages: Sequence[Read]) -> str:
    """The text with its numbers as in the passages, formatted for `language`."""
    return _rescaled(_joined(text, language, passages), language, passages)


def _joined(text: str, language: str, passages: Sequence[Read]) -> str:
    point, comma = (".", ",") if language in ("en", "zh") else (",", "\u202f")

    def one(found: re.Match[str]) -> str:
        head, tail = found.groups()
        whole = re.compile(rf"(?<![\d.,]){head}[ .,\u00a0\u202f]{tail}(?!\d)")
        if not any(whole.search(passage) for passage, _ in passages):
            return found[0]
        return f"{head}{comma if len(tail) == 3 else point}{tail}"

    return _APART.sub(one, text)


def _rescaled(text: str, language: str, passages: Sequence[Read]) -> str:
    plain = folded(text)
    wrong = [number for number in _numerals(plain.text, language) if number.scale >= 10**4]
    if not wrong or language not in LOCALES:
        return text
    told = [number for passage, other in passages for number in _numerals(folded(passage).text, other)]
    for number in reversed(wrong):
        value = _meant(number, told)
        if value and (written := _written(value, language)):
            start, end = plain.span(number.start, number.end)
            of = " de" if language == "fr" and _NOUN.match(text, end) else ""
            text = text[:start] + written + of + text[end:]
    return text


def _numerals(text: str, language: str) -> list[Numeral]:
    return han_numerals(text) if language == "zh" else numerals(text, language)


def _meant(number: Numeral, told: Sequence[Numeral]) -> Fraction | None:
    """The value of the passages' only number with the same digits and another scale; None if one matches."""
    if any(number.values & other.values for other in told):
        return None
    figure = {value / number.scale for value in number.values}
    found = {
        value
        for other in told
        for value in other.values
        if other.scale >= 10**4 and value / other.scale in figure
    }
    return found.pop() if len(found) == 1 else None


def _written(value: Fraction, language: str) -> str:
    """A value in a language's largest scale up to it; "" where it needs more than three decimals."""
    scales = texts("number_scales", language)
    scale, name = max(
        ((10 ** int(e), word) for e, word in scales.items() if 10 ** int(e) <= value), default=(1, "")
    )
    if (value / scale * _DECIMALS).denominator != 1:
        return ""
    figure = f"{float(value / scale):,.3f}".rstrip("0").rstrip(".")
    if language not in ("en", "zh"):
        figure = figure.translate(_COMMAS)
    return figure + name
