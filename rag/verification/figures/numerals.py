"""Numbers in a text, in digits and in words of English, French, Vietnamese and Russian, with their scale."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

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

_WORD = r"[^\W\d_]++"
_TOKEN = re.compile(rf"{DIGITS.pattern}|(?P<word>{_WORD})")
_GAP = re.compile(r" ?|-|‑| ?\n ?")
_ROMAN = re.compile(r"(?<![^\W_])[IVXLCХ]{1,7}(?=(?:e|er|ème|th|st|nd|rd)?(?![^\W_]))")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}


def numerals(text: str, language: str) -> list[Numeral]:
    """The numbers of a folded text, in order, without overlaps."""
    tokens = _tokens(text)
    known = words(language)
    found: list[Numeral] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.word:
            numeral, at = spelt(text, language, known, tokens, at)
            found += [numeral] if numeral else []
        else:
            numbers, at = _in_digits(text, known, tokens, at)
            found += numbers
    return sorted([*_halved(text, _composed(text, found)), *_romans(text)], key=lambda numeral: numeral.start)


def _tokens(text: str) -> list[WordToken]:
    tokens: list[WordToken] = []
    last = 0
    for match in _TOKEN.finditer(text):
        glued = match.start() - last <= 3 and _GAP.fullmatch(text, last, match.start()) is not None
        last = match.end()
        if match["date"]:
            tokens += [
                WordToken(match.start() + m.start(), match.start() + m.end(), "", False)
                for m in re.finditer(r"\d+", match[0])
            ]
        else:
            tokens.append(WordToken(match.start(), match.end(), (match["word"] or "").lower(), glued))
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
        by = known.scales.get(tokens[at].word) or known.times.get(tokens[at].word)
        letter = tokens[at].end - tokens[at].start == 1 and tokens[at].start > end  # "800 m" are metres
        if by is None or by in (10, 40, 50) or letter:
            break
        scale, end, at = scale * by, tokens[at].end, at + 1
    scaled = frozenset(value * scale for value in values)
    money = text[max(0, token.start - 1) : token.start] in ("$", "€", "£")
    if scale > 1 and text[token.end : end] in ("m", "b") and not money:
        scaled |= values  # metres, too
    return [Numeral(token.start, end, scaled, loose=named, scale=scale)], at


def _composed(text: str, found: list[Numeral]) -> list[Numeral]:
    """Join "3 tỷ" and "200 triệu", "2 млн" and "300 тыс."."""
    joined: list[Numeral] = []
    for numeral in found:
        last = joined[-1] if joined else None
        if (
            last
            and last.scale > numeral.scale > 1
            and text[last.end : numeral.start] in (" ", ". ")
            and max(numeral.values) < last.scale
        ):
            values = frozenset(a + b for a in last.values for b in numeral.values)
            joined[-1] = replace(last, end=numeral.end, values=values, scale=numeral.scale)
        else:
            joined.append(numeral)
    return joined


def _halved(text: str, found: list[Numeral]) -> list[Numeral]:
    """Add the half of "2 triệu rưỡi"."""
    return [
        replace(n, end=n.end + 5, values=frozenset(value + n.scale / 2 for value in n.values))
        if text.startswith(" rưỡi", n.end)
        else n
        for n in found
    ]


def _romans(text: str) -> list[Numeral]:
    found = []
    for match in _ROMAN.finditer(text):
        digits = [_ROMAN_VALUES["X" if letter == "Х" else letter] for letter in match[0]]
        value = sum(-a if a < b else a for a, b in zip(digits, [*digits[1:], 0], strict=True))
        found.append(Numeral(match.start(), match.end(), frozenset([Fraction(value)]), loose=True))
    return found
