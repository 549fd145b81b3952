"""Conversion of PostgreSQL's errors to errors that a user can act on; none shows a password."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from rag.errors import BylineError, DatabaseUnavailable, DiskFull, NotPermitted, first_line

_PROGRAMMING = (psycopg.IntegrityError, psycopg.InterfaceError, errors.SyntaxError, errors.UndefinedObject)
"""Programming errors, which are not converted."""
_ENDING = ("08", "57P01", "57P02", "57P03")
"""The beginnings of SQLSTATE where the connection or the server ends."""


def server_of(url: str) -> str:
    """Return user, host and database of an address, without its password. Raises DatabaseUnavailable."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise DatabaseUnavailable("database_address") from None  # psycopg's message has the address
    host = parts.get("host") or "localhost"
    port = f":{parts['port']}" if "port" in parts else ""
    return f"{host}{port}/{parts.get('dbname') or parts.get('user') or ''}"


def is_lost(error: psycopg.Error) -> bool:
    """Tell whether the connection was lost, so that the same statement may succeed on another."""
    state = error.sqlstate
    return isinstance(error, psycopg.OperationalError) and (state is None or state.startswith(_ENDING))


@contextmanager
def server_errors(server: str) -> Iterator[None]:
    """Convert an error of PostgreSQL to DatabaseUnavailable, NotPermitted or DiskFull."""
    try:
        yield
    except _PROGRAMMING:
        raise
    except psycopg.Error as error:
        raise _converted(error, server) from error


def _converted(error: psycopg.Error, server: str) -> BylineError:
    why = first_line(error)
    if isinstance(error, errors.DiskFull):
        return DiskFull("database_full", server=server)
    if isinstance(error, errors.ReadOnlySqlTransaction | errors.InsufficientPrivilege):
        return NotPermitted("database_denied", server=server, why=why)
    return DatabaseUnavailable(_code(error, why), server=server, why=why)


def _code(error: psycopg.Error, why: str) -> str:
    if not is_lost(error):
        return "database_failed"
    if "password" in why or "authentication" in why:  # libpq gives no SQLSTATE
        return "database_password"
    return "database_missing" if "does not exist" in why else "database_away"
