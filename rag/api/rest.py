"""/api: the library over HTTP, with OpenAPI. Needs the extra `api`."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from rag.api.engine import Engine
from rag.api.refusal import broke_off, refusal, refusal_of
from rag.api.rest_conversations import conversation_routes
from rag.api.rest_ingestion import ingestion_routes
from rag.api.rest_reading import reading_routes
from rag.errors import BylineError
from rag.locales.message import Message

_ABOUT = """Ask a library of articles, and follow every sentence to its passage.

Requests are JSON; an uploaded file is sent as it is. Errors are `{"error": ..., "code": ...}`. A key is sent
as `Authorization: Bearer KEY`; programs on the machine that serves itself alone need none. What a key may
not see is not searched, listed or counted.
"""


def rest_app(engine: Engine) -> FastAPI:
    """Build the application. Its documentation pages are off: they would load scripts from elsewhere."""
    app = FastAPI(title="Byline", description=_ABOUT, version="1", docs_url=None, redoc_url=None)
    for router in (reading_routes(engine), ingestion_routes(engine), conversation_routes(engine)):
        app.include_router(router)
    app.add_exception_handler(BylineError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _missing)
    app.add_exception_handler(Exception, broke_off)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, BylineError)
    return refusal_of(request.scope, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"][1:] or first["loc"]))
    return refusal(request.scope, 422, Message.of("wrong_request", where=where, why=first["msg"]))


async def _missing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = "api_method" if error.status_code == 405 else "api_nothing"
    message = Message.of(code, path=request.scope["path"], method=request.method)
    return refusal(request.scope, error.status_code, message)
