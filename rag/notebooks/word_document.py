"""Export a notebook as a Word document with headings, quotations, notes and numbered references."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

from rag.notebooks.blocks import Block, blocks
from rag.notebooks.entries import Notebook
from rag.notebooks.references import one_line

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
_HANGING_CM = 0.9
"""Indent of a reference's second line, in cm. Not fitted."""
_STYLES = {"text": None, "item": "List Bullet", "quotation": "Quote", "credit": "Caption"}


def word_document(notebook: Notebook, language: str) -> bytes:
    """Return a notebook as a .docx file, with headings and labels in a language."""
    import docx

    document = docx.Document()
    _describe(document, notebook.head.name, language)
    document.add_heading(one_line(notebook.head.name), 0)
    for block in blocks(notebook, language):
        _add(document, block)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _describe(document: Document, name: str, language: str) -> None:
    """Set the document's properties, which would otherwise be those of python-docx's template."""
    about, now = document.core_properties, datetime.now(UTC).replace(tzinfo=None)
    about.title, about.author, about.comments, about.language = one_line(name), "", "", language
    about.created = about.modified = now


def _add(document: Document, block: Block) -> None:
    match block.kind:
        case "question":
            document.add_heading(one_line(block.text), 1)
        case "heading":
            document.add_heading(one_line(block.text), 2)
        case "table":
            _add_table(document, block.rows)
        case "note":
            for part in re.split(r"\n\s*\n", block.text):
                _add_lines(document.add_paragraph(), part)
        case "reference":
            _add_reference(document.add_paragraph(), block)
        case _:
            if block.label:
                document.add_paragraph().add_run(block.label).bold = True
            _add_lines(document.add_paragraph(style=_STYLES[block.kind]), block.text)


def _add_lines(paragraph: Paragraph, text: str) -> None:
    """Add a text with its line breaks."""
    run = paragraph.add_run()
    for n, line in enumerate(one.rstrip() for one in text.strip("\n").split("\n")):
        if n:
            run.add_break()
        run.add_text(one_line(line))


def _add_table(document: Document, rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(len(rows), max(map(len, rows)), style="Table Grid")
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=False):
            cell.text = one_line(text)
    for cell in table.rows[0].cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
    document.add_paragraph()


def _add_reference(paragraph: Paragraph, block: Block) -> None:
    """Add a numbered reference; its address is a link."""
    from docx.shared import Cm

    shape = paragraph.paragraph_format
    shape.left_indent, shape.first_line_indent = Cm(_HANGING_CM), Cm(-_HANGING_CM)
    before, address, after = block.text.rpartition(block.address) if block.address else (block.text, "", "")
    paragraph.add_run(f"[{block.number}]\t{before}")
    if address:
        _add_link(paragraph, address)
    paragraph.add_run(after)


def _add_link(paragraph: Paragraph, address: str) -> None:
    """Add a link, for which python-docx has no method."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, _LINK, is_external=True))
    run = paragraph.add_run(address)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)
