"""Read OpenDocument texts, PowerPoint presentations, Excel workbooks and RTF."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

from rag.errors import Unreadable
from rag.reading.cleaning.encoding import wash
from rag.reading.formats import csv_json
from rag.reading.formats.document_properties import document_author, document_title
from rag.reading.formats.xml_documents import local_name, mixed_text, parse_member, read_properties, text_of
from rag.reading.formats.zip_archive import Archive
from rag.reading.raw_article import RawArticle, Unread

_MAX_ROWS = 2_000_000
"""Maximum rows of a sheet that are read. Not fitted."""
_NOTE = re.compile(r"\{(?:\\\*)?\\footnote(?:\\ftnalt)?(?![a-z])")
"""The control word of a footnote or endnote, which striprtf drops with its text."""
_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml")


def read_opendocument(data: bytes) -> RawArticle:
    """Read an OpenDocument text (.odt). Raises Unreadable if it is none."""
    archive = Archive(data)
    root = parse_member(archive, "content.xml", "not_kind", suffix=".odt")
    body = next(root.iter("{*}text"), root)
    heading, lines = "", list[str]()
    for name, line in _opendocument_lines(body):
        if name == "h" and not heading and not any(map(str.strip, lines)):
            heading = line
        else:
            lines += [line, ""]
    properties = read_properties(archive, "meta.xml")
    author = document_author(properties.get("initial-creator", "") or properties.get("creator", ""))
    return RawArticle(lines, heading or document_title(properties.get("title", "")), author=author)


def _opendocument_lines(element: Any) -> Iterator[tuple[str, str]]:
    """Yield the lines below an element: pairs of "h" (heading), "p" or "row", and the line."""
    for each in element:
        match local_name(each):
            case "h" | "p" as name:
                yield from ((name, line) for line in mixed_text(each).split("\n"))
                for inner in each.iter("{*}note-body", "{*}text-box"):
                    yield from _opendocument_lines(inner)
            case "list":
                yield from ((name, f"• {line}") for name, line in _opendocument_lines(each))
            case "table-row":
                cells = [" ".join(line for _, line in _opendocument_lines(cell)) for cell in each]
                yield "row", " | ".join(cells)
            case "tracked-changes" | "annotation":
                continue
            case _:
                yield from _opendocument_lines(each)


def read_slides(data: bytes) -> RawArticle:
    """Read the text of a presentation's slides (.pptx), in order. Raises Unreadable if it is none."""
    archive = Archive(data)
    numbered = sorted((int(found[1]), name) for name in archive.names() if (found := _SLIDE.fullmatch(name)))
    lines = list[str]()
    for _, name in numbered:
        slide = parse_member(archive, name, "not_kind", suffix=".pptx")
        lines += [*(text_of(p) for p in slide.iter("{*}p")), ""]
    properties = read_properties(archive, "docProps/core.xml")
    title = document_title(properties.get("title", ""))
    author = document_author(properties.get("creator", ""))
    return RawArticle(lines, title, author=author)


def read_sheets(data: bytes) -> Iterator[RawArticle | Unread]:
    """Read a workbook (.xlsx): an article for each row if columns are named as fields, else for a sheet.

    Raises Unreadable if it is not a workbook, or has no text.
    """
    from python_calamine import CalamineWorkbook

    Archive(data)  # checks the limits on sizes before the library reads all of it
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        sheets = [(name, book.get_sheet_by_name(name).to_python()[:_MAX_ROWS]) for name in book.sheet_names]
    except Exception as error:  # the library has an exception for each kind of damage
        raise Unreadable("not_kind", suffix=".xlsx") from error
    found = False
    for name, rows in sheets:
        cells = [[_cell(value) for value in row] for row in rows]
        records = [dict(zip(cells[0], row, strict=False)) for row in cells[1:]] if cells else []
        try:
            parts = list(csv_json.articles(records))
        except Unreadable:
            lines = [" | ".join(filter(None, row)) for row in cells if any(row)]
            parts = [RawArticle(lines, name)] if lines else []
        for part in parts:
            found = True
            yield replace(part, place=f"!/{name}{part.place}")
    if not found:
        raise Unreadable("no_text_in_it")


def _cell(value: object) -> str:
    text = str(value)
    return wash(text.removesuffix(".0") if isinstance(value, float) else text).strip()


def rtf_text(data: bytes) -> str:
    """Return the text of RTF, converted by striprtf (BSD). Raises Unreadable if it is not RTF."""
    import striprtf.striprtf

    convert: Any = striprtf.striprtf.rtf_to_text
    try:
        return wash(convert(_NOTE.sub("{ ", data.decode("latin-1")), errors="ignore"))
    except Exception as error:  # the library raises any error of its parser
        raise Unreadable("not_kind", suffix=".rtf") from error
