"""Passages that say the same in several languages, and questions on them, as in XQuAD and MLQA."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag.errors import NothingThere
from rag.evaluating.datasets import Dataset, Document, Question, language_code
from rag.evaluating.rows import Row, distinct, read_rows


def read_parallel(passages: Path, questions: Path, languages: Sequence[str]) -> Dataset:
    """Every passage and every question in each of the languages; all versions of a passage answer.

    Rows of `passages` are {"id", "en": text, "zh": text, ...}; rows of `questions` are {"id",
    "passage": id, "q": {"en": question, ...}}. Raises NothingThere, naming file and line, where a row
    cannot be used or lacks a language.
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
        raise NothingThere("--languages names none; write them like this: en,zh,vi.")
    return codes


def _in(row: Row, language: str) -> str:
    """The text in a language. Raises NothingThere, naming those that there are, where it is missing."""
    if text := row.optional(language):
        return text
    others = ", ".join(key for key in row.values if len(key) == len("en") and key != "id")
    raise NothingThere(f"{row.where}: there is no text in “{language}”; there is {others or 'none'}.")


def _passage(row: Row, ids: set[str], passages: Path) -> str:
    passage = row.text("passage")
    if passage not in ids:
        raise NothingThere(f"{row.where}: it asks about passage {passage}, which {passages.name} lacks.")
    return passage


def _paragraph(text: str) -> str:
    """A passage is one paragraph: a short first line of it would be read as an article's title."""
    return " ".join(text.split())
