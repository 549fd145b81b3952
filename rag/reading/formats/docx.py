"""Read Word documents (.docx, also Strict Open XML): the text that is printed, in its order.

Paragraphs in content controls and text boxes are in place, footnotes and endnotes at the end. Comments,
deleted and hidden text are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.reading.cleaning.encoding import wash
from rag.reading.formats.document_properties import document_author, document_title
from rag.reading.formats.xml_documents import (
    attribute,
    child,
    local_name,
    parse_member,
    read_properties,
    text_of,
)
from rag.reading.formats.zip_archive import Archive
from rag.reading.raw_article import RawArticle

_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_TITLE_STYLES = frozenset({"title", "heading 1"})
_MAX_LINES_ABOVE_TITLE = 3
"""Maximum number of lines above a paragraph in title style, such as an office or a date. Not fitted."""
_NOTE_TYPES = ("", "normal")
"""Types of notes with text; others are separators."""


def read_word(data: bytes) -> RawArticle:
    """Read a document. Raises Unreadable if it is none."""
    archive = Archive(data)
    styles = _styles(archive)
    heading, lines = "", list[str]()
    for style, line in _lines(parse_member(archive, "word/document.xml", "not_word"), styles):
        before = sum(map(bool, map(str.strip, lines)))
        max_before = _MAX_LINES_ABOVE_TITLE if style == "title" else 0
        if not heading and style in _TITLE_STYLES and before <= max_before:
            heading = line
        else:
            lines.append(line)
    for name in _NOTES:
        if name in archive.names():
            notes = parse_member(archive, name, "not_word")
            lines += [
                line
                for each in notes
                if attribute(each, "type") in _NOTE_TYPES
                for _, line in _lines(each, styles)
            ]
    properties = read_properties(archive, "docProps/core.xml")
    title = wash(heading or document_title(properties.get("title", "")))
    return RawArticle(lines, title, author=document_author(properties.get("creator", "")))


def _styles(archive: Archive) -> dict[str, str]:
    """Return the names of paragraph styles by their ids, in lower case."""
    if "word/styles.xml" not in archive.names():
        return {}
    root = parse_member(archive, "word/styles.xml", "not_word")
    named = (
        (attribute(each, "styleId"), child(each, "name")) for each in root if local_name(each) == "style"
    )
    return {key: attribute(name, "val").lower() for key, name in named if name is not None}


def _lines(element: Any, styles: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the lines below an element: pairs of the paragraph's style and the line."""
    for each in element:
        match local_name(each):
            case "p":
                yield from _paragraph(each, styles)
            case "tbl":
                yield from (("", row) for row in _rows(each, styles))
            case "Fallback" | "sectPr":
                continue
            case _:
                yield from _lines(each, styles)


def _paragraph(element: Any, styles: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the lines of a paragraph between blank lines, then those of its text boxes."""
    reference = child(element, "pPr", "pStyle")
    style = styles.get(attribute(reference, "val"), "") if reference is not None else ""
    item = style.startswith("list") or child(element, "pPr", "numPr") is not None
    yield "", ""
    text = text_of(element)
    for line in [" ".join(text.split())] if style in _TITLE_STYLES else text.split("\n"):
        yield style, f"• {line}" if item and line.strip() else line
    yield "", ""
    outer = [
        box
        for box in element.iter("{*}txbxContent")
        if next(box.iterancestors("{*}txbxContent"), None) is None
    ]
    new = [box for box in outer if next(box.iterancestors("{*}Fallback"), None) is None]
    for box in new or outer:
        yield from _lines(box, styles)


def _rows(table: Any, styles: dict[str, str]) -> Iterator[str]:
    """Yield a table's rows, cells separated by bars; a table or box within a cell is text of the cell."""
    for row in _own_elements(table, table, "{*}tr"):
        cells = (_lines(cell, styles) for cell in _own_elements(row, table, "{*}tc"))
        yield " | ".join(" ".join(" ".join(line for _, line in cell).split()) for cell in cells)


def _own_elements(element: Any, table: Any, name: str) -> list[Any]:
    """Return the elements of a name that belong to a table, not to one within it."""
    return [each for each in element.iter(name) if next(each.iterancestors("{*}tbl"), None) is table]
