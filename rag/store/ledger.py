"""The SQLite file: which articles there are, their texts, their passages, the keyword index."""

from __future__ import annotations

import math
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.balancing import Shifts
from rag.documents import Article, ArticleInfo, Passage
from rag.errors import DiskFull, LibraryDamaged, NotPermitted
from rag.store.records import Overview, Stamp, StoredPassage
from rag.store.words import index_words, query_words

SCHEMA = "1"
_MARGIN = 50 << 20  # bytes that must be free before a batch is written
_INFO = "a.id, a.source, a.title, a.language, a.published, a.outlet"


class Ledger:
    """One connection, shared by all threads behind a lock; every change is one transaction."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        try:
            self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA foreign_keys = ON;")
            self._db.executescript(files("rag.store").joinpath("schema.sql").read_text("utf-8"))
        except sqlite3.OperationalError as error:
            raise NotPermitted(f"{path} cannot be opened for writing: {error}.") from error
        except sqlite3.DatabaseError as error:
            raise LibraryDamaged(
                f"{path} is damaged ({error}). Move the data folder away and ingest your articles again."
            ) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. Raises DiskFull where the disk is, or soon will be, full."""
        if shutil.disk_usage(self._path.parent).free < _MARGIN:
            raise DiskFull(f"Less than 50 MB are free beside {self._path}: make room, then try again.")
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    # --- what is known

    def meta(self, key: str) -> str | None:
        """A value that describes the library as a whole."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, **values: str) -> None:
        """Set such values."""
        with self.transaction() as db:
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def stamps(self) -> dict[str, tuple[str, Stamp]]:
        """Every source with its article's id and stamp."""
        rows = self._rows("SELECT source, id, digest, size, modified_ns FROM articles")
        return {s: (i, Stamp(d, z, m)) for s, i, d, z, m in rows}

    def overview(self) -> Overview:
        """Counts, and the last change."""
        languages = self._rows("SELECT language, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC, 1")
        ((passages, updated),) = self._rows(
            "SELECT (SELECT count(*) FROM passages), (SELECT max(added) FROM articles)"
        )
        counts: dict[str, int] = dict(languages)
        when = datetime.fromisoformat(str(updated)) if updated else None
        return Overview(sum(counts.values()), passages, counts, when)

    def article(self, article_id: str) -> Article | None:
        """An article with its text."""
        rows = self._rows(f"SELECT {_INFO}, a.text FROM articles a WHERE id = ?", (article_id,))
        if not rows:
            return None
        *info, text = rows[0]
        known = _info(info)
        return Article(**{f: getattr(known, f) for f in ArticleInfo.__slots__}, text=str(text))

    def articles(self, limit: int) -> list[ArticleInfo]:
        """The newest articles."""
        order = "ORDER BY published IS NULL, published DESC, id LIMIT ?"
        return [_info(row) for row in self._rows(f"SELECT {_INFO} FROM articles a {order}", (limit,))]

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Passages by number; those that are gone are left out."""
        return {stored.id: stored for stored in self._passages("p.id", ids)}

    def passages_of(self, article_ids: Iterable[str]) -> list[StoredPassage]:
        """All passages of articles, in order."""
        return list(self._passages("p.article_id", article_ids))

    def _passages(self, column: str, keys: Iterable[int] | Iterable[str]) -> Iterator[StoredPassage]:
        wanted = list(keys)
        for i in range(0, len(wanted), 500):
            part = wanted[i : i + 500]
            marks = ",".join("?" * len(part))
            for number, ordinal, start, end, text, *info in self._rows(
                # substr counts characters, as Python does: the text never leaves SQLite whole
                f'SELECT p.id, p.ordinal, p.start, p."end", substr(a.text, p.start + 1, p."end" - p.start),'
                f" {_INFO} FROM passages p JOIN articles a ON a.id = p.article_id"
                f" WHERE {column} IN ({marks}) ORDER BY p.article_id, p.ordinal",
                part,
            ):
                place = ordinal, start, end
                passage = Passage(str(info[0]), *place, str(text))
                yield StoredPassage(number, passage, _info(info))

    def keyword_search(self, question: str, limit: int, languages: Sequence[str] = ()) -> dict[int, float]:
        """Passages by number that hold the question's words, best first, with how much of them they hold.

        0 to 1: the passage's BM25 over that of a passage made of all the words, those that occur
        nowhere included. So common words count little, and a name that is not there counts as missing.
        """
        words = query_words(question)
        if not words:
            return {}
        whole = sum(self._weight(word) for word in words)
        where = f"AND a.language IN ({','.join('?' * len(languages))})" if languages else ""
        rows = self._rows(
            "SELECT k.rowid, -k.rank FROM keywords k JOIN passages p ON p.id = k.rowid"
            f" JOIN articles a ON a.id = p.article_id WHERE keywords MATCH ? {where}"
            " ORDER BY k.rank LIMIT ?",
            (" OR ".join(words), *languages, limit),
        )
        return {number: min(score / whole, 1.0) for number, score in rows}

    def _weight(self, word: str) -> float:
        """About the most that FTS5's BM25 gives for a word: its IDF (smoothed, never 0) times k1 + 1."""
        ((total, holding),) = self._rows(
            "SELECT (SELECT count(*) FROM passages), (SELECT count(*) FROM keywords WHERE keywords MATCH ?)",
            (word,),
        )
        return math.log1p((total - holding + 0.5) / (holding + 0.5)) * 2.2

    # --- changes

    def put(self, items: Sequence[tuple[Article, Sequence[Passage], Stamp]]) -> None:
        """Write articles with their passages, in place of what they were; their vectors are pending."""
        with self.transaction() as db:
            for article, passages, stamp in items:
                _forget(db, article.id)
                _insert(db, article, passages, stamp)

    def touch(self, article_id: str, stamp: Stamp) -> None:
        """Note that a file was written again without having changed."""
        with self.transaction() as db:
            db.execute("UPDATE articles SET modified_ns = ? WHERE id = ?", (stamp.modified_ns, article_id))

    def remove(self, article_ids: Sequence[str]) -> None:
        """Forget articles; their vectors are doomed."""
        with self.transaction() as db:
            for article_id in article_ids:
                _forget(db, article_id)

    def pending(self) -> list[str]:
        """Articles whose vectors are not all there yet."""
        return [str(row[0]) for row in self._rows("SELECT id FROM articles WHERE state = 'pending'")]

    def set_pending(self, article_ids: Iterable[str]) -> None:
        """Ask for articles' vectors anew."""
        with self.transaction() as db:
            db.executemany("UPDATE articles SET state = 'pending' WHERE id = ?", [(i,) for i in article_ids])

    def settled(self, article_ids: Sequence[str]) -> None:
        """Note that articles' vectors are all there."""
        with self.transaction() as db:
            db.executemany("UPDATE articles SET state = 'done' WHERE id = ?", [(i,) for i in article_ids])

    def doomed(self) -> list[tuple[int, str]]:
        """Number and language of vectors that Chroma must let go."""
        return [(i, language) for i, language in self._rows("SELECT * FROM doomed")]

    def undoom(self, ids: Iterable[int]) -> None:
        """Note that Chroma has let them go."""
        with self.transaction() as db:
            db.executemany("DELETE FROM doomed WHERE id = ?", [(i,) for i in ids])

    def passage_ids(self) -> dict[str, set[int]]:
        """The numbers of all passages, by language."""
        result: dict[str, set[int]] = {}
        sql = "SELECT a.language, p.id FROM passages p JOIN articles a ON a.id = p.article_id"
        for language, number in self._rows(sql):
            result.setdefault(language, set()).add(number)
        return result

    def shifts(self) -> Shifts | None:
        """What the embedding model makes of each language, where it has been measured."""
        known: dict[str, dict[str, NDArray[np.float32]]] = {"passage": {}, "question": {}}
        for kind, language, vector in self._rows("SELECT kind, language, vector FROM shifts"):
            known[kind][language] = np.frombuffer(vector, np.float32)
        return Shifts(known["passage"], known["question"]) if known["passage"] else None

    def set_shifts(self, shifts: Shifts) -> None:
        """Keep them."""
        kinds = {"passage": shifts.passages, "question": shifts.questions}
        rows = [
            (k, language, v.astype(np.float32).tobytes())
            for k, of in kinds.items()
            for language, v in of.items()
        ]
        with self.transaction() as db:
            db.execute("DELETE FROM shifts")
            db.executemany("INSERT INTO shifts VALUES (?, ?, ?)", rows)

    def forget_model(self) -> None:
        """Forget which embedding model made the index, and what it makes of languages."""
        with self.transaction() as db:
            db.execute("DELETE FROM meta WHERE key IN ('embedder', 'dimension', 'fingerprint', 'schema')")
            db.execute("DELETE FROM shifts")

    def check(self) -> list[str]:
        """What SQLite finds wrong with its file."""
        return [str(row[0]) for row in self._rows("PRAGMA integrity_check") if row[0] != "ok"]


def _info(row: Sequence[object]) -> ArticleInfo:
    article_id, source, title, language, published, outlet = row
    return ArticleInfo(
        id=str(article_id),
        source=str(source),
        title=str(title),
        language=str(language),
        published=date.fromisoformat(str(published)) if published else None,
        outlet=str(outlet) if outlet else None,
    )


def _insert(db: sqlite3.Connection, article: Article, passages: Sequence[Passage], stamp: Stamp) -> None:
    published = article.published.isoformat() if article.published else None
    added = datetime.now(UTC).isoformat(timespec="seconds")
    db.execute(
        "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')",
        (article.id, article.source, article.title, article.language, published, article.outlet,
         article.text, stamp.digest, stamp.size, stamp.modified_ns, added),
    )  # fmt: skip
    for passage in passages:
        place = (article.id, passage.ordinal, passage.start, passage.end)
        row = db.execute(
            'INSERT INTO passages (article_id, ordinal, start, "end") VALUES (?, ?, ?, ?)', place
        )
        words = index_words(f"{article.title} {passage.text}")
        db.execute("INSERT INTO keywords (rowid, words) VALUES (?, ?)", (row.lastrowid, words))


def _forget(db: sqlite3.Connection, article_id: str) -> None:
    gone = "SELECT id FROM passages WHERE article_id = ?"
    db.execute(
        "INSERT OR IGNORE INTO doomed SELECT p.id, a.language FROM passages p"
        " JOIN articles a ON a.id = p.article_id WHERE a.id = ?",
        (article_id,),
    )
    db.execute(f"DELETE FROM keywords WHERE rowid IN ({gone})", (article_id,))
    db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
