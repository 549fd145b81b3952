"""Parse numbers in words: "quatre-vingt-dix-neuf", "hai mươi lăm", "двадцать первого", "half a million"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from rag.text.word_sets import word_set
from rag.verification.figures.digits import Numeral, WordToken
from rag.verification.figures.number_words import Words

_FIVE_BEFORE = word_set("mươi trăm nghìn ngàn triệu tỷ tỉ vạn phần chục năm")
"""Words before which Vietnamese năm means five, not year."""
_INDEFINITE = word_set("vài mấy hàng several few many plusieurs quelques несколько нескольких много")
"""Indefinite quantifiers: after them "hundred thousand" is not an exact number."""
_YEAR_ADJECTIVE = re.compile(r"(\w+)летн")
"""Russian adjectives of age and duration: двенадцатилетняя."""
_NO_SCALE = Fraction(10**15)
"""More than any scale: no scale has been read."""


@dataclass(slots=True)
class _Sum:
    """A number that grows word by word: the sum of its complete groups, and the open group.

    A group is a number below a scale: after "two million five hundred" `total` is 2,000,000, `group` 500,
    `scale` 1,000,000 and `last_multiplier` 100. A method returns False, and changes nothing, if the word
    does not continue the number.
    """

    language: str
    total: Fraction = Fraction(0)
    group: Fraction | None = None
    scale: Fraction = _NO_SCALE
    last_multiplier: Fraction = Fraction(1)

    @property
    def value(self) -> Fraction:
        return self.total + (self.group or 0)

    def add(self, cardinal: Fraction) -> bool:
        """Add a cardinal to the group: twenty, five."""
        group = self.group_with(cardinal)
        if group is None:
            return False
        self.group, self.last_multiplier = group, Fraction(1)
        return True

    def group_with(self, value: Fraction) -> Fraction | None:
        """Return the group plus a value; None if the two do not make one number in the language."""
        if self.group is None:
            return value
        tens = int(self.group) % 100
        if self.language == "fr" and tens == 4 and value == 20:
            return self.group + 76  # quatre-vingts
        limit = 0
        if tens == 0 and self.group >= 100:
            limit = 99
        elif tens % 10 == 0 and tens >= 20:
            limit = 19 if self.language == "fr" and tens in (60, 80) else 9
        elif tens == 10 and self.language in ("fr", "vi"):
            limit = 9
        return self.group + value if 0 < value <= limit else None

    def multiply(self, factor: Fraction) -> bool:
        """Multiply the group: hundred, dozen, mươi."""
        group = self.group
        if self.language == "vi" and factor == 10:
            if not group or not group % 10:
                return False
            self.group = group + 9 * (group % 10)  # the last digit counts tens
        elif group is None:
            self.group = factor
        elif 0 < group < 100 and (factor == 100 or group < 20):
            self.group = group * factor
        else:
            return False
        self.last_multiplier = factor
        return True

    def close(self, scale: Fraction | None) -> bool:
        """Close the group with a scale (thousand, million), which must be smaller than the last one."""
        if scale is None or scale >= self.scale:
            return False
        self.total += scale * (1 if self.group is None else self.group)
        self.group, self.scale, self.last_multiplier = None, scale, scale
        return True


class WordNumberReader:
    """Reads the numbers in words among the tokens of a normalised text."""

    def __init__(self, text: str, language: str, known: Words, tokens: Sequence[WordToken]) -> None:
        self._text, self._language, self._known, self._tokens = text, language, known, tokens

    def read(self, at: int) -> tuple[Numeral | None, int]:
        """Return the number that begins at token `at`, or None; and the index of the token after it."""
        token, known = self._tokens[at], self._known
        if token.word in known.parts:
            return self._fraction(at)
        if value := known.ordinals.get(token.word):
            # "Second" is also a unit of time, and "first" seldom counts anything.
            return self._numeral(at, at + 1, {value, 1 / value}, doubtful=value <= 2), at + 1
        if value := known.implied.get(token.word):
            return self._numeral(at, at + 1, {value}, doubtful=True), at + 1
        years = _YEAR_ADJECTIVE.match(token.word) if self._language == "ru" else None
        if years and years[1] in known.add:
            return self._numeral(at, at + 1, {known.add[years[1]]}), at + 1
        number, end = _Sum(self._language), at
        while end < len(self._tokens) and (end == at or self._tokens[end].glued):
            word = end + (end > at and self._joins(number, end))
            if not self._take(number, word):
                break
            end = word + 1
        return self._finished(number, at, end) if end > at else (None, at + 1)

    def _numeral(self, at: int, end: int, values: set[Fraction], *, doubtful: bool = False) -> Numeral:
        first, last = self._tokens[at], self._tokens[end - 1]
        return Numeral(first.start, last.end, frozenset(values), spelled=True, doubtful=doubtful)

    def _fraction(self, at: int) -> tuple[Numeral, int]:
        """Read a fraction and the scale after it: half a million, un demi-milliard."""
        tokens, value, end = self._tokens, self._known.parts[self._tokens[at].word], at + 1
        if end < len(tokens) and tokens[end].word in self._known.articles:
            end += 1
        scale = self._known.scales.get(tokens[end].word) if end < len(tokens) and tokens[end].glued else None
        if scale is None:
            return self._numeral(at, at + 1, {value}, doubtful=True), at + 1
        return self._numeral(at, end + 1, {value * scale}), end + 1

    def _next(self, at: int) -> WordToken | None:
        """Return the token that follows token `at` after at most a space or hyphen."""
        following = self._tokens[at + 1] if at + 1 < len(self._tokens) else None
        return following if following and following.glued else None

    def _joins(self, number: _Sum, at: int) -> bool:
        """Tell whether token `at` is a conjunction within the number: "hundred and five", "vingt et un"."""
        known, after = self._known, self._next(at)
        if at >= len(self._tokens) or self._tokens[at].word not in known.joins or after is None:
            return False
        value = known.add.get(after.word) or known.ordinals.get(after.word)
        if not value:
            return False
        if self._language == "fr":
            return value in (1, 11) and (number.group or 0) % 100 in (20, 30, 40, 50, 60, 70, 90)
        return value < 100 and number.last_multiplier >= 100

    def _take(self, number: _Sum, at: int) -> bool:
        """Take token `at` into the number; return False if it does not continue the number."""
        word, after, vietnamese = self._tokens[at].word, self._next(at), self._language == "vi"
        if vietnamese and word == "năm":
            joined = at > 0 and self._tokens[at - 1].word in self._known.joins
            if not joined and (after is None or after.word not in _FIVE_BEFORE):
                return False
        value = Fraction(4) if vietnamese and word == "tư" and number.group else self._known.add.get(word)
        if value is not None:
            return number.add(value)
        if word in self._known.times:
            return number.multiply(self._known.times[word])
        return len(word) > 1 and number.close(self._known.scales.get(word))

    def _finished(self, number: _Sum, at: int, end: int) -> tuple[Numeral, int]:
        """Return the number of the tokens from `at` to `end`, with an ordinal or fraction that ends it."""
        if self._language == "fr" and self._joins(number, end):
            end += 1  # "trente et unième": only an ordinal can follow, else the conjunction had been taken
        values, end = self._with_ending(number, end)
        scale = number.scale if number.scale < _NO_SCALE and number.group is None else Fraction(1)
        numeral = replace(self._numeral(at, end, values), scale=scale)
        return replace(numeral, doubtful=self._is_doubtful(numeral, at, end)), end

    def _with_ending(self, number: _Sum, end: int) -> tuple[set[Fraction], int]:
        """Return a number's values with an ordinal or fraction at token `end`, and the next index."""
        known, after = self._known, self._next(end - 1)
        if after and after.word in known.parts and number.value <= 20:
            return {number.value * known.parts[after.word]}, end + 1
        ordinal = known.ordinals.get(after.word) if after else None
        if after is None or ordinal is None:
            return {number.value}, end
        group = number.group_with(ordinal)
        hyphenated = "-" in self._text[self._tokens[end - 1].end : after.start]
        if group is not None and (hyphenated or self._language != "en"):
            return {number.total + group}, end + 1
        if number.value == 1 and ordinal > 2:
            # "Un troisième" may be a third one, or a third of something.
            article = self._tokens[end - 1].word in known.articles
            return {1 / ordinal, *((ordinal,) if article else ())}, end + 1
        return {number.value}, end

    def _is_doubtful(self, numeral: Numeral, at: int, end: int) -> bool:
        """Tell whether a number may be an article, a weekday, part of a name, or vague ("millions of")."""
        tokens, known = self._tokens, self._known
        before = tokens[at - 1].word if at and tokens[at].glued else ""
        bare = end == at + 1 and (tokens[at].word in known.scales or tokens[at].word in known.times)
        if before == "thứ" and max(numeral.values) <= 7:
            return True  # thứ ba is Tuesday as well as third
        if numeral.values == {1} or before in _INDEFINITE or (bare and before not in known.articles):
            return True
        if not self._text[numeral.start].isupper():
            return False
        first = not self._text[max(0, numeral.start - 40) : numeral.start].strip(" \"'«“”‘(-–—")
        after = self._text[numeral.end + 1 : numeral.end + 2]
        return not first or after.isupper()
