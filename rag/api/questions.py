"""The parts of requests that ask or search: filters and wishes, as the command line's options."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from rag.api.access import Access
from rag.events import Event
from rag.library import Library
from rag.store.article_list import Column
from rag.types import AnswerForm, AnswerLength, AnswerStyle, Filters, Turn

MAX_QUESTION_CHARACTERS = 4_000
"""Maximum length of a question. Not fitted."""
MAX_K = 1_000
"""Maximum number of passages of a search, as for the command line."""
Question = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARACTERS)
]


class Narrowing(BaseModel):
    """Which articles to search; those that pass every filter that is set."""

    model_config = ConfigDict(extra="forbid")

    languages: list[str] = Field(default=[], description="ISO 639-1 codes.")
    since: date | None = Field(default=None, description="Articles of this day or later.")
    until: date | None = Field(default=None, description="Articles of this day or earlier.")
    sources: list[str] = Field(default=[], description="Outlets, or parts of a path or address.")
    articles: list[str] = Field(default=[], description="Ids of articles.")
    collections: list[str] = Field(default=[], description="Names of collections.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError("no day is both after `since` and before `until`")
        return self

    def filters(self, access: Access) -> Filters:
        """Return the filters, within what the sender may see."""
        return access.bounded(
            Filters(
                languages=tuple(self.languages),
                since=self.since,
                until=self.until,
                sources=tuple(self.sources),
                articles=tuple(self.articles),
                collections=tuple(self.collections),
            )
        )


class Wishes(Narrowing):
    """Which articles to answer from, and how."""

    form: AnswerForm = ""
    length: AnswerLength = "normal"
    instructions: str = Field(default="", max_length=MAX_QUESTION_CHARACTERS)

    def ask(
        self, library: Library, access: Access, question: str, history: list[Turn], model: str | None
    ) -> Iterator[Event]:
        """Ask the library; see Library.ask."""
        style = AnswerStyle(length=self.length, instructions=self.instructions)
        filters = self.filters(access)
        return library.ask(question, history, model, filters, form=self.form, style=style)


class Search(Narrowing):
    """A search for passages."""

    question: Question
    k: int = Field(default=10, ge=1, le=MAX_K, description="How many passages.")


class Listing(Narrowing):
    """A page of the list of articles; `words` must all be in one of an article's passages."""

    words: str = Field(default="", max_length=MAX_QUESTION_CHARACTERS)
    order: Column = "added"
    descending: bool = True
    limit: int = Field(default=100, ge=1, le=MAX_K)
    offset: int = Field(default=0, ge=0, le=1 << 53)


class Asking(Wishes):
    """A question, with the earlier turns of its conversation, oldest first."""

    question: Question
    model: str | None = None
    history: list[Turn] = Field(default=[], max_length=MAX_K)
