"""Numbers in a text, in digits, in words and in Chinese characters, with their scale."""

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
from rag.verification.figures.spelled_numbers import spelt

_TOKEN = re.compile(rf"{DIGITS.pattern}|(?P<han>{HAN_NUMBER})|(?P<word>[^\W\d_\u3400-\u9fff]++)")
_GAP = re.compile(r" ?|-|‑| ?\n ?")
_PARTS = ("分之", " 分之", "分之 ", " 分之 ", " phần ", " pour ")
"""What parts numerator and denominator; Chinese says the denominator first."""
_PERCENT, _PER_MILLE = frozenset({Fraction(100)}), frozenset({Fraction(1000)})
_HALF = frozenset({Fraction(1, 2)})
_ROMAN = re.compile(r"(?<![^\W_])[IVXLCХ]{1,7}(?=(?:e|er|ème|th|st|nd|rd)?(?![^\W_]))")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "Х": 10, "L": 50, "C": 100}


def numerals(text: str, language: str) -> list[Numeral]:
    """The numbers of a folded text, in order, without overlaps.

    A small model may write a number in Chinese amid another language: one character by itself is loose.
    """
    tokens, known = _tokens(text), words(language)
    found: list[Numeral] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.han:
            number, at = in_characters(text, token.start, token.end), at + 1
            if number and language != "zh":
                number = replace(number, loose=number.end - number.start == 1)
            found += [number] if number else []
        elif token.word:
            number, at = spelt(text, language, known, tokens, at)
            found += [number] if number else []
        else:
            numbers, at = _in_digits(text, known, tokens, at)
            found += numbers
    return sorted([*_joined(text, found), *_romans(text)], key=lambda number: number.start)


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
    """The number at `tokens[at]` with the scale behind it; several where it is a list ("1,2,3")."""
    token = tokens[at]
    raw = text[token.start : token.end]
    named = in_name(text, token.start, token.end)
    values = readings(raw)
    if not values:
        short = len(raw) <= MAX_NUMBER_CHARACTERS * 4
        pieces = [m for m in re.finditer(r"\d+", raw) if len(m[0]) <= MAX_NUMBER_CHARACTERS] if short else []
        a = token.start
        return [Numeral(a + m.start(), a + m.end(), readings(m[0]), loose="." in raw) for m in pieces], at + 1
    end, scale, at = token.end, Fraction(1), at + 1
    while at < len(tokens) and tokens[at].glued and not named:
        by = _scale(text, known, tokens[at], end)
        if by is None:
            break
        scale, end, at = scale * by, tokens[at].end, at + 1
    scaled = frozenset(value * scale for value in values)
    money = text[max(0, token.start - 1) : token.start] in ("$", "€", "£")
    if scale > 1 and text[token.end : end] in ("m", "b") and not money:
        scaled |= values  # metres, too
    return [Numeral(token.start, end, scaled, loose=named, scale=scale)], at


def _scale(text: str, known: Words, token: WordToken, end: int) -> Fraction | None:
    """What a token behind a number in digits multiplies it with; "800 m" are metres."""
    if token.han:
        by = scale_of(text, token.start, token.end)
        return None if by is None else Fraction(by)
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
    """Two numbers as numerator and denominator; the numerator alone where they say percent or per mille."""
    if gap not in _PARTS:
        return None
    chinese = gap.strip() == "分之"
    over, under = (second, first) if chinese else (first, second)
    if under.values & (_PERCENT if chinese else _PERCENT | _PER_MILLE):
        return over
    values = frozenset(a / b for a in over.values for b in under.values if b)
    return None if gap == " pour " else Numeral(first.start, second.end, values, spelt=True)


def _sum(first: Numeral, second: Numeral, gap: str) -> Numeral | None:
    """A number of a scale and what follows with a smaller one, or half of it."""
    half = second.values == _HALF
    if gap not in ("", " ", ". ") or first.scale == 1 or (second.scale == 1 and not half):
        return None
    if max(second.values) >= first.scale:
        return None
    values = frozenset(a + b * (first.scale if half else 1) for a in first.values for b in second.values)
    return replace(first, end=second.end, values=values, scale=second.scale)


def _romans(text: str) -> list[Numeral]:
    found = []
    for match in _ROMAN.finditer(text):
        digits = [_ROMAN_VALUES[letter] for letter in match[0]]
        value = sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True))
        found.append(Numeral(match.start(), match.end(), frozenset([Fraction(value)]), loose=True))
    return found
