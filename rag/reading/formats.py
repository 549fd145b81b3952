"""What each format gives of an article: its lines, and what it says of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from rag.reading.dates import datelines, parse_date
from rag.reading.encoding import wash
from rag.reading.frontmatter import LANGUAGE, OUTLET, PUBLISHED, TITLE, first, split_off
from rag.reading.furniture import is_page, is_row
from rag.reading.lines import tidy, unwrap
from rag.reading.markdown import reduce
from rag.reading.page import read_page

MARKDOWN = frozenset({".md", ".markdown"})
PLAIN = frozenset({".txt"})
HTML = frozenset({".html", ".htm"})

_LONGEST_TITLE = 200
"""Characters beyond which a first line is no title."""
_TOP = 5
"""Lines at the top among which a title that is known already may stand again."""
_CODE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", re.I | re.S
)
_SENTENCE = re.compile(r".{10,150}?(?:[.!?…](?=\s|$)|[。！？])")


@dataclass(frozen=True, slots=True)
class Draft:
    """An article before cleaning: its lines, and what the format says; "" and None where it doesn't."""

    lines: Sequence[str]
    title: str
    language: str = ""
    published: date | None = None
    outlet: str = ""


def draft(text: str, suffix: str) -> Draft:
    """Read a text by its format; a page that was saved as something else is read as a page.

    The lines do not hold the title.
    """
    if suffix in HTML or _PAGE.match(text):
        page = read_page(text)
        title, lines = _titled(wash(page.title), page.lines)
        return Draft(lines, title, published=page.published, outlet=page.outlet)
    if suffix in MARKDOWN:
        return _markdown(text)
    title, lines = _titled("", unwrap(text.split("\n")))
    return Draft(lines, title)


def _markdown(text: str) -> Draft:
    said, body = split_off(text)
    heading, lines = reduce(body)
    title = first(said, TITLE)
    if title and heading and not _same(title, heading):
        lines = [heading, "", *lines]
    title, lines = _titled(wash(title or heading), unwrap(lines))
    code = _CODE.fullmatch(first(said, LANGUAGE))
    language = code[1].lower() if code else ""
    published = parse_date(first(said, PUBLISHED), language)
    return Draft(lines, title, language, published, wash(_outlet(first(said, OUTLET))).strip())


def _outlet(said: str) -> str:
    """Return an outlet's name; of an address, its host."""
    host = urlsplit(said).hostname if re.match(r"https?://[^\s\[\]]+$", said) else None
    return (host or said).removeprefix("www.")


def _titled(title: str, lines: Sequence[str]) -> tuple[str, list[str]]:
    """Return the title, and the lines without it; the first line is the title where none is known."""
    rest = list(lines)
    title = " ".join(title.split())
    if title:
        for n in [n for n, line in enumerate(rest) if line.strip()][:_TOP]:
            if _same(rest[n], title):
                rest[n] = ""
        return _shortened(title), rest
    dated = datelines(rest)
    tidied = [tidy(line) for line in rest]
    filled = [
        n
        for n, line in enumerate(tidied)
        if line and n not in dated and not is_page(line) and not is_row(line)
    ]
    if not filled:
        return "", rest
    title = tidied[filled[0]]
    if len(filled) > 1 and not _is_prose(title):
        rest[filled[0]] = ""
        return title, rest
    sentence = _SENTENCE.match(title)
    return _shortened(sentence[0] if sentence else title), rest


def _is_prose(line: str) -> bool:
    """Tell whether a first line is the beginning of the text rather than its title."""
    stops = line.endswith((".", "。")) and len(line) > (40 if line[-1] == "。" else 100)
    return stops or len(line) > _LONGEST_TITLE or len(_SENTENCE.findall(line)) > 1


def _shortened(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…"


def _same(one: str, other: str) -> bool:
    """Tell whether two titles differ in nothing but case, spaces and punctuation."""
    bare = [re.sub(r"[\W_]+", "", title.casefold()) for title in (one, other)]
    return bare[0] == bare[1] != ""
