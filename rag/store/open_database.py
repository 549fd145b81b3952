"""Open the database that the settings name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.util import find_spec
from pathlib import Path

from rag.errors import SettingsError
from rag.settings import Settings
from rag.store.database import Database, ServerDatabase
from rag.store.sqlite_database import SqliteDatabase


def open_database(path: Path, url: str = "", *, alone: bool = True) -> Database:
    """Open PostgreSQL at an address, else the SQLite file; `alone`: no other process may.

    Raises SettingsError without the packages that PostgreSQL needs, LibraryBusy, and the errors of Database.
    """
    return open_server(url, alone=alone) if url else SqliteDatabase(path)


def open_server(url: str, *, alone: bool = False) -> ServerDatabase:
    """Open PostgreSQL at an address; see open_database."""
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


@contextmanager
def place_of(settings: Settings, name: str) -> Iterator[Path | ServerDatabase]:
    """Yield the database on the server, opened beside other processes, else the path of a file."""
    if url := settings.database.get_secret_value():
        with closing(open_server(url)) as server:
            yield server
    else:
        yield settings.data / name
