"""Recognise the currency or unit of a number by the words beside it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

_UNIT_AFTER = re.compile(
    r"(?:[ .]{0,2}(?:de |d['’]|of )|[ -]|\. )?(?:(?:U\.?S\.? ?|[Аа]мериканских |canadian |австралийских ))?"
    r"([^\W\d_]+[²2]?|[%٪$€£¥₽₫₹₩₦]|°[CF]|[℃℉])"
)
_SQUARE = re.compile(r"(?: |-)(?:square|sq\.?|квадратн\w{2,3}|кв\.?) ([^\W\d_]+)", re.IGNORECASE)
_SQUARED = re.compile(r" (?:carrés?|vuông)")
_PERCENT = re.compile(
    r" ?[%٪]| ?(?:percent|per ?cent|pct|pour[ -]cents?|phần trăm|процент\w{0,3}|проц\b|п\. ?п\.|"
    r"个?百分点|成(?![员立为功就本果都长人份熟绩]))"
    r"|[ -](?:percentage points?|points? de pourcentage|điểm phần trăm|процентн\w{2,3} пункт\w{0,3})",
    re.IGNORECASE,
)
_PERMILLE = re.compile(
    r" ?(?:‰|(?:per ?mille?|pour mille|phần (?:nghìn|ngàn)(?! (?:tỷ|tỉ|triệu|giây|mét|gam))|промилле)\b)",
    re.IGNORECASE,
)
_MILLE = Fraction(1, 10)
"""One per mille, in percent."""
_SHARE_BEFORE = re.compile(r"百分之 ?$")
_CURRENCY_BEFORE = re.compile(r"(?<![^\W_])([A-Za-z]{0,4})([$€£¥₽₫₹₩₦]|¢|\b) ?$")
_HAN = re.compile(r" ?([\u4e00-\u9fff]{1,5})")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit. `measure`: such as "length" or "money". `name`: of a currency, else "".

    `factor`: the size of the unit in the base unit of its measure in units.json.
    """

    measure: str
    name: str
    factor: Fraction = Fraction(1)

    def same(self, other: Unit) -> bool:
        """Tell whether numbers of both units can be compared directly: factors that differ by at most 2 %."""
        near = abs(self.factor - other.factor) * 50 <= other.factor
        return (self.measure, self.name) == (other.measure, other.name) and near


@cache
def _units() -> dict[str, Unit]:
    lists = json.loads(Path(__file__).with_name("units.json").read_text("utf-8"))
    money = lists.pop("money")
    found = {form: Unit("money", name) for name, forms in money.items() for form in forms.split()}
    for measure, row in lists.items():
        for factor, forms in row.items():
            found |= {form: Unit(measure, "", Fraction(factor)) for form in forms.split()}
    return found


def percentage(text: str, start: int, end: int) -> tuple[int, int, Fraction] | None:
    """Return the span of the number `text[start:end]` with its percent sign, and the sign's value in percent.

    The signs of tenths (成, 10 percent) and of per mille (1/10) count, too. None if there is no sign.
    """
    before = _SHARE_BEFORE.search(text, max(0, start - 5), start)
    if before:
        return before.start(), end, Fraction(1)
    if permille := _PERMILLE.match(text, end):
        return start, permille.end(), _MILLE
    behind = _PERCENT.match(text, end)
    return (start, behind.end(), Fraction(10 if "成" in behind[0] else 1)) if behind else None


def unit_of(text: str, start: int, end: int) -> tuple[Unit, int, int] | None:
    """Return the unit after the number `text[start:end]`, or the currency before it, and the span of both."""
    units = _units()
    before = _CURRENCY_BEFORE.search(text, max(0, start - 7), start)
    if before:
        unit = units.get(before[2]) or units.get(before[1].lower())
        if unit and unit.measure == "money":
            return unit, before.start(), end
    square = _SQUARE.match(text, end)
    if square:
        return _squared(units.get(square[1].lower()), start, square.end())
    han = _HAN.match(text, end)
    if han:
        forms = (n for n in range(len(han[1]), 0, -1) if han[1][:n] in units)
        return next(((units[han[1][:n]], start, han.start(1) + n) for n in forms), None)
    behind = _UNIT_AFTER.match(text, end)
    unit = units.get(behind[1].lower()) if behind else None
    if not behind or not unit:
        return None
    squared = _SQUARED.match(text, behind.end())
    return _squared(unit, start, squared.end()) if squared else (unit, start, behind.end())


def _squared(unit: Unit | None, start: int, end: int) -> tuple[Unit, int, int] | None:
    if unit is None or unit.measure != "length":
        return None
    return Unit("area", "", unit.factor**2), start, end
