from __future__ import annotations

from collections.abc import Sequence

import pytest
from answering_examples import QUESTION, answering

from rag.answering.query import Request
from rag.events import Event
from rag.store.store import Store
from rag.testing import HashEmbedder, Scripted
from rag.types import Turn


@pytest.fixture
def ask(indexed: Store, embedder: HashEmbedder):
    """Ask the pipeline on three articles; returns the events."""

    def run(
        generator: Scripted, question: str = QUESTION, language: str = "en", history: Sequence[Turn] = ()
    ) -> list[Event]:
        request = Request(question, language, "scripted", tuple(history))
        return list(answering(indexed, embedder, generator).answer(request))

    return run
