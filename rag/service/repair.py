"""Check and repair a data folder, in a child process: reading a damaged index can kill the process."""

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
from rag.errors import DiskFull, IndexMismatch, LibraryDamaged, NotPermitted, ServerAway, is_disk_full
from rag.ingestion.ingester import Ingester
from rag.locales.message import Message
from rag.reading import Readers
from rag.settings import Settings
from rag.store.article_embedding import Embedding
from rag.store.backups import move_aside
from rag.store.kept_vectors import delete_database
from rag.store.ledger_check import ledger_backups
from rag.store.ledger_salvage import readable_roots, salvage
from rag.store.open_store import open_store
from rag.store.ownership import Ownership
from rag.store.store import Store
from rag.store.vector_reset import drop_vectors

_LEDGER_FAULTS = {"fault_sqlite", "file_damaged", "ledger_gone"}
"""Message codes of faults after which the ledger is restored from a backup."""
_BROKEN = {"too_slow", "broke_reader"}
"""Message codes of skipped files that are read once more: a busy machine can be the reason."""


def verify(settings: Settings) -> list[Message]:
    """Return the faults of a data folder."""
    try:
        with _child() as child:
            return child.submit(_faults, settings).result()
    except BrokenProcessPool:
        return [Message.of("fault_vectors")]
    except (IndexMismatch, LibraryDamaged) as error:
        return [error.message]


def repair(settings: Settings) -> list[Message]:
    """Repair the faults that `verify` finds; return them, and messages about what was restored.

    A ledger that is damaged or missing is restored from its last good backup. Then its folders and the
    uploads are indexed again, for changes after that backup, and what the damaged file still yields is added.
    """
    found = verify(settings)
    here = not settings.database.get_secret_value()  # a server has its own backups
    if here and any(fault.code in _LEDGER_FAULTS for fault in found):
        return found + _restored(settings)
    if not found:
        return []
    try:
        return found + _in_child(partial(_mend, settings), settings)
    except LibraryDamaged:  # the check ended before it came to the ledger
        if not here:
            raise
        return found + _restored(settings)


def _restored(settings: Settings) -> list[Message]:
    told, damaged = restore_ledger(settings.data)
    return [told, *_in_child(partial(_rebuild, settings, damaged), settings)]


def restore_ledger(folder: Path) -> tuple[Message, Path | None]:
    """Restore the ledger of a data folder from its last good backup; without one, prepare for a new ledger.

    For a new ledger the vectors are deleted, and useless backups are renamed. Returns also the path to which
    a damaged ledger was moved. Raises DiskFull, NotPermitted.
    """
    ownership, path = Ownership(folder), folder / "library.sqlite"
    backups = ledger_backups(path)
    try:
        if when := backups.restore():
            told = Message.of("restored", name=path.name, when=f"{when.astimezone():%Y-%m-%d %H:%M}")
            return told, backups.aside
        damaged = move_aside(path)
        for useless in backups.all():
            useless.rename(useless.with_suffix(".damaged"))
        shutil.rmtree(folder / "vectors", ignore_errors=True)  # their passages are gone
        delete_database(folder / "embeddings.sqlite")
        return Message.of("restored_nothing", name=path.name), damaged
    except OSError as error:
        if is_disk_full(error):
            raise DiskFull("low_space", path=path) from error
        raise NotPermitted("file_denied", path=path, error=error.strerror) from error
    finally:
        ownership.release()


def _in_child(work: partial[list[Message]], settings: Settings) -> list[Message]:
    """Run work in a child process; if that fails, delete all vectors and run it in this process."""
    try:
        with _child() as child:
            return child.submit(work).result()
    except (BrokenProcessPool, IndexMismatch, LibraryDamaged):
        drop_vectors(settings.data, settings.database.get_secret_value())
        return work()


def _child() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_end_with_parent)


def _end_with_parent() -> None:
    """End this process when its parent ends; otherwise it would keep the library locked."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _faults(settings: Settings) -> list[Message]:
    with closing(open_store(settings, load_embedder(settings))) as store:
        return faults(store)


def _mend(settings: Settings) -> list[Message]:
    """Repair the vectors."""
    embedder = load_embedder(settings)
    with closing(open_store(settings, embedder)) as store:
        mend(store, embedder)
        if away := store.away():
            raise ServerAway(away)
    return []


def _rebuild(settings: Settings, damaged: Path | None) -> list[Message]:
    """Repair a restored library, index its folders, and add what the damaged ledger still yields.

    Returns the number of articles.
    """
    embedder = load_embedder(settings)
    with closing(open_store(settings, embedder)) as store:
        mend(store, embedder)
        known = [*store.files.roots(), *(readable_roots(damaged) if damaged else ())]
        roots = {*map(Path, known), settings.data / "added"}
        with closing(Readers()) as readers:
            report = Ingester(store, embedder, read=readers).run([root for root in roots if root.exists()])
            broken = [Path(one.source) for one in report.skipped if one.reason.code in _BROKEN]
            if broken:
                Ingester(store, embedder, read=readers).reread(broken)
        if damaged:
            salvage(damaged, store, Embedding(embedder.embed_passages))
        if away := store.away():
            raise ServerAway(away)
        return [Message.of("articles_now", n=store.ledger.overview().articles)]


def faults(store: Store) -> list[Message]:
    """Return the damage of the ledger, or else its differences from the vectors. Reads every vector."""
    if found := [Message.of("fault_sqlite", fault=fault) for fault in store.ledger.check()]:
        return found  # a damaged ledger cannot tell which vectors are missing
    missing = sorted(store.missing_vectors().items())  # before `pending`, because it may mark more articles
    found += [away] if (away := store.away()) else []
    pending, doomed = store.ledger.pending(), store.ledger.pending_deletions()
    found += [Message.of("fault_pending", n=len(pending))] * bool(pending)
    found += [Message.of("fault_doomed", n=len(doomed))] * bool(doomed)
    for shard, (lost, stray) in missing:
        found.append(Message.of("fault_shard", shard=shard, lost=len(lost), stray=len(stray)))
    return found


def mend(store: Store, embedder: Embedder) -> None:
    """Delete vectors without a passage, and embed the articles whose vectors are incomplete."""
    for shard, (lost, stray) in store.missing_vectors().items():
        if stray:
            store.placed.delete(shard, sorted(stray))
        articles = {p.article.id for p in store.ledger.passages(lost).values()}
        store.ledger.set_pending(articles)
    store.recover(Embedding(embedder.embed_passages))
