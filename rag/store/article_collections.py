"""Collections: named sets of articles that a reader makes. An article may be in several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rag.errors import NothingThere
from rag.store.audit_log import COMMAND_LINE, AuditLog
from rag.store.database import Database
from rag.store.filter_sql import conditions, listed
from rag.text.letters import plain_letters
from rag.types import Filters

MAX_NAME_CHARACTERS = 80
"""Maximum length of a collection's name. Not fitted."""
MAX_LISTED_NAMES = 20
"""Maximum number of collections listed in an error message. Not fitted."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A named set of articles; `articles` are those in the library, exact copies counted once.

    Only people in one of the `groups` may see it; without groups everybody may.
    """

    name: str
    articles: int
    groups: tuple[str, ...] = ()

    def seen_within(self, filters: Filters) -> bool:
        """Tell whether somebody with the bounds of the filters may see the collection."""
        if filters.within is not None and self.name not in filters.within:
            return False
        return filters.groups is None or not self.groups or bool({*self.groups} & {*filters.groups})


def collection_named(name: str, among: Iterable[Collection]) -> Collection | None:
    """Return the collection of a name, regardless of case; None if there is none."""
    key = plain_letters(name)
    return next((one for one in among if plain_letters(one.name) == key), None)


class Collections:
    """The tables of collections.

    Members are article ids, so membership survives a removal and a new version of the file. Names are unique
    regardless of case. Methods raise NothingThere for an unknown name.
    """

    def __init__(self, database: Database, require_writable: Callable[[], None]) -> None:
        self._rows, self._transaction = database.rows, database.transaction
        self._audit = AuditLog(database)
        self._require_writable = require_writable

    def all(self, filters: Filters = Filters()) -> list[Collection]:
        """Return the collections that may be seen within the bounds of the filters, by name.

        Only articles that may be seen are counted.
        """
        where, values = conditions(filters.bounds, "a.language")
        count = "SELECT count(DISTINCT coalesce(a.copy_of, a.id)) FROM collected m JOIN articles a"
        of = f"{count} ON a.id = m.article WHERE m.collection = c.name AND {where}"
        rows = self._rows(f"SELECT c.name, ({of}) FROM collections c ORDER BY c.key", values)
        groups: dict[str, tuple[str, ...]] = {}
        for collection, name in self._rows("SELECT collection, name FROM collection_groups ORDER BY 1, 2"):
            groups[collection] = (*groups.get(collection, ()), str(name))
        found = (Collection(str(name), int(count), groups.get(name, ())) for name, count in rows)
        return [one for one in found if one.seen_within(filters)]

    def restrict(self, collection: str, groups: Iterable[str], person: str = COMMAND_LINE) -> Collection:
        """Let only people in one of these groups see a collection; without any, everybody.

        `person` is whose doing the audit log says it is. Raises NothingThere for an invalid name of a group.
        """
        self._require_writable()
        known, names = self._known(collection), dict.fromkeys(map(self.checked, groups))
        with self._transaction() as db:
            db.execute("DELETE FROM collection_groups WHERE collection = ?", (known,))
            db.executemany("INSERT INTO collection_groups VALUES (?, ?)", [(known, name) for name in names])
        self._audit.record(person, "access changed", [f"{known}: {', '.join(names) or '–'}"])
        return self._one(known)

    def hides_from(self, groups: Sequence[str]) -> bool:
        """Tell whether a collection may not be seen by people in these groups."""
        marks = ",".join("?" * len(groups)) or "NULL"
        theirs = f"SELECT collection FROM collection_groups WHERE name IN ({marks})"
        sql = f"SELECT 1 FROM collection_groups WHERE collection NOT IN ({theirs}) LIMIT 1"
        return bool(self._rows(sql, groups))

    def seen(self, article_ids: Iterable[str], filters: Filters) -> set[str]:
        """Return the ids of articles that may be seen within the bounds, also of those not in the library."""
        where, values = conditions(filters.bounds)
        of, among = listed(article_ids)
        sql = f"SELECT a.id FROM (SELECT i.key AS id FROM ({of}) AS i) AS a WHERE {where}"
        return {str(row[0]) for row in self._rows(sql, (among, *values))}

    def with_copies(self, article_ids: Iterable[str]) -> set[str]:
        """Return the ids of articles and of their exact copies, which `add` adds with them."""
        of, among = listed(article_ids)
        sql = f"SELECT id FROM articles WHERE id IN ({of}) OR copy_of IN ({of})"
        return {str(row[0]) for row in self._rows(sql, (among, among))}

    def articles(self, collection: str) -> list[str]:
        """Return the ids of a collection's members, including those no longer in the library."""
        of = "SELECT article FROM collected WHERE collection = ? ORDER BY 1"
        return [str(row[0]) for row in self._rows(of, (self._known(collection),))]

    def add(self, collection: str, article_ids: Iterable[str]) -> Collection:
        """Add articles and their exact copies; create the collection if it is new.

        Raises NothingThere for an invalid name.
        """
        self._require_writable()
        name = self.checked(collection)
        with self._transaction() as db:
            db.execute(
                "INSERT INTO collections VALUES (?, ?) ON CONFLICT DO NOTHING", (name, plain_letters(name))
            )
            (known,) = db.execute(
                "SELECT name FROM collections WHERE key = ?", (plain_letters(name),)
            ).fetchone()
            db.executemany(
                "INSERT INTO collected SELECT ?, ? UNION SELECT ?, id FROM articles WHERE copy_of = ?"
                " ON CONFLICT DO NOTHING",
                [(known, article_id, known, article_id) for article_id in article_ids],
            )
        return self._one(str(known))

    def discard(self, collection: str, article_ids: Iterable[str]) -> Collection:
        """Remove articles and their exact copies from a collection."""
        self._require_writable()
        known = self._known(collection)
        of = "article = ? OR article IN (SELECT id FROM articles WHERE copy_of = ?)"
        with self._transaction() as db:
            db.executemany(
                f"DELETE FROM collected WHERE collection = ? AND ({of})", [(known, i, i) for i in article_ids]
            )
        return self._one(known)

    def rename(self, collection: str, to: str) -> Collection:
        """Rename a collection. Raises NothingThere if another has the new name."""
        self._require_writable()
        known, to = self._known(collection), self.checked(to)
        key, taken = plain_letters(to), "SELECT 1 FROM collections WHERE key = ? AND name != ?"
        with self._transaction() as db:
            if db.execute(taken, (key, known)).fetchone():
                raise NothingThere("collection_exists", name=to)
            db.execute("UPDATE collections SET name = ?, key = ? WHERE name = ?", (to, key, known))
        return self._one(to)

    def delete(self, collection: str) -> None:
        """Delete a collection; its articles stay in the library."""
        self._require_writable()
        known = self._known(collection)
        with self._transaction() as db:
            db.execute("DELETE FROM collections WHERE name = ?", (known,))

    def resolved(self, filters: Filters) -> Filters:
        """Return filters with the stored spelling of their collections' names.

        A collection that the asker may not see is as unknown as one that does not exist.
        """
        known = tuple(self._known(name, filters) for name in filters.collections)
        return replace(filters, collections=known)

    def checked(self, name: str) -> str:
        """Return a name with its spaces normalised. Raises NothingThere if it is empty or too long."""
        plain = " ".join(name.split())
        if not plain or len(plain) > MAX_NAME_CHARACTERS or not plain.isprintable():
            raise NothingThere("collection_bad_name", max=MAX_NAME_CHARACTERS)
        return plain

    def _one(self, name: str) -> Collection:
        return next(one for one in self.all() if one.name == name)

    def _known(self, name: str, filters: Filters = Filters()) -> str:
        rows = self._rows(
            "SELECT name FROM collections WHERE key = ?", (plain_letters(" ".join(name.split())),)
        )
        seen = [one.name for one in self.all(filters)] if filters.bounds or not rows else []
        if not rows or (filters.bounds and rows[0][0] not in seen):
            names = ", ".join(seen[:MAX_LISTED_NAMES])
            raise NothingThere("no_such_collection", name=name, names=names or "–")
        return str(rows[0][0])
