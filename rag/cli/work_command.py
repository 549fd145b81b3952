"""`python -m rag work`: embed and index what other processes have put."""

from __future__ import annotations

import signal
from contextlib import closing
from threading import Event
from typing import Annotated

import typer

from rag.cli.console import Data, progress, settings_of
from rag.embedding.load import load_embedder
from rag.errors import SettingsError
from rag.ingestion.worker import Worker
from rag.store.open_store import open_store


def work(
    once: Annotated[bool, typer.Option("--once", help="End when no article waits for its vectors.")] = False,
    data: Data = None,
) -> None:
    """Embed and index the articles that the app and `ingest` have put, until Ctrl-C.

    Any number of workers may run, on any machine, and be killed at any time. While one runs, the app and
    `ingest` leave this work to it. It needs BYLINE_DATABASE and BYLINE_CHROMA.
    """
    settings = settings_of(data)
    if not settings.shared:
        raise SettingsError("work_needs_servers")
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    embedder = load_embedder(settings)
    with closing(open_store(settings, embedder)) as store, progress() as on_progress:
        Worker(store, embedder, on_progress).run(stop, once=once)
