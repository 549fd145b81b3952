"""Checking and mending a data folder, in a child process: a damaged index can end its process."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from rag.errors import IndexMismatch, LibraryDamaged
from rag.library import Library
from rag.settings import Settings
from rag.store import Store


def verify(settings: Settings) -> list[str]:
    """What is wrong with a data folder."""
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as child:
            return child.submit(_faults, settings).result()
    except BrokenProcessPool:
        return ["The vectors are damaged: reading them ended the process."]
    except (IndexMismatch, LibraryDamaged) as error:
        return [str(error)]


def repair(settings: Settings) -> list[str]:
    """Mend what `verify` finds, and return it. Raises LibraryDamaged where SQLite's file is damaged."""
    found = verify(settings)
    if any(fault.startswith("SQLite") for fault in found):
        raise LibraryDamaged(
            f"{settings.data} is damaged beyond mending: move it away and ingest your articles again."
        )
    if found:
        try:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as child:
                child.submit(_mend, settings).result()
        except (BrokenProcessPool, IndexMismatch, LibraryDamaged):
            Store.drop_vectors(settings.data)
            _mend(settings)
    return found


def _faults(settings: Settings) -> list[str]:
    with Library.open(settings) as library:
        return library.faults()


def _mend(settings: Settings) -> None:
    with Library.open(settings) as library:
        library.mend()
