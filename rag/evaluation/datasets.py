"""Data sets: documents, and questions with the documents that answer them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal

from rag.errors import NothingThere

_CODE = re.compile("[a-z]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text to index as an article; `published` is YYYY-MM-DD or "", `url` an address or ""."""

    id: str
    language: str
    text: str
    title: str = ""
    published: str = ""
    url: str = ""

    @property
    def key(self) -> str:
        """The key among all documents: `<language>/<id>`."""
        return f"{self.language}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, its language, and the keys of all documents that answer it."""

    id: str
    language: str
    text: str
    answers: frozenset[str]
    kind: Literal["question", "title", "sentence"] = "question"

    @property
    def key(self) -> str:
        """The key among all questions: `<language>/<id>`."""
        return f"{self.language}/{self.id}"


@dataclass(frozen=True, slots=True)
class Dataset:
    """Documents and questions; `languages` are those of both, in the order of the tables."""

    documents: Sequence[Document]
    questions: Sequence[Question]
    languages: tuple[str, ...]

    def asked_in(self, language: str) -> list[Question]:
        """List the questions in a language."""
        return [question for question in self.questions if question.language == language]

    def others(self, language: str) -> tuple[str, ...]:
        """List all languages except one."""
        return tuple(code for code in self.languages if code != language)

    def limited(self, n: int | None) -> Dataset:
        """Keep only the first n questions of each language, and all documents."""
        if n is None:
            return self
        first = [question for language in self.languages for question in self.asked_in(language)[:n]]
        return replace(self, questions=first)

    def digest(self) -> str:
        """SHA-256 of all documents, 64 hex digits."""
        digest = hashlib.sha256()
        for document in self.documents:
            digest.update(json.dumps(asdict(document), sort_keys=True).encode())
        return digest.hexdigest()


def language_code(code: str, where: str) -> str:
    """Validate an ISO 639-1 code. Raises NothingThere, naming its place."""
    if not _CODE.fullmatch(code):
        raise NothingThere("not_a_language", where=where, code=code)
    return code
