"""Delete all vectors of a data folder, so that they are computed again."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from rag.store.ledger import Ledger
from rag.store.model_record import ModelRecord
from rag.store.ownership import Ownership
from rag.store.sqlite_database import SqliteDatabase


def drop_vectors(folder: Path) -> None:
    """Delete all vectors and mark every article as pending; the folder must not be open."""
    ownership = Ownership(folder)
    try:
        shutil.rmtree(folder / "vectors", ignore_errors=True)
        with closing(SqliteDatabase(folder / "library.sqlite")) as database:
            Ledger(database).set_pending_in()
            ModelRecord(database).forget()
    finally:
        ownership.release()
