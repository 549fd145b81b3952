"""The entries of a notebook: answers, quotations and notes, copied so that they outlive their articles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from pydantic import TypeAdapter

from rag.types import ArticleInfo, Sentence

EntryKind = Literal["answer", "quotation", "note"]
"""An `answer` has citation marks [n] in its text; a `quotation` is an article's words; a `note` the
reader's."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSource:
    """A cited passage as of the time of keeping: `text` was at `start` to `end` of the article's text.

    Offsets are code points. `quoted` are the spans of `text` that the entry quotes.
    """

    article: ArticleInfo
    start: int
    end: int
    text: str
    quoted: tuple[Span, ...] = ()

    @property
    def spans(self) -> tuple[Span, ...]:
        """The quoted spans as offsets in the article's text."""
        return tuple((self.start + a, self.start + b) for a, b in self.quoted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of a notebook. `sources[n - 1]` is the source of the mark [n].

    `label` precedes a quotation: a timeline's date, a comparison's subject. `question` and `model` are those
    of the answer, "" if there is none; `origin` is that of keeping.origin. `sentences` are an answer's, with
    the support that they had.
    """

    id: str
    kind: EntryKind
    text: str
    language: str = ""
    label: str = ""
    question: str = ""
    model: str = ""
    origin: str = ""
    sources: tuple[KeptSource, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    kept: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class NotebookHead:
    """A notebook in a list, with its number of entries."""

    id: str
    name: str
    entries: int


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook and its entries in the reader's order."""

    head: NotebookHead
    entries: tuple[Entry, ...]


_RECORD = TypeAdapter(Entry)


def to_json(entry: Entry) -> str:
    """Serialise an entry as JSON."""
    return _RECORD.dump_json(entry).decode()


def from_json(record: str) -> Entry:
    """Parse the JSON of `to_json`. Raises ValueError."""
    return _RECORD.validate_json(record)
