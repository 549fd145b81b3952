"""The comparison at the end of bench/faults.py kills: the killed library beside one made in one go."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
from fault_work import embedder_of, library_of
from numpy.typing import NDArray

from rag.ingestion.ingester import Ingester
from rag.library import Library
from rag.reading import Readers
from rag.settings import Settings
from rag.store.ledger_rows import StoredPassage
from rag.store.store import Store

Place = tuple[str, int, int, str]
"""A passage: its file, where it begins and ends, and its text."""
ROUNDING = 1e-3
"""Largest difference of two vectors' components that passes for rounding: other texts were in the batch."""


def compare(scratch: Path, data: Path, folder: Path) -> None:
    """Make a library of the same folder in one go, and print what is not the same in the killed one."""
    embedder, settings = embedder_of(), Settings.load(scratch / "whole")
    with closing(Store(settings.data, embedder)) as store, closing(Readers()) as readers:
        Ingester(store, embedder, read=readers).run([folder])
    with library_of(settings) as whole, library_of(Settings.load(data)) as one:
        size = whole.overview()
        same = sorted(passages(whole._store).values()) == sorted(passages(one._store).values())
        print(f"articles {size.articles}, passages {size.passages}; the same: {same}")
        compare_vectors(whole._store, one._store)
        questions = [info.title for info in whole._store.ledger.articles(-1)][::3]
        alike = sum(first_hits(whole, q) == first_hits(one, q) for q in questions)
        print(f"same first three hits: {alike} of {len(questions)}")
        lost, pending = one._store.missing_vectors(), one._store.ledger.pending()
        print(f"vectors lost or stray: {lost}; pending: {pending}")
        asked = set((data.parent / "asked.log").read_text().split())
        kept = {head.id for head in one.conversations.heads()}
        print(f"conversations acknowledged: {len(asked)}, of these there: {len(asked & kept)}")


def compare_vectors(whole: Store, one: Store) -> None:
    expected, found = vectors(whole), vectors(one)
    both = [np.abs(vector - found[place]).max() for place, vector in expected.items() if place in found]
    exact, near = sum(not d for d in both), sum(d <= ROUNDING for d in both)
    print(f"vectors {len(expected)}, there {len(both)}; the same bit by bit {exact}, but for rounding {near}")
    print(f"largest difference of a component {max(both, default=0.0):.1e}")


def vectors(store: Store) -> dict[Place, NDArray[np.float32]]:
    """Return, by passage, the vectors that Chroma holds."""
    places = passages(store)
    return {
        places[number]: vector
        for shard, numbers in store.ledger.passage_ids().items()
        for number, vector in store.vectors.vectors(shard, numbers).items()
    }


def passages(store: Store) -> dict[int, Place]:
    """Return the passages by their numbers."""
    stored = store.ledger.passages_of([info.id for info in store.ledger.articles(-1)])
    return {p.id: _place(p) for p in stored}


def first_hits(library: Library, question: str) -> list[tuple[str, int]]:
    hits = library.search(question, 3)
    return [(Path(hit.article.source).name, hit.passage.ordinal) for hit in hits]


def _place(stored: StoredPassage) -> Place:
    passage = stored.passage
    return Path(stored.article.source).name, passage.start, passage.end, passage.text
