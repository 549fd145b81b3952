"""Word documents (.docx, Strict Open XML too): what is seen in print, in its order.

Paragraphs in content controls and text boxes come where they stand, foot- and endnotes at the end.
Comments, deleted and hidden text are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.reading.cleaning.encoding import wash
from rag.reading.formats.document_properties import document_author, document_title
from rag.reading.formats.xml_documents import attribute, child, described, local, member, text_of
from rag.reading.formats.zip_archive import Archive
from rag.reading.raw_article import RawArticle

_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_TITLES = frozenset({"title", "heading 1"})
_ABOVE = 3
"""Lines that may stand above a title: an office, a day."""
_NOTE_TYPES = ("", "normal")


def read_word(data: bytes) -> RawArticle:
    """Read a document. Raises Unreadable where it is none."""
    archive = Archive(data)
    styles = _styles(archive)
    heading, lines = "", list[str]()
    for style, line in _lines(member(archive, "word/document.xml", "not_word"), styles):
        before = sum(map(bool, map(str.strip, lines)))
        if not heading and style in _TITLES and before <= (_ABOVE if style == "title" else 0):
            heading = line
        else:
            lines.append(line)
    for name in _NOTES:
        if name in archive.names():
            notes = member(archive, name, "not_word")
            lines += [
                line
                for each in notes
                if attribute(each, "type") in _NOTE_TYPES
                for _, line in _lines(each, styles)
            ]
    said = described(archive, "docProps/core.xml")
    title = wash(heading or document_title(said.get("title", "")))
    return RawArticle(lines, title, author=document_author(said.get("creator", "")))


def _styles(archive: Archive) -> dict[str, str]:
    """Return the names of paragraph styles by their ids, in lower case."""
    if "word/styles.xml" not in archive.names():
        return {}
    root = member(archive, "word/styles.xml", "not_word")
    named = ((attribute(each, "styleId"), child(each, "name")) for each in root if local(each) == "style")
    return {key: attribute(name, "val").lower() for key, name in named if name is not None}


def _lines(element: Any, styles: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the lines below an element, each with its paragraph's style."""
    for each in element:
        match local(each):
            case "p":
                yield from _paragraph(each, styles)
            case "tbl":
                yield from (("", row) for row in _rows(each))
            case "Fallback" | "sectPr":
                continue
            case _:
                yield from _lines(each, styles)


def _paragraph(element: Any, styles: dict[str, str]) -> Iterator[tuple[str, str]]:
    said = child(element, "pPr", "pStyle")
    style = styles.get(attribute(said, "val"), "") if said is not None else ""
    item = style.startswith("list") or child(element, "pPr", "numPr") is not None
    yield "", ""
    text = text_of(element)
    for line in [" ".join(text.split())] if style in _TITLES else text.split("\n"):
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


def _rows(table: Any) -> Iterator[str]:
    """Yield a table's rows; a table within a cell is text of the cell."""
    for row in _own(table, table, "{*}tr"):
        cells = [" ".join(text_of(p) for p in cell.iter("{*}p")) for cell in _own(row, table, "{*}tc")]
        yield " | ".join(" ".join(cell.split()) for cell in cells)


def _own(element: Any, table: Any, name: str) -> list[Any]:
    return [each for each in element.iter(name) if next(each.iterancestors("{*}tbl"), None) is table]
