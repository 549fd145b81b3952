"""Word's .docx: paragraphs, lists and tables as they stand, without what is struck out or hidden."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from rag.errors import Unreadable
from rag.reading.archive import Archive
from rag.reading.draft import Draft, titled
from rag.reading.encoding import wash
from rag.reading.naming import document_author, document_title

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEFT_OUT = {f"{_W}{name}" for name in ("del", "moveFrom", "txbxContent", "instrText")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_BREAKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read_word(data: bytes) -> Draft:
    """Read a document. Raises Unreadable where it is none."""
    Archive(data)  # within limits, before the library takes all of it
    from docx import Document
    from docx.table import Table

    try:
        document = Document(BytesIO(data))
        heading, lines = "", list[str]()
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                lines += _rows(block._tbl)
                continue
            style, text = str(block.style.name if block.style else ""), _text(block._p)
            if not heading and style in {"Title", "Heading 1"} and not any(map(str.strip, lines)):
                heading = text
            else:
                lines += ["", *_paragraph(block._p, style, text), ""]
        said = document.core_properties
        title, author = document_title(said.title or ""), document_author(said.author or "")
    except Unreadable:
        raise
    except Exception as error:  # the library raises what its parsers do
        raise Unreadable("It is not a Word document, or it is damaged.") from error
    title, lines = titled(wash(heading or title), lines)
    return Draft(lines, title, author=author)


def _paragraph(element: Any, style: str, text: str) -> Iterator[str]:
    item = style.startswith("List") or element.find(f"{_W}pPr/{_W}numPr") is not None
    for line in text.split("\n"):
        yield f"• {line}" if item and line.strip() else line


def _rows(table: Any) -> Iterator[str]:
    for row in table.iter(f"{_W}tr"):
        cells = [" ".join(_text(p) for p in cell.iter(f"{_W}p")) for cell in row.findall(f"{_W}tc")]
        yield " | ".join(" ".join(cell.split()) for cell in cells)


def _text(element: Any) -> str:
    return wash("".join(_pieces(element)))


def _pieces(element: Any) -> Iterator[str]:
    """The text below an element, without what nobody sees in print."""
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag not in _LEFT_OUT and child.find(f"{_W}rPr/{_W}vanish") is None:
            yield from _pieces(child)
