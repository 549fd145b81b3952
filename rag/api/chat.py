"""/v1: models and chat completions, in OpenAI's shape."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rag.api.access import Access, current
from rag.api.chat_request import DEFAULT, ChatRequest
from rag.api.chat_stream import ChatStream, reply
from rag.api.engine import Engine
from rag.api.refusal import broke_off, failure_status, refusal, refusal_of
from rag.errors import BylineError
from rag.events import Event, Failed
from rag.library import Library
from rag.locales.message import Message
from rag.service import json_output


def chat_app(engine: Engine) -> Starlette:
    """Build the application."""

    async def models(_: Request) -> Response:
        return JSONResponse({"object": "list", "data": await engine.call(_models)})

    async def completions(request: Request) -> Response:
        chat = ChatRequest.model_validate_json(await request.body())
        access = current()
        ask = partial(_ask, chat, chat.question(), access)
        head = {"id": f"chatcmpl-{secrets.token_hex(12)}", "created": int(time.time()), "model": chat.model}
        if chat.stream:
            return ChatStream(head, partial(engine.answer, ask), access)
        end = await engine.answer(ask, _ignore)
        if isinstance(end, Failed):
            return refusal(request.scope, failure_status(end.message), end.message)
        message = {"role": "assistant", "content": reply(end.answer), "refusal": None}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        done = {**head, "object": "chat.completion", "choices": [choice], "usage": None}
        return JSONResponse(done | {"byline": access.told(json_output.answer(end.answer))})

    routes = [Route("/models", models), Route("/chat/completions", completions, methods=["POST"])]
    handlers: dict[Any, Any] = {BylineError: _refused, ValidationError: _invalid, 500: broke_off}
    handlers |= {404: _missing, 405: _missing}
    return Starlette(routes=routes, exception_handlers=handlers)


def _ask(chat: ChatRequest, question: str, access: Access, library: Library) -> Iterator[Event]:
    model = None if chat.model == DEFAULT else chat.model
    return chat.byline.ask(library, access, question, chat.history(), model)


def _models(library: Library) -> list[dict[str, Any]]:
    """List the default model under the name DEFAULT, then all by their own."""
    names = [(DEFAULT, "byline"), *((model.name, model.runtime) for model in library.models())]
    return [{"id": name, "object": "model", "created": 0, "owned_by": owner} for name, owner in names]


async def _ignore(_: Event) -> None:
    """Do nothing: the answer is sent when it is complete."""


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, BylineError)
    return refusal_of(request.scope, error)


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, ValidationError)
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"])) or "request"
    return refusal(request.scope, 400, Message.of("wrong_request", where=where, why=first["msg"]))


def _missing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    path, method = request.scope["path"], request.method
    code = "api_method" if error.status_code == 405 else "api_nothing"
    return refusal(request.scope, error.status_code, Message.of(code, path=path, method=method))
