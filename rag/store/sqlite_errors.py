"""Categories of SQLite's errors, and their conversion to errors that a user can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from rag.errors import DiskFull, LibraryDamaged, NotPermitted

ErrorKind = Literal["full", "locked", "denied", "damaged", "unknown"]
_KINDS: Mapping[str, ErrorKind] = {
    "SQLITE_FULL": "full",
    "SQLITE_IOERR_SHMSIZE": "full",  # the companion -shm cannot grow
    "SQLITE_IOERR_WRITE": "full",
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_READONLY": "denied",
    "SQLITE_CANTOPEN": "denied",
    "SQLITE_PERM": "denied",
    "SQLITE_AUTH": "denied",
    "SQLITE_CORRUPT": "damaged",
    "SQLITE_NOTADB": "damaged",
}
_PROGRAMMING = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError)
"""Programming errors, which are not converted."""


def kind_of(error: sqlite3.Error) -> ErrorKind:
    """Return the category of an SQLite error."""
    name = getattr(error, "sqlite_errorname", None) or ""
    return next((kind for code, kind in _KINDS.items() if name.startswith(code)), "unknown")


@contextmanager
def user_errors(path: Path) -> Iterator[None]:
    """Convert an error of SQLite to NotPermitted, DiskFull or LibraryDamaged.

    Damaged pages also cause UnicodeDecodeError, in values and in SQLite's own messages.
    """
    try:
        yield
    except _PROGRAMMING:
        raise
    except sqlite3.DatabaseError as error:
        kind = kind_of(error)
        if kind in ("denied", "locked"):
            raise NotPermitted("file_denied", path=path, error=error) from error
        if kind == "full":
            raise DiskFull("low_space", path=path) from error
        raise LibraryDamaged("file_damaged", path=path, error=error) from error
    except UnicodeDecodeError as error:
        raise LibraryDamaged("file_damaged", path=path, error=error) from error
