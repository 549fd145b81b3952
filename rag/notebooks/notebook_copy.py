"""Copy notebooks from a file to a server or back, and compare the two."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from rag.notebooks.notebooks import notebook_tables
from rag.store.database import ServerDatabase
from rag.store.row_copy import Tables, copy_rows

TABLES: Tables = {
    "notebooks": ("id, name, key, used, deleted, person", "id"),
    "entries": ("id, notebook, place, origin, deleted, record", "id"),
}
"""See row_copy."""


def copy_notebooks(source: Path | ServerDatabase, target: Path | ServerDatabase) -> int:
    """Copy the notebooks that the target lacks; see copy_rows. Return their number."""
    with closing(notebook_tables(source)) as original, closing(notebook_tables(target)) as copy:
        return copy_rows(original, copy, TABLES)
