"""Copy a library from one database to another, SQLite to PostgreSQL or back, and compare the two.

Passages keep their numbers, so that their vectors stay valid. Each transaction also records how far the copy
is, so that it goes on there after an interruption. Neither library may be changed meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from rag.errors import LibraryDamaged, NotPermitted
from rag.locales.message import Message
from rag.progress import OnProgress, Progress, ignore
from rag.store.database import Database
from rag.store.keyword_rebuild import index_article
from rag.store.ledger_rows import SET_META
from rag.store.row_copy import differs, insert_rows, rows_after

_STATE = "copying"
"""The property of a library that is being copied into: the last row of each table, as JSON."""
_ARTICLE = "id, source, file, title, language, published, outlet, author, url, text"
TABLES: dict[str, tuple[str, str]] = {
    "files": ("file, digest, size, modified_ns, reader", "file"),
    "articles": (f"{_ARTICLE}, added, state, identity, copy_of, left_out", "rowid"),
    "shards": ("name, language, passages, server", "name"),
    "passages": ('id, article_id, ordinal, start, "end", language, shard', "id"),
    "doomed": ("id, shard", "id"),
    "removed": (f"{_ARTICLE}, removed, copy_of, left_out", "rowid"),
    "roots": ("path", "path"),
    "as_is": ("source, file", "source"),
    "originals": ("file, suffix, data", "file"),
    "skipped": ("source, file, reason, since", "source"),
    "mended": ("article, fields, read", "article"),
    "collections": ("name, key", "name"),
    "collected": ("collection, article", "collection, article"),
    "collection_groups": ("collection, name", "collection, name"),
    "audit": ('id, "when", person, action, about', "id"),
    "shares": ("conversation, link", "conversation"),
    "visits": ("file, etag, modified", "file"),
    "shifts": ("kind, language, vector", "kind, language"),
    "feeds": ("address, title, minutes, etag, modified, looked, error", "address"),
    "feed_entries": ("feed, entry", "feed, entry"),
}
"""The columns of each table, and those of its order, after the tables that it refers to. The keyword index is
made anew; of `meta` each database keeps its own version."""
_OWN = "('version', 'keyword_terms', 'copying')"
"""The properties that belong to a database."""


def copy_library(source: Database, target: Database, on_progress: OnProgress = ignore) -> None:
    """Copy all tables, or go on with an interrupted copy; then compare them.

    Raises NotPermitted if the target has a library, LibraryDamaged if the copy differs.
    """
    state = _state(target)
    total = sum(_count(source, table) for table in TABLES) + _count(source, "articles")
    done = sum(_count(target, table) for table in TABLES)
    for table, batch, last in _batches(source, state):
        with target.transaction() as db:
            if table == "keywords":
                for (article_id,) in batch:
                    index_article(db, target.keywords, str(article_id))
            else:
                insert_rows(db, table, TABLES[table][0], batch)
            state[table] = last
            db.execute(SET_META, (_STATE, json.dumps(state)))
        done += len(batch)
        on_progress(Progress(Message.of("copying_library"), min(done, total), total))
    if found := differences(source, target):
        raise LibraryDamaged("copy_differs", tables=", ".join(found))
    with target.transaction() as db:
        db.executemany(SET_META, _properties(source))
        db.execute("DELETE FROM meta WHERE key = ?", (_STATE,))
    target.take_numbers()


def differences(source: Database, target: Database) -> list[str]:
    """Return the tables whose rows differ. Reads every row of both."""
    return [table for table in [*TABLES, "keywords"] if _differs(source, target, table)]


def _differs(source: Database, target: Database, table: str) -> bool:
    if table == "keywords":
        return _count(target, "keywords") != _count(target, "passages")
    return differs(source, target, table, *TABLES[table])


def _state(target: Database) -> dict[str, list[Any]]:
    found = target.rows("SELECT value FROM meta WHERE key = ?", (_STATE,))
    if not found and any(_count(target, table) for table in TABLES):
        raise NotPermitted("copy_not_empty")
    state: dict[str, list[Any]] = json.loads(found[0][0]) if found else {}
    return state


def _batches(source: Database, state: dict[str, list[Any]]) -> Iterator[tuple[str, list[Any], list[Any]]]:
    """Yield a table, rows of it, and the key of the last of them; after all, articles for the keywords."""
    for table, (columns, order) in [*TABLES.items(), ("keywords", ("id", "id"))]:
        read = "articles" if table == "keywords" else table
        keys = len(order.split(", "))
        while rows := rows_after(source, read, f"{order}, {columns}", order, state.get(table)):
            yield table, [row[keys:] for row in rows], list(rows[-1][:keys])


def _count(database: Database, table: str) -> int:
    return int(database.rows(f"SELECT count(*) FROM {table}")[0][0])


def _properties(database: Database) -> list[tuple[Any, ...]]:
    return database.rows(f"SELECT key, value FROM meta WHERE key NOT IN {_OWN} AND key NOT LIKE 'version %'")
