"""Errors of SQLite on the library's file, as errors that a user can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import DiskFull, LibraryDamaged, NotPermitted

_DENIED = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH", "SQLITE_BUSY", "SQLITE_LOCKED")
_PROGRAMMING = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError)
"""Errors of our own code, which are not caught."""


@contextmanager
def user_errors(path: Path) -> Iterator[None]:
    """Raise NotPermitted, DiskFull or LibraryDamaged for an error of SQLite.

    Damaged pages also show as text that is no UTF-8, in values and in SQLite's own messages.
    """
    try:
        yield
    except _PROGRAMMING:
        raise
    except sqlite3.DatabaseError as error:
        name = getattr(error, "sqlite_errorname", None) or ""
        if name.startswith(_DENIED):
            raise NotPermitted("file_denied", path=path, error=error) from error
        if name.startswith("SQLITE_FULL"):
            raise DiskFull("low_space", path=path) from error
        raise LibraryDamaged("file_damaged", path=path, error=error) from error
    except UnicodeDecodeError as error:
        raise LibraryDamaged("file_damaged", path=path, error=error) from error
