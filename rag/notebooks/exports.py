"""Export a notebook as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from rag.conversations.export import file_stem
from rag.notebooks.entries import Notebook
from rag.notebooks.notebook_markdown import markdown
from rag.notebooks.reference_lists import bibtex, house_list, ris
from rag.notebooks.references import cited_articles
from rag.notebooks.word_document import word_document

ExportForm = Literal["docx", "md", "txt", "bib", "ris"]
"""The whole notebook as Word or Markdown; its references in house style, as BibTeX or as RIS."""
FORMS: tuple[ExportForm, ...] = get_args(ExportForm)
_TYPES: dict[ExportForm, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown",
    "txt": "text/plain",
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
}


@dataclass(frozen=True, slots=True)
class NotebookFile:
    """A file for download: name, media type and bytes."""

    name: str
    type: str
    data: bytes


def exported(notebook: Notebook, form: ExportForm, language: str) -> NotebookFile:
    """Export a notebook, with headings and labels in a language."""
    name = file_stem(notebook.head.name) or notebook.head.id
    return NotebookFile(f"{name}.{form}", _TYPES[form], _data(notebook, form, language))


def _data(notebook: Notebook, form: ExportForm, language: str) -> bytes:
    if form == "docx":
        return word_document(notebook, language)
    articles = cited_articles(notebook.entries)
    texts = {"md": lambda: markdown(notebook, language), "txt": lambda: house_list(articles, language)}
    texts |= {"bib": lambda: bibtex(articles), "ris": lambda: ris(articles)}
    return texts[form]().encode("utf-8", "replace")
