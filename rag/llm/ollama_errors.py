"""What went wrong with an Ollama server: the client's exceptions as Byline's errors."""

from __future__ import annotations

import re

import httpx
import ollama

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

FAILURES = (
    httpx.HTTPError,
    ollama.ResponseError,
    ConnectionError,
    ValueError,
    TypeError,
    AttributeError,
)
"""What ollama.Client raises; the last three on responses of an unexpected form."""

_NO_NETWORK = re.compile(
    r"dial tcp|no such host|unreachable|connection refused|name resolution|[Tt]imeout|proxyconnect"
)
"""What the server (Go) reports where it cannot reach a registry."""


def explained(error: Exception, url: str, name: str, kind: type[BylineError]) -> BylineError:
    """Return Byline's error for one of FAILURES; `kind` where it says nothing more specific."""
    if isinstance(error, ollama.ResponseError):
        return _refused(error, name, kind)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | ConnectionError):
        return EngineUnavailable("ollama_none", url=url)
    if isinstance(error, httpx.TimeoutException):
        return kind("ollama_mute", url=url)
    if isinstance(error, httpx.HTTPError) and kind is FetchError:
        return kind("ollama_broke_pull", name=name)
    if isinstance(error, httpx.HTTPError):
        return kind("ollama_broke", url=url)
    return kind("ollama_unreadable", url=url)


def _refused(error: ollama.ResponseError, name: str, kind: type[BylineError]) -> BylineError:
    said = plain(str(error.error))
    if error.status_code == 404:
        return ModelMissing("ollama_gone", name=name)
    if error.status_code == 400 and "context" in said:
        return PromptTooLong("too_long_said", name=name, said=said)
    if error.status_code == 503:
        return kind("ollama_busy", said=said)
    if kind is FetchError:
        return _not_pulled(name, said)
    return kind("ollama_gave_up", name=name, said=said)


def _not_pulled(name: str, said: str) -> BylineError:
    if "no space left" in said:
        return DiskFull("ollama_full", name=name)
    if _NO_NETWORK.search(said):
        return NoNetwork("ollama_no_network", name=name, said=said)
    return FetchError("ollama_gave_up_pull", name=name, said=said)
