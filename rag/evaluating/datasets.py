"""What is evaluated on: documents, and questions of which it is known what answers them."""

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
    """A text that is indexed as an article; `published` is YYYY-MM-DD or "", `url` an address or ""."""

    id: str
    language: str
    text: str
    title: str = ""
    published: str = ""
    url: str = ""

    @property
    def key(self) -> str:
        """What names it among all documents: `<language>/<id>`."""
        return f"{self.language}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, in which language, and the keys of all documents that answer it."""

    id: str
    language: str
    text: str
    answers: frozenset[str]
    kind: Literal["question", "title", "sentence"] = "question"

    @property
    def key(self) -> str:
        """What names it among all questions: `<language>/<id>`."""
        return f"{self.language}/{self.id}"


@dataclass(frozen=True, slots=True)
class Dataset:
    """Documents and questions; `languages` are those of either, in the order of the tables."""

    documents: Sequence[Document]
    questions: Sequence[Question]
    languages: tuple[str, ...]

    def asked_in(self, language: str) -> list[Question]:
        """The questions of one language."""
        return [question for question in self.questions if question.language == language]

    def others(self, language: str) -> tuple[str, ...]:
        """The languages but one."""
        return tuple(code for code in self.languages if code != language)

    def limited(self, n: int | None) -> Dataset:
        """The same with only the first n questions of each language; all documents stay."""
        if n is None:
            return self
        first = [question for language in self.languages for question in self.asked_in(language)[:n]]
        return replace(self, questions=first)

    def digest(self) -> str:
        """64 hex digits that change with any of the documents."""
        digest = hashlib.sha256()
        for document in self.documents:
            digest.update(json.dumps(asdict(document), sort_keys=True).encode())
        return digest.hexdigest()


def language_code(code: str, where: str) -> str:
    """An ISO 639-1 code, checked. Raises NothingThere, naming where it stands."""
    if not _CODE.fullmatch(code):
        raise NothingThere(f"{where}: “{code}” is no language; write two letters, as in en or zh.")
    return code
