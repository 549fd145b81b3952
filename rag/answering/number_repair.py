"""Number repair: corrects numbers that a small model miscopied, by comparison with the passages. Pure.

Small models write a passage's 2 337 as "2, 337", and 250亿 (25 billion) as "250 tỷ" (250 billion): the same
digits with the wrong scale.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from rag.locales.catalogue import LOCALES, texts
from rag.text.normalization import folded
from rag.verification.figures.digits import Numeral
from rag.verification.figures.numerals import numerals

PassageText = tuple[str, str]
"""A passage's text and its language."""

MIN_SCALE = 10**4
"""Least power of ten whose words and characters (million, 万) are compared. Not fitted."""
_MAX_DECIMALS = 3
_SPLIT_NUMBER = re.compile(r"(?<![\d.,])(\d{1,3}), (\d{1,3})(?![\d])")
_COMMAS = str.maketrans(".,", ",\u202f")
_NOUN = re.compile(r" (?!de\b|d')[^\W\d_]")


def repair_numbers(text: str, language: str, passages: Sequence[PassageText]) -> str:
    """Correct a text's numbers by those of the passages, formatted for `language`."""
    return _with_scales_corrected(_with_numbers_joined(text, language, passages), language, passages)


def _with_numbers_joined(text: str, language: str, passages: Sequence[PassageText]) -> str:
    point, comma = (".", ",") if language in ("en", "zh") else (",", "\u202f")

    def join(found: re.Match[str]) -> str:
        head, tail = found.groups()
        whole = re.compile(rf"(?<![\d.,]){head}[ .,\u00a0\u202f]{tail}(?!\d)")
        if not any(whole.search(passage) for passage, _ in passages):
            return found[0]
        return f"{head}{comma if len(tail) == 3 else point}{tail}"

    return _SPLIT_NUMBER.sub(join, text)


def _with_scales_corrected(text: str, language: str, passages: Sequence[PassageText]) -> str:
    plain = folded(text)
    scaled = [number for number in numerals(plain.text, language) if number.scale >= MIN_SCALE]
    if not scaled or language not in LOCALES:
        return text
    known = [number for passage, other in passages for number in numerals(folded(passage).text, other)]
    for number in reversed(scaled):
        value = _intended_value(number, known)
        if value and (formatted := _formatted(value, language)):
            start, end = plain.span(number.start, number.end)
            preposition = " de" if language == "fr" and _NOUN.match(text, end) else ""
            text = text[:start] + formatted + preposition + text[end:]
    return text


def _intended_value(number: Numeral, known: Sequence[Numeral]) -> Fraction | None:
    """Return the value of the only known number with the same digits and another scale.

    None where a known number equals this one, and where several or none have its digits.
    """
    if any(number.values & other.values for other in known):
        return None
    digits = {value / number.scale for value in number.values}
    found = {
        value
        for other in known
        for value in other.values
        if other.scale >= MIN_SCALE and value / other.scale in digits
    }
    return found.pop() if len(found) == 1 else None


def _formatted(value: Fraction, language: str) -> str:
    """Return a value in a language's largest scale up to it; "" where it needs more than _MAX_DECIMALS."""
    scales = texts("number_scales", language)
    scale, name = max(
        ((10 ** int(e), word) for e, word in scales.items() if 10 ** int(e) <= value), default=(1, "")
    )
    if (value / scale * 10**_MAX_DECIMALS).denominator != 1:
        return ""
    figure = f"{float(value / scale):,.{_MAX_DECIMALS}f}".rstrip("0").rstrip(".")
    if language not in ("en", "zh"):
        figure = figure.translate(_COMMAS)
    return figure + name
