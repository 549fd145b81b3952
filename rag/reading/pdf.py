"""PDF by PDFium: lines in the order in which they were set, and from them paragraphs."""

from __future__ import annotations

import ctypes
import re
import time
from collections.abc import Iterator, Sequence
from typing import Any

from rag.errors import Unreadable
from rag.reading.draft import Draft, Unread, titled
from rag.reading.encoding import wash
from rag.reading.layout import Line, body_size, paragraphs, without_margins
from rag.reading.naming import document_author, document_title

_SECONDS = 6.0
"""Seconds of computing after which the rest of a document is left."""
_HEADING = 1.15
"""How much larger than the text a title is set."""
_LONGEST_TITLE = 300
_SCANNED = "It is a scanned page, a picture without text: run text recognition (OCR) on it first."
_SOFT_HYPHEN = re.compile(r"[\x02\u00ad\ufffe]$")


def read_pdf(data: bytes) -> Iterator[Draft | Unread]:
    """Yield a document's article, and the pages that hold no text but pictures.

    Raises Unreadable where it is damaged or locked, or has no text at all.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "assword" in str(error)
        raise Unreadable(
            "It is protected by a password." if locked else "It is no PDF file, or it is damaged."
        ) from error
    pages, unread = _pages(document)
    if not any(pages):
        raise Unreadable(_SCANNED if unread else "There is no text in it.")
    yield _draft(document.get_metadata_dict(), without_margins(pages))
    yield from unread


def _pages(document: Any) -> tuple[list[list[Line]], list[Unread]]:
    pages, unread, began = list[list[Line]](), list[Unread](), time.process_time()
    for number in range(len(document)):
        if time.process_time() - began > _SECONDS:
            unread.append(Unread(f"#page-{number + 1}", "From this page on it was not read: split it."))
            break
        try:
            page = document[number]
            pages.append(list(_lines(page)))
            if not pages[-1] and _has_picture(page):
                unread.append(Unread(f"#page-{number + 1}", _SCANNED))
            page.close()
        except Exception as error:  # PDFium's own, and what broken numbers do to the wrapper
            pages.append([])
            unread.append(Unread(f"#page-{number + 1}", f"It is damaged: {type(error).__name__}."))
    return pages, unread


def _lines(page: Any) -> Iterator[Line]:
    """The lines of a page, as PDFium's text has them, each with its place."""
    import pypdfium2.raw as pdfium

    text = page.get_textpage()
    height, at = page.get_height(), 0
    for raw in text.get_text_range().split("\n"):
        line = raw.rstrip("\r ")
        lead = len(line) - len(line.lstrip())
        if line.strip():
            first, last = at + lead, at + len(line) - 1
            left, bottom, _, _ = text.get_charbox(first, loose=True)
            right = max(text.get_charbox(last, loose=True)[2], left)
            x, y = ctypes.c_double(), ctypes.c_double()
            pdfium.FPDFText_GetCharOrigin(text, first, x, y)
            size = pdfium.FPDFText_GetFontSize(text, first) or 1.0
            scale = _scale(pdfium, text, first)
            soft = _SOFT_HYPHEN.search(line) is not None
            shown = wash(_SOFT_HYPHEN.sub("", line)).strip()
            yield Line(shown, left, right, y.value or bottom, size * scale, height, soft)
        at += len(raw) + 1
    text.close()


def _scale(pdfium: Any, text: Any, index: int) -> float:
    """How much the text's matrix enlarges its font: programs set size 1 and scale it."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(text, index, matrix):
        return 1.0
    return float(abs(matrix.d) or abs(matrix.b) or 1.0)


def _has_picture(page: Any) -> bool:
    import pypdfium2.raw as pdfium

    return any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _draft(said: dict[str, str], pages: Sequence[Sequence[Line]]) -> Draft:
    heading = _heading(pages)
    rest = [[line for line in page if line not in heading] for page in pages]
    title = " ".join(line.text for line in heading) or document_title(wash(said.get("Title", "")))
    title, lines = titled(title, paragraphs(rest))
    return Draft(lines, title, author=document_author(wash(said.get("Author", ""))))


def _heading(pages: Sequence[Sequence[Line]]) -> list[Line]:
    """The first page's largest lines, where they stand together and are larger than the text."""
    first = next((page for page in pages if page), ())
    largest = max((line.size for line in first if len(line.text) > 1), default=0.0)
    if largest < _HEADING * body_size(pages):
        return []
    sizes = [line.size > 0.97 * largest for line in first]
    start = sizes.index(True)
    end = next((n for n in range(start, len(first)) if not sizes[n]), len(first))
    heading = list(first[start:end])
    return heading if 3 < sum(len(line.text) for line in heading) <= _LONGEST_TITLE else []
