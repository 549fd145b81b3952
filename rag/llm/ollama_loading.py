"""Wait while an Ollama server loads a model, as long as it is at it.

A chat without messages loads the model and ends with `done_reason: load`. Until then the server sends
nothing, and a client that hangs up makes it drop the load, so the request has no read timeout. /api/ps tells
instead whether the server is alive.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import wait
from typing import Any

import httpx
import ollama
from anyio.from_thread import start_blocking_portal

from rag.events import Loading

POLL_INTERVAL_S = 1.0
"""Seconds between two Loading events, at which a consumer can stop. Not fitted."""
LOAD_LIMIT_S = 300
"""Seconds after which a load that /api/ps does not list is given up: Ollama's own limit of a stalled load."""

IsListed = Callable[[], bool | None]
"""Tells whether /api/ps lists the model; None where the server does not answer."""


def load(
    client: Callable[..., ollama.AsyncClient],
    name: str,
    options: Mapping[str, float],
    is_listed: IsListed,
    patience: float,
) -> Iterator[Loading]:
    """Load a model, yielding Loading while it takes; closing the iterator makes the server drop the load.

    Raises what `ollama.AsyncClient` raises, and httpx.ReadTimeout where the server has answered nothing for
    `patience` seconds, or is not loading any more.
    """
    began = answered = time.monotonic()
    # The loop runs in another thread, since the caller may have one; leaving it cancels the request.
    with start_blocking_portal() as portal:
        request = portal.start_task_soon(_request, client, name, options)
        while not wait({request}, timeout=POLL_INTERVAL_S).done:
            yield Loading()
            listed, now = is_listed(), time.monotonic()
            answered = answered if listed is None else now
            if now - answered > patience or (not listed and now - began > LOAD_LIMIT_S):
                raise httpx.ReadTimeout("the model is not loaded")
        request.result()


async def _request(client: Callable[..., ollama.AsyncClient], name: str, options: Mapping[str, Any]) -> None:
    async with client(timeout=httpx.Timeout(None, connect=5)) as opened:
        await opened.chat(name, [], options=options)
