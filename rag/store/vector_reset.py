"""Throws all vectors of a data folder away, so that they are computed again."""

from __future__ import annotations

import shutil
from pathlib import Path

from rag.store.database import Database
from rag.store.ledger import Ledger
from rag.store.ownership import Ownership


def drop_vectors(folder: Path) -> None:
    """Delete all vectors and mark every article as pending; the folder must not be open."""
    ownership = Ownership(folder)
    try:
        shutil.rmtree(folder / "vectors", ignore_errors=True)
        database = Database(folder / "library.sqlite")
        ledger = Ledger(database)
        ledger.set_pending(sorted({info.id for info in ledger.articles(-1)}))
        ledger.confirm_deletions(i for i, _ in ledger.pending_deletions())
        ledger.forget_model()
        database.close()
    finally:
        ownership.release()
