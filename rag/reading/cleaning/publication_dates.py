"""Read dates of publication from datelines and metadata, never from running text.

The constants were set by hand, on 97 pages written for the purpose.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime

TOP_LINES = 8
"""Number of lines at the top of an article in which its dateline is searched."""
_MAX_CHARACTERS = 120
"""Maximum length of a dateline."""
MONTH_FIRST, DAY_FIRST = "en-US", "en-GB"
"""Languages that state the order of day and month in English; in "en" it is unknown."""

_MONTH_NAMES = (
    "january jan janvier janv января янв январь januar jänner enero ene",
    "february feb février févr fév февраля фев февраль februar febrero",
    "march mar mars марта мар март märz mrz marzo",
    "april apr avril avr апреля апр апрель abril abr",
    "may mai мая май mayo",
    "june jun juin июня июн июнь juni junio",
    "july jul juillet juil июля июл июль juli julio",
    "august aug août августа авг август agosto ago",
    "september sept sep septembre сентября сен сент сентябрь septiembre",
    "october oct octobre октября окт октябрь oktober okt octubre",
    "november nov novembre ноября ноя ноябрь noviembre",
    "december dec décembre déc декабря дек декабрь dezember dez diciembre dic",
)
_VIETNAMESE = "một,hai,ba,tư,năm,sáu,bảy,tám,chín,mười,mười một,mười hai"
_MONTHS = {name: n for n, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
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
            # Tue Mar 12 19:20:36 CET 2024, as Java prints a time
            rf"\b(?P<m5>{_MONTH})\s(?P<d5>\d\d)\s\d\d:\d\d:\d\d\s(?:[\w:+-]{{2,9}}\s)?" + _YEAR.format(5),
            r"(?<![\d./-])(?P<d6>\d{1,2})(?P<s6>[/.])(?P<m6>\d{1,2})(?P=s6)(?P<y6>\d\d)(?![./-]?\d)",
        )
    ),
    re.IGNORECASE,
)
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")
"""Seconds or milliseconds since 1970."""
_TIME = re.compile(r"T?\d{1,2}\s?(?:[:h时]|giờ)\s?\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s?[ap]\.?m\.?|分|Z)?", re.I)
_PUBLISHED = re.compile(r"publi|posted|released|发布|发表|đăng|xuất bản|опублик|veröffentl", re.I)
_UPDATED = re.compile(
    r"updat|modif|(?:last|page) (?:last )?(?:chang|edit)|mis à jour|更新|修改|cập nhật|chỉnh sửa|обновл"
    r"|измен[её]н|aktualis|geändert|bearbeitet|actualiz",
    re.I,
)
_PUBLISHED_OR_UPDATED = re.compile(f"{_PUBLISHED.pattern}|{_UPDATED.pattern}", re.I)
_DATELINE_WORDS = re.compile(
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
_BYLINE = re.compile(
    r"\b(?:by|par|por|von|автор|tác giả|nguồn|source|quelle|fuente|источник|theo)\b:?\s*[^|•·,]{2,40}"
    r"|(?:来源|作者|(?:责任)?编辑|(?:本报|本网|本刊)?记者|通讯员|责编|出处|校对|审核|摄影)\s*[:：]?\s*[^\s|•·,，]{2,15}",
    re.IGNORECASE,
)
_PUNCTUATION = re.compile(r"[+\s|•·,，、:：;；./()（）\[\]<>«»—–-]+")
_PERSON = re.compile(
    r"[A-ZÀ-ÞĐА-Я]\w+(?:\s[A-ZÀ-ÞĐА-Я][\w.]*){1,3},?(?:\s(?:le|on))?|[\u4e00-\u9fff]{2,4}[,，]?"
)
_LIST_MARK = re.compile(r"[•*–-]\s")
"""The mark of a list item, which is not a dateline but may be an entry of a chronology."""
_CHINESE_TIME_AND_WORDS = re.compile(
    r"{0}(?=.*[\u4e00-\u9fff])|[\u4e00-\u9fff].*{0}".format(
        r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}(?:日\s*|\s+)\d{1,2}[:时]\d\d"
    )
)
"""A date and time with Chinese words, such as author, outlet or number of readers."""
_CHINESE_STOP = re.compile(r"[。！？，;；]|(?<!\d),|,(?!\d)")
_NAME_AND_DATE_LINES = 3
"""Number of lines at the top in which a name and a date are a dateline."""
_MAX_DATES = 2
"""Maximum number of different dates in an article's datelines; more belong to a list of articles."""
_OUTLET = re.compile(r"[A-ZÀ-ÞĐА-Я][\w.]*(?:\s[\w.]+){0,6}|[\u4e00-\u9fff]{2,10}")


def parse_date(text: str, language: str = "", today: date | None = None) -> date | None:
    """Return the date in a short text: a front matter value, a tag's content, a dateline, a Unix timestamp.

    A date of publication takes precedence over one of an update. None if there is no date, if it is after
    `today`, or if it is ambiguous, as 03/04/2021 in English.
    """
    text = unicodedata.normalize("NFKC", text[: 2 * _MAX_CHARACTERS])
    if _EPOCH.fullmatch(text.strip()):
        moment = datetime.fromtimestamp(int(text.strip()[:10]), UTC).date()
        return moment if moment <= (today or date.today()) else None
    published = _PUBLISHED.search(text)
    parts = [text[published.start() :], text] if published else [text]
    for part in parts:
        for found in _DATE.finditer(part):
            day = _date_of(found, language)
            if day and day <= (today or date.today()):
                return day
    return None


def days_in(text: str, language: str = "", *, sure: bool = False) -> set[date]:
    """Return all dates in a text; with `sure`, only those that leave no doubt of day and month."""
    found = (each for each in _DATE.finditer(text) if not (sure and _is_numeric(each)))
    return {day for each in found if (day := _date_of(each, language))}


def is_update(day: date, lines: Sequence[str], language: str = "") -> bool:
    """Tell whether lines state a date as that of an update, and only so."""
    stating = [line for line in lines if day in days_in(line, language)]
    updates = (line for line in stating if _UPDATED.search(line) and not _PUBLISHED.search(line))
    return bool(stating) and len(stating) == len(list(updates))


def datelines(lines: Sequence[str]) -> list[int]:
    """Return the indices of the top lines that are datelines: a date, perhaps an author or outlet, no more.

    Dates that are not labelled as those of publication or of an update may be entries of a chronology, which
    are not datelines.
    """
    top = [n for n, line in enumerate(lines) if line.strip()][:TOP_LINES]
    found = {n for n in top if _other_words(lines[n]) is not None}
    found |= {n for n in top[:_NAME_AND_DATE_LINES] if _is_name_and_date(lines[n])}
    unlabelled = [n for n in top if n in found and not _PUBLISHED_OR_UPDATED.search(lines[n])]
    if unlabelled and _is_chronology(lines, top, unlabelled):
        found -= set(unlabelled)
    return sorted(found)


def _is_chronology(lines: Sequence[str], top: Sequence[int], unlabelled: Sequence[int]) -> bool:
    """Tell whether unlabelled dates among the top lines are entries of a chronology.

    They are if they and the bare dates in later lines differ. Two adjacent lines with one date each may also
    state publication and update, unless one of them is a bare date.
    """
    later = (line for line in lines[top[-1] + 1 :] if _is_bare_date(line))
    entries = [unicodedata.normalize("NFKC", line) for line in (*(lines[n] for n in unlabelled), *later)]
    days = {_date_of(day, "") for entry in entries if (day := _DATE.search(entry))}
    if len(days) < 2:
        return False
    adjacent = len(days) == 2 and top.index(unlabelled[-1]) - top.index(unlabelled[0]) == 1
    return not adjacent or any(_is_bare_date(lines[n]) for n in unlabelled)


def find_date(lines: Sequence[str], language: str = "", today: date | None = None) -> date | None:
    """Return the first date in the datelines at the top.

    None if there is none, or if they state more than two dates: those of publication and of an update.
    """
    days = [day for n in datelines(lines) if (day := parse_date(lines[n], language, today))]
    return days[0] if 0 < len({*days}) <= _MAX_DATES else None


def _date_of(found: re.Match[str], language: str) -> date | None:
    """Return the date of a match; None if it is ambiguous or does not exist."""
    values = {key[0]: value for key, value in found.groupdict().items() if value}
    month = _MONTHS.get(re.sub(r"\s+", " ", values["m"].lower()))
    year, day = int(values["y"]), int(values["d"])
    year += 2000 if year < 100 else 0
    if month is None:
        month = int(values["m"])
        numeric = _is_numeric(found)
        if numeric and language == "en" and month <= 12 and day <= 12 and month != day:
            return None
        if numeric and (month > 12 or (language == MONTH_FIRST and day <= 12)):
            day, month = month, day
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _is_numeric(found: re.Match[str]) -> bool:
    """Tell whether a date is written like 03/12/2024 or 03-12-2024, in either order of day and month."""
    return not (found["y0"] or found["y1"]) and ("/" in found[0] or (found["s2"] == "-"))


def _other_words(line: str) -> str | None:
    """Return what a dateline has besides date, time and author: "" or the outlet; None for any other line."""
    line = unicodedata.normalize("NFKC", line).strip()
    if len(line) > _MAX_CHARACTERS or not _DATE.search(line) or _LIST_MARK.match(line):
        return None
    if _CHINESE_TIME_AND_WORDS.search(line) and not _CHINESE_STOP.search(_DATE.sub("", line)):
        return ""
    rest = _DATELINE_WORDS.sub(" ", _BYLINE.sub(" ", _TIME.sub("|", _DATE.sub("|", line))))
    others = [part for part in re.split(r"[|•·]", rest) if _PUNCTUATION.sub("", part)]
    if not others:
        return ""
    # "Reuters | 12 March 2021" and "Reuters 09:00, 12 March 2021", but not "Berlin, 9 May 1945".
    outlet = _PUNCTUATION.sub(" ", others[0]).strip()
    separated = "|" in line or "•" in line or _TIME.search(_DATE.sub("", line)) is not None
    return outlet if separated and len(others) == 1 and _OUTLET.fullmatch(outlet) else None


def _is_name_and_date(line: str) -> bool:
    """Tell whether a line is a name of two words or more and a date: "Claire Fontanel, 18 February 2025"."""
    found = _DATE.search(line) if len(line) <= _MAX_CHARACTERS else None
    return found is not None and _PERSON.fullmatch(_DATE.sub("", line).strip(" ,")) is not None


def _is_bare_date(line: str) -> bool:
    """Tell whether a line is a date and nothing else, like the heading of an entry in a chronology."""
    if _other_words(line) != "":
        return False
    return not _PUBLISHED.search(line) and not _TIME.search(_DATE.sub("", line))
