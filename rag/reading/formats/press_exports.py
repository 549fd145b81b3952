"""Split exports of press databases (LexisNexis, Factiva, Europresse), which hold many articles in one
file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from rag.reading.cleaning.boilerplate_words import EXPORT_MARKS
from rag.reading.cleaning.encoding import decode
from rag.reading.cleaning.hidden_elements import prose_length
from rag.reading.formats.html_lines import lines_of, parse
from rag.reading.formats.plain_text import page
from rag.reading.raw_article import RawArticle

_SEPARATOR = re.compile("|".join(EXPORT_MARKS))
_MIN_ARTICLES = 2
"""Minimum number of articles in an export. Not fitted."""
_WORD = re.compile(r"\w\w")
_EXPORTED = re.compile(r"europresse|lexisnexis|nexis uni|factiva|proquest|wisers", re.IGNORECASE)
_MIN_PROSE_WIDTH = 200
"""Minimum display width of the prose of an article element in an export. Not fitted."""


def split_export(found: RawArticle) -> Iterator[RawArticle]:
    """Yield the articles of an export; the unchanged article if it is not an export."""
    lines = [found.title, "", *found.lines]
    marks = [n for n, line in enumerate(lines) if _SEPARATOR.fullmatch(line.strip())]
    if len(marks) < _MIN_ARTICLES:
        yield found
        return
    bounds = [0, *(n + 1 for n in marks), len(lines)]
    parts = [lines[start:end] for start, end in pairwise(bounds)]
    for number, part in enumerate((part for part in parts if any(map(_is_text, part))), 1):
        yield replace(found, lines=part, title="", place=f"{found.place}#{number}")


def _is_text(line: str) -> bool:
    return _WORD.search(line) is not None and not _SEPARATOR.fullmatch(line.strip())


def split_page(data: bytes, address: str = "") -> Iterator[RawArticle]:
    """Yield the articles of an HTML page: several if it is the export of a press database."""
    text = decode(data, html=True) if _EXPORTED.search(data[:20_000].decode("latin-1")) else ""
    tree = parse(text) if text else None
    boxes = list(tree.iter("article")) if tree is not None else []
    boxes = [each for each in boxes if prose_length(each) >= _MIN_PROSE_WIDTH]
    if len(boxes) < _MIN_ARTICLES:
        parts = list(split_export(RawArticle(lines_of(tree)))) if tree is not None else []
        yield from parts if len(parts) >= _MIN_ARTICLES else [page(data, address)]
        return
    for number, box in enumerate(boxes, 1):
        yield RawArticle(lines_of(box), place=f"#{number}")
