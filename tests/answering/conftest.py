from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from answering_examples import QUESTION, answering

from rag.answering.query import Request
from rag.events import Event
from rag.ingestion.ingester import Ingester
from rag.store.store import Store
from rag.testing import HashEmbedder, Scripted
from rag.types import Turn


@pytest.fixture
def ask(store: Store, embedder: HashEmbedder, articles: Path):
    """Ask the pipeline on three articles; returns the events."""
    Ingester(store, embedder).run([articles])

    def run(
        generator: Scripted, question: str = QUESTION, language: str = "en", history: Sequence[Turn] = ()
    ) -> list[Event]:
        request = Request(question, language, "scripted", tuple(history))
        return list(answering(store, embedder, generator).answer(request))

    return run
