"""HTML pages: the article's lines, and what the page says of it."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from typing import Any

from rag.reading.dates import TOP, find_date, parse_date
from rag.reading.encoding import wash
from rag.reading.language import detect

_UNREAD = "script style template noscript svg nav footer aside form select button iframe"
_SKIPPED = frozenset(_UNREAD.split())
_FOLLOWED = _SKIPPED | {"title", "h1"}
_WITHIN_LINES = """
    a abbr b bdi bdo big cite code em font i img ins kbd label mark q s samp small span strong sub sup time u
    var wbr
"""
_INLINE = frozenset(_WITHIN_LINES.split())
_PUBLISHED = """
    article:published_time og:article:published_time datepublished date dc.date dc.date.issued dcterms.issued
    dcterms.created pubdate publishdate publish-date publish_date parsely-pub-date sailthru.date
"""
"""Names of meta tags that state the date of publication, the surest first."""
_HIDDEN = [
    "//*[@hidden]",
    "//*[contains(translate(@style, ' ', ''), 'display:none')]",
    "//*[contains(translate(@style, ' ', ''), 'visibility:hidden')]",
    "//*[contains(translate(@style, ' ', ''), 'font-size:0')]",
]
_DATE_PUBLISHED = re.compile(r'"datePublished"\s*:\s*("[^"\\]{4,60}")')
_BULLET = re.compile(r"^- ", re.MULTILINE)
"""What trafilatura puts before the items of a list."""
_SITE = re.compile(r"\s+[|–—·•»-]\s+[^|–—·•»]{2,40}$|[_|][^_|]{2,30}$")


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds: the article's lines without its title, and what its head says."""

    title: str
    lines: Sequence[str]
    published: date | None
    outlet: str


def read_page(text: str, address: str = "") -> Page:  # noqa: ARG001 - the address tells the day, soon
    """Read a page: its article by trafilatura (Apache-2.0), by its blocks where that finds none."""
    seen = _Reader()
    seen.feed(text)
    seen.close()
    extracted = _BULLET.sub("• ", _extracted(text) or "")
    lines = extracted.split("\n") if extracted.strip() else seen.lines
    return Page(_title(seen), lines, _published(seen), seen.meta.get("og:site_name", ""))


def read_fragment(text: str) -> list[str]:
    """The lines of a piece of HTML that is the article and nothing else: of a feed, a mail, a book."""
    seen = _Reader()
    seen.feed(text)
    seen.close()
    return seen.lines


def _extracted(text: str) -> str | None:
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found: Any = bare_extraction(text, include_comments=False, prune_xpath=_HIDDEN)
    except Exception:
        # A page can break any parser; ours, which takes everything, still reads it.
        return None
    return str(found.text or "") if found is not None else None


def _title(seen: _Reader) -> str:
    """Return the heading that the page's own title confirms, or that title without the site's name."""
    named = seen.meta.get("og:title", "") or seen.meta.get("twitter:title", "") or seen.title
    headings = [heading for heading in seen.headings if heading]
    confirmed = [heading for heading in headings if len(heading) > 3 and heading in named]
    if confirmed:
        return max(confirmed, key=len)
    if len(headings) == 1 and not seen.meta.get("og:title"):
        return headings[0]
    return _SITE.sub("", named) or named


def _published(seen: _Reader) -> date | None:
    """Return the date that the page's head, its data or time elements, or its dateline states.

    Data and times of other articles may stand beside this one's: only where all agree they count.
    """
    for name in _PUBLISHED.split():
        if day := parse_date(seen.meta.get(name, "")):
            return day
    for stated in ([json.loads(found) for found in _DATE_PUBLISHED.findall(seen.data)], seen.times):
        days = {parse_date(each) for each in stated}
        if len(days) == 1 and (day := days.pop()):
            return day
    heading = next((n for n, line in enumerate(seen.lines) if line in seen.headings), 0)
    return find_date(seen.lines[heading : heading + 2 * TOP], detect(" ".join(seen.lines)))


class _Reader(HTMLParser):
    """Reads any page to its end: title, headings, meta tags, linked data, times, lines of text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.headings: list[str] = []
        self.meta: dict[str, str] = {}
        self.data = ""
        self.times: list[str] = []
        self._text: list[str] = []
        self._within = Counter[str]()

    @property
    def lines(self) -> list[str]:
        """The visible text, a line for each block."""
        lines = ("".join(self._text)).split("\n")
        return [line for each in lines if (line := " ".join(each.split()))]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of what a tag says, and of where the text after it stands."""
        said = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = said.get("property") or said.get("name") or said.get("itemprop") or ""
            self.meta.setdefault(name.lower(), wash(said.get("content", "")).strip())
        elif tag == "time" and said.get("datetime"):
            self.times.append(said["datetime"])
        elif tag == "script" and said.get("type") == "application/ld+json":
            self._within["data"] += 1
        elif tag == "h1":
            self.headings.append("")
        self._within[tag] += tag in _FOLLOWED
        self._text.append("" if tag in _INLINE else "\n")

    def handle_endtag(self, tag: str) -> None:
        """Leave what the tag opened."""
        if self._within[tag]:
            self._within[tag] -= 1
        if tag == "script":
            self._within["data"] = 0
        if tag == "h1" and self.headings:
            self.headings[-1] = " ".join(self.headings[-1].split())
        self._text.append("" if tag in _INLINE else "\n")

    def handle_data(self, data: str) -> None:
        """Put text where it belongs."""
        if self._within["data"]:
            self.data += data
        elif self._within["title"]:
            self.title = " ".join(f"{self.title} {data}".split())
        elif not any(self._within[tag] for tag in _SKIPPED):
            self._text.append(re.sub(r"\s+", " ", data))
            if self._within["h1"]:
                self.headings[-1] += data
