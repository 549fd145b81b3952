"""The notebooks of a data folder, stored in a separate file."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from rag.conversations.conversation import new_id
from rag.conversations.database_file import DatabaseFile
from rag.conversations.file_check import NewerVersion
from rag.conversations.kept_tables import Kept, KeptTables
from rag.conversations.server_tables import ServerTables
from rag.errors import LibraryDamaged, NothingThere, NotPermitted
from rag.notebooks.entries import Entry, Notebook, NotebookHead, from_json, to_json
from rag.notebooks.notebook_salvage import salvage
from rag.store.database import ServerDatabase, Transaction
from rag.store.sqlite_errors import user_errors
from rag.text.letters import plain_letters

NOTEBOOKS = "notebooks.sqlite"
"""The file's name in the data folder."""
PURGE_AFTER = timedelta(days=7)
"""How long a deleted notebook or entry can be restored. Not fitted."""
MAX_NAME_CHARACTERS = 80
"""Maximum length of a notebook's name. Not fitted."""
MIGRATIONS = tuple(files("rag.notebooks") / name for name in ("schema.sql", "people.sql"))
"""SQL scripts; script n, counted from 0, migrates a file from user_version n to n + 1."""
_HEAD = (
    "SELECT n.id, n.name, (SELECT count(*) FROM entries e WHERE e.notebook = n.id AND e.deleted IS NULL)"
    " FROM notebooks n WHERE n.deleted IS NULL"
)
_log = logging.getLogger(__name__)


class Notebooks(Kept):
    """The notebooks of a file or a server. Thread safe; each change is one transaction.

    Entries are changed by their ids, so that two pages on one notebook do not undo each other's changes.
    Methods raise LibraryDamaged, NotPermitted, DiskFull or DatabaseUnavailable if it cannot be used, and
    NothingThere for an unknown id.
    """

    def __init__(self, place: Path | ServerDatabase) -> None:
        self._tables, self._path = notebook_tables(place), place if isinstance(place, Path) else None

    def close(self) -> None:
        """Close the file."""
        self._tables.close()

    def all(self, person: str | None = None) -> list[NotebookHead]:
        """Return the notebooks that are not deleted, the most recently used first; of a person, or all."""
        whose, values = (" AND n.person = ?", (person,)) if person else ("", ())
        rows = self._rows(f"{_HEAD}{whose} ORDER BY n.used DESC, n.id", values)
        return [NotebookHead(*row) for row in rows]

    def owner(self, notebook: str = "", entry: str = "") -> str | None:
        """Return whose a notebook is, or that of an entry, also a deleted one; None if nobody's."""
        of = "id IN (SELECT notebook FROM entries WHERE id = ?)" if entry else "id = ?"
        rows = self._rows(f"SELECT person FROM notebooks WHERE {of}", (entry or notebook,))
        return rows[0][0] if rows else None

    def named(self, name: str) -> NotebookHead:
        """Return the notebook with a name. Raises NothingThere."""
        rows = self._rows(f"{_HEAD} AND n.key = ?", (_key(name),))
        if not rows:
            names = ", ".join(one.name for one in self.all())
            raise NothingThere("no_such_notebook", name=name, names=names or "–")
        return NotebookHead(*rows[0])

    def read(self, id: str) -> Notebook:
        """Return a notebook with its entries in order, without those that cannot be read."""
        heads = self._rows(f"{_HEAD} AND n.id = ?", (id,))
        if not heads:
            raise NothingThere("no_notebook")
        sql = "SELECT record FROM entries WHERE notebook = ? AND deleted IS NULL ORDER BY place"
        found = [entry for (record,) in self._rows(sql, (id,)) if (entry := _entry(record)) is not None]
        return Notebook(NotebookHead(*heads[0]), tuple(found))

    def origins(self, id: str) -> set[str]:
        """Return the origins of the entries of a notebook; see keeping.origin."""
        sql = "SELECT origin FROM entries WHERE notebook = ? AND origin IS NOT NULL AND deleted IS NULL"
        return {origin for (origin,) in self._rows(sql, (id,))}

    def new(self, name: str, person: str | None = None) -> str:
        """Create a notebook, of a person; return its id. Raises NothingThere for an invalid or taken name."""
        id, name = new_id(), _checked(name)
        sql = "INSERT INTO notebooks (id, name, key, used, person) VALUES (?, ?, ?, ?, ?)"
        with self._transaction() as db:
            _require_free(db, name, id, person)
            db.execute(sql, (id, name, _key(name), _now(), person))
        return id

    def rename(self, id: str, name: str) -> None:
        """Rename a notebook. Raises NothingThere if its new name is invalid or taken."""
        name, person = _checked(name), self.owner(id)
        with self._transaction() as db:
            _require_free(db, name, id, person)
            db.execute("UPDATE notebooks SET name = ?, key = ? WHERE id = ?", (name, _key(name), id))

    def delete(self, id: str, *, undo: bool = False) -> None:
        """Delete a notebook, or with `undo` restore it, under another name if its own has been taken."""
        with self._transaction() as db:
            if undo:
                _restore(db, id)
            else:
                db.execute("UPDATE notebooks SET deleted = ? WHERE id = ?", (_now(), id))

    def use(self, id: str) -> None:
        """Make a notebook the default, which receives entries that name no other."""
        with self._transaction() as db:
            db.execute("UPDATE notebooks SET used = ? WHERE id = ?", (_now(), id))

    def into(self, id: str, default_name: str, person: str | None = None) -> str:
        """Return the id of a notebook if it exists, else that of the default one, else of a new one.

        Only those of a person count, if one is given.
        """
        known = [one.id for one in self.all(person)]
        if id in known:
            return id
        try:
            return known[0] if known else self.new(default_name, person)
        except NothingThere:  # another page has made it meanwhile
            return self.all(person)[0].id

    def keep(self, notebook: str, entry: Entry) -> None:
        """Append an entry; one that was kept before is not repeated, and a removed one is restored."""
        back = "UPDATE entries SET deleted = NULL WHERE notebook = ? AND origin = ?"
        with self._transaction() as db:
            if not db.execute(back, (notebook, entry.origin)).rowcount:
                _insert(db, notebook, entry, _end(db, notebook))

    def let_go(self, notebook: str, origin: str) -> None:
        """Remove the entry that was kept from an origin."""
        sql = "UPDATE entries SET deleted = ? WHERE notebook = ? AND origin = ? AND deleted IS NULL"
        with self._transaction() as db:
            db.execute(sql, (_now(), notebook, origin))

    def note(self, notebook: str, id: str, text: str, after: str = "") -> None:
        """Add a note after an entry, or first; an existing note with the id is not changed."""
        with self._transaction() as db:
            if not db.execute("SELECT 1 FROM entries WHERE id = ?", (id,)).fetchone():
                _insert(db, notebook, Entry(id=id, kind="note", text=text), _after(db, notebook, after))

    def edit(self, id: str, text: str, bases: Sequence[str], fork: str) -> None:
        """Set a note's text. A note that was removed meanwhile is restored, with its notebook.

        `bases` are the texts that the writer started from. If the note has another by now, both are kept:
        the writer's becomes the note `fork` after it.
        """
        with self._transaction() as db:
            notebook, note = _found(db, id)
            _restore(db, notebook)
            written = db.execute("SELECT record FROM entries WHERE id = ?", (fork,)).fetchone()
            if written:
                _put(db, replace(from_json(written[0]), text=text))
            elif note.text in (text, *bases):
                _put(db, replace(note, text=text))
            else:
                forked = Entry(id=fork, kind="note", text=text)
                _insert(db, notebook, forked, _after(db, notebook, id))

    def move(self, id: str, before: str = "") -> None:
        """Move an entry before another entry of its notebook, or to the end."""
        with self._transaction() as db:
            notebook, _ = _found(db, id)
            sql = "SELECT id FROM entries WHERE notebook = ? ORDER BY place"
            ids = [one for (one,) in db.execute(sql, (notebook,)) if one != id]
            at = ids.index(before) if before in ids else len(ids)
            places = enumerate([*ids[:at], id, *ids[at:]])
            db.executemany("UPDATE entries SET place = ? WHERE id = ?", places)

    def remove(self, id: str, *, undo: bool = False) -> None:
        """Remove an entry, or with `undo` restore it to its place."""
        with self._transaction() as db:
            db.execute("UPDATE entries SET deleted = ? WHERE id = ?", (None if undo else _now(), id))

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._user_errors():
            return self._tables.rows(sql, values)

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        with self._user_errors(), self._tables.transaction() as db:
            yield db

    @contextmanager
    def _user_errors(self) -> Iterator[None]:
        """Convert errors of SQLite to errors that a reader can act on."""
        if self._path is None:
            yield
            return
        try:
            with user_errors(self._path):
                yield
        except NewerVersion as error:
            raise NotPermitted("notebook_newer", path=self._path) from error
        except LibraryDamaged as error:
            self._tables.close()  # opening it again replaces the file
            raise LibraryDamaged("notebook_damaged", path=self._path) from error


def notebook_tables(place: Path | ServerDatabase) -> KeptTables:
    """Return the tables of notebooks: of a file, or of a server."""
    if isinstance(place, Path):
        return DatabaseFile(place, _purge, MIGRATIONS, salvage)
    return ServerTables(place, "notebooks", MIGRATIONS, _purge)


def _purge(db: Transaction) -> None:
    """Purge what was deleted more than PURGE_AFTER ago."""
    since = (datetime.now(UTC) - PURGE_AFTER).isoformat()
    db.execute("DELETE FROM notebooks WHERE deleted < ?", (since,))
    db.execute("DELETE FROM entries WHERE deleted < ?", (since,))


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _checked(name: str) -> str:
    """Return a name with its spaces normalised. Raises NothingThere if it is empty or too long."""
    plain = " ".join(name.split())
    if not plain or len(plain) > MAX_NAME_CHARACTERS or not plain.isprintable():
        raise NothingThere("notebook_bad_name", max=MAX_NAME_CHARACTERS)
    return plain


def _require_free(db: Transaction, name: str, id: str, person: str | None) -> None:
    """Raise NothingThere if another notebook of the person has the name."""
    same = "SELECT 1 FROM notebooks WHERE key = ? AND id <> ? AND coalesce(person, '') = ?"
    if db.execute(f"{same} AND deleted IS NULL", (_key(name), id, person or "")).fetchone():
        raise NothingThere("notebook_exists", name=name)


def _key(name: str) -> str:
    return plain_letters(" ".join(name.split()))


def _restore(db: Transaction, id: str) -> None:
    """Restore a deleted notebook, under another name if its own has been taken."""
    sql = "SELECT name, person FROM notebooks WHERE id = ? AND deleted IS NOT NULL"
    if row := db.execute(sql, (id,)).fetchone():
        name = _free_name(db, *row)
        sql = "UPDATE notebooks SET deleted = NULL, name = ?, key = ? WHERE id = ?"
        db.execute(sql, (name, _key(name), id))


def _free_name(db: Transaction, name: str, person: str | None) -> str:
    """Return the name, with the first number that makes it unique among a person's if it is taken."""
    theirs = "SELECT key FROM notebooks WHERE deleted IS NULL AND coalesce(person, '') = ?"
    taken = {key for (key,) in db.execute(theirs, (person or "",))}
    names = (name, *(f"{name} ({n})" for n in range(2, len(taken) + 3)))
    return next(one for one in names if _key(one) not in taken)


def _entry(record: str) -> Entry | None:
    try:
        return from_json(record)
    except ValueError:
        _log.warning("An entry of a notebook cannot be read and is left out")
        return None


def _found(db: Transaction, id: str) -> tuple[str, Entry]:
    """Return the notebook of an entry, and the entry, restored if it was removed. Raises NothingThere."""
    row = db.execute("SELECT notebook, record FROM entries WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise NothingThere("no_notebook_entry")
    return row[0], from_json(row[1])


def _put(db: Transaction, entry: Entry) -> None:
    db.execute("UPDATE entries SET record = ?, deleted = NULL WHERE id = ?", (to_json(entry), entry.id))


def _insert(db: Transaction, notebook: str, entry: Entry, place: int) -> None:
    db.execute("UPDATE entries SET place = place + 1 WHERE notebook = ? AND place >= ?", (notebook, place))
    row = (entry.id, notebook, place, entry.origin or None, to_json(entry))
    db.execute("INSERT INTO entries VALUES (?, ?, ?, ?, NULL, ?)", row)


def _end(db: Transaction, notebook: str) -> int:
    sql = "SELECT coalesce(max(place) + 1, 0) FROM entries WHERE notebook = ?"
    return int(db.execute(sql, (notebook,)).fetchone()[0])


def _after(db: Transaction, notebook: str, id: str) -> int:
    """Return the place after an entry; the first place for "", the last for an unknown entry."""
    if not id:
        return 0
    row = db.execute("SELECT place + 1 FROM entries WHERE notebook = ? AND id = ?", (notebook, id)).fetchone()
    return int(row[0]) if row else _end(db, notebook)
