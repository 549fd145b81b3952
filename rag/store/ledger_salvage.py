"""Salvage: adds to a restored ledger what the damaged one still yields and its backup lacked."""

from __future__ import annotations

import json
import logging
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import islice
from pathlib import Path

from rag.errors import NothingThere
from rag.store.article_embedding import Embedding
from rag.store.ledger_rows import INFO, article_info, identity_of, with_text
from rag.store.mendings import Mending
from rag.store.originals import Original
from rag.store.salvaged_rows import readable_rows, rows_from_either_end
from rag.store.store import Store
from rag.text.splitter import split
from rag.types import Article, article_id

_BATCH = 64
"""Articles that are added at a time. Not fitted."""
_log = logging.getLogger(__name__)


def readable_roots(damaged: Path) -> list[str]:
    """Return the folders and files that a reader had added, as far as they can be read."""
    with closing(sqlite3.connect(damaged)) as db:
        return [str(path) for (path,) in readable_rows(db, "SELECT path FROM roots")]


def salvage(damaged: Path, store: Store, embedding: Embedding) -> None:
    """Add articles that the library lacks, with their originals, collections and corrected metadata.

    An article counts only if its text has its digest. Where groups of people restrict a collection nothing
    is added: a lost membership would show an article to everybody.
    """
    with closing(sqlite3.connect(damaged)) as db:
        if _is_restricted(db) or any(one.groups for one in store.collections.all()):
            return
        saved, found = 0, _articles(db, store)
        while batch := list(islice(found, _BATCH)):
            store.put([(article, split(article), file) for article, file in batch], embedding)
            saved += len(batch)
        _originals(db, store)
        _collections(db, store)
        _mendings(db, store, embedding)
    _log.warning("%d articles were copied from %s", saved, damaged)


def _is_restricted(db: sqlite3.Connection) -> bool:
    """Tell whether groups restrict a collection; where that cannot be read, they may."""
    try:
        return db.execute("SELECT 1 FROM collection_groups LIMIT 1").fetchone() is not None
    except (sqlite3.Error, UnicodeDecodeError):
        return True


def _articles(db: sqlite3.Connection, store: Store) -> Iterator[tuple[Article, str]]:
    """Yield undamaged articles that the library lacks, each with the file that it was read from.

    A file's text that the library has from another file is left out: its folder was moved.
    """
    known = {*store.files.by_article(), *store.trash.ids()}
    for number, id in rows_from_either_end(db, "SELECT rowid, id FROM articles NOT INDEXED ORDER BY rowid"):
        if id in known:
            continue
        of = f"SELECT a.file, a.identity, a.text, {INFO} FROM articles a WHERE a.rowid = ?"
        with suppress(sqlite3.Error, UnicodeDecodeError, ValueError, TypeError):
            file, identity, text, *info = db.execute(of, (number,)).fetchone()
            found = article_info(info)
            whole = identity_of(found.language, found.title, text) == identity
            moved = Path(file).is_absolute() and store.copies.has(identity)
            if whole and not moved and article_id(found.source) == found.id:
                yield with_text(found, text), str(file)


def _originals(db: sqlite3.Connection, store: Store) -> None:
    lacking = {*store.files.by_article().values()} - store.originals.files()
    for number, file in rows_from_either_end(
        db, "SELECT rowid, file FROM originals NOT INDEXED ORDER BY rowid"
    ):
        if file in lacking:
            with suppress(sqlite3.Error, UnicodeDecodeError, zlib.error, TypeError):
                of = "SELECT data, suffix FROM originals WHERE rowid = ?"
                data, suffix = db.execute(of, (number,)).fetchone()
                store.originals.keep(file, Original(zlib.decompress(data), str(suffix)))


def _collections(db: sqlite3.Connection, store: Store) -> None:
    """Add articles of the library to the collections that they were in."""
    members, known = dict[str, list[str]](), store.files.by_article()
    for collection, article in readable_rows(db, "SELECT collection, article FROM collected"):
        if article in known:
            members.setdefault(str(collection), []).append(article)
    for name, articles in members.items():
        with suppress(NothingThere):
            store.collections.add(name, articles)


def _mendings(db: sqlite3.Connection, store: Store, embedding: Embedding) -> None:
    """Correct the metadata of articles that the library has as they were read."""
    for article, fields in readable_rows(db, "SELECT article, fields FROM mended"):
        if not store.mendings.read(article):
            with suppress(NothingThere, ValueError, TypeError, AttributeError):
                given = {name: value or "" for name, value in json.loads(fields).items()}
                store.mend([article], Mending(**given), embedding)
