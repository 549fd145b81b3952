"""A chat completion as a stream of server-sent events.

What a model writes may yet be found unsupported, and what was sent cannot be taken back. So `content` is sent
once the answer has been checked; until then, `byline` tells how far it is, with the draft.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from rag.api.access import Access
from rag.api.engine import OnEvent
from rag.api.refusal import error_body, failure_status
from rag.events import (
    End,
    Event,
    Failed,
    Loading,
    Rephrased,
    Rereading,
    Retrieved,
    Rewritten,
    Thinking,
    Token,
)
from rag.locales.message import render_all
from rag.service import json_output
from rag.types import Answer

KEEP_ALIVE_S = 15.0
"""Seconds without an event after which a comment is sent, so that no proxy gives the stream up. Not
fitted."""
_HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store")]
Json = dict[str, Any]


def reply(answer: Answer) -> str:
    """Return what the command line prints: the text, advice, and the offers that are part of a greeting."""
    offers = answer.offers if answer.kind in ("greeting", "thanks") else ()
    lines = [answer.text, *render_all(answer.advice, answer.language), *(f"- {offer}" for offer in offers)]
    return "\n".join(lines)


class ChatStream(Response):
    """Streams an answer as chunks with the fields of `head`.

    The response begins with the first event, so an error before it still has a status of its own.
    """

    def __init__(self, head: Json, answer: Callable[[OnEvent], Awaitable[End]], access: Access) -> None:
        super().__init__()
        self._head, self._answer, self._access = head, answer, access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the stream."""
        writer = _Writer(self._head, send, self._access)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(writer.keep_alive)
            error: Exception | None = None
            try:
                end = await self._answer(writer.progress)
            except Exception as raised:  # not as an ExceptionGroup, which has no handler
                error = raised
            tasks.cancel_scope.cancel()
        if error:
            raise error
        await writer.finish(end, scope["path"])


class _Writer:
    """Writes the chunks of one stream."""

    def __init__(self, head: Json, send: Send, access: Access) -> None:
        self._access = access
        self._head, self._send, self._started = {**head, "object": "chat.completion.chunk"}, send, False

    async def progress(self, event: Event) -> None:
        """Tell of an event before the end."""
        delta, told = _told(event)
        if delta or told:
            await self._chunk(delta, told)

    async def keep_alive(self) -> None:
        """Send comments until it is cancelled."""
        while True:
            await anyio.sleep(KEEP_ALIVE_S)
            if self._started:
                await self._write(b": waiting\n\n")

    async def finish(self, end: End, path: str) -> None:
        """Send the text by lines and the answer, or the error."""
        if isinstance(end, Failed):
            status = failure_status(end.message)
            await self._event(error_body(path, status, end.message.code, str(end.message)))
        else:
            for line in reply(end.answer).splitlines(keepends=True):
                await self._chunk({"content": line}, None)
            await self._chunk({}, json_output.answer(end.answer), "stop")
        await self._write(b"data: [DONE]\n\n")
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _chunk(self, delta: Json, told: Json | None, reason: str | None = None) -> None:
        role = {} if self._started else {"role": "assistant", "content": ""}
        choice = {"index": 0, "delta": role | delta, "finish_reason": reason, "logprobs": None}
        beside = {"byline": self._access.told(told)} if told else {}
        await self._event({**self._head, "choices": [choice], **beside})

    async def _event(self, data: Json) -> None:
        await self._write(b"data: " + json.dumps(data, ensure_ascii=False).encode() + b"\n\n")

    async def _write(self, data: bytes) -> None:
        if not self._started:
            self._started = True
            await self._send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await self._send({"type": "http.response.body", "body": data, "more_body": True})


def _told(event: Event) -> tuple[Json, Json]:
    """Return what an event adds to the message, and what it tells of the answer's state."""
    delta: Json = {}
    told: Json = {}
    match event:
        case Rephrased(question):
            told = {"state": "searching", "searched": question}
        case Retrieved(hits):
            told = {"state": "reading", "passages": json_output.passages(hits)}
        case Loading(over):
            told = {"state": "reading" if over else "loading"}
        case Thinking(text):
            delta, told = {"reasoning_content": text}, {"state": "thinking"}
        case Token(text):
            told = {"state": "writing", "draft": text}
        case Rereading():
            told = {"state": "reading", "discard": True}
        case Rewritten(text):
            told = {"state": "writing", "discard": True, "draft": text}
    return delta, told
