"""Readiness and metrics of the server, for those who run it: `/ready` and `/metrics`."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rag.api.access import current
from rag.api.engine import Engine
from rag.api.refusal import refusal, refusal_of
from rag.errors import BylineError
from rag.library import Library
from rag.locales.message import Message
from rag.service.observation import metrics_of
from rag.service.setup import missing_models


def ready_app(engine: Engine) -> ASGIApp:
    """Build the application that tells whether questions can be answered: status 200, else 503 and why.

    It needs no key, so it names codes only. The first request opens the library.
    """

    async def ready(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            missing = await engine.call(_missing)
            problems = ["models_missing"] * bool(missing)
        except BylineError as error:
            problems = [error.message.code]
        body = {"ready": not problems, "problems": problems}
        await JSONResponse(body, 503 if problems else 200)(scope, receive, send)

    return ready


def _missing(library: Library) -> bool:
    return bool(missing_models(library.settings))


def metrics_app(engine: Engine) -> ASGIApp:
    """Build the application that serves the metrics; a key that is limited to collections gets none."""

    async def metrics(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            current().require_all()
            found = await engine.call(_metrics)
        except BylineError as error:
            await refusal_of(scope, error)(scope, receive, send)
            return
        if found is None:
            await refusal(scope, 404, Message.of("metrics_off"))(scope, receive, send)
            return
        text, kind = found
        await Response(text, media_type=kind)(scope, receive, send)

    return metrics


def _metrics(library: Library) -> tuple[bytes, str] | None:
    metrics = metrics_of(library)
    return (metrics.text(), metrics.CONTENT_TYPE) if metrics else None
