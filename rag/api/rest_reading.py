"""Search, answers, articles and collections below /api."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import JSONResponse

from rag.api import catalogue
from rag.api.access import current
from rag.api.engine import Engine
from rag.api.questions import Asking, Listing, Search
from rag.api.refusal import failure_status
from rag.events import Event, Failed
from rag.service import json_output

Json = dict[str, Any]


def reading_routes(engine: Engine) -> APIRouter:
    """Return the routes."""
    router = APIRouter()

    @router.post("/search", summary="Passages that fit a question best, best first")
    async def search(asked: Search) -> Json:
        return await engine.call(partial(catalogue.search, access=current(), asked=asked))

    @router.post("/ask", summary="An answer, with its sentences, quotations and passages")
    async def ask(asked: Asking) -> Any:
        access = current()
        end = await engine.answer(
            lambda library: asked.ask(library, access, asked.question, asked.history, asked.model), _ignore
        )
        if isinstance(end, Failed):
            told = json_output.answer(end.answer, end.message) | {"code": end.message.code}
            return JSONResponse(access.told(told), failure_status(end.message))
        return access.told(json_output.answer(end.answer))

    @router.get("/articles", summary="A page of the list of articles, and how many there are")
    async def articles(wanted: Annotated[Listing, Query()]) -> Json:
        return await engine.call(partial(catalogue.articles, access=current(), wanted=wanted))

    @router.get("/articles/{id}", summary="An article with its text")
    async def article(id: str) -> Json:
        return await engine.call(partial(catalogue.article, access=current(), id=id))

    @router.get("/collections", summary="The collections, with their numbers of articles")
    async def collections() -> list[Json]:
        return await engine.call(partial(catalogue.collections, access=current()))

    return router


async def _ignore(_: Event) -> None:
    """Do nothing: the answer is sent when it is complete."""
