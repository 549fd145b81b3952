"""Read news in XML: agencies' NITF, NewsML and NewsML-G2 (IPTC); also feeds and pages named .xml."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.errors import Unreadable
from rag.reading.cleaning.encoding import xml_as_utf8
from rag.reading.cleaning.publication_dates import parse_date
from rag.reading.formats import plain_text, rss
from rag.reading.formats.html_lines import lines_of
from rag.reading.formats.xml_documents import attribute, local_name, mixed_text, parse_xml, words_of
from rag.reading.raw_article import RawArticle, Unread, language_code

_BLOCKS = ("{*}p", "{*}hl2", "{*}li", "{*}pre", "{*}tr")
_FEEDS = frozenset({"rss", "feed", "RDF"})


def read_xml(data: bytes) -> Iterator[RawArticle | Unread]:
    """Yield the articles of an XML file. Raises Unreadable if it is of another kind."""
    root = parse_xml(xml_as_utf8(data), "not_kind", suffix=".xml")
    if local_name(root) in _FEEDS:
        yield from rss.read_feed(data)
    elif local_name(root) == "html":
        yield plain_text.page(data)
    elif items := list(root.iter("{*}newsItem")):
        for item in items:
            key = attribute(item, "guid") if len(items) > 1 else ""
            yield _news_item(item, f"#{key}" if key else "")
    elif stories := list(root.iter("{*}NewsItem")) or list(root.iter("{*}nitf")):
        for number, story in enumerate(stories, 1):
            yield _nitf(story, f"#{number}" if len(stories) > 1 else "")
    else:
        raise Unreadable("not_kind", suffix=".xml")


def _nitf(root: Any, place: str = "") -> RawArticle:
    """Read a story in NITF or NewsML 1: headline, byline, date of issue, paragraphs."""
    issued = [attribute(each, "norm") for each in root.iter("{*}date.issue", "{*}story.date")]
    issued += [_first(root, "FirstCreated"), _first(root, "ThisRevisionCreated")]
    return RawArticle(
        _paragraphs(root),
        _first(root, "hl1") or _first(root, "HeadLine") or _first(root, "title"),
        language_code(attribute(root, "lang")),
        next((day for each in issued if (day := parse_date(_dashed(each)))), None),
        _first(root, "distributor"),
        _first(root, "byttl") or _first(root, "person") or _first(root, "byline") or _first(root, "ByLine"),
        place=place,
    )


def _news_item(item: Any, place: str) -> RawArticle:
    """Read an item of NewsML-G2, whose text is NITF, XHTML or plain."""
    inner = next(item.iter("{*}inlineXML", "{*}inlineData"), None)
    story = next(inner.iter("{*}nitf"), None) if inner is not None else None
    lines = _paragraphs(story) if story is not None else lines_of(inner) if inner is not None else []
    title, stated = _first(item, "headline"), _first(item, "contentCreated") or _first(item, "versionCreated")
    author = next((_first(each, "name") for each in item.iter("{*}creator")), "")
    outlet = next((_first(each, "name") for each in item.iter("{*}provider")), "")
    language = next((attribute(each, "tag") for each in item.iter("{*}language")), "") or attribute(
        item, "lang"
    )
    return RawArticle(lines, title, language_code(language), parse_date(stated), outlet, author, place=place)


def _paragraphs(body: Any) -> list[str]:
    inner = next(body.iter("{*}body.content"), body)
    outer = (each for each in inner.iter(*_BLOCKS) if next(each.iterancestors(*_BLOCKS), None) is None)
    return [_joined(each) for each in outer]


def _joined(block: Any) -> str:
    cells = list(block.iter("{*}td", "{*}th")) or [block]
    return " | ".join(" ".join(mixed_text(each).split()) for each in cells)


def _first(root: Any, name: str) -> str:
    """Return the text of the first element with a name; "" if there is none."""
    found = next(root.iter(f"{{*}}{name}"), None)
    return words_of(found) if found is not None else ""


def _dashed(norm: str) -> str:
    """Return a date as 2024-03-12 if it is written as 20240312."""
    return f"{norm[:4]}-{norm[4:6]}-{norm[6:8]}" if norm[:8].isdigit() else norm
