"""Parse numbers in words: "quatre-vingt-dix-neuf", "hai mươi lăm", "двадцать первого", "half a million"."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from rag.text.word_sets import word_set
from rag.verification.figures.digits import Numeral, WordToken
from rag.verification.figures.number_words import Words

_FIVE_BEFORE = word_set("mươi trăm nghìn ngàn triệu tỷ tỉ vạn phần chục năm")
"""Words before which Vietnamese năm means five, not year."""
_INDEFINITE = word_set("vài mấy hàng several few many plusieurs quelques несколько нескольких много")
"""Indefinite quantifiers: after them "hundred thousand" is no exact number."""
_YEAR_ADJECTIVE = re.compile(r"(\w+)летн")
"""Russian adjectives of age and duration: двенадцатилетняя."""
_NO_SCALE = Fraction(10**15)
"""More than any scale: no scale has been read."""


@dataclass(slots=True)
class _Accumulator:
    """The state of the parser: the sum of complete groups, the open group, and the last scale and multiplier.

    A group is a number below a scale: in "two million five hundred" `total` is 2,000,000 and `group` 500.
    """

    total: Fraction = Fraction(0)
    group: Fraction | None = None
    scale: Fraction = _NO_SCALE
    last_multiplier: Fraction = Fraction(1)

    @property
    def value(self) -> Fraction:
        return self.total + (self.group or 0)


def read_words(
    text: str, language: str, known: Words, tokens: list[WordToken], at: int
) -> tuple[Numeral | None, int]:
    """Return the number in words that begins at `tokens[at]`, or None; and the next token's index."""
    token = tokens[at]
    if token.word in known.parts:
        return _part(known, tokens, at)
    if value := known.ordinals.get(token.word):
        # "Second" is also a unit of time, and "first" seldom counts anything.
        return _numeral(token, token, {value, 1 / value}, loose=value <= 2), at + 1
    if value := known.loose.get(token.word):
        return _numeral(token, token, {value}, loose=True), at + 1
    if language == "ru" and (aged := _YEAR_ADJECTIVE.match(token.word)) and aged[1] in known.add:
        return _numeral(token, token, {known.add[aged[1]]}), at + 1
    reading, end = _Accumulator(), at
    while end < len(tokens) and (end == at or tokens[end].glued):
        step = 1
        if end > at and tokens[end].word in known.joins and _joins(language, known, reading, tokens, end):
            step = 2
        if not _take(language, known, reading, tokens, end + step - 1):
            break
        end += step
    if end == at:
        return None, at + 1
    return _finished(text, language, known, reading, tokens, at, end)


def _part(known: Words, tokens: list[WordToken], at: int) -> tuple[Numeral, int]:
    """Read a fraction and the scale after it: half a million, un demi-milliard."""
    value, end = known.parts[tokens[at].word], at + 1
    if end < len(tokens) and tokens[end].word in known.articles:
        end += 1
    scale = known.scales.get(tokens[end].word) if end < len(tokens) and tokens[end].glued else None
    if scale is None:
        return _numeral(tokens[at], tokens[at], {value}, loose=True), at + 1
    return _numeral(tokens[at], tokens[end], {value * scale}), end + 1


def _numeral(first: WordToken, last: WordToken, values: set[Fraction], *, loose: bool = False) -> Numeral:
    return Numeral(first.start, last.end, frozenset(values), spelled=True, loose=loose)


def _after(tokens: list[WordToken], at: int) -> WordToken | None:
    """Return the token that follows `tokens[at]` after at most a space or hyphen."""
    return tokens[at + 1] if at + 1 < len(tokens) and tokens[at + 1].glued else None


def _joins(language: str, known: Words, reading: _Accumulator, tokens: list[WordToken], at: int) -> bool:
    """Tell whether the conjunction at `at` continues the number: "hundred and five", "vingt et un"."""
    after = _after(tokens, at)
    value = after and (known.add.get(after.word) or known.ordinals.get(after.word))
    if not value:
        return False
    if language == "fr":
        return value in (1, 11) and (reading.group or 0) % 100 in (20, 30, 40, 50, 60, 70, 90)
    return value < 100 and reading.last_multiplier >= 100


def _take(language: str, known: Words, reading: _Accumulator, tokens: list[WordToken], at: int) -> bool:
    """Add the word at `at` to the number; return False where it does not continue the number."""
    word, after = tokens[at].word, _after(tokens, at)
    if language == "vi" and word == "năm":
        joined = at > 0 and tokens[at - 1].word in known.joins
        if not joined and (after is None or after.word not in _FIVE_BEFORE):
            return False
    value = Fraction(4) if language == "vi" and word == "tư" and reading.group else known.add.get(word)
    if value is not None:
        group = _added(language, reading.group, value)
        if group is not None:
            reading.group, reading.last_multiplier = group, Fraction(1)
        return group is not None
    if word in known.times:
        return _multiply(language, reading, known.times[word])
    return len(word) > 1 and _take_scale(reading, known.scales.get(word))


def _take_scale(reading: _Accumulator, scale: Fraction | None) -> bool:
    """Close the group with a scale (thousand, million); return False unless it is smaller than the last."""
    if scale is None or scale >= reading.scale:
        return False
    reading.total += scale * (1 if reading.group is None else reading.group)
    reading.group, reading.scale, reading.last_multiplier = None, scale, scale
    return True


def _added(language: str, group: Fraction | None, value: Fraction) -> Fraction | None:
    """Return a group plus a cardinal; None where the two do not make one number in the language."""
    if group is None:
        return value
    tens = int(group) % 100
    if language == "fr" and tens == 4 and value == 20:
        return group + 76
    most = 0
    if tens == 0 and group >= 100:
        most = 99
    elif tens % 10 == 0 and tens >= 20:
        most = 19 if language == "fr" and tens in (60, 80) else 9
    elif tens == 10 and language in ("fr", "vi"):
        most = 9
    return group + value if 0 < value <= most else None


def _multiply(language: str, reading: _Accumulator, by: Fraction) -> bool:
    """Multiply the group (hundred, dozen, mươi); return False where the word does not continue the number."""
    group = reading.group
    if language == "vi" and by == 10:
        if not group or not group % 10:
            return False
        reading.group = group + 9 * (group % 10)  # the last digit counts tens
    elif group is None:
        reading.group = by
    elif 0 < group < 100 and (by == 100 or group < 20):
        reading.group = group * by
    else:
        return False
    reading.last_multiplier = by
    return True


def _finished(
    text: str, language: str, known: Words, reading: _Accumulator, tokens: list[WordToken], at: int, end: int
) -> tuple[Numeral, int]:
    """Return the number at `tokens[at:end]`, with an ordinal or fraction that ends it, and the next index."""
    values = {reading.value}
    joined = language == "fr" and end < len(tokens) and tokens[end].word in known.joins
    if joined and _joins(language, known, reading, tokens, end):
        end += 1  # "trente et unième": only an ordinal can follow, else the conjunction had been taken
    after = _after(tokens, end - 1)
    if after and after.word in known.parts and reading.value <= 20:
        values, end = {reading.value * known.parts[after.word]}, end + 1
    elif after and after.word in known.ordinals:
        ordinal = known.ordinals[after.word]
        group = _added(language, reading.group, ordinal)
        if group is not None and "-" in text[tokens[end - 1].end : after.start] + "-" * (language != "en"):
            values, end = {reading.total + group}, end + 1
        elif reading.value == 1 and ordinal > 2:
            # "Un troisième" may be a third one, or a third of something.
            article = tokens[end - 1].word in known.articles
            values, end = {1 / ordinal, *((ordinal,) if article else ())}, end + 1
    scale = reading.scale if reading.scale < _NO_SCALE and reading.group is None else Fraction(1)
    numeral = Numeral(tokens[at].start, tokens[end - 1].end, frozenset(values), spelled=True, scale=scale)
    return replace(numeral, loose=_loose(text, known, tokens, at, end, numeral)), end


def _loose(text: str, known: Words, tokens: list[WordToken], at: int, end: int, numeral: Numeral) -> bool:
    """Tell whether a number word may be an article, a weekday, part of a name, or vague ("millions of")."""
    before = tokens[at - 1].word if at and tokens[at].glued else ""
    bare = end == at + 1 and (tokens[at].word in known.scales or tokens[at].word in known.times)
    if before == "thứ" and max(numeral.values) <= 7:
        return True  # thứ ba is Tuesday as well as third
    if numeral.values == {1} or before in _INDEFINITE or (bare and before not in known.articles):
        return True
    if not text[numeral.start].isupper():
        return False
    first = not text[max(0, numeral.start - 40) : numeral.start].strip(" \"'«“”‘(-–—")
    after = text[tokens[end - 1].end + 1 : tokens[end - 1].end + 2]
    return not first or after.isupper()
