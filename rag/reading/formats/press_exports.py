"""Exports of press databases (LexisNexis, Factiva, Europresse): many articles in one file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from rag.reading.cleaning.boilerplate_words import EXPORT_MARKS
from rag.reading.cleaning.encoding import decode
from rag.reading.cleaning.hidden_elements import prose
from rag.reading.formats.html_lines import lines_of, parse
from rag.reading.formats.plain_text import page
from rag.reading.raw_article import RawArticle

_END = re.compile("|".join(EXPORT_MARKS))
_MIN_ARTICLES = 2
_WORD = re.compile(r"\w\w")
_EXPORTED = re.compile(r"europresse|lexisnexis|nexis uni|factiva|proquest|wisers", re.IGNORECASE)
_MIN_PROSE = 200
"""Characters of prose from which a box of an export is an article."""


def split_export(found: RawArticle) -> Iterator[RawArticle]:
    """Yield the articles of an export; a document that is none is its one article."""
    lines = [found.title, "", *found.lines]
    marks = [n for n, line in enumerate(lines) if _END.fullmatch(line.strip())]
    if len(marks) < _MIN_ARTICLES:
        yield found
        return
    bounds = [0, *(n + 1 for n in marks), len(lines)]
    parts = [lines[start:end] for start, end in pairwise(bounds)]
    for number, part in enumerate((part for part in parts if any(map(_is_text, part))), 1):
        yield replace(found, lines=part, title="", place=f"{found.place}#{number}")


def _is_text(line: str) -> bool:
    return _WORD.search(line) is not None and not _END.fullmatch(line.strip())


def split_page(data: bytes, address: str = "") -> Iterator[RawArticle]:
    """Yield the articles of a page: several where a press database has exported it."""
    text = decode(data, html=True) if _EXPORTED.search(data[:20_000].decode("latin-1")) else ""
    tree = parse(text) if text else None
    boxes = [each for each in tree.iter("article") if prose(each) >= _MIN_PROSE] if tree is not None else []
    if len(boxes) < _MIN_ARTICLES:
        parts = list(split_export(RawArticle(lines_of(tree)))) if tree is not None else []
        yield from parts if len(parts) >= _MIN_ARTICLES else [page(data, address)]
        return
    for number, box in enumerate(boxes, 1):
        yield RawArticle(lines_of(box), place=f"#{number}")
