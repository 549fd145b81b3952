"""Responses for requests that are not answered: a status and a message, in the shape of each API."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from rag.errors import (
    BylineError,
    DiskFull,
    EngineUnavailable,
    LibraryBusy,
    LibraryDamaged,
    ModelMissing,
    NotAllowed,
    NothingThere,
    PromptTooLong,
    Unreadable,
)
from rag.locales.message import Message

_STATUSES: dict[type[BylineError], int] = {
    NotAllowed: 403,
    NothingThere: 404,
    ModelMissing: 404,
    PromptTooLong: 400,
    Unreadable: 400,
    LibraryBusy: 503,
    LibraryDamaged: 503,
    EngineUnavailable: 503,
    DiskFull: 507,
}
_NO_MODEL = {"no_model", "no_such_model", "model_gone", "ollama_gone", "openai_gone"}
_TOO_LONG = {"too_long_said", "too_long_embedded", "too_long_ollama"}
_OPENAI_TYPES = {401: "authentication_error", 403: "permission_error"}
_CHALLENGE = {"WWW-Authenticate": "Bearer"}


def refusal(scope: Scope, status: int, message: Message) -> JSONResponse:
    """Build the response; `scope` tells the API."""
    headers = _CHALLENGE if status == 401 else None
    return JSONResponse(error_body(scope["path"], status, message.code, str(message)), status, headers)


def refusal_of(scope: Scope, error: BylineError) -> JSONResponse:
    """Build the response for an error."""
    return refusal(scope, status_of(error), error.message)


async def broke_off(request: Request, _: Exception) -> Response:
    """Answer a request that an error of Byline's own has ended; the server logs it."""
    return refusal(request.scope, 500, Message.of("unexpected"))


def status_of(error: BylineError) -> int:
    """Return the HTTP status for an error; 500 for one that is none of the sender's doing."""
    return next((status for kind, status in _STATUSES.items() if isinstance(error, kind)), 500)


def failure_status(message: Message) -> int:
    """Return the HTTP status for an answer that failed: an event tells the error by its message alone."""
    if message.code in _NO_MODEL:
        return 404
    return 400 if message.code in _TOO_LONG else 503


def error_body(path: str, status: int, code: str, text: str) -> dict[str, object]:
    """Describe an error: in OpenAI's shape below /v1, else as the command line's JSON does, with its code."""
    if not path.startswith("/v1"):
        return {"error": text, "code": code}
    kind = _OPENAI_TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    return {"error": {"message": text, "type": kind, "param": None, "code": code}}
