"""Read parallel passages with questions, as in XQuAD and MLQA."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag.errors import NothingThere
from rag.evaluation.datasets import Dataset, Document, Question, language_code
from rag.evaluation.json_rows import JsonRow, distinct, read_rows
from rag.locales.message import Message


def read_parallel(passages: Path, questions: Path, languages: Sequence[str]) -> Dataset:
    """Read every passage and question in each language; all versions of a passage are answers.

    Rows of `passages` are {"id", "en": text, "zh": text, ...}; rows of `questions` are {"id",
    "passage": id, "q": {"en": question, ...}}. Raises NothingThere, naming file and line, for a row that is
    invalid or lacks a language.
    """
    codes = _codes(languages)
    rows = list(distinct(read_rows(passages), "id"))
    ids = {row.text("id") for row in rows}
    documents = [
        Document(id=row.text("id"), language=code, text=_paragraph(_in(row, code)))
        for row in rows
        for code in codes
    ]
    asked = [
        Question(id=row.text("id"), language=code, text=_in(row.inner("q"), code), answers=answers)
        for row in distinct(read_rows(questions), "id")
        for answers in [frozenset(f"{code}/{_passage(row, ids, passages)}" for code in codes)]
        for code in codes
    ]
    return Dataset(documents, asked, codes)


def _codes(languages: Sequence[str]) -> tuple[str, ...]:
    named = (code.strip() for code in languages)
    codes = tuple(dict.fromkeys(language_code(code, "--languages") for code in named if code))
    if not codes:
        raise NothingThere("no_languages")
    return codes


def _in(row: JsonRow, language: str) -> str:
    """Return the text in a language. Raises NothingThere, naming the available ones, if it is missing."""
    if text := row.optional(language):
        return text
    others = ", ".join(key for key in row.values if len(key) == len("en") and key != "id")
    available = others or Message.of("language_none")
    raise NothingThere("language_lacking", where=row.where, language=language, others=available)


def _passage(row: JsonRow, ids: set[str], passages: Path) -> str:
    passage = row.text("passage")
    if passage not in ids:
        raise NothingThere("passage_lacking", where=row.where, passage=passage, file=passages.name)
    return passage


def _paragraph(text: str) -> str:
    """Join a passage into one paragraph; a short first line would be read as a title."""
    return " ".join(text.split())
