"""Checks and repairs a data folder, in a child process: reading a damaged index can kill its process."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from functools import partial
from multiprocessing import get_context, parent_process

from rag.embedding.base import Embedder
from rag.embedding.load import load_embedder
from rag.errors import IndexMismatch, LibraryDamaged
from rag.locales.message import Message
from rag.settings import Settings
from rag.store.article_embedding import embed_articles
from rag.store.store import Store
from rag.store.vector_reset import drop_vectors


def verify(settings: Settings) -> list[Message]:
    """The faults of a data folder; empty where there are none."""
    try:
        with _child() as child:
            return child.submit(_faults, settings).result()
    except BrokenProcessPool:
        return [Message.of("fault_vectors")]
    except (IndexMismatch, LibraryDamaged) as error:
        return [error.message]


def repair(settings: Settings) -> list[Message]:
    """Repair what `verify` finds, and return it. Raises LibraryDamaged where the SQLite file is damaged."""
    found = verify(settings)
    if any(fault.code == "fault_sqlite" for fault in found):
        raise LibraryDamaged("beyond_mending", folder=settings.data)
    if found:
        try:
            with _child() as child:
                child.submit(_mend, settings).result()
        except (BrokenProcessPool, IndexMismatch, LibraryDamaged):
            drop_vectors(settings.data)
            _mend(settings)
    return found


def _child() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    """End this process when its parent is gone: it would go on holding the library and its memory."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _faults(settings: Settings) -> list[Message]:
    with closing(Store(settings.data, load_embedder(settings))) as store:
        return faults(store)


def _mend(settings: Settings) -> None:
    embedder = load_embedder(settings)
    with closing(Store(settings.data, embedder)) as store:
        mend(store, embedder)


def faults(store: Store) -> list[Message]:
    """The differences between SQLite, which is authoritative, and the vectors. Reads every vector."""
    found = [Message.of("fault_sqlite", fault=fault) for fault in store.ledger.check()]
    missing = sorted(store.missing_vectors().items())  # first: reading may mark more articles as pending
    pending, doomed = store.ledger.pending(), store.ledger.pending_deletions()
    found += [Message.of("fault_pending", n=len(pending))] * bool(pending)
    found += [Message.of("fault_doomed", n=len(doomed))] * bool(doomed)
    for shard, (lost, stray) in missing:
        found.append(Message.of("fault_shard", shard=shard, lost=len(lost), stray=len(stray)))
    return found


def mend(store: Store, embedder: Embedder) -> None:
    """Delete vectors without a passage, and embed the articles that lack some of theirs."""
    for shard, (lost, stray) in store.missing_vectors().items():
        if stray:
            store.vectors.delete(shard, sorted(stray))
        articles = {p.article.id for p in store.ledger.passages(lost).values()}
        store.ledger.set_pending(articles)
    store.recover(partial(embed_articles, embedder))
