"""Numbers that a small model copied wrong: in two parts, or with another language's scale. Pure.

It writes a passage's 2 337 as "2, 337", and of 250亿 (25 billion) it makes "250 tỷ": the figure as it stands,
with the nearest word of its own language behind it. Both can be told from the passage, and put right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from rag.checking.digits import Numeral
from rag.checking.folding import folded
from rag.checking.han_numerals import han_numerals
from rag.checking.numerals import numerals

Read = tuple[str, str]
"""A passage's text and its language."""

_APART = re.compile(r"(?<![\d.,])(\d{1,3}), (\d{1,3})(?![\d])")
_SCALES = {
    "en": {10**6: " million", 10**9: " billion", 10**12: " trillion"},
    "fr": {10**6: " millions", 10**9: " milliards", 10**12: " billions"},
    "zh": {10**4: "万", 10**8: "亿", 10**12: "万亿"},
    "vi": {10**6: " triệu", 10**9: " tỷ", 10**12: " nghìn tỷ"},
    "ru": {10**6: " млн", 10**9: " млрд", 10**12: " трлн"},
}
_DIGITS = 1000  # a figure before its scale has at most three decimals
_COMMAS = str.maketrans(".,", ",\u202f")
_NOUN = re.compile(r" (?!de\b|d')[^\W\d_]")


def righted(text: str, language: str, passages: Sequence[Read]) -> str:
    """An answer in a language with its numbers as the passages have them, in that language's way."""
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
    if not wrong or language not in _SCALES:
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
    """What the passages' number is worth that has the same figure and another scale; None where one fits."""
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
    """A value with a language's largest scale that it holds, "" where it has too many decimals."""
    scale, name = max(((s, n) for s, n in _SCALES[language].items() if s <= value), default=(1, ""))
    if (value / scale * _DIGITS).denominator != 1:
        return ""
    figure = f"{float(value / scale):,.3f}".rstrip("0").rstrip(".")
    if language not in ("en", "zh"):
        figure = figure.translate(_COMMAS)
    return figure + name
