"""Open the database that the settings name."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from rag.errors import SettingsError
from rag.store.database import Database
from rag.store.sqlite_database import SqliteDatabase


def open_database(path: Path, url: str = "", *, alone: bool = True) -> Database:
    """Open PostgreSQL at an address, else the SQLite file; `alone`: no other process may.

    Raises SettingsError without the packages that PostgreSQL needs, LibraryBusy, and the errors of Database.
    """
    if not url:
        return SqliteDatabase(path)
    if not find_spec("psycopg"):
        raise SettingsError("database_package")
    from rag.store.postgres_database import PostgresDatabase

    database = PostgresDatabase(url)
    if alone:
        try:
            database.own()
        except BaseException:
            database.close()
            raise
    return database
