"""Classify single lines: teaser headings, notices, credits, bylines, sign-offs.

In doubt a line is the article's. Rules over several lines are in boilerplate.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.reading.cleaning import boilerplate_words


def _any(patterns: Iterable[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


_HEADING = re.compile(_any(boilerplate_words.TEASER_HEADINGS), re.IGNORECASE)
_LINK = re.compile(
    rf"(?:{_any(boilerplate_words.LINK_INTRODUCTIONS)})\s?[:：>»]\s*\S.{{0,160}}", re.IGNORECASE
)
_NOTICE = re.compile(_any(boilerplate_words.NOTICES), re.IGNORECASE)
_BUTTONS = frozenset(boilerplate_words.SHARE_BUTTONS.split())
_PLATFORMS = frozenset(boilerplate_words.PLATFORMS.split())
_BUTTON_WORDS = _BUTTONS | _PLATFORMS | frozenset(boilerplate_words.BETWEEN_BUTTONS.split())
_BUTTON_SEPARATOR = re.compile(r"[\s|,·/•:：、，\[\]【】]+")
_CREDIT = re.compile(
    r"(?i:(?:photos?|images?|pictures?|crédits?|credits?|ảnh|nguồn ảnh|фото|foto|bild)"
    r"(?: (?:credits?|crédits?|by|par|from))?|图片来源|图源|图片|资料图片?|摄影|供图)\s*[:：©]\s*"
    r"[©A-ZÀ-ÞĐА-Я\u4e00-\u9fff][^.!?。！？:：]{0,39}"
    r"|©\s?.{2,40}|(?i:getty images|ap photo|reuters|afp)(?:\s?/\s?[\w .-]{2,30})+"
)
_NAME = r"[A-ZÀ-ÞĐ][\w.'’-]*"
_BYLINE = re.compile(
    rf"(?:[Bb]y|BY|[Pp]ar|[Pp]or|[Vv]on)\s+{_NAME}(?:[\s,&]+(?:and|et|y|und|de|da|van|von|{_NAME})){{0,6}}"
    r"|(?:来源|作者|文|编辑|记者|出处|撰文)\s*[:：|]\s*.{2,15}"
    r"|(?i:автор|источник|tác giả|nguồn|auteur|source|author|reporter)\s?:\s.{2,40}"
)

_AGENCIES = "|".join(boilerplate_words.AGENCIES)
_SIGN_OFF = re.compile(
    rf"(?:[.!?。！？…]\s{{0,3}}[-–—]{{1,2}}\s?(?P<dashed>{_AGENCIES})"
    rf"|[.!?。！？…”»\"』」]\s{{0,3}}[(（\[](?P<framed>(?:{_AGENCIES})(?:\s?[-–—/、,，]\s?(?:{_AGENCIES}))*)[)）\]])\s?[.。]?/?\.?$"
)
_END_MARK = re.compile(
    r"(?:^|\s)[^\s/.:]+[.”\"»)]{0,2}\s?/\.$|[(（](?:完|END|End|КОНЕЦ|Hết)[)）]$|[.!?”\"]\s(?:Enditem|###|■)$"
)

_MENU_SEPARATOR = re.compile(r"\s*[|›]\s*|\s+>\s+")
_SENTENCE = re.compile(r"[.!?。！？…;；，,、：:“”\"]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_PROSE_END = re.compile(r"[.!?。！？…:：;；][\"'”’»)\]』」）\s]*$")
_SYMBOLS = re.compile(r"[\s|*#_=~<>/\\•·▪◦●○►▶◄+—–-]*")


def display_width(text: str) -> int:
    """Count characters, those of scripts without spaces (from U+2E80) twice."""
    return len(text) + sum(char >= "\u2e80" for char in text)


def is_teaser_heading(line: str) -> bool:
    """Tell whether a line is a heading over teasers of other articles."""
    return len(line) <= 60 and _HEADING.fullmatch(_bare(line)) is not None


def is_ambiguous(heading: str) -> bool:
    """Tell whether a heading over teasers may also be a heading within an article."""
    return _bare(heading).lower() in boilerplate_words.AMBIGUOUS_HEADINGS


def _bare(line: str) -> str:
    return line.strip(" \t:：…>»›.*#→+-|")


def is_boilerplate(line: str) -> bool:
    """Tell whether a line is boilerplate regardless of its place: a notice, a credit, buttons, symbols."""
    return (
        _SYMBOLS.fullmatch(line) is not None
        or (len(line) <= 300 and _NOTICE.match(line) is not None)
        or (len(line) <= 80 and _CREDIT.fullmatch(line) is not None)
        or _is_introduced_link(line)
        or share_buttons(line) == "buttons"
    )


def _is_introduced_link(line: str) -> bool:
    """Tell whether a line is a link to another article with its introduction: "Read also: ..."."""
    return _LINK.fullmatch(line) is not None and not line.endswith((".", "。"))


def is_byline(line: str) -> bool:
    """Tell whether a line near the top is a byline."""
    return len(line) <= 80 and _BYLINE.fullmatch(line) is not None


def share_buttons(line: str) -> str:
    """Return "buttons" for a row of share buttons, "platform" for a single button or platform, else ""."""
    if len(line) > 120:
        return ""
    words = [word for word in _BUTTON_SEPARATOR.split(line.casefold().strip(" .!")) if word]
    buttons, platforms = (sum(word in known for word in words) for known in (_BUTTONS, _PLATFORMS))
    if not buttons + platforms or not all(word in _BUTTON_WORDS for word in words):
        return ""
    return "buttons" if platforms > 1 or (buttons and len(words) > 1) else "platform"


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends like prose, unlike headlines, captions and credits."""
    return _PROSE_END.search(line) is not None or sign_off(line) is not None


def may_be_headline(line: str) -> bool:
    """Tell whether a line may be a headline, caption or link: no sentence, or a short question or quote."""
    return not ends_sentence(line) or (
        len(line) <= 100 and line.endswith(("?", "？", '"', "”", "»", "’", "'"))
    )


def sign_off(line: str) -> tuple[str, str] | None:
    """Return the form and the agency of a sign-off at the end of a line: ("dash", "AFP"); None without one.

    Forms are "dash" (–AFP), "framed" ((AFP)), and "end" (/., (完)), which names no agency.
    """
    tail = line[-80:]
    signed = _SIGN_OFF.search(tail)
    if signed:
        return ("dash", signed["dashed"]) if signed["dashed"] else ("framed", signed["framed"])
    return ("end", "") if _END_MARK.search(tail) else None


def is_menu(line: str) -> bool:
    """Tell whether a line is a row of links: headlines or menu items, without a sentence."""
    if _SENTENCE.search(line) or len(line) > 600:
        return False
    headlines = [part for part in line.split() if len(_HAN.findall(part)) >= 8]  # Chinese, between spaces
    if len(headlines) >= 3 and len(headlines) == len(line.split()):
        return True
    parts = [part for part in _MENU_SEPARATOR.split(line) if part]
    words = [len(part.split()) for part in parts]
    return len(parts) >= 3 and max(words) <= 4 and not any(char.isdigit() for char in line)
