"""Exports of press databases (LexisNexis, Factiva, Europresse): many articles in one file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.reading.cleaning.encoding import decode
from rag.reading.cleaning.hidden_elements import prose
from rag.reading.formats.html_lines import lines_of, parse
from rag.reading.formats.plain_text import page
from rag.reading.raw_article import RawArticle

_END = re.compile(
    r"End of Document|Document [A-Z]{2,8}0{0,6}(?:19|20)\d{6}\w{4,12}|\d{1,4} of \d{1,4} DOCUMENTS?"
    r"|(?:Document|Article) \d{1,4} (?:of|de|sur) \d{1,4}"
)
"""The line that ends an article of an export, or begins the next."""
_MIN_ARTICLES = 2
_EXPORTED = re.compile(r"europresse|lexisnexis|nexis uni|factiva|proquest|wisers", re.IGNORECASE)
_MIN_PROSE = 200
"""Characters of prose from which a box of an export is an article."""


def split_export(found: RawArticle) -> Iterator[RawArticle]:
    """Yield the articles of an export; a document that is none is its one article."""
    marks = [n for n, line in enumerate(found.lines) if _END.fullmatch(line.strip())]
    if len(marks) < _MIN_ARTICLES:
        yield found
        return
    lines = [found.title, "", *found.lines]
    parts = _split(lines, {n + 2 for n in marks})
    for number, part in enumerate(parts, 1):
        yield replace(found, lines=part, title="", place=f"{found.place}#{number}")


def split_page(data: bytes, address: str = "") -> Iterator[RawArticle]:
    """Yield the articles of a page: several where a press database has exported it."""
    text = decode(data, html=True) if _EXPORTED.search(data[:20_000].decode("latin-1")) else ""
    tree = parse(text) if text else None
    boxes = [each for each in tree.iter("article") if prose(each) >= _MIN_PROSE] if tree is not None else []
    if len(boxes) < _MIN_ARTICLES:
        yield page(data, address)
        return
    for number, box in enumerate(boxes, 1):
        yield RawArticle(lines_of(box), place=f"#{number}")


def _split(lines: Sequence[str], marks: set[int]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for n, line in enumerate(lines):
        if n in marks:
            parts.append([])
        else:
            parts[-1].append(line)
    return [part for part in parts if any(map(str.strip, part))]
