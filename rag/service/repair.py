"""Checks and repairs a data folder, in a child process: reading a damaged index can kill its process."""

from __future__ import annotations

import os
import shutil
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path

from rag.embedding.base import Embedder
from rag.embedding.load import load_embedder
from rag.errors import IndexMismatch, LibraryDamaged
from rag.ingestion.ingester import Ingester
from rag.locales.message import Message
from rag.reading import Readers
from rag.settings import Settings
from rag.store.article_embedding import Embedding
from rag.store.backups import Backups, move_aside
from rag.store.kept_vectors import delete_database
from rag.store.ownership import Ownership
from rag.store.store import Store
from rag.store.vector_reset import drop_vectors

_LEDGER_FAULTS = {"fault_sqlite", "file_damaged", "ledger_gone"}


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
    """Repair what `verify` finds; return that, and what was restored.

    A ledger that is damaged or gone is restored from its last good copy. Then the folders that it knows and
    the uploads are indexed, for what came after that copy.
    """
    found = verify(settings)
    lost = any(fault.code in _LEDGER_FAULTS for fault in found)
    if lost:
        found.append(restore_ledger(settings.data))
    if found:
        found += _apart(partial(_mend, settings, lost=lost), settings)
    return found


def restore_ledger(folder: Path) -> Message:
    """Put the ledger's last good copy in its place; without one, clear the way for a new ledger."""
    ownership, path = Ownership(folder), folder / "library.sqlite"
    try:
        if when := Backups(path).restore():
            return Message.of("restored", name=path.name, when=f"{when.astimezone():%Y-%m-%d %H:%M}")
        move_aside(path)
        for useless in Backups(path).all():
            useless.rename(useless.with_suffix(".damaged"))
        shutil.rmtree(folder / "vectors", ignore_errors=True)  # their passages are gone
        delete_database(folder / "embeddings.sqlite")
        return Message.of("restored_nothing", name=path.name)
    finally:
        ownership.release()


def _apart(work: partial[list[Message]], settings: Settings) -> list[Message]:
    """Work in a child process; where it fails, once more after throwing all vectors away."""
    try:
        with _child() as child:
            return child.submit(work).result()
    except (BrokenProcessPool, IndexMismatch, LibraryDamaged):
        drop_vectors(settings.data)
        return work()


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


def _mend(settings: Settings, *, lost: bool) -> list[Message]:
    embedder = load_embedder(settings)
    with closing(Store(settings.data, embedder)) as store:
        mend(store, embedder)
        if not lost:
            return []
        roots = {*map(Path, store.files.roots()), settings.data / "added"}
        with closing(Readers()) as readers:
            Ingester(store, embedder, read=readers).run([root for root in roots if root.exists()])
        return [Message.of("articles_now", n=store.ledger.overview().articles)]


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
    store.recover(Embedding(embedder.embed_passages))
