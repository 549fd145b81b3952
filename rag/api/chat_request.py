"""A request for a chat completion, in OpenAI's shape."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from rag.api.questions import MAX_QUESTION_CHARACTERS, Wishes
from rag.conversations.conversation import MAX_HISTORY
from rag.errors import Unreadable
from rag.types import Turn

DEFAULT = "byline"
"""The name of the model that answers by default."""


class Part(BaseModel):
    """A part of a message."""

    type: str
    text: str = ""


class ChatMessage(BaseModel):
    """A message. Byline's instructions are its own: those of the roles system and developer are not used."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """The message's text. Raises Unreadable for other content."""
        if isinstance(self.content, list):
            for part in self.content:
                if part.type != "text":
                    raise Unreadable("only_text", type=part.type)
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class StreamOptions(BaseModel):
    """Options of a stream."""

    include_usage: bool = False


class ChatRequest(BaseModel):
    """A request. What it has besides, such as a temperature, changes nothing: answers are checked as ever."""

    model: str = DEFAULT
    messages: list[ChatMessage] = Field(min_length=1)
    stream: bool = False
    n: int | None = None
    byline: Wishes = Wishes()

    def question(self) -> str:
        """Return the last message. Raises Unreadable if it is no question."""
        if self.n not in (None, 1):
            raise Unreadable("one_answer")
        last = self.messages[-1]
        if last.role != "user" or not last.text.strip() or len(last.text) > MAX_QUESTION_CHARACTERS:
            raise Unreadable("no_question")
        return last.text.strip()

    def history(self) -> list[Turn]:
        """Return the turns before the question, oldest first, at most as many as a follow-up is read with."""
        turns: list[Turn] = []
        for message in self.messages[:-1]:
            if message.role == "user":
                turns.append(Turn(message.text, ""))
            elif message.role == "assistant" and turns:
                turns[-1] = Turn(turns[-1].question, message.text)
        return [turn for turn in turns if turn.question.strip()][-MAX_HISTORY:]
