"""Tell whether a number is a rounding of another: "about 3 million" of 2,960,000."""

from __future__ import annotations

import re
from fractions import Fraction

from rag.verification.figures.quantities import Figure

_TAIL = r")\W{0,2}\w{0,4}\W{0,3}$"
_MORE = re.compile(
    r"(?:over|more than|at least|above|plus d|au moins|hơn|trên|ít nhất|более|свыше|больше|не менее|"
    r"超|逾|至少" + _TAIL,
    re.IGNORECASE,
)
_LESS = re.compile(
    r"(?:nearly|almost|less than|under|close to|up to|below|presque|moins d|près d|gần|dưới|"
    r"почти|менее|近|将近|不到|接近" + _TAIL,
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:about|around|some|approximately|roughly|environ|quelque|autour d|quasi|khoảng|xấp xỉ|chừng|"
    r"около|примерно|порядка|约|大约" + _TAIL,
    re.IGNORECASE,
)
_MORE_BEHIND = re.compile(r".{0,3}(?:多|余|plus|odd|с лишним)")
_ABOUT_BEHIND = re.compile(r".{0,3}(?:左右|上下|or so)")
"""Words beside a number that mark it as rounded down (_MORE), up (_LESS) or either way (_ABOUT)."""

_MAX_ROUNDING_SHARE = Fraction(3, 20)
"""Maximum relative difference of a rounded number from the exact one. Fitted on claims.json."""


def _step(value: Fraction) -> Fraction:
    """Return the place value of a number's last significant digit: 1000 for 43,000, 1/10 for 2.5."""
    step = Fraction(1)
    for _ in range(20):
        if (value / step).denominator == 1:
            break
        step /= 10
    while value and step < 10**18 and (value / (step * 10)).denominator == 1:
        step *= 10
    return step


def rounded(figure: Figure, other: Figure, text: str) -> bool:
    """Tell whether a sentence's `figure` is a rounding of a passage's figure `other`.

    `text` is the normalised sentence: words beside the figure tell in which direction it is rounded.
    """
    if other.kind != figure.kind and "percent" in (figure.kind, other.kind):
        return False
    if other.kind not in ("number", "amount", "percent") or other.doubtful:
        return False
    before = text[max(0, figure.start - 24) : figure.start]
    least, most = Fraction(-1, 2), Fraction(1, 2)
    if _MORE.search(before) or _MORE_BEHIND.match(text, figure.end):
        least, most = Fraction(0), Fraction(1)
    elif _LESS.search(before):
        least, most = Fraction(-1), Fraction(0)
    about = least + most != 0 or bool(_ABOUT.search(before) or _ABOUT_BEHIND.match(text, figure.end))
    return any(_rounds(a, b, about, least, most) for a in figure.values for b in other.values)


def _rounds(value: Fraction, there: Fraction, about: bool, least: Fraction, most: Fraction) -> bool:
    """Tell whether `there - value` is between `least` and `most`, in place values of the value's last digit.

    Without a word such as "about" the value must have two significant digits less.
    """
    if value <= 0 or there <= 0 or value == there or abs(value - there) > there * _MAX_ROUNDING_SHARE:
        return False
    step, finer = _step(value), _step(there)
    if step <= finer or not (about or step >= finer * 100):
        return False
    return least * step <= there - value <= most * step
