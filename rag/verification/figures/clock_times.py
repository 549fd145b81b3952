"""Extract times of day from a text: 8:30, 8h30, 20时30分, 8 giờ 30, 8.30 pm.

Patterns match the text with its numbers masked (see date_patterns.masked), so that digits and words are
equal.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rag.verification.figures.date_patterns import N
from rag.verification.figures.digits import Numeral

_AFTER_HOUR = "|".join(
    (
        # 8:30, 8h30, 20:30:15, 8:30 p.m.
        rf" ?[:h] ?(?P<m>{N})(?::{N})?+(?: ?[ap]\. ?m(?![^\W_]))?",
        # 20时30分, 8点, 8点半; not a word that begins with 时 or 点, such as 时间
        rf" ?[時时点](?!间|代|候|期|节|点|数|评)(?: ?(?:(?P<m2>{N}) ?分?|(?P<half>半)))?",
        # 8 giờ 30, 8 giờ sáng
        rf" giờ(?: (?P<m3>{N})| (?=sáng|chiều|tối|trưa|đêm))",
        # 8.30 p.m., 8 pm, 8 o'clock
        r" ?[ap]\. ?m\.| ?[ap]m(?![^\W_])| o['’]clock",
        # 4 minutes 30 seconds, a duration that 4:30 also writes
        rf" ?(?:minutes?|phút|分钟?|минут[аы]?)(?:,| and| et| и)? ?"
        rf"(?P<m5>{N}) ?(?:seconde?s?|giây|秒|секунд[аы]?)",
        # 8 часов 30 минут
        rf" (?:час\w{{0,2}}|ч\.?) (?P<m4>{N}) мин\w*",
    )
)
_TIME = re.compile(rf"(?P<h>{N})(?:{_AFTER_HOUR})")
"""An hour with its minutes, or with a word that marks it as an hour."""
_HOUR = re.compile(
    rf"(?<![^\W_])(?:à|vers|dès|lúc|в|около) (?P<h>{N})"
    rf"(?: ?h(?:eures?)?(?![^\W_])| giờ| час\w{{0,2}}(?! \w+ назад))"
)
"""An hour after a preposition: à 8 heures, lúc 8 giờ, в 8 часов."""
_PARTS = {"half": 30, "quarter": 15, "demie": 30, "quart": 15, "rưỡi": 30}
"""Minutes of a part of an hour."""
_PAST = re.compile(
    r"(?<![^\W_])(?P<part>half|quarter) (?P<way>past|to) (?P<h>\w+)"
    r"|(?<!\w)(?P<h2>\w{1,30}) heures? (?P<way2>et|moins) (?:le )?(?P<part2>demie|quart)(?![^\W_])"
    r"|(?<!\w)(?P<h3>\w{1,30}) giờ (?P<part3>rưỡi)(?![^\W_])"
)
"""A part of an hour before or after it, in words: half past six, six heures moins le quart, 6 giờ rưỡi."""
_WORD = re.compile(
    r"(?<![^\W_])(?:noon|midnight|midi|minuit|nửa đêm|полдень|полночь|полуночи)(?![^\W_])|午夜|正午|零时"
)


@dataclass(frozen=True, slots=True)
class ClockTime:
    """A time of day in minutes after midnight or noon (0 to 719), so that 20:30 equals 8:30.

    `doubtful`: a word such as "noon", which may not state a time.
    """

    start: int
    end: int
    minute: int
    doubtful: bool = False


def clock_times(text: str, mask: str, numbers: Sequence[Numeral]) -> list[ClockTime]:
    """Return the times of day in a normalised text, in order; `mask` is the text with its numbers masked."""
    known = {number.start: number for number in numbers}
    found = [ClockTime(m.start(), m.end(), 0, doubtful=True) for m in _WORD.finditer(mask)]
    found += [time for match in _PAST.finditer(text.lower()) if (time := _past(match, known))]
    for shape in (_TIME, _HOUR):
        for match in shape.finditer(mask):
            time = _time(text, match, known)
            if time and not any(time.start == other.start for other in found[-3:]):
                found.append(time)
    return sorted(found, key=lambda time: time.start)


def _time(text: str, match: re.Match[str], known: dict[int, Numeral]) -> ClockTime | None:
    """Return the time of a match of _TIME or _HOUR; None if it is not one. `known` are numbers by start."""
    hour = known.get(match.start("h"))
    if hour is None or (hour.doubtful and text[match.end() : match.end() + 1] != "钟"):
        return None
    decimal = re.fullmatch(r"(\d{1,2})\.(\d\d)", text[hour.start : hour.end])  # 8.30 pm
    minute = None
    for group in ("m", "m2", "m3", "m4", "m5"):
        if match.groupdict().get(group):
            minute = known.get(match.start(group))
    if decimal:
        return _at(match, int(decimal[1]), int(decimal[2]))
    if match.groupdict().get("m") and minute and minute.end - minute.start != 2:  # a score: 3:1
        return None
    past = min(minute.values, default=-1) if minute else 30 * bool(match.groupdict().get("half"))
    value = min(hour.values, default=-1)
    return _at(match, int(value), int(past)) if value == int(value) and past == int(past) else None


def _past(match: re.Match[str], known: dict[int, Numeral]) -> ClockTime | None:
    """Return the time of a match of _PAST; None if the hour is not a number."""
    groups = {name.rstrip("23"): name for name, value in match.groupdict().items() if value}
    hour = known.get(match.start(groups["h"]))
    value = min(hour.values, default=Fraction(-1)) if hour else Fraction(-1)
    if value.denominator > 1 or not 0 <= value <= 24:
        return None
    minutes = _PARTS[match[groups["part"]]]
    before = "way" in groups and match[groups["way"]] in ("to", "moins")
    return ClockTime(match.start(), match.end(), (int(value) * 60 + (-minutes if before else minutes)) % 720)


def _at(match: re.Match[str], hour: int, minute: int) -> ClockTime | None:
    """Return the time of a match; None if there is no such time of day."""
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        return None
    return ClockTime(match.start("h"), match.end(), (hour * 60 + minute) % 720)
