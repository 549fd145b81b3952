"""The request of a reader, and the query that query rewriting derives from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rag.retrieval.spelling import with_mended
from rag.types import AnswerStyle, Filters, Mended, Turn


@dataclass(frozen=True, slots=True)
class Request:
    """A question with everything that its answer depends on.

    `language` is the question's, an ISO 639-1 code. `history` holds the conversation's earlier turns,
    oldest first. `style` only changes the prompt; the answer is verified in any case.
    """

    question: str
    language: str
    model: str
    history: tuple[Turn, ...] = ()
    filters: Filters = Filters()
    style: AnswerStyle = AnswerStyle()


class Variants(NamedTuple):
    """A follow-up with less context: with none, after the last answer, after the questions it depends on.

    Compared with the full context, these retrieve fewer passages that answered the earlier questions.
    """

    alone: str
    after_answer: str
    after_questions: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question in the forms that the steps of answering need. Query rewriting makes it.

    `original` is the question as the reader typed it. `standalone` can be understood without the
    conversation; it equals `original` unless the question is a follow-up. `variants` are further forms of a
    follow-up, None for any other question. `context` is the part of the conversation that a follow-up
    depends on, "" where a model has already written it into `standalone`. `mended` are its misspelled names
    with the library's spellings. `named_language` is the language in which the question asks to be answered,
    "" where it names none.
    """

    original: str
    language: str
    standalone: str
    variants: Variants | None = None
    context: str = ""
    named_language: str = ""
    mended: tuple[Mended, ...] = ()

    @property
    def answer_language(self) -> str:
        """The language of the answer: the one that the question asks for, else the question's own."""
        return self.named_language or self.language

    @property
    def is_follow_up(self) -> bool:
        """Whether the question depends on the conversation."""
        return self.variants is not None

    @property
    def rewritten(self) -> str:
        """The standalone form of a follow-up, as shown to the reader; "" for any other question."""
        return self.standalone if self.is_follow_up else ""

    @property
    def for_search(self) -> tuple[str, ...]:
        """The forms used for retrieval and to rank passages; a passage counts by its best form."""
        forms = (self.standalone, *(self.variants or ()))
        return (*forms, *map(self._mended_form, forms)) if self.mended else forms

    @property
    def for_prompt(self) -> str:
        """The question sent to the model beside `context`.

        Given the joined history as one question, small models answer the earlier turns again.
        """
        return self.original if self.context else self.standalone

    @property
    def for_verification(self) -> str:
        """The form whose content an answer may repeat without adding a claim of its own."""
        return self._mended_form(self.standalone)

    @property
    def for_entities(self) -> str:
        """The form whose names and dates must occur in an article that answers."""
        return self._mended_form(self.original)

    def _mended_form(self, text: str) -> str:
        """Return a form with its misspelled names in the library's spelling."""
        return with_mended(text, self.mended)
