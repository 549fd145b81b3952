"""Extract times of day from a masked text: 8:30, 8h30, 20时30分, 8 giờ 30, 8.30 pm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rag.verification.figures.calendar_dates import N
from rag.verification.figures.digits import Numeral

_TIME = re.compile(
    rf"(?P<h>{N})(?: ?[:h] ?(?P<m>{N})(?::{N})?+(?: ?[ap]\. ?m(?![^\W_]))?"
    rf"| ?[时時点](?!间|代|候|期|节|点|数|评)(?: ?(?:(?P<m2>{N}) ?分?|(?P<half>半)))?"
    rf"| giờ(?: (?P<m3>{N})| (?=sáng|chiều|tối|trưa|đêm))"
    rf"| ?[ap]\. ?m\.| ?[ap]m(?![^\W_])| o['’]clock"
    rf"| ?(?:minutes?|phút|分钟?|минут[аы]?)(?:,| and| et| и)? ?"
    rf"(?P<m5>{N}) ?(?:seconde?s?|giây|秒|секунд[аы]?)"
    rf"| (?:час\w{{0,2}}|ч\.?) (?P<m4>{N}) мин\w*)"
)
_HOUR = re.compile(
    rf"(?<![^\W_])(?:à|vers|dès|lúc|в|около) (?P<h>{N})"
    rf"(?: ?h(?:eures?)?(?![^\W_])| giờ| час\w{{0,2}}(?! \w+ назад))"
)
_PARTS = {"half": 30, "quarter": 15, "demie": 30, "quart": 15, "rưỡi": 30}
_PAST = re.compile(
    r"(?<![^\W_])(?P<part>half|quarter) (?P<way>past|to) (?P<h>\w+)"
    r"|(?<!\w)(?P<h2>\w{1,30}) heures? (?P<way2>et|moins) (?:le )?(?P<part2>demie|quart)(?![^\W_])"
    r"|(?<!\w)(?P<h3>\w{1,30}) giờ (?P<part3>rưỡi)(?![^\W_])"
)
_WORD = re.compile(
    r"(?<![^\W_])(?:noon|midnight|midi|minuit|nửa đêm|полдень|полночь|полуночи)(?![^\W_])|午夜|正午|零时"
)


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day, in minutes after midnight or noon: 20:30 and 8.30 are the same."""

    start: int
    end: int
    minute: int
    loose: bool = False


def clock_times(text: str, mask: str, numbers: Sequence[Numeral]) -> list[ClockTime]:
    """Return the times of day in a normalised text, in order; `mask` is the text with its numbers masked."""
    known = {number.start: number for number in numbers}
    found = [ClockTime(m.start(), m.end(), 0, loose=True) for m in _WORD.finditer(mask)]
    found += [time for match in _PAST.finditer(text.lower()) if (time := _past(match, known))]
    for shape in (_TIME, _HOUR):
        for match in shape.finditer(mask):
            time = _time(text, match, known)
            if time and not any(time.start == other.start for other in found[-3:]):
                found.append(time)
    return sorted(found, key=lambda time: time.start)


def _time(text: str, match: re.Match[str], known: dict[int, Numeral]) -> ClockTime | None:
    hour = known.get(match.start("h"))
    if hour is None or (hour.loose and text[match.end() : match.end() + 1] != "钟"):
        return None
    raw = re.fullmatch(r"(\d{1,2})\.(\d\d)", text[hour.start : hour.end])
    minute = None
    for group in ("m", "m2", "m3", "m4", "m5"):
        if match.groupdict().get(group):
            minute = known.get(match.start(group))
    if raw:
        return _at(match, int(raw[1]), int(raw[2]))
    if match.groupdict().get("m") and minute and minute.end - minute.start != 2:
        return None
    past = min(minute.values, default=-1) if minute else 30 * bool(match.groupdict().get("half"))
    value = min(hour.values, default=-1)
    return _at(match, int(value), int(past)) if value == int(value) and past == int(past) else None


def _past(match: re.Match[str], known: dict[int, Numeral]) -> ClockTime | None:
    """Read half past six, six heures moins le quart, 6 giờ rưỡi; None where the hour is not a number."""
    groups = {name.rstrip("23"): name for name, value in match.groupdict().items() if value}
    hour = known.get(match.start(groups["h"]))
    value = min(hour.values, default=Fraction(-1)) if hour else Fraction(-1)
    if value.denominator > 1 or not 0 <= value <= 24:
        return None
    minutes = _PARTS[match[groups["part"]]]
    before = "way" in groups and match[groups["way"]] in ("to", "moins")
    return ClockTime(match.start(), match.end(), (int(value) * 60 + (-minutes if before else minutes)) % 720)


def _at(match: re.Match[str], hour: int, minute: int) -> ClockTime | None:
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        return None
    return ClockTime(match.start("h"), match.end(), (hour * 60 + minute) % 720)
