"""What answers and translates for conversations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.conversations.translation_task import Translate
from rag.events import Event
from rag.types import AnswerForm, AnswerStyle, Filters, Turn


class Ask(Protocol):
    """`Library.ask`."""

    def __call__(
        self,
        question: str,
        history: Sequence[Turn],
        model: str | None,
        filters: Filters,
        fallback_language: str = "",
        form: AnswerForm = "",
        style: AnswerStyle = AnswerStyle(),
        /,
    ) -> Iterator[Event]:
        """Yield the events of an answer."""
        ...


@dataclass(frozen=True, slots=True)
class Answers:
    """The services that answer and translate for conversations.

    `identify` returns the digest (SHA-256) of a model's file, "" if unknown.
    """

    ask: Ask
    identify: Callable[[str], str] = lambda _: ""
    translate: Translate = lambda *_: iter(())
