"""Delete all vectors of a data folder, so that they are computed again."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from rag.store.ledger import Ledger
from rag.store.model_record import ModelRecord
from rag.store.open_database import open_database
from rag.store.ownership import Ownership


def drop_vectors(folder: Path, database: str = "") -> None:
    """Delete all vectors and mark every article as pending; the folder must not be open."""
    ownership = Ownership(folder)
    try:
        shutil.rmtree(folder / "vectors", ignore_errors=True)
        with closing(open_database(folder / "library.sqlite", database)) as opened:
            Ledger(opened).set_pending_in()
            ModelRecord(opened).forget()
    finally:
        ownership.release()
