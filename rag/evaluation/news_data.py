"""Read news articles as a known-item data set: each article answers its own headline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from rag.errors import NothingThere
from rag.evaluation.datasets import Dataset, Document, Question, language_code
from rag.evaluation.json_rows import JsonRow, distinct, read_rows
from rag.text.sentences import sentences


def read_news(files: Sequence[Path]) -> Dataset:
    """Read all articles, each with its title as the question.

    An article without a title is searched by the first sentence that begins in the second half of its text;
    without such a sentence it has no question. Rows are {"id", "lang", "date", "title", "text", "url"}; date,
    title and url may be missing. Raises NothingThere, naming file and line, for an invalid row.
    """
    rows = distinct(chain.from_iterable(read_rows(file) for file in files), "lang", "id")
    documents = [_document(row) for row in rows]
    questions = list(chain.from_iterable(map(_question, documents)))
    if not questions:
        raise NothingThere("nothing_to_ask")
    return Dataset(documents, questions, tuple(dict.fromkeys(d.language for d in documents)))


def repeated_titles(documents: Sequence[Document]) -> int:
    """Count the articles that share their title with another one in the same language."""
    counts = Counter((document.language, document.title) for document in documents if document.title)
    return sum(count for count in counts.values() if count > 1)


def _document(row: JsonRow) -> Document:
    return Document(
        id=row.text("id"),
        language=language_code(row.text("lang"), row.where),
        text=row.text("text"),
        title=" ".join(row.optional("title").split()),
        published=row.optional("date"),
        url=row.optional("url"),
    )


def _question(document: Document) -> Iterator[Question]:
    asked = document.title or _later_sentence(document)
    if asked:
        yield Question(
            id=document.id,
            language=document.language,
            text=asked,
            answers=frozenset([document.key]),
            kind="title" if document.title else "sentence",
        )


def _later_sentence(document: Document) -> str:
    spans = sentences(document.text, document.language)
    half = len(document.text) / 2
    return next((document.text[start:end] for start, end in spans if start >= half), "")
