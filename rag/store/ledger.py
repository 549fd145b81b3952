"""The articles and passages of a library, and the changes that Chroma has yet to apply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from types import MappingProxyType

from rag.store.article_rows import as_stored, forget, insert, stored, update
from rag.store.database import Database, Transaction, bound
from rag.store.filter_sql import conditions, listed
from rag.store.keyword_terms import index_text
from rag.store.ledger_rows import INFO, SET_META, FileState, Overview, StoredPassage, article_info
from rag.store.left_out import LeftOutLines, record
from rag.store.shards import open_shard
from rag.store.source_files import finish
from rag.text.letters import plain_letters
from rag.text.splitter import distinct_title, split
from rag.types import Article, ArticleInfo, Filters, Passage

MAX_SHARD_PASSAGES = 40_000
"""Maximum number of passages in a Chroma collection; see docs/benchmarks.md, "Chroma and SQLite"."""
SplitArticle = tuple[Article, Sequence[Passage], str]
"""An article, its passages, and the file that it was read from."""

_OWNER = "coalesce(a.copy_of, a.id)"
"""The id of the article that owns the passages of `a`."""


class Ledger:
    """The tables of articles and passages, which are authoritative."""

    def __init__(
        self, database: Database, shard: int = MAX_SHARD_PASSAGES, servers: Sequence[str] = ()
    ) -> None:
        self._open_shard = partial(open_shard, limit=shard, servers=servers)
        self._rows, self._transaction, self._check = database.rows, database.transaction, database.check
        self._keywords = database.keywords

    # --- reading

    def meta(self, key: str) -> str | None:
        """Return a property of the library, such as the embedder's name."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else None

    def set_meta(self, **values: str) -> None:
        """Set properties of the library."""
        with self._transaction() as db:
            db.executemany(SET_META, values.items())

    def sources(self) -> list[str]:
        """Return the sources of all articles."""
        return [str(row[0]) for row in self._rows("SELECT source FROM articles ORDER BY 1")]

    def overview(self) -> Overview:
        """Count articles and passages, and return the time of the last change."""
        languages = self._rows(
            "SELECT language, count(*) FROM articles WHERE copy_of IS NULL GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        ((passages, updated),) = self._rows(
            "SELECT (SELECT CAST(coalesce(sum(passages), 0) AS INTEGER) FROM shards),"
            " (SELECT max(added) FROM articles)"
        )
        counts: dict[str, int] = dict(languages)
        when = datetime.fromisoformat(str(updated)) if updated else None
        return Overview(sum(counts.values()), passages, counts, when)

    def languages(self) -> list[str]:
        """Return the languages that have passages."""
        return [str(row[0]) for row in self._rows("SELECT DISTINCT language FROM shards WHERE passages > 0")]

    def shards(self) -> list[str]:
        """Return the shards that have passages."""
        return [str(row[0]) for row in self._rows("SELECT name FROM shards WHERE passages > 0 ORDER BY 1")]

    def with_ids(self, article_ids: Iterable[str]) -> list[Article]:
        """Return the articles with these ids, each once, in their order; unknown ids are left out."""
        return [article for i in dict.fromkeys(article_ids) if (article := self.article(i))]

    def article(self, article_id: str) -> Article | None:
        """Return an article with its text; None for an unknown id."""
        rows = self._rows(f"SELECT {INFO}, a.text FROM articles a WHERE id = ?", (article_id,))
        if not rows:
            return None
        *info, text = rows[0]
        known = article_info(info)
        return Article(**{f: getattr(known, f) for f in ArticleInfo.__slots__}, text=str(text))

    def named(self, name: str) -> list[ArticleInfo]:
        """Return up to 20 articles by id or source, else by the end of a source or part of a title."""
        end = "substr(a.source, length(a.source) - ?) = ?"
        title = "a.copy_of IS NULL AND instr(fold(a.title), ?) > 0"
        for condition, values in (
            ("a.id = ? OR a.source = ?", (name, name)),
            (f"{end} OR {title}", (len(name) - 1, name, plain_letters(name))),
        ):
            if rows := self._rows(f"SELECT {INFO} FROM articles a WHERE {condition} LIMIT 20", values):
                return [article_info(row) for row in rows]
        return []

    def passes(self, article_id: str, filters: Filters) -> bool:
        """Tell whether an article has a passage that passes the filters."""
        where, values = conditions(filters)
        of = f"SELECT 1 FROM articles a JOIN passages p ON p.article_id = {_OWNER} WHERE a.id = ?"
        return bool(self._rows(f"{of} AND {where} LIMIT 1", (article_id, *values)))

    def articles(self, limit: int) -> list[ArticleInfo]:
        """Return up to `limit` articles, newest first."""
        order = "WHERE copy_of IS NULL ORDER BY published DESC NULLS LAST, id LIMIT ?"
        rows = self._rows(f"SELECT {INFO} FROM articles a {order}", (bound(limit),))
        return [article_info(row) for row in rows]

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Return passages by number, without those that were deleted."""
        return {stored.id: stored for stored in self._passages("p.id", ids)}

    def passages_of(self, article_ids: Iterable[str]) -> list[StoredPassage]:
        """Return the passages that articles own, in order; a copy owns none."""
        return list(self._passages("p.article_id", article_ids))

    def _passages(self, column: str, keys: Iterable[int] | Iterable[str]) -> Iterator[StoredPassage]:
        wanted = list(keys)
        for i in range(0, len(wanted), 500):
            part = wanted[i : i + 500]
            marks = ",".join("?" * len(part))
            for number, shard, ordinal, start, end, text, language, *info in self._rows(
                # substr counts characters, as Python does, so the whole text need not be read
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

    def put(
        self,
        items: Sequence[SplitArticle],
        finished: Sequence[FileState] = (),
        left_out: LeftOutLines = MappingProxyType({}),
    ) -> int:
        """Write or replace articles with their passages; their vectors are pending.

        `finished` are files whose articles are now all written. `left_out` holds the left-out lines of these
        articles, and of others whose text is unchanged. Articles that the files no longer contain are
        deleted; returns their number.
        """
        deleted = 0
        with self._transaction() as db:
            for article, passages, file in items:
                if before := stored(db, article.id):
                    if before == as_stored(article, file):  # another process was quicker
                        continue
                    forget(db, self._keywords, article.id)
                if not insert(db, article, file):
                    self._insert_passages(db, article, passages)
            record(db, left_out)
            for state in finished:
                for article_id in finish(db, state):
                    forget(db, self._keywords, article_id)
                    deleted += 1
        return deleted

    def _insert_passages(self, db: Transaction, article: Article, passages: Sequence[Passage]) -> None:
        counts = Counter(passage.language or article.language for passage in passages)
        shards = {language: self._open_shard(db, language) for language in sorted(counts)}
        title = distinct_title(article.title, article.text)
        languages = [passage.language or article.language for passage in passages]
        db.executemany(
            'INSERT INTO passages (article_id, ordinal, start, "end", language, shard)'
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (article.id, passage.ordinal, passage.start, passage.end, language, shards[language])
                for passage, language in zip(passages, languages, strict=True)
            ],
        )
        numbers = dict(db.execute("SELECT ordinal, id FROM passages WHERE article_id = ?", (article.id,)))
        words = ((numbers[p.ordinal], index_text(f"{title} {p.text}")) for p in passages)
        self._keywords.insert(db, words)
        for language, count in counts.items():
            db.execute("UPDATE shards SET passages = passages + ? WHERE name = ?", (count, shards[language]))

    def rewrite(self, articles: Iterable[Article]) -> list[str]:
        """Write the metadata of articles; return the ids of those whose title or language has changed.

        These are split again, and their vectors are pending. Articles deleted meanwhile are ignored.
        """
        split_again = []
        with self._transaction() as db:
            for article in articles:
                of = "SELECT title, language, file, added, left_out FROM articles WHERE id = ?"
                for title, language, file, *kept in db.execute(of, (article.id,)).fetchall():
                    if (title, language) == (article.title, article.language):
                        update(db, article)
                        continue
                    forget(db, self._keywords, article.id)
                    if not insert(db, article, file):
                        self._insert_passages(db, article, split(article))
                    db.execute(
                        "UPDATE articles SET added = ?, left_out = ? WHERE id = ?", (*kept, article.id)
                    )
                    split_again.append(article.id)
        return split_again

    def restore_passages(self, article_ids: Iterable[str]) -> None:
        """Split those articles that have lost their passages in a migration."""
        (of, among), has = listed(article_ids), "SELECT 1 FROM passages p WHERE p.article_id = a.id"
        lacking = f"SELECT id FROM articles a WHERE id IN ({of}) AND NOT EXISTS ({has})"
        for article in self.with_ids(str(row[0]) for row in self._rows(lacking, (among,))):
            with self._transaction() as db:
                self._insert_passages(db, article, split(article))

    def remove_files(self, files: Iterable[str]) -> None:
        """Delete files with their articles; the deletion of their vectors is pending."""
        with self._transaction() as db:
            for file in files:
                for (article_id,) in db.execute("SELECT id FROM articles WHERE file = ?", (file,)).fetchall():
                    forget(db, self._keywords, article_id)
                db.execute("DELETE FROM files WHERE file = ?", (file,))
                db.execute("DELETE FROM skipped WHERE file = ?", (file,))

    def pending(self, limit: int = -1, without: Iterable[str] = ()) -> list[str]:
        """Return the ids of up to `limit` articles (-1: all) whose vectors are incomplete.

        Articles with a passage in one of the shards `without` are left out.
        """
        due, shards = _due(without)
        return [str(row[0]) for row in self._rows(f"SELECT id {due} LIMIT ?", (*shards, bound(limit)))]

    def pending_count(self, without: Iterable[str] = ()) -> int:
        """Count the articles that `pending` returns."""
        due, shards = _due(without)
        return int(self._rows(f"SELECT count(*) {due}", shards)[0][0])

    def pending_among(self, article_ids: Iterable[str]) -> list[str]:
        """Return those articles whose vectors are incomplete."""
        of, among = listed(article_ids)
        rows = self._rows(f"SELECT id FROM articles WHERE state = 'pending' AND id IN ({of})", (among,))
        return [str(row[0]) for row in rows]

    def set_pending(self, article_ids: Iterable[str]) -> None:
        """Mark articles as pending: their vectors must be computed again."""
        with self._transaction() as db:
            db.executemany(
                "UPDATE articles SET state = 'pending' WHERE id = ? AND copy_of IS NULL",
                [(i,) for i in article_ids],
            )

    def set_pending_in(self, shard: str = "*") -> None:
        """Mark the articles of a dropped shard, or of all, as pending."""
        with self._transaction() as db:
            of, values = ("TRUE", ()) if shard == "*" else ("shard = ?", (shard,))
            among = f"SELECT article_id FROM passages WHERE {of}"
            db.execute(f"UPDATE articles SET state = 'pending' WHERE id IN ({among})", values)
            db.execute(f"DELETE FROM doomed WHERE {of}", values)

    def set_done(self, article_ids: Sequence[str], embedded: Iterable[StoredPassage]) -> None:
        """Mark articles as done: their vectors are complete. One with later passages stays pending."""
        last = {stored.article.id: stored.id for stored in sorted(embedded, key=lambda stored: stored.id)}
        later = "SELECT 1 FROM passages p WHERE p.article_id = articles.id AND p.id > ?"
        done = f"UPDATE articles SET state = 'done' WHERE id = ? AND NOT EXISTS ({later})"
        with self._transaction() as db:
            db.executemany(done, [(i, last.get(i, 0)) for i in article_ids])

    def pending_deletions(self) -> list[tuple[int, str]]:
        """Return number and shard of the vectors that Chroma must delete."""
        return [(i, shard) for i, shard in self._rows("SELECT id, shard FROM doomed")]

    def confirm_deletions(self, ids: Iterable[int]) -> None:
        """Record that Chroma has deleted vectors."""
        with self._transaction() as db:
            db.executemany("DELETE FROM doomed WHERE id = ?", [(i,) for i in ids])

    def passage_ids(self, filters: Filters = Filters()) -> dict[str, list[int]]:
        """Return the numbers of all passages that pass the filters, by shard."""
        result: dict[str, list[int]] = {}
        where, values = conditions(filters)
        with_articles = f" JOIN articles a ON p.article_id = {_OWNER}" if filters else ""
        sql = f"SELECT DISTINCT p.shard, p.id FROM passages p{with_articles} WHERE {where}"
        for shard, number in self._rows(sql, values):
            result.setdefault(shard, []).append(number)
        return result

    def check(self) -> list[str]:
        """Return the faults of the file; see Database.check."""
        return self._check()


def _due(without: Iterable[str]) -> tuple[str, list[str]]:
    shards = list(without)
    of = f"SELECT article_id FROM passages WHERE shard IN ({','.join('?' * len(shards))})"
    return "FROM articles WHERE state = 'pending'" + (f" AND id NOT IN ({of})" if shards else ""), shards
