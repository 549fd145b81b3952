"""Keys of the API: kept as hashes in a file of the data folder, with what each may see."""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rag.errors import NothingThere, NotPermitted, first_line
from rag.store.private_files import create_private, has_content, make_private
from rag.store.sqlite_errors import kind_of

_FILE = "keys.sqlite"
KEY_PREFIX = "byline-"
"""The beginning of every key, by which scanners for leaked secrets can tell one."""
_KEY_BYTES = 32
"""Random bytes of a key: too many to guess, so that a plain SHA-256 protects it."""
MAX_NAME_CHARACTERS = 80
"""Maximum length of a key's name. Not fitted."""
BUSY_TIMEOUT_S = 5.0
"""Seconds to wait for another process that writes the file. Not fitted."""
_SCHEMA = """CREATE TABLE IF NOT EXISTS keys (
    hash BLOB PRIMARY KEY,      -- SHA-256 of the key
    name TEXT NOT NULL UNIQUE,
    collections TEXT,           -- JSON list of names; NULL for all articles
    created TEXT NOT NULL,
    groups TEXT                 -- JSON list of names; NULL for a key that sees what admins see
) STRICT"""


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its secret; `collections` are all that it may see, None for every article.

    With `groups` it sees what people in these groups may see.
    """

    name: str
    collections: tuple[str, ...] | None
    created: datetime
    groups: tuple[str, ...] | None = None


class ApiKeys:
    """The keys of a data folder.

    The file is made with the first key. Every call opens it anew, so a key that another process revokes ends
    at once. The methods raise NotPermitted if the file cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE

    def create(self, name: str, collections: Sequence[str] = (), groups: Sequence[str] = ()) -> str:
        """Make a key and return it; it cannot be shown again. Raises NothingThere for an unusable name.

        Without `collections` and `groups` it is for all articles.
        """
        name = " ".join(name.split())
        if not name or len(name) > MAX_NAME_CHARACTERS or not name.isprintable():
            raise NothingThere("key_bad_name", max=MAX_NAME_CHARACTERS)
        key = KEY_PREFIX + secrets.token_urlsafe(_KEY_BYTES)
        scopes = [json.dumps(names) if names else None for names in (collections, groups)]
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        create_private(self._path)
        with self._open() as db:
            db.execute(_SCHEMA)
            _migrate(db)
            row = (_hash(key), name, scopes[0], datetime.now(UTC).isoformat(), scopes[1])
            if not db.execute("INSERT INTO keys VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", row).rowcount:
                raise NothingThere("key_exists", name=name)
        make_private(self._path.parent)
        return key

    def all(self) -> list[ApiKey]:
        """Return all keys by name."""
        return self._rows("TRUE ORDER BY name")

    def revoke(self, name: str) -> None:
        """Delete a key. Raises NothingThere."""
        if name not in [key.name for key in self.all()]:
            names = ", ".join(key.name for key in self.all())
            raise NothingThere("no_such_key", name=name, names=names or "–")
        with self._open() as db:
            db.execute("DELETE FROM keys WHERE name = ?", (name,))

    def find(self, key: str) -> ApiKey | None:
        """Return the key with this secret, None if there is none, or none any more."""
        found = self._rows("hash = ?", _hash(key))
        return found[0] if found else None

    def _rows(self, where: str, *values: bytes) -> list[ApiKey]:
        if not has_content(self._path):
            return []
        with self._open() as db:
            _migrate(db)
            columns = "name, collections, created, groups"
            rows = db.execute(f"SELECT {columns} FROM keys WHERE {where}", values).fetchall()
            return [
                ApiKey(name, _scope(scope), datetime.fromisoformat(created), _scope(groups))
                for name, scope, created, groups in rows
            ]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, BUSY_TIMEOUT_S)) as db, db:
                yield db
        except sqlite3.Error as error:
            damaged = kind_of(error) in ("damaged", "unknown")
            code = "keys_damaged" if damaged else "file_denied"
            raise NotPermitted(code, path=self._path, error=first_line(error)) from error
        except ValueError as error:  # of a text or a scope that cannot be read
            raise NotPermitted("keys_damaged", path=self._path, error=first_line(error)) from error


def _migrate(db: sqlite3.Connection) -> None:
    """Add the column that files of earlier versions lack."""
    if "groups" not in [row[1] for row in db.execute("PRAGMA table_info(keys)")]:
        db.execute("ALTER TABLE keys ADD COLUMN groups TEXT")


def _scope(stored: str | None) -> tuple[str, ...] | None:
    return None if stored is None else tuple(json.loads(stored))


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()
