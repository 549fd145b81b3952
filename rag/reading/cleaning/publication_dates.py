"""When an article was published: read where a page states it, never guessed from running text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime

TOP = 8
"""Lines at the top of an article among which its dateline is looked for."""
_LONGEST = 120
"""Characters that a dateline has at most."""
_EARLIEST = 1800
MONTH_FIRST, DAY_FIRST = "en-US", "en-GB"
"""English as it orders day and month; of "en" the order is not known."""

_NAMES = (
    "january jan janvier janv января янв январь januar enero",
    "february feb février févr февраля фев февраль februar febrero",
    "march mar mars марта мар март märz marzo",
    "april apr avril avr апреля апр апрель abril",
    "may mai мая май mayo",
    "june jun juin июня июн июнь juni junio",
    "july jul juillet juil июля июл июль juli julio",
    "august aug août августа авг август agosto",
    "september sept sep septembre сентября сен сент сентябрь septiembre",
    "october oct octobre октября окт октябрь oktober octubre",
    "november nov novembre ноября ноя ноябрь noviembre",
    "december dec décembre déc декабря дек декабрь dezember diciembre",
)
_VIETNAMESE = "một,hai,ba,tư,năm,sáu,bảy,tám,chín,mười,mười một,mười hai"
_MONTHS = {name: n for n, names in enumerate(_NAMES, 1) for name in names.split()}
_MONTHS |= {f"tháng {name}": n for n, name in enumerate(_VIETNAMESE.split(","), 1)}
_MONTHS |= {f"tháng {n:{pad}}": n for n in range(1, 13) for pad in ("", "02")}

_MONTH = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_YEAR = r"(?P<y{0}>(?:1[89]|20)\d\d)(?!\d)"
_DAY = r"(?<!\d)(?P<d{0}>\d{{1,2}})"
_DATE = re.compile(
    "|".join(
        (
            r"(?<!\d)(?P<y0>(?:1[89]|20)\d\d)(?P<s0>[-/.])(?P<m0>\d{1,2})(?P=s0)(?P<d0>\d{1,2})(?!\d)",
            r"(?<!\d)(?P<y1>(?:1[89]|20)\d\d)\s?年\s?(?P<m1>\d{1,2})\s?月\s?(?P<d1>\d{1,2})\s?日",
            _DAY.format(2) + r"\s?(?P<s2>[-/.])\s?(?P<m2>\d{1,2})\s?(?P=s2)\s?" + _YEAR.format(2),
            _DAY.format(3)
            + rf"(?:st|nd|rd|th|er|º|\.)?(?:\s+de)?[\s-]+(?P<m3>{_MONTH})\b\.?,?(?:\s+de|\s+năm)?[\s-]*"
            + _YEAR.format(3),
            rf"\b(?P<m4>{_MONTH})\.?\s+(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,?\s+" + _YEAR.format(4),
            # as Java prints a moment: Tue Mar 12 19:20:36 CET 2024
            rf"\b(?P<m5>{_MONTH})\s(?P<d5>\d\d)\s\d\d:\d\d:\d\d\s(?:[\w:+-]{{2,9}}\s)?" + _YEAR.format(5),
            r"(?<![\d./-])(?P<d6>\d{1,2})(?P<s6>[/.])(?P<m6>\d{1,2})(?P=s6)(?P<y6>\d\d)(?![./-]?\d)",
        )
    ),
    re.IGNORECASE,
)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
"""Seconds or milliseconds since 1970."""
_TIME = re.compile(r"T?\d{1,2}\s?(?:[:h时]|giờ)\s?\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[ap]\.?m\.?|分|Z)?", re.I)
_FIRST_SAID = re.compile(r"publi|posted|released|发布|发表|đăng|xuất bản|опублик|veröffentl", re.I)
_SAID = re.compile(
    rf"{_FIRST_SAID.pattern}|updat|modif|mis à jour|更新|cập nhật|обновл|aktualis|actualiz", re.I
)
_BESIDE = re.compile(
    r"\b(?:published|publié[es]*|publicado|veröffentlicht|posted|released|created|updated|modified|"
    r"last|first|issued|dated?|time|on|at|the|mis à jour|modifié|créé|le|à|el|a las|am|um|uhr|"
    r"actualizado|fecha|datum|đăng|ngày|lúc|cập nhật|thời gian|xuất bản|опубликовано|обновлено|дата|"
    r"в|г|года|год|от|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|"
    r"понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт|сб|вс|"
    r"thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7])|chủ nhật|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|"
    r"lunes|martes|miércoles|jueves|viernes|sábado|domingo|"
    r"gmt|utc|est|edt|pst|pdt|cet|cest|ict|bst|msk|мск|"
    r"\d{1,2}[ -]min(?:utes?)?(?: read)?|\d{1,2} phút đọc|"
    r"(?:время чтения|чтение)[: ]*\d{1,2} мин\w*|temps de lecture[: ]*\d{1,2} min\w*)\b"
    r"|(?:阅读)?(?:全文)?约?需?\d{1,2}分钟(?:阅读)?|阅读(?:时间)?约?"
    r"|发布|发表|更新|时间|日期|于|星期[一二三四五六日天]|[周週][一二三四五六日]|北京时间|[+-]\d{1,2}(?::?\d\d)?\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:by|par|por|von|автор|tác giả|nguồn|source|quelle|fuente|источник|theo)\b:?\s*[^|•·,]{2,40}"
    r"|(?:来源|作者|(?:责任)?编辑|(?:本报|本网|本刊)?记者|通讯员|责编|出处|校对|审核|摄影)\s*[:：]?\s*[^\s|•·,，]{2,15}",
    re.IGNORECASE,
)
_MARKS = re.compile(r"[+\s|•·,，、:：;；./()（）\[\]<>«»—–-]+")
_NAMED = re.compile(
    r"[A-ZÀ-ÞĐА-Я]\w+(?:\s[A-ZÀ-ÞĐА-Я][\w.]*){1,3},?(?:\s(?:le|on))?|[\u4e00-\u9fff]{2,4}[,，]?"
)
_ITEM = re.compile(r"[•*–-]\s")
"""The mark of an item in a list: a chronology's entries are no datelines."""
_CHINESE_INFO = re.compile(
    r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s+\d{1,2}:\d\d(?=.*[\u4e00-\u9fff])|[\u4e00-\u9fff].*(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s+\d{1,2}:\d\d"
)
"""A moment with Chinese words: who wrote, where, how many have read it."""
_CHINESE_STOP = re.compile(r"[。！？，,;；]")
_SIGNED = 3
"""Lines at the top among which a name with a day, and nothing to part them from a sentence, is a dateline."""
_MAX_STATED = 2
"""Days that the datelines of an article may state; more are a list of other articles."""
_OUTLET = re.compile(r"[A-ZÀ-ÞĐА-Я][\w.]*(?:\s[\w.]+){0,6}|[\u4e00-\u9fff]{2,10}")


def parse_date(text: str, language: str = "", today: date | None = None) -> date | None:
    """Return the date that a short text states: a front matter value, a tag's content, a dateline.

    A date stated as that of publication goes before one of an update. None where there is none,
    where it lies after `today`, or where it is ambiguous: 03/04/2021 in English is.
    """
    text = unicodedata.normalize("NFKC", text[: 2 * _LONGEST])
    if _EPOCH.fullmatch(text.strip()):
        moment = datetime.fromtimestamp(int(text.strip()[:10]), UTC).date()
        return moment if moment <= (today or date.today()) else None
    said = _FIRST_SAID.search(text)
    parts = [text[said.start() :], text] if said else [text]
    for part in parts:
        for found in _DATE.finditer(part):
            day = _read(found, language)
            if day and day <= (today or date.today()):
                return day
    return None


def days_in(text: str, language: str = "", *, sure: bool = False) -> set[date]:
    """Return all days that a text states; the `sure` ones alone, whose order of day and month is known."""
    found = (each for each in _DATE.finditer(text) if not (sure and _is_slashed(each)))
    return {day for each in found if (day := _read(each, language))}


def datelines(lines: Sequence[str]) -> list[int]:
    """Return which of the first lines say when (and by whom), and nothing else.

    Lines that state different days, none as that of publication or an update, are the entries of a
    chronology, not datelines.
    """
    top = [n for n, line in enumerate(lines) if line.strip()][:TOP]
    found = [n for n in top if _beside(lines[n]) is not None or (n in top[:_SIGNED] and _is_signed(lines[n]))]
    plain = [n for n in found if not _SAID.search(lines[n])]
    later = [line for line in lines[top[-1] + 1 :] if _bare(line)] if plain else []
    entries = [unicodedata.normalize("NFKC", line) for line in (*(lines[n] for n in plain), *later)]
    days = {_read(day, "") for entry in entries if (day := _DATE.search(entry))}
    both = len(days) == 2 and top.index(plain[-1]) - top.index(plain[0]) == 1  # published and updated
    if len(days) < 2 or (both and not any(_bare(lines[n]) for n in plain)):
        return found
    return [n for n in found if n not in plain]


def find_date(lines: Sequence[str], language: str = "", today: date | None = None) -> date | None:
    """Return the date of publication that a dateline near the top states, or None.

    None also where they state more than two days: that of publication and that of an update are two.
    """
    days = [day for n in datelines(lines) if (day := parse_date(lines[n], language, today))]
    return days[0] if 0 < len({*days}) <= _MAX_STATED else None


def _read(found: re.Match[str], language: str) -> date | None:
    values = {key[0]: value for key, value in found.groupdict().items() if value}
    month = _MONTHS.get(re.sub(r"\s+", " ", values["m"].lower()))
    year, day = int(values["y"]), int(values["d"])
    year += 2000 if year < 100 else 0
    if month is None:
        month = int(values["m"])
        slashed = _is_slashed(found)
        if slashed and language == "en" and month <= 12 and day <= 12 and month != day:
            return None
        if slashed and (month > 12 or (language == MONTH_FIRST and day <= 12)):
            day, month = month, day
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _is_slashed(found: re.Match[str]) -> bool:
    """Tell whether a day is written as 03/12/2024 or 03-12-2024, by whichever order."""
    return not (found["y0"] or found["y1"]) and ("/" in found[0] or (found["s2"] == "-"))


def _beside(line: str) -> str | None:
    """Return what a dateline says beside date and time; None where the line is no dateline."""
    line = unicodedata.normalize("NFKC", line).strip()
    if len(line) > _LONGEST or not _DATE.search(line) or _ITEM.match(line):
        return None
    if _CHINESE_INFO.search(line) and not _CHINESE_STOP.search(_DATE.sub("", line)):
        return ""
    rest = _BESIDE.sub(" ", _BY.sub(" ", _TIME.sub("|", _DATE.sub("|", line))))
    others = [part for part in re.split(r"[|•·]", rest) if _MARKS.sub("", part)]
    if not others:
        return ""
    # "Reuters | 12 March 2021" and "Reuters 09:00, 12 March 2021", but not "Berlin, 9 May 1945".
    outlet = _MARKS.sub(" ", others[0]).strip()
    set_off = "|" in line or "•" in line or _TIME.search(_DATE.sub("", line)) is not None
    return outlet if set_off and len(others) == 1 and _OUTLET.fullmatch(outlet) else None


def _is_signed(line: str) -> bool:
    """Tell whether a line is a name of two words or more and a day: "Claire Fontanel, 18 February 2025"."""
    found = _DATE.search(line) if len(line) <= _LONGEST else None
    return found is not None and _NAMED.fullmatch(_DATE.sub("", line).strip(" ,")) is not None


def _bare(line: str) -> bool:
    """Tell whether a line is a day and nothing else, as the entries of a chronology are headed."""
    if _beside(line) != "":
        return False
    return not _FIRST_SAID.search(line) and not _TIME.search(_DATE.sub("", line))
