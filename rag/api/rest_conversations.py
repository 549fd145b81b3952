"""Conversations below /api, which the page shows too, for those who may see all articles.

Those of people who have signed in are theirs alone.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import ConfigDict

from rag.api.access import current
from rag.api.engine import Engine
from rag.api.questions import Narrowing, Question
from rag.conversations import Conversation
from rag.errors import NothingThere
from rag.library import Library
from rag.service import json_output
from rag.types import AnswerForm, Filters

Json = dict[str, Any]


class NextQuestion(Narrowing):
    """A question that begins or continues a conversation."""

    model_config = ConfigDict(extra="forbid")

    question: Question
    model: str | None = None
    form: AnswerForm = ""

    def ask(self, library: Library, conversation: Conversation, filters: Filters) -> None:
        """Begin the answer, which is written whether or not anyone waits for it."""
        filters = library.collections.resolved(filters)
        model = self.model or conversation.model or library.default_model()
        conversation.ask(self.question, model, filters, form=self.form)


def conversation_routes(engine: Engine) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/conversations", dependencies=[Depends(_all_articles)])

    @router.get("", summary="The conversations, the newest first")
    async def heads(limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[Json]:
        found = await engine.call(lambda library: library.conversations.heads())
        nobodys = [head for head in found if head.person is None][:limit]
        return [json_output.conversation_head(head) for head in nobodys]

    @router.get("/{id}", summary="A conversation, with its answers as far as they are written")
    async def one(id: str) -> Json:
        return await engine.call(lambda library: json_output.conversation(_found(library, id)))

    @router.post("", status_code=202, summary="Begin a conversation with a question")
    async def begin(asked: NextQuestion) -> Json:
        return await _ask(engine, asked, "")

    @router.post("/{id}", status_code=202, summary="Ask the next question of a conversation")
    async def go_on(id: str, asked: NextQuestion) -> Json:
        return await _ask(engine, asked, id)

    return router


async def _all_articles() -> None:
    current().require_all()


async def _ask(engine: Engine, asked: NextQuestion, id: str) -> Json:
    filters = asked.filters(current())

    def begin(library: Library) -> Json:
        conversation = _found(library, id) if id else library.conversations.new()
        asked.ask(library, conversation, filters)
        return json_output.conversation(conversation)

    return await engine.call(begin)


def _found(library: Library, id: str) -> Conversation:
    conversation = library.conversations.get(id)
    if conversation is None or conversation.head.deleted or conversation.head.person:
        raise NothingThere("no_such_conversation", id=id)
    return conversation
