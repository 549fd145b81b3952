"""Which articles there are, their texts, their passages, and what Chroma still has to be told."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from rag.balancing import Shifts
from rag.documents import Article, ArticleInfo, Filters, Passage
from rag.splitting import own_title, split
from rag.store.conditions import conditions
from rag.store.copies import hand_over, owner_of
from rag.store.database import Database
from rag.store.files import finish
from rag.store.records import INFO, FileState, Overview, StoredPassage, article_info, identity_of
from rag.store.words import index_words

SHARD = 40_000
"""Passages in one collection of Chroma: adding to it costs the same in a library of any size."""
Item = tuple[Article, Sequence[Passage], str]
"""An article, its passages, and the file that it was read from."""


_OWNER = "coalesce(a.copy_of, a.id)"
"""The article that holds the passages of `a`."""


class Ledger:
    """The tables of articles and passages: the truth."""

    def __init__(self, database: Database, shard: int = SHARD) -> None:
        self._shard = shard
        self._rows, self._transaction = database.rows, database.transaction

    # --- what is known

    def meta(self, key: str) -> str | None:
        """A value that describes the library as a whole."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, **values: str) -> None:
        """Set such values."""
        with self._transaction() as db:
            db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def sources(self) -> list[str]:
        """The sources of all articles."""
        return [str(row[0]) for row in self._rows("SELECT source FROM articles ORDER BY 1")]

    def overview(self) -> Overview:
        """Counts, and the last change."""
        languages = self._rows(
            "SELECT language, count(*) FROM articles WHERE copy_of IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        ((passages, updated),) = self._rows(
            "SELECT (SELECT coalesce(sum(passages), 0) FROM shards), (SELECT max(added) FROM articles)"
        )
        counts: dict[str, int] = dict(languages)
        when = datetime.fromisoformat(str(updated)) if updated else None
        return Overview(sum(counts.values()), passages, counts, when)

    def languages(self) -> list[str]:
        """Languages that have passages."""
        return [str(row[0]) for row in self._rows("SELECT DISTINCT language FROM shards WHERE passages > 0")]

    def article(self, article_id: str) -> Article | None:
        """An article with its text."""
        rows = self._rows(f"SELECT {INFO}, a.text FROM articles a WHERE id = ?", (article_id,))
        if not rows:
            return None
        *info, text = rows[0]
        known = article_info(info)
        return Article(**{f: getattr(known, f) for f in ArticleInfo.__slots__}, text=str(text))

    def named(self, wanted: str) -> list[ArticleInfo]:
        """Articles with an id or a source; else those whose source ends so, or whose title holds it."""
        whole = "a.id = ?1 OR a.source = ?1"
        part = "substr(a.source, -length(?1)) = ?1 OR a.copy_of IS NULL AND instr(fold(a.title), fold(?1))"
        for condition in (whole, part):
            if rows := self._rows(f"SELECT {INFO} FROM articles a WHERE {condition} LIMIT 20", (wanted,)):
                return [article_info(row) for row in rows]
        return []

    def passes(self, article_id: str, filters: Filters) -> bool:
        """Whether passages of an article pass the filters."""
        where, values = conditions(filters)
        of = f"SELECT 1 FROM articles a JOIN passages p ON p.article_id = {_OWNER} WHERE a.id = ?"
        return bool(self._rows(f"{of} AND {where} LIMIT 1", (article_id, *values)))

    def articles(self, limit: int) -> list[ArticleInfo]:
        """The newest articles."""
        order = "WHERE copy_of IS NULL ORDER BY published DESC, id LIMIT ?"  # an unknown date comes last
        return [article_info(row) for row in self._rows(f"SELECT {INFO} FROM articles a {order}", (limit,))]

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Passages by number; those that are gone are left out."""
        return {stored.id: stored for stored in self._passages("p.id", ids)}

    def passages_of(self, article_ids: Iterable[str]) -> list[StoredPassage]:
        """All passages that articles hold, in order; a copy holds none."""
        return list(self._passages("p.article_id", article_ids))

    def _passages(self, column: str, keys: Iterable[int] | Iterable[str]) -> Iterator[StoredPassage]:
        wanted = list(keys)
        for i in range(0, len(wanted), 500):
            part = wanted[i : i + 500]
            marks = ",".join("?" * len(part))
            for number, shard, ordinal, start, end, text, language, *info in self._rows(
                # substr counts characters, as Python does: the text never leaves SQLite whole
                'SELECT p.id, p.shard, p.ordinal, p.start, p."end",'
                f' substr(a.text, p.start + 1, p."end" - p.start), p.language, {INFO}'
                f" FROM passages p JOIN articles a ON a.id = p.article_id"
                f" WHERE {column} IN ({marks}) ORDER BY p.article_id, p.ordinal",
                part,
            ):
                article = article_info(info)
                own = "" if language == article.language else str(language)
                passage = Passage(article.id, ordinal, start, end, str(text), own)
                yield StoredPassage(number, str(shard), passage, article)

    # --- changes

    def put(self, items: Sequence[Item], finished: Sequence[FileState] = ()) -> int:
        """Write articles with their passages, in place of what they were; their vectors are pending.

        `finished` are files of which all is written by now. Returns how many articles left with that.
        """
        left = 0
        with self._transaction() as db:
            for article, passages, file in items:
                forget(db, article.id)
                if not _insert(db, article, file):
                    self._insert_passages(db, article, passages)
            for state in finished:
                for article_id in finish(db, state):
                    forget(db, article_id)
                    left += 1
        return left

    def _insert_passages(self, db: sqlite3.Connection, article: Article, passages: Sequence[Passage]) -> None:
        counts = Counter(passage.language or article.language for passage in passages)
        shards = {language: _open_shard(db, language, self._shard) for language in sorted(counts)}
        title = own_title(article.title, article.text)
        for passage in passages:
            language = passage.language or article.language
            place = (article.id, passage.ordinal, passage.start, passage.end, language, shards[language])
            row = db.execute(
                'INSERT INTO passages (article_id, ordinal, start, "end", language, shard)'
                " VALUES (?, ?, ?, ?, ?, ?)",
                place,
            )
            words = index_words(f"{title} {passage.text}")
            db.execute("INSERT INTO keywords (rowid, words) VALUES (?, ?)", (row.lastrowid, words))
        for language, count in counts.items():
            db.execute("UPDATE shards SET passages = passages + ? WHERE name = ?", (count, shards[language]))

    def renew_passages(self, article_ids: Iterable[str]) -> None:
        """Split articles anew that have no passages: those of an older layout."""
        for article_id in article_ids:
            article = self.article(article_id)
            if article and not self._rows("SELECT 1 FROM passages WHERE article_id = ?", (article_id,)):
                with self._transaction() as db:
                    self._insert_passages(db, article, split(article))

    def remove_files(self, files: Iterable[str]) -> None:
        """Forget files with all their articles, whose vectors are doomed."""
        with self._transaction() as db:
            for file in files:
                for (article_id,) in db.execute("SELECT id FROM articles WHERE file = ?", (file,)).fetchall():
                    forget(db, article_id)
                db.execute("DELETE FROM files WHERE file = ?", (file,))
                db.execute("DELETE FROM skipped WHERE file = ?", (file,))

    def pending(self, most: int = -1) -> list[str]:
        """Articles whose vectors are not all there yet."""
        rows = self._rows("SELECT id FROM articles WHERE state = 'pending' LIMIT ?", (most,))
        return [str(row[0]) for row in rows]

    def set_pending(self, article_ids: Iterable[str]) -> None:
        """Ask for articles' vectors anew."""
        with self._transaction() as db:
            db.executemany(
                "UPDATE articles SET state = 'pending' WHERE id = ? AND copy_of IS NULL",
                [(i,) for i in article_ids],
            )

    def set_pending_in(self, shard: str) -> None:
        """Ask anew for the vectors of a shard that is gone."""
        with self._transaction() as db:
            of = "SELECT DISTINCT article_id FROM passages WHERE shard = ?"
            db.execute(f"UPDATE articles SET state = 'pending' WHERE id IN ({of})", (shard,))
            db.execute("DELETE FROM doomed WHERE shard = ?", (shard,))

    def settled(self, article_ids: Sequence[str]) -> None:
        """Note that articles' vectors are all there."""
        with self._transaction() as db:
            db.executemany("UPDATE articles SET state = 'done' WHERE id = ?", [(i,) for i in article_ids])

    def doomed(self) -> list[tuple[int, str]]:
        """Number and shard of vectors that Chroma must let go."""
        return [(i, shard) for i, shard in self._rows("SELECT * FROM doomed")]

    def undoom(self, ids: Iterable[int]) -> None:
        """Note that Chroma has let them go."""
        with self._transaction() as db:
            db.executemany("DELETE FROM doomed WHERE id = ?", [(i,) for i in ids])

    def passage_ids(self, filters: Filters = Filters()) -> dict[str, list[int]]:
        """The numbers of all passages that pass the filters, by shard."""
        result: dict[str, list[int]] = {}
        where, values = conditions(filters)
        with_articles = f" JOIN articles a ON p.article_id = {_OWNER}" if filters else ""
        sql = f"SELECT DISTINCT p.shard, p.id FROM passages p{with_articles} WHERE {where}"
        for shard, number in self._rows(sql, values):
            result.setdefault(shard, []).append(number)
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
        with self._transaction() as db:
            db.execute("DELETE FROM shifts")
            db.executemany("INSERT INTO shifts VALUES (?, ?, ?)", rows)

    def forget_model(self) -> None:
        """Forget which embedding model made the index, and what it makes of languages."""
        with self._transaction() as db:
            db.execute("DELETE FROM meta WHERE key IN ('embedder', 'dimension', 'fingerprint')")
            db.execute("DELETE FROM shifts")

    def check(self) -> list[str]:
        """What SQLite finds wrong with its file."""
        return [str(row[0]) for row in self._rows("PRAGMA integrity_check") if row[0] != "ok"]


def _insert(db: sqlite3.Connection, article: Article, file: str) -> bool:
    """Write an article; whether it is a copy of one that is there, and has no passages of its own."""
    published = article.published.isoformat() if article.published else None
    added = datetime.now(UTC).isoformat(timespec="seconds")
    identity = identity_of(article.language, article.title, article.text)
    copy_of = owner_of(db, identity)
    db.execute(
        "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (article.id, article.source, file, article.title, article.language, published, article.outlet,
         article.author, article.url, article.text, added, "done" if copy_of else "pending", identity,
         copy_of),
    )  # fmt: skip
    return copy_of is not None


def _open_shard(db: sqlite3.Connection, language: str, most: int) -> str:
    """The first shard of a language that has room; a new one where none has."""
    of = "SELECT name FROM shards WHERE language = ? AND passages < ? ORDER BY rowid LIMIT 1"
    row = db.execute(of, (language, most)).fetchone()
    if row:
        return str(row[0])
    (count,) = db.execute("SELECT count(*) FROM shards WHERE language = ?", (language,)).fetchone()
    name = f"{language}-{count}"
    db.execute("INSERT INTO shards VALUES (?, ?, 0)", (name, language))
    return name


def forget(db: sqlite3.Connection, article_id: str) -> None:
    """Delete an article; its vectors are doomed, unless a copy takes its passages over."""
    hand_over(db, article_id)
    of = "FROM passages WHERE article_id = ?"
    for shard, count in db.execute(f"SELECT shard, count(*) {of} GROUP BY 1", (article_id,)).fetchall():
        db.execute("UPDATE shards SET passages = passages - ? WHERE name = ?", (count, shard))
    db.execute(f"INSERT OR IGNORE INTO doomed SELECT id, shard {of}", (article_id,))
    db.execute(f"DELETE FROM keywords WHERE rowid IN (SELECT id {of})", (article_id,))
    db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
