"""Wait while an Ollama server loads a model, as long as it makes progress.

A chat without messages loads the model and ends with `done_reason: load`. Until then the server sends
nothing, and it drops the load if the client disconnects, so the request has no read timeout. Polling /api/ps
shows instead whether the server is alive.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import wait
from typing import TYPE_CHECKING, Any

import httpx
from anyio.from_thread import start_blocking_portal

from rag.events import Loading

if TYPE_CHECKING:
    import ollama

POLL_INTERVAL_S = 1.0
"""Interval of Loading events, at which a consumer can stop. Not fitted."""
MAX_UNLISTED_S = 300
"""Maximum time of a load that /api/ps does not list: Ollama's own limit for a stalled load."""

IsListed = Callable[[], bool | None]
"""Tells whether /api/ps lists the model; None where the server does not answer."""


def load(
    client: Callable[..., ollama.AsyncClient],
    name: str,
    options: Mapping[str, float],
    is_listed: IsListed,
    timeout: float,
) -> Iterator[Loading]:
    """Load a model, yielding Loading while it takes; closing the iterator makes the server drop the load.

    Raises what `ollama.AsyncClient` raises, and httpx.ReadTimeout where the server has not answered for
    `timeout` seconds, or has stopped loading.
    """
    began = answered = time.monotonic()
    # The event loop runs in another thread, as the caller may have one; leaving it cancels the request.
    with start_blocking_portal() as portal:
        request = portal.start_task_soon(_request, client, name, options)
        while not wait({request}, timeout=POLL_INTERVAL_S).done:
            yield Loading()
            listed, now = is_listed(), time.monotonic()
            answered = answered if listed is None else now
            if now - answered > timeout or (not listed and now - began > MAX_UNLISTED_S):
                raise httpx.ReadTimeout("the model is not loaded")
        request.result()


async def _request(client: Callable[..., ollama.AsyncClient], name: str, options: Mapping[str, Any]) -> None:
    async with client(timeout=httpx.Timeout(None, connect=5)) as opened:
        await opened.chat(name, [], options=options)
