"""HTML pages: the article's lines, and what the page says of it."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from rag.reading.dates import TOP, find_date, parse_date
from rag.reading.encoding import wash
from rag.reading.furniture import is_caption
from rag.reading.language import detect
from rag.reading.naming import document_author
from rag.reading.visible import prune

_UNREAD = "script style template noscript svg nav footer aside form select button iframe"
_SKIPPED = frozenset(_UNREAD.split())
_HEADINGS = ("h1", "h2", "h3")
_FOLLOWED = _SKIPPED | {"title", *_HEADINGS}
_WITHIN_LINES = """
    a abbr b bdi bdo big cite code em font i img ins kbd label mark q s samp small span strong sub sup time u
    var wbr
"""
_INLINE = frozenset(_WITHIN_LINES.split())
_APART = frozenset({"span", "time", "a"})
_SEAM = "\ue000"
"""Where such an element begins; no text has it."""
_PUBLISHED = """
    article:published_time og:article:published_time datepublished date dc.date dc.date.issued dcterms.issued
    dcterms.created pubdate publishdate publish-date publish_date parsely-pub-date sailthru.date
    publication_date published_time og:published_time article:published citation_publication_date
    citation_date article:create_at apub:time date_published displaydate
"""
"""Names of meta tags that state the date of publication, the surest first."""
_LARGEST = 1_500_000
"""Characters up to which trafilatura is asked: it takes 2 to 3 seconds for a million."""
_HEAD = 300_000
"""Characters of a larger page in which what it says of itself is looked for."""
_AUTHORS = (
    "author article:author dc.creator dcterms.creator byl parsely-author citation_author og:article:author"
)
_AUTHOR_NAME = re.compile(r'"author"\s*:\s*(?:\[\s*)?\{[^{}]{0,400}?"name"\s*:\s*"((?:[^"\\]|\\.){2,80})"')
_IS_PUBLISHED = re.compile(r"(?:^|\s)(?:published|dt-published|entry-date|datepublished|true)(?:\s|$)", re.I)
"""What microformats, microdata and HTML 5 call the time of publication."""
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_DAY = re.compile(r"/((?:19|20)\d\d)[/-]?(\d\d)[/-]?(\d\d)(?!\d)")
_DATE_PUBLISHED = re.compile(r'"datePublished"\s*:\s*("[^"\\]{4,60}")')
_TELLING = 200
"""Lines that tell a page's language."""
_SENTENCE = 20
"""Characters from which on a description is one."""
_BULLET = re.compile(r"^- ", re.MULTILINE)
"""What trafilatura puts before the items of a list."""
_SITE = re.compile(r"\s+[|–—·•»-]\s+[^|–—·•»]{2,40}$|[_|][^_|]{2,30}$")
_PARTS = re.compile(r"\s+[|–—·•»-]\s+|\s*[_|]\s*|(?<=\w): ")
"""Between a title and the site's name, and what else a browser shows above a page."""
_SHOWN_AS = 12
"""Letters from which on a line that is a part of that is its title."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds: the article's lines without its title, and what its head says."""

    title: str
    lines: Sequence[str]
    published: date | None
    outlet: str
    author: str
    url: str


def read_page(text: str, address: str = "") -> Page:
    """Read a page: its article by trafilatura (Apache-2.0), by its blocks where that finds none.

    `address` is where it stands, if that is known and the page does not say so.
    """
    large = len(text) > _LARGEST
    seen = _seen(text[:_HEAD] if large else text)
    tree = _tree(text, page=True)
    shown = _shown(tree) or _seen(text)  # before the tree is taken apart
    small = tree is not None and not large
    extracted = _BULLET.sub("• ", _extracted(tree) or "") if small else ""
    title = _title(seen, shown.lines)
    lines = extracted.split("\n") if extracted.strip() else shown.lines or seen.lines
    if extracted.strip():
        lines = [*_standfirst(seen, shown.lines, title, extracted), *_below(title, lines, shown.lines)]
    lines = [line for line in lines if not is_caption(line)]
    url = next(filter(_ADDRESS.fullmatch, (seen.canonical, seen.meta.get("og:url", ""), address)), "")
    published = _published(seen, shown) or _day_in(url)
    return Page(title, lines, published, seen.meta.get("og:site_name", ""), _author(seen), url)


def read_fragment(text: str) -> list[str]:
    """The lines of a piece of HTML that is the article and nothing else: of a feed, a mail, a book."""
    return (_shown(_tree(text, page=False)) or _seen(text)).lines


def _seen(text: str) -> _Reader:
    seen = _Reader()
    seen.feed(text)
    seen.close()
    return seen


def _tree(text: str, *, page: bool) -> Any:
    """What is visible of a page, as a tree of lxml; None where it cannot be had."""
    from trafilatura.utils import load_html

    try:
        tree = load_html(text)
        if tree is not None:
            prune(tree, page=page)
    except Exception:
        # A page can break any parser; ours, which takes everything, still reads it.
        return None
    return tree


def _shown(tree: Any) -> _Reader | None:
    from lxml import html

    return None if tree is None else _seen(html.tostring(tree, encoding="unicode"))


def _extracted(tree: Any) -> str | None:
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found: Any = bare_extraction(tree, include_comments=False, favor_recall=True)
    except Exception:  # see _tree
        return None
    return str(found.text or "") if found is not None else None


def _standfirst(seen: _Reader, shown: Sequence[str], title: str, extracted: str) -> list[str]:
    """What stands between title and text, and is what the page says of itself, where it was left out."""
    said = [seen.meta.get(name, "") for name in ("og:description", "description", "twitter:description")]
    start = next((n for n, line in enumerate(shown) if line == title), len(shown))
    for line in shown[start + 1 : start + 1 + 2 * TOP]:
        if line in extracted:
            break
        if len(line) >= _SENTENCE and any(
            len(each) >= _SENTENCE and line.startswith(each.rstrip(".… ")) for each in said
        ):
            return [line, ""]
    return []


def _below(title: str, lines: Sequence[str], shown: Sequence[str]) -> Sequence[str]:
    """The lines without what stands over the page's title: a section's name, a menu, a notice."""
    above = set(shown[: shown.index(title)]) if title in shown else set()
    start = next((n for n, line in enumerate(lines) if line not in above), 0)
    letters = [len(line) for line in lines]
    return lines[start:] if 2 * sum(letters[:start]) < sum(letters) else lines


def _author(seen: _Reader) -> str:
    """Who the page says wrote it: a name, not an address or an account."""
    said = [seen.meta.get(name, "") for name in _AUTHORS.split()]
    said += [json.loads(f'"{name}"') for name in _AUTHOR_NAME.findall(seen.data)[:1]]
    return next((name for name in said if document_author(name)), "")


def _day_in(url: str) -> date | None:
    """The day that an address holds: /2021/03/12/ or /20210312/."""
    found = _DAY.search(urlsplit(url).path)
    return parse_date("-".join(found.group(1, 2, 3))) if found else None


def _title(seen: _Reader, shown: Sequence[str]) -> str:
    """Return the heading that the page's own title confirms, or that title without the site's name."""
    named = seen.meta.get("og:title", "") or seen.meta.get("twitter:title", "") or seen.title
    headings = [heading for heading in seen.headings if heading]
    confirmed = [heading for heading in (*headings, *seen.lesser) if len(heading) > 3 and heading in named]
    if confirmed:
        return max(confirmed, key=len)
    if len(headings) == 1 and not seen.meta.get("og:title"):
        return headings[0]
    parts = [part for part in _PARTS.split(named) if part in shown and len(part) >= _SHOWN_AS]
    return max(parts, key=len, default="") or _SITE.sub("", named) or named


def _published(seen: _Reader, shown: _Reader) -> date | None:
    """Return the date that the page's head, its data or time elements, or its dateline states.

    Data and times of other articles may stand beside this one's: only where all agree they count.
    """
    for name in _PUBLISHED.split():
        if day := parse_date(seen.meta.get(name, "")):
            return day
    data = [json.loads(found) for found in _DATE_PUBLISHED.findall(seen.data)]
    for stated in (data, seen.published, seen.times):
        days = {parse_date(each) for each in stated}
        if len(days) == 1 and (day := days.pop()):
            return day
    heading = next((n for n, line in enumerate(shown.lines) if line in seen.headings), 0)
    language = detect(" ".join(shown.lines[:_TELLING]))
    top = slice(heading, heading + 2 * TOP)
    return find_date(shown.lines[top], language) or find_date(shown.apart[top], language)


def _lines(text: str) -> list[str]:
    return [line for each in text.split("\n") if (line := " ".join(each.split()))]


class _Reader(HTMLParser):
    """Reads any page to its end: title, headings, meta tags, linked data, times, lines of text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.headings: list[str] = []
        self.meta: dict[str, str] = {}
        self.data = ""
        self.times: list[str] = []
        self.published: list[str] = []
        self.lesser: list[str] = []
        self.canonical = ""
        self._text: list[str] = []
        self._within = Counter[str]()
        self._skipped = 0  # elements around what is read now that hold no text of the page

    @cached_property
    def lines(self) -> list[str]:
        """The visible text, a line for each block; to be asked for once all is read."""
        return _lines("".join(self._text).replace(_SEAM, ""))

    @property
    def apart(self) -> list[str]:
        """The same lines, with marks between what styles set apart."""
        return _lines("".join(self._text).replace(_SEAM, " | "))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of what a tag says, and of where the text after it stands."""
        said = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = said.get("property") or said.get("name") or said.get("itemprop") or ""
            self.meta.setdefault(name.lower(), wash(said.get("content", "")).strip())
        elif tag == "link" and "canonical" in said.get("rel", "").split():
            self.canonical = self.canonical or said.get("href", "")
        elif tag == "time" and said.get("datetime"):
            self.times.append(said["datetime"])
            if _IS_PUBLISHED.search(
                f"{said.get('class', '')} {said.get('itemprop', '')} {'pubdate' in said}"
            ):
                self.published.append(said["datetime"])
        elif tag == "script" and said.get("type") == "application/ld+json":
            self._within["data"] += 1
        elif tag in _HEADINGS:
            (self.headings if tag == "h1" else self.lesser).append("")
        self._within[tag] += tag in _FOLLOWED
        self._skipped += tag in _SKIPPED
        self._text.append(_SEAM if tag in _APART else "" if tag in _INLINE else "\n")

    def handle_endtag(self, tag: str) -> None:
        """Leave what the tag opened."""
        if self._within[tag]:
            self._within[tag] -= 1
            self._skipped -= tag in _SKIPPED
        if tag == "script":
            self._within["data"] = 0
        for found in (self.headings, self.lesser) if tag in _HEADINGS else ():
            found[-1:] = [" ".join(heading.split()) for heading in found[-1:]]
        self._text.append("" if tag in _INLINE else "\n")

    def handle_data(self, data: str) -> None:
        """Put text where it belongs."""
        if self._within["data"]:
            self.data += data
        elif self._within["title"]:
            self.title = " ".join(f"{self.title} {data}".split())
        elif not self._skipped:
            self._text.append(re.sub(rf"[\s{_SEAM}]+", " ", data))
            for tag in _HEADINGS:
                if self._within[tag]:
                    (self.headings if tag == "h1" else self.lesser)[-1] += data
