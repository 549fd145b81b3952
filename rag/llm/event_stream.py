"""Read a stream of server-sent events that can be cancelled at any time, also while the server is silent.

A busy server sends nothing until it begins to generate, which may take minutes. The request therefore runs in
the event loop of another thread, and the iterator yields None every POLL_INTERVAL_S of waiting. Closing the
iterator cancels the request and closes the connection, so that the server stops generating.

Format: https://html.spec.whatwg.org/multipage/server-sent-events.html, of which these servers use the field
`data`, one line of JSON an event, and comments.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Generator
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any

import httpx
from anyio.from_thread import start_blocking_portal

from rag.llm.chat_chunks import Chunk
from rag.llm.openai_errors import message_of, refusal

POLL_INTERVAL_S = 1.0
"""Interval at which None is yielded while waiting, so that a consumer can stop. Not fitted."""
_MAX_CHARS = 1 << 20
"""Maximum length of a line, and of an error's text; longer ones are no stream of this kind. Not fitted."""
_END = "[DONE]"

OpenClient = Callable[[], httpx.AsyncClient]


def events(
    client: OpenClient, path: str, body: dict[str, Any], *, first_timeout: float, timeout: float
) -> Generator[Chunk | None, None, None]:
    """Yield the events of a POST request's response, and None whenever none came for POLL_INTERVAL_S.

    `first_timeout` applies until the first event, `timeout` between events, both in seconds; a comment counts
    as an event. Raises Refusal for a status of 400 and above, ValueError for a response of another kind,
    and what httpx raises.
    """
    queue: SimpleQueue[Chunk | Future[None] | None] = SimpleQueue()
    remaining_s = first_timeout
    with start_blocking_portal() as portal:
        request = portal.start_task_soon(_request, client, path, body, queue.put)
        request.add_done_callback(queue.put)
        while True:
            try:
                event = queue.get(timeout=min(POLL_INTERVAL_S, remaining_s))
            except Empty:
                remaining_s -= POLL_INTERVAL_S
                if remaining_s <= 0:
                    raise httpx.ReadTimeout("no event") from None
                yield None
                continue
            if isinstance(event, Future):
                event.result()
                return
            remaining_s = timeout
            if event is not None:
                yield event


async def _request(
    client: OpenClient, path: str, body: dict[str, Any], put: Callable[[Chunk | None], None]
) -> None:
    async with client() as opened, opened.stream("POST", path, json=body) as response:
        if not response.is_success:
            raise refusal(response.status_code, await _text(response))
        if "json" in response.headers.get("content-type", ""):
            raise _error_of(await _text(response))
        async for line in _lines(response):
            if line.startswith(":"):
                put(None)
            elif line.startswith("data:"):
                data = line.removeprefix("data:").strip()
                if data == _END:
                    return
                put(_event(data))


def _event(data: str) -> Chunk:
    event = json.loads(data)
    if not isinstance(event, dict):
        raise ValueError("no object")
    return event


def _error_of(text: str) -> Exception:
    """Return the error for a JSON response: some servers report errors with status 200."""
    data = json.loads(text)
    if isinstance(data, dict) and "error" in data:
        return refusal(0, message_of(data))
    return ValueError("no stream")


async def _text(response: httpx.Response) -> str:
    """Return the beginning of a response's text."""
    text = ""
    async for part in response.aiter_text():
        text += part
        if len(text) > _MAX_CHARS:
            break
    return text[:_MAX_CHARS]


async def _lines(response: httpx.Response) -> AsyncIterator[str]:
    """Yield lines. Raises ValueError for one that is too long."""
    pending = ""
    async for part in response.aiter_text():
        *lines, pending = (pending + part).replace("\r\n", "\n").split("\n")
        if len(pending) > _MAX_CHARS:
            raise ValueError("line too long")
        for line in lines:
            yield line
    yield pending
