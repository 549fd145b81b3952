"""When a page says that its article was published.

Sources in order: the address, meta tags, linked data, elements marked as the date of publication, the
dateline beneath the heading, the meta tag "date", the page's title, and at last htmldate (Apache-2.0), which
also looks at the text. A source counts where all that it states is one day, or days of one week.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import date
from typing import Any

from rag.reading.cleaning.publication_dates import DAY_FIRST, MONTH_FIRST, TOP, days_in, find_date, parse_date
from rag.reading.formats.html_head import PageHead, host_of, path_of
from rag.reading.formats.html_lines import lines_of
from rag.text.article_language import article_language

_META = """
    article:published_time og:article:published_time datepublished dc.date dc.date.issued dcterms.issued
    dcterms.created pubdate publishdate publish-date publish_date parsely-pub-date sailthru.date
    publication_date published_time og:published_time article:published citation_publication_date
    citation_date article:create_at apub:time date_published displaydate
"""
"""Names of meta tags that state the date of publication, the surest first."""
_MARKED = re.compile(
    r"(?:^|\s)(?:published|dt-published|entry-date|datepublished|true)(?:\s|$)", re.IGNORECASE
)
"""Names by microformats, microdata and HTML 5 of the time of publication."""
_IN_ADDRESS = re.compile(
    r"/((?:19|20)\d\d)[/-]?(\d\d)[/-]?(\d\d)(?!\d)|/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?=/|$)"
)
_MAX_CORRECTION_DAYS = 7
"""Days after publication within which another day is that of a correction. Not fitted."""
_AROUND = ("footer", "nav", "aside", "script")
"""Elements whose dates are others': of rights, of other articles, of programs."""
_FIRST = re.compile(r"(?<!\d)0?1(?:st|er|\.|/|-|日|\s)")
_MAX_MONTH = 12
_REGION = re.compile(r"^en[-_]([A-Za-z]{2})$")
_MONTH_FIRST = frozenset({"US", "GOV", "MIL", "EDU"})
_DAY_FIRST = frozenset({"GB", "UK", "AU", "NZ", "IE", "IN", "ZA", "SG", "MY", "NG", "KE", "PK", "EU", "IL"})
"""Countries and top-level domains by the order of day and month in English."""
_SAMPLE_LINES = 200
"""Lines from which a page's language is detected."""


def published_on(tree: Any, head: PageHead, title: str = "") -> date | None:
    """Return the day of publication, or None where no source states one."""
    if day := day_in(head.url):
        return day
    language = _language(tree, head)
    day = _stated(tree, head, title, language)
    return _checked(day, _text(tree, head)) if day and day.day <= _MAX_MONTH else day


def _stated(tree: Any, head: PageHead, title: str, language: str) -> date | None:
    for name in _META.split():
        if day := parse_date(head.meta.get(name, ""), language):
            return day
    for stated in (_linked(head), _marked(tree)):
        if day := _first(stated, _MAX_CORRECTION_DAYS):
            return day
    if day := _first((each.get("datetime", "") for each in tree.iter("time")), 0):
        return day
    weak = parse_date(head.meta.get("date", ""), language)  # some programs put the day of their work there
    return _below_heading(tree, language, title) or weak or _in_title(head, language)


def _checked(day: date, text: str) -> date | None:
    """Return a day unless its page names another month, which is its day: 07/11/2023 where July is told."""
    days = days_in(text, sure=True)
    months = {(each.year, each.month) for each in days}
    if (day.year, day.month) in months or (day.year, day.day) not in months:
        return day
    other = date(day.year, day.day, day.month)
    return other if other in days else None


def _text(tree: Any, head: PageHead) -> str:
    """Return what a page shows and states."""
    times = (each.get("datetime", "") for each in tree.iter("time"))
    return "\n".join([*lines_of(tree), *head.meta.values(), *_linked(head), *times])


def search_date(tree: Any, head: PageHead) -> date | None:
    """Return the day that htmldate finds in a tree without hidden elements and boxes, or None.

    None also where marked times disagree, or where no text or attribute has that day. Of a bare month
    or year it makes the first day, which is left out.
    """
    from htmldate import find_date as search

    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    if len({parse_date(each.get("datetime", "")) for each in tree.iter("time")} - {None}) > 1:
        return None  # several articles
    inner = deepcopy(tree)
    for element in list(inner.iter(*_AROUND)):
        if element.getparent() is not None:
            element.drop_tree()
    try:
        found = search(inner, original_date=True, extensive_search=True, url=head.url or None)
    except Exception:  # a page can break any extractor
        return None
    day, lines = date.fromisoformat(found) if found else None, lines_of(inner)
    if not day or (day.day == 1 and not _FIRST.search("\n".join(lines[:_SAMPLE_LINES]))):
        return None
    return (
        day if _is_borne_out(day, inner, "\n".join([*lines, *head.titles]), _language(tree, head)) else None
    )


def _is_borne_out(day: date, tree: Any, text: str, language: str) -> bool:
    from lxml import etree

    source = etree.tostring(tree, encoding="unicode")
    forms = (day.isoformat(), f"{day:%Y/%m/%d}", f"{day:%Y%m%d}")
    return any(form in source for form in forms) or day in days_in(text, language)


def day_in(url: str) -> date | None:
    """Return the day that an address holds, as /2021/03/12/ or /20210312/."""
    found = _IN_ADDRESS.search(path_of(url))
    return parse_date("-".join(filter(None, found.groups()))) if found else None


def _first(stated: Iterable[str], max_days: int) -> date | None:
    """Return the first of the days stated; None where there is none, or a later one than `max_days` after."""
    days = sorted(filter(None, map(parse_date, stated)))
    return days[0] if days and (days[-1] - days[0]).days <= max_days else None


def _linked(head: PageHead) -> list[str]:
    return [str(node["datePublished"]) for node in head.linked if node.get("datePublished")]


def _marked(tree: Any) -> Iterator[str]:
    for element in tree.iter("time", "abbr", "span", "meta", "p", "div"):
        names = f"{element.get('class', '')} {element.get('itemprop', '')} {'pubdate' in element.attrib}"
        stated = element.get("datetime") or element.get("content") or element.get("title") or ""
        if stated and _MARKED.search(names):
            yield stated


def _below_heading(tree: Any, language: str, title: str) -> date | None:
    lines = lines_of(tree)
    headings = {" ".join("".join(each.itertext()).split()) for each in tree.iter("h1")}
    first = next((n for n, line in enumerate(lines) if line in headings), 0)
    start = lines.index(title) if title in lines else first
    top = slice(start, start + 2 * TOP)
    return find_date(lines[top], language) or find_date(lines_of(tree, separated=True)[top], language)


def _in_title(head: PageHead, language: str) -> date | None:
    days = {
        day
        for title in head.titles
        for part in title.split("|")
        if (day := find_date([part.strip()], language))
    }
    return days.pop() if len(days) == 1 else None


def _language(tree: Any, head: PageHead) -> str:
    """Return a page's language; of English also the order of day and month, by the page's country."""
    language = article_language(" ".join(lines_of(tree)[:_SAMPLE_LINES]))
    if language != "en":
        return language
    said = next(tree.iter("html"), tree).get("lang", "")
    regions = (_REGION.search(each) for each in (said, head.meta.get("og:locale", "")))
    region = next((found[1].upper() for found in regions if found), "")
    country = host_of(head.url).rpartition(".")[2].upper()
    country = region if country not in _MONTH_FIRST | _DAY_FIRST else country
    if country in _MONTH_FIRST:
        return MONTH_FIRST
    return DAY_FIRST if country in _DAY_FIRST else language
