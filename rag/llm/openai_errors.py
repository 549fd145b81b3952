"""Converts failures of OpenAI-compatible servers to Byline's errors."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any

import httpx

from rag.errors import BylineError, EngineUnavailable, ModelMissing, PromptTooLong
from rag.llm.ollama_names import plain
from rag.llm.openai_endpoint import Endpoint

_UNREADABLE = "openai_unreadable"
_CODES: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "openai_key",
    HTTPStatus.FORBIDDEN: "openai_key",
    HTTPStatus.NOT_FOUND: "openai_gone",
    HTTPStatus.METHOD_NOT_ALLOWED: _UNREADABLE,
    HTTPStatus.TOO_MANY_REQUESTS: "openai_limited",
    HTTPStatus.BAD_GATEWAY: "openai_busy",
    HTTPStatus.SERVICE_UNAVAILABLE: "openai_busy",
    HTTPStatus.GATEWAY_TIMEOUT: "openai_busy",
}
"""Message codes by HTTP status."""


class Refusal(Exception):
    """An error that a server reports, by an HTTP status or within a stream; `status` is 0 where unknown."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message

    @property
    def is_too_long(self) -> bool:
        """Whether the prompt does not fit the model's context."""
        return self.status not in _NEVER_TOO_LONG and _TOO_LONG.search(self.message) is not None

    @property
    def is_loading(self) -> bool:
        """Whether the server is loading its model, after which it will answer."""
        return self.status == HTTPStatus.SERVICE_UNAVAILABLE and "loading" in self.message.lower()

    @property
    def rejects_fields(self) -> bool:
        """Whether the status allows that the server accepts a request with fewer or other fields."""
        return self.status in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY)


FAILURES = (httpx.HTTPError, httpx.StreamError, Refusal, ValueError, TypeError, AttributeError, KeyError)
"""Exceptions of a request; the last four for responses of an unexpected form."""

_NEVER_TOO_LONG = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS)
_TOO_LONG = re.compile(
    r"context (?:size|length|window)|maximum context|n_ctx|max_model_len|(?:prompt|input) is too long|"
    r"exceeds? the (?:available|maximum)",
    re.IGNORECASE,
)
"""Messages of llama.cpp, vLLM, SGLang, LM Studio and OpenAI about a prompt that is too long."""


def refusal(status: int, body: str) -> Refusal:
    """Return the refusal that a response's body describes, in JSON or as text."""
    try:
        data = json.loads(body)
    except ValueError:
        return Refusal(status, body if "<" not in body else "")
    return Refusal(status, message_of(data))


def json_of(response: httpx.Response) -> Any:
    """Return a response's JSON. Raises Refusal for a status of 300 and above, ValueError for no JSON."""
    if not response.is_success:
        raise refusal(response.status_code, response.text)
    return response.json()


def message_of(data: object) -> str:
    """Return the message in the JSON of an error, "" where there is none."""
    match data:
        case str(text):
            return text
        case {"error": inner} | {"message": inner} | {"detail": inner} | {"msg": inner} | [inner, *_]:
            return message_of(inner)
    return ""


def byline_error(
    error: Exception, endpoint: Endpoint, name: str, kind: type[BylineError] = EngineUnavailable
) -> BylineError:
    """Return Byline's error for one of FAILURES: a specific one, else one of class `kind`."""
    url = endpoint.root
    if isinstance(error, Refusal):
        return _refusal_error(error, endpoint, name, kind)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol):
        return EngineUnavailable("openai_none", url=url)
    if isinstance(error, httpx.TimeoutException):
        return kind("openai_mute", url=url)
    if isinstance(error, httpx.HTTPError | httpx.StreamError):
        return kind("openai_broke", url=url)
    return kind(_UNREADABLE, url=url)


def _refusal_error(error: Refusal, endpoint: Endpoint, name: str, kind: type[BylineError]) -> BylineError:
    url, said = endpoint.root, _safe_message(error, endpoint)
    if error.is_too_long:
        return PromptTooLong("too_long_said", name=name, said=said)
    code = "openai_loading" if error.is_loading else _CODES.get(error.status, "openai_gave_up")
    if code == "openai_gone":
        return ModelMissing(code, url=url, name=name) if name else EngineUnavailable(_UNREADABLE, url=url)
    return kind(code, url=url, said=said)


def _safe_message(error: Refusal, endpoint: Endpoint) -> str:
    """Return the server's message as one line, without the key."""
    message = error.message.replace(endpoint.key, "…") if endpoint.key else error.message
    return plain(message) or str(error.status)
