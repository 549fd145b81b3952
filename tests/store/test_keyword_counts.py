"""Keyword scores while another process adds passages."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.ingestion.ingester import Ingester
from rag.store.keywords import KeywordIndex
from rag.store.store import Store
from rag.testing import HashEmbedder


def test_words_are_scored_though_passages_were_added_between_the_counts(
    store: Store, embedder: HashEmbedder, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ingester(store, embedder).run([articles])
    before = store.keywords.search("harbour", 5)
    monkeypatch.setattr(KeywordIndex, "_passages", lambda _: 0)  # counted before the others were added
    assert store.keywords.search("harbour", 5).keys() == before.keys() != set()
