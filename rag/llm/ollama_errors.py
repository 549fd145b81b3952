"""Converts exceptions of the Ollama client to Byline's errors."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import httpx

from rag.errors import (
    BylineError,
    DiskFull,
    EngineUnavailable,
    FetchError,
    ModelMissing,
    NoNetwork,
    PromptTooLong,
)
from rag.llm.ollama_names import plain

if TYPE_CHECKING:
    import ollama


@cache
def failures() -> tuple[type[Exception], ...]:
    """Return the exceptions that ollama.Client raises; the last three for responses of an unexpected form.

    The client is imported when a server is asked: it takes 0.15 s.
    """
    import ollama

    return httpx.HTTPError, ollama.ResponseError, ConnectionError, ValueError, TypeError, AttributeError


_NO_NETWORK = re.compile(
    r"dial tcp|no such host|unreachable|connection refused|name resolution|[Tt]imeout|proxyconnect"
)
"""Messages of the server (written in Go) that it cannot reach a registry."""


def byline_error(error: Exception, url: str, name: str, kind: type[BylineError]) -> BylineError:
    """Return Byline's error for one of `failures`: a specific one, else one of class `kind`."""
    import ollama

    if isinstance(error, ollama.ResponseError):
        return _response_error(error, name, kind)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | ConnectionError):
        return EngineUnavailable("ollama_none", url=url)
    if isinstance(error, httpx.TimeoutException):
        return kind("ollama_mute", url=url)
    if isinstance(error, httpx.HTTPError) and kind is FetchError:
        return kind("ollama_broke_pull", name=name)
    if isinstance(error, httpx.HTTPError):
        return kind("ollama_broke", url=url)
    return kind("ollama_unreadable", url=url)


def _response_error(error: ollama.ResponseError, name: str, kind: type[BylineError]) -> BylineError:
    reason = plain(str(error.error))
    if error.status_code == 404:
        return ModelMissing("ollama_gone", name=name)
    if error.status_code == 400 and "context" in reason:
        return PromptTooLong("too_long_said", name=name, said=reason)
    if error.status_code == 503:
        return kind("ollama_busy", said=reason)
    if kind is FetchError:
        return _pull_error(name, reason)
    return kind("ollama_gave_up", name=name, said=reason)


def _pull_error(name: str, reason: str) -> BylineError:
    if "no space left" in reason:
        return DiskFull("ollama_full", name=name)
    if _NO_NETWORK.search(reason):
        return NoNetwork("ollama_no_network", name=name, said=reason)
    return FetchError("ollama_gave_up_pull", name=name, said=reason)
