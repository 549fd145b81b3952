"""Patterns of dates in a masked text, in which every number is a run of zeros, whether in digits or words."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from rag.text.calendar_names import month_names
from rag.verification.figures.digits import Numeral

N = r"(?<![0x])0++(?![0x])"
"""Pattern of a number in a masked text."""
_ORDINAL_ENDING = r"(?:st|nd|rd|th|er|ème|e(?![^\W_])|-?(?:го|е|й|ого|ое|му|ом|м|х)(?![^\W_]))?+"
_DAY = rf"(?:{N}){_ORDINAL_ENDING}"
_LINK = (
    r"(?: ?[-–—~,、&] ?| (?:to|and|or|au|et|à|ou|до|по|и|или|đến|tới|và|hoặc|hay) |"
    r"[和与及至到]|日?[至到和、—-])"
    r"(?:the |le |ngày )?"
)
"""Conjunction or dash between the days of a list or range."""
_HAN_LINK = "[-–—~、，和与及至到]"
_HAN_LIST = rf"{N}(?:日?{_HAN_LINK}{N})*+"
_LIST = rf"{_DAY}(?:{_LINK}{_DAY}){{0,4}}"
"""A day, or a list or range of up to five days: 3, 4 and 5; 3-5."""


@cache
def _calendar() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(
        Path(__file__).with_name("calendar.json").read_text("utf-8")
    )
    return found


YEARS, DAYS = range(1000, 2201), range(1, 32)
"""Numbers that may be years, and days of a month."""
MONTHS = month_names("en", "fr", "ru")
DAY_FIRST = ("fr", "ru", "vi", "de", "es")
"""Languages in which 3/8/2021 is in August; in English it may be in March."""
AMBIGUOUS = frozenset(str(_calendar()["ambiguous"]).split())
"""Names of months that are also other words: may, mars."""
MONTH_NAME = "|".join(sorted(MONTHS, key=len, reverse=True))
_MONTH = rf"(?<![^\W_])(?P<month>{MONTH_NAME})(?![^\W_])\.?"

FORMATS = [
    re.compile(pattern)
    for pattern in (
        # 2022-10-13, 13/10/2022
        rf"(?P<full>{N}[-/.]{N}[-/.]{N})",
        # 2022年 before a month
        rf"(?P<year>{N}) ?年(?=[^ ]? ?{N} ?月)",
        # 10月13日, 3、4月, 10月3日至5日
        rf"(?P<months>{N}(?:{_HAN_LINK}{N})*+) ?月份?(?! ?亮)(?: ?(?P<days>{_HAN_LIST}) ?[日号])?",
        # 13 tháng 10 năm 2022
        rf"(?P<days>{_LIST}) tháng (?P<months>{N})(?:,? ?(?:năm|/|-) ?(?P<year>{N}))?",
        # 13 October 2022, 1er mars 2022, 3 and 4 of May
        rf"(?P<days>{_LIST})(?: ?of| de)?[ -]?{_MONTH}(?:,?(?: of| de)? (?P<year>{N}))?",
        # October 13, 2022
        rf"{_MONTH} (?:the )?(?P<days>{_LIST})(?:,? (?P<year>{N}))?",
        # tháng 10 năm 2022, tháng 3 và 4
        rf"tháng (?P<months>{N}(?:(?: ?[-–] ?| và | đến | hoặc )(?:tháng )?{N}(?!/?0)){{0,3}}+)"
        rf"(?:(?:,? năm |, ?|/|-)(?P<year>{N}))?",
        # ngày 13/10, sáng 13/10, (13/10)
        rf"(?:ngày|hôm|sáng|chiều|tối|đêm|trưa|từ|đến|thứ|nhật|bảy|\() ?"
        rf"(?P<days>{N})/(?P<months>{N})(?![/0])",
        # 13/10, if it is not a fraction
        rf"(?P<bare>(?<!/)(?P<days>{N})/(?P<months>{N}))(?![/0%])",
        # ngày 13
        rf"(?:ngày|mùng|mồng) (?P<days>{_LIST})(?!/)",
        # 13日
        rf"(?P<days>{_HAN_LIST}) ?日(?!元|圆|均|本|军|语|内|间|后|前|之|以|游)",
        # October 2022, October
        rf"(?:{_MONTH})(?:,? (?:of |de )?(?P<year>{N}))?",
    )
]
"""Patterns of dates, in the order in which they are tried. Groups: `full`, the three numbers of a date;
`bare`, two numbers that may not be a date; `days`, `months` and `year`, numbers; `month`, a month's name."""
DECADE = re.compile(
    rf"(?P<n>{N})(?: ?['’]?s(?![^\W_])|-?(?:х|е|ые|ых|ми|м) год\w*|-(?:х|е|ые|ых|ми)(?![^\W_])| ?年代)"
    rf"|(?:années|thập niên|thập kỷ|những năm) (?P<m>{N})"
)
CENTURY = re.compile(
    rf"(?P<n>{_LIST})(?:[ -]centur(?:y|ies)| ?siècles?| век\w{{0,3}}| вв?\.| столети\w{{1,2}}| ?世纪)"
    rf"|thế kỷ (?:thứ )?(?P<m>{_LIST})"
)


def masked(text: str, numbers: Sequence[Numeral]) -> str:
    """Return the text in lower case with its numbers as zeros and other digits as x, of the same length."""
    pieces, last = [], 0
    for number in numbers:
        if number.start < last:
            continue
        pieces += [_lower(text[last : number.start]), "0" * (number.end - number.start)]
        last = number.end
    return "".join([*pieces, _lower(text[last:])])


def _lower(text: str) -> str:
    same_length = (low if len(low) == 1 else letter for low, letter in ((x.lower(), x) for x in text))
    return re.sub(r"\d", "x", "".join(same_length))
