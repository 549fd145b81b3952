"""Find the date of publication that a page states.

Sources, in order: the address, meta tags, linked data, elements marked as the date of publication, time
elements, the dateline below the heading, the meta tag "date", the title, and at last htmldate (Apache-2.0),
which also searches the text. A source with several dates counts only if they are of the same week.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from datetime import date
from itertools import takewhile
from typing import Any

from rag.reading.cleaning.hidden_elements import prose_length
from rag.reading.cleaning.publication_dates import (
    DAY_FIRST,
    MONTH_FIRST,
    TOP_LINES,
    days_in,
    find_date,
    is_update,
    parse_date,
)
from rag.reading.formats.html_head import PageHead, host_of, path_of
from rag.reading.formats.html_lines import element_text, lines_of
from rag.text.article_language import article_language

_META = """
    article:published_time og:article:published_time datepublished dc.date dc.date.issued dcterms.issued
    dcterms.created pubdate publishdate publish-date publish_date parsely-pub-date sailthru.date
    publication_date published_time og:published_time article:published citation_publication_date
    citation_date article:create_at apub:time date_published displaydate
"""
"""Names of meta tags with the date of publication, the most reliable first."""
_CHANGED = ("article:modified_time", "og:updated_time", "dcterms.modified", "last-modified", "datemodified")
"""Names of meta tags with the date of the last change."""
_PUBLICATION_NAMES = re.compile(
    r"(?:^|\s)(?:published|dt-published|entry-date|datepublished|true)(?:\s|$)", re.IGNORECASE
)
"""Names of the date of publication in microformats, microdata and HTML 5."""
_IN_ADDRESS = re.compile(
    r"/((?:19|20)\d\d)[/-]?(\d\d)[/-]?(\d\d)(?!\d)|/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?=/|$)"
    r"|/(\d\d)-(\d\d)-((?:19|20)\d\d)(?!\d)"
)
_MAX_CORRECTION_DAYS = 7
"""Days after publication within which another date is that of a correction. Not fitted."""
_OTHER_ELEMENTS = ("footer", "nav", "aside", "script")
"""Elements whose dates are of copyright notices, other articles or programs."""
_FIRST_OF_MONTH = re.compile(r"(?<!\d)0?1(?:st|er|\.|/|-|日|\s)")
_YEAR_FIRST = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_REGION = re.compile(r"^en[-_]([A-Za-z]{2})$")
_MONTH_FIRST = frozenset({"US", "GOV", "MIL", "EDU"})
_DAY_FIRST = frozenset({"GB", "UK", "AU", "NZ", "IE", "IN", "ZA", "SG", "MY", "NG", "KE", "PK", "EU", "IL"})
"""Countries and top-level domains by their order of day and month in English."""
_SAMPLE_LINES = 200
"""Number of lines in which a page's language is detected. Not fitted."""


def published_on(tree: Any, head: PageHead, lines: Sequence[str], title: str = "") -> date | None:
    """Return the date of publication; None if no source except htmldate states one.

    `lines` are all lines of the page.
    """
    if day := day_in(head.url):
        return day
    day = _stated(tree, head, lines, title)
    return _with_checked_order(day, _all_text(tree, head, lines)) if day and day.day <= 12 else day


def _stated(tree: Any, head: PageHead, lines: Sequence[str], title: str) -> date | None:
    values = [value for name in _META.split() if (value := head.meta.get(name, ""))]
    if values and _YEAR_FIRST.match(values[0]) and (day := parse_date(values[0])):
        return None if _is_contradicted(day, tree, head) else day  # in any language
    language = _language(tree, head, lines)
    for value in values:
        if day := parse_date(value, language):
            return None if _is_contradicted(day, tree, head) else day
    for stated in (_in_linked_data(head), _marked(tree)):
        if day := _earliest(stated, _MAX_CORRECTION_DAYS):
            return day
    if day := _earliest(_times(tree.iter("time")), 0):
        return day
    weak = parse_date(head.meta.get("date", ""), language)  # of some programs the date of export
    return _below_heading(tree, lines, language, title) or weak or _in_title(head, language)


def _is_contradicted(day: date, tree: Any, head: PageHead) -> bool:
    """Tell whether only the meta tags state a day, and the time elements above the text another one.

    They may state that of the last change, or one of the same week.
    """
    upper = takewhile(lambda each: each.tag == "time" or not prose_length(each), tree.iter("time", "p"))
    shown = {*map(parse_date, _times(upper))} - {None}
    if not shown or day in map(parse_date, _in_linked_data(head)):
        return False
    changed = [*(head.meta.get(name, "") for name in _CHANGED), *_in_linked_data(head, "dateModified")]
    shown -= {*map(parse_date, changed)}
    return bool(shown) and all(abs((each - day).days) > _MAX_CORRECTION_DAYS for each in shown if each)


def _with_checked_order(day: date, text: str) -> date | None:
    """Return a date, with day and month swapped if unambiguous dates of the page require it; else None.

    07/11/2023 was read as 7 November, but the page has other dates in July, and none in November.
    """
    days = days_in(text, sure=True)
    months = {(each.year, each.month) for each in days}
    if (day.year, day.month) in months or (day.year, day.day) not in months:
        return day
    other = date(day.year, day.day, day.month)
    return other if other in days else None


def _all_text(tree: Any, head: PageHead, lines: Sequence[str]) -> str:
    """Return the text and the metadata of a page."""
    return "\n".join([*lines, *head.meta.values(), *_in_linked_data(head), *_times(tree.iter("time"))])


def search_date(tree: Any, head: PageHead) -> date | None:
    """Return the date that htmldate finds in a tree without hidden elements and boxes, or None.

    None also if meta tags and time elements disagree, if no text or attribute has that date, if it is that of
    an update, and if htmldate completed a month or a year with its first day.
    """
    from htmldate import find_date as search

    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    stated = [*_times(tree.iter("time")), *(head.meta.get(name, "") for name in _META.split())]
    if len({*map(parse_date, stated)} - {None}) > 1:
        return None  # of several articles, or contradictory
    inner = deepcopy(tree)
    for element in list(inner.iter(*_OTHER_ELEMENTS)):
        if element.getparent() is not None:
            element.drop_tree()
    try:
        found = search(inner, original_date=True, extensive_search=True, url=head.url or None)
    except Exception:  # a page can break any extractor
        return None
    day, lines = date.fromisoformat(found) if found else None, lines_of(inner)
    if not day or (day.day == 1 and not _FIRST_OF_MONTH.search("\n".join(lines[:_SAMPLE_LINES]))):
        return None
    text = "\n".join([*lines, *head.titles])
    language = _language(tree, head, lines_of(tree))
    return day if _occurs(day, inner, text, language) and not is_update(day, lines, language) else None


def _occurs(day: date, tree: Any, text: str, language: str) -> bool:
    """Tell whether the source of a tree or a text contains a date."""
    from lxml import etree

    source = etree.tostring(tree, encoding="unicode")
    forms = (day.isoformat(), f"{day:%Y/%m/%d}", f"{day:%Y%m%d}")
    return any(form in source for form in forms) or day in days_in(text, language)


def day_in(url: str) -> date | None:
    """Return the date in the path of an address, as /2021/03/12/, /20210312/ or /29-10-2021."""
    found = _IN_ADDRESS.search(path_of(url))
    return parse_date("-".join(filter(None, found.groups())), "en") if found else None


def _earliest(stated: Iterable[str], max_days: int) -> date | None:
    """Return the earliest of several dates; None if they span more than `max_days`, or there is none."""
    days = sorted(filter(None, map(parse_date, stated)))
    return days[0] if days and (days[-1] - days[0]).days <= max_days else None


def _in_linked_data(head: PageHead, name: str = "datePublished") -> list[str]:
    return [str(node[name]) for node in head.linked if node.get(name)]


def _times(elements: Iterable[Any]) -> list[str]:
    return [each.get("datetime", "") for each in elements if each.tag == "time"]


def _marked(tree: Any) -> Iterator[str]:
    """Yield the values of elements that are marked as the date of publication."""
    for element in tree.iter("time", "abbr", "span", "meta", "p", "div"):
        names = f"{element.get('class', '')} {element.get('itemprop', '')} {'pubdate' in element.attrib}"
        stated = element.get("datetime") or element.get("content") or element.get("title") or ""
        if stated and _PUBLICATION_NAMES.search(names):
            yield stated


def _below_heading(tree: Any, lines: Sequence[str], language: str, title: str) -> date | None:
    """Return the date in the dateline below the title, or below the first h1."""
    headings = {element_text(each) for each in tree.iter("h1")}
    first = next((n for n, line in enumerate(lines) if line in headings), 0)
    start = lines.index(title) if title in lines else first
    top = slice(start, start + 2 * TOP_LINES)
    return find_date(lines[top], language) or find_date(lines_of(tree, separated=True)[top], language)


def _in_title(head: PageHead, language: str) -> date | None:
    days = {
        day
        for title in head.titles
        for part in title.split("|")
        if (day := find_date([part.strip()], language))
    }
    return days.pop() if len(days) == 1 else None


def _language(tree: Any, head: PageHead, lines: Sequence[str]) -> str:
    """Return a page's language; in English with the order of day and month in the page's country."""
    language = article_language(" ".join(lines[:_SAMPLE_LINES]))
    if language != "en":
        return language
    tag = next(tree.iter("html"), tree).get("lang", "")
    regions = (_REGION.search(each) for each in (tag, head.meta.get("og:locale", "")))
    region = next((found[1].upper() for found in regions if found), "")
    country = host_of(head.url).rpartition(".")[2].upper()
    country = region if country not in _MONTH_FIRST | _DAY_FIRST else country
    if country in _MONTH_FIRST:
        return MONTH_FIRST
    return DAY_FIRST if country in _DAY_FIRST else language
