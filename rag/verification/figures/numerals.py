"""Extract numbers from a text: in digits, in words and in Chinese characters, with their scale."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from rag.verification.figures.chinese_numbers import HAN_NUMBER, in_characters, scale_of
from rag.verification.figures.digits import (
    DIGITS,
    MAX_NUMBER_CHARACTERS,
    Numeral,
    WordToken,
    in_name,
    readings,
)
from rag.verification.figures.number_words import Words, words
from rag.verification.figures.spelled_numbers import WordNumberReader

_TOKEN = re.compile(rf"{DIGITS.pattern}|(?P<han>{HAN_NUMBER})|(?P<word>[^\W\d_\u3400-\u9fff]++)")
_GAP = re.compile(r" ?|-|‑| ?\n ?")
_FRACTION_WORDS = ("分之", " 分之", "分之 ", " 分之 ", " phần ", " pour ")
"""Between numerator and denominator, in Chinese between denominator and numerator."""
_PERCENT, _PER_MILLE = frozenset({Fraction(100)}), frozenset({Fraction(1000)})
_HALF = frozenset({Fraction(1, 2)})
_ROMAN = re.compile(r"(?<![^\W_])[IVXLCХ]{1,7}(?=(?:e|er|ème|th|st|nd|rd)?(?![^\W_]))")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "Х": 10, "L": 50, "C": 100}


def numerals(text: str, language: str) -> list[Numeral]:
    """Return the numbers of a normalised text, in order.

    Small models write Chinese numerals amid other languages, so they are read there, too; a single character
    is then doubtful. Roman numerals are always doubtful, and may overlap with other numbers.
    """
    tokens, known = _tokens(text), words(language)
    in_words = WordNumberReader(text, language, known, tokens)
    found: list[Numeral] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.han:
            number, at = in_characters(text, token.start, token.end), at + 1
            if number and language != "zh":
                number = replace(number, doubtful=number.end - number.start == 1)
            found += [number] if number else []
        elif token.word:
            number, at = in_words.read(at)
            found += [number] if number else []
        else:
            numbers, at = _in_digits(text, known, tokens, at)
            found += numbers
    return sorted([*_joined(text, found), *_roman_numerals(text)], key=lambda number: number.start)


def _tokens(text: str) -> list[WordToken]:
    tokens: list[WordToken] = []
    last = 0
    for match in _TOKEN.finditer(text):
        glued = match.start() - last <= 3 and _GAP.fullmatch(text, last, match.start()) is not None
        last = match.end()
        if match["date"]:
            parts = re.finditer(r"\d+", match[0])
            tokens += [
                WordToken(match.start() + m.start(), match.start() + m.end(), "", False) for m in parts
            ]
        else:
            word = (match["word"] or match["han"] or "").lower()
            tokens.append(WordToken(match.start(), match.end(), word, glued, bool(match["han"])))
    return tokens


def _in_digits(text: str, known: Words, tokens: list[WordToken], at: int) -> tuple[list[Numeral], int]:
    """Return the number at `tokens[at]` with its scale, and the index of the token after it.

    Several numbers if the token is a list without spaces ("1,2,3").
    """
    token = tokens[at]
    raw = text[token.start : token.end]
    named = in_name(text, token.start, token.end)
    values = readings(raw)
    if not values:
        short = len(raw) <= MAX_NUMBER_CHARACTERS * 4
        pieces = [m for m in re.finditer(r"\d+", raw) if len(m[0]) <= MAX_NUMBER_CHARACTERS] if short else []
        a = token.start
        return [
            Numeral(a + m.start(), a + m.end(), readings(m[0]), doubtful="." in raw) for m in pieces
        ], at + 1
    end, scale, at = token.end, Fraction(1), at + 1
    while at < len(tokens) and tokens[at].glued and not named:
        factor = _scale(text, known, tokens[at], end)
        if factor is None:
            break
        scale, end, at = scale * factor, tokens[at].end, at + 1
    scaled = frozenset(value * scale for value in values)
    money = text[max(0, token.start - 1) : token.start] in ("$", "€", "£")
    if scale > 1 and text[token.end : end] in ("m", "b") and not money:
        scaled |= values  # "5m" may be 5 million or 5 metres
    return [Numeral(token.start, end, scaled, doubtful=named, scale=scale)], at


def _scale(text: str, known: Words, token: WordToken, end: int) -> Fraction | None:
    """Return the factor of a token after a number in digits, None for no factor: "800 m" are metres."""
    if token.han:
        factor = scale_of(text, token.start, token.end)
        return None if factor is None else Fraction(factor)
    if token.end - token.start == 1 and token.start > end:
        return None
    times = known.times.get(token.word)
    return known.scales.get(token.word) or (times if times in (12, 20, 100) else None)


def _joined(text: str, found: list[Numeral]) -> list[Numeral]:
    """Join the parts of one number: 3 tỷ 200 triệu, 1亿2000万, 2 triệu rưỡi; 三分之一, hai phần ba."""
    joined: list[Numeral] = []
    for number in found:
        last = joined[-1] if joined else number
        gap = text[last.end : number.start] if 0 <= number.start - last.end <= 6 else "\n"
        whole = _fraction(last, number, gap) or _sum(last, number, gap)
        joined[len(joined) - bool(whole) :] = [whole or number]
    return joined


def _fraction(first: Numeral, second: Numeral, gap: str) -> Numeral | None:
    """Combine numerator and denominator; of a percentage or per mille return the numerator alone.

    None if `gap` joins no fraction.
    """
    if gap not in _FRACTION_WORDS:
        return None
    chinese = gap.strip() == "分之"
    over, under = (second, first) if chinese else (first, second)
    if under.values & (_PERCENT if chinese else _PERCENT | _PER_MILLE):
        return over
    values = frozenset(a / b for a in over.values for b in under.values if b)
    return None if gap == " pour " else Numeral(first.start, second.end, values, spelled=True)


def _sum(first: Numeral, second: Numeral, gap: str) -> Numeral | None:
    """Add a number with a smaller scale, or half of the scale; None if they are two numbers."""
    half = second.values == _HALF
    if gap not in ("", " ", ". ") or first.scale == 1 or (second.scale == 1 and not half):
        return None
    if max(second.values) >= first.scale:
        return None
    values = frozenset(a + b * (first.scale if half else 1) for a in first.values for b in second.values)
    return replace(first, end=second.end, values=values, scale=second.scale)


def _roman_numerals(text: str) -> list[Numeral]:
    found = []
    for match in _ROMAN.finditer(text):
        digits = [_ROMAN_VALUES[letter] for letter in match[0]]
        value = sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True))
        found.append(Numeral(match.start(), match.end(), frozenset([Fraction(value)]), doubtful=True))
    return found
