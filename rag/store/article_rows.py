"""Write the rows of articles, in a transaction of the ledger."""

from __future__ import annotations

from datetime import UTC, datetime

from rag.store.database import Transaction
from rag.store.exact_copies import owner_of, transfer_passages
from rag.store.keyword_table import KeywordTable
from rag.store.ledger_rows import INFO, article_info, identity_of
from rag.types import Article, ArticleInfo, article_id

_INHERIT = """
    INSERT INTO collected
    SELECT DISTINCT m.collection, ? FROM collected m JOIN collection_groups g ON g.collection = m.collection
    WHERE m.article = ? OR m.article IN (SELECT id FROM articles WHERE file = ?) ON CONFLICT DO NOTHING
"""
"""Puts an article into the restricted collections of its file, or of another article of it."""


def insert(db: Transaction, article: Article, file: str) -> bool:
    """Insert an article; return whether it is a copy, without passages of its own.

    A file's articles are all restricted where one is: what a new version of it adds is not shown to more.
    """
    published = article.published.isoformat() if article.published else None
    added = datetime.now(UTC).isoformat(timespec="seconds")
    identity = identity_of(article.language, article.title, article.text)
    copy_of = owner_of(db, identity)
    db.execute(
        "INSERT INTO articles (id, source, file, title, language, published, outlet, author, url, text,"
        " added, state, identity, copy_of) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (article.id, article.source, file, article.title, article.language, published, article.outlet,
         article.author, article.url, article.text, added, "done" if copy_of else "pending", identity,
         copy_of),
    )  # fmt: skip
    db.execute(_INHERIT, (article.id, article_id(file), file))
    return copy_of is not None


def stored(db: Transaction, article_id: str) -> tuple[ArticleInfo, str, str] | None:
    """Return an article's metadata, identity and file; None for an unknown id."""
    of = f"SELECT a.identity, a.file, {INFO} FROM articles a WHERE a.id = ?"
    row = db.execute(of, (article_id,)).fetchone()
    return (article_info(row[2:]), str(row[0]), str(row[1])) if row else None


def as_stored(article: Article, file: str) -> tuple[ArticleInfo, str, str]:
    """Return what `stored` returns once an article of a file is written."""
    info = ArticleInfo(**{name: getattr(article, name) for name in ArticleInfo.__slots__})
    return info, identity_of(article.language, article.title, article.text), file


def update(db: Transaction, article: Article) -> None:
    """Update the metadata on which no passage depends: date, outlet and author."""
    published = article.published.isoformat() if article.published else None
    sql = "UPDATE articles SET published = ?, outlet = ?, author = ? WHERE id = ?"
    db.execute(sql, (published, article.outlet, article.author, article.id))


def forget(db: Transaction, keywords: KeywordTable, article_id: str) -> None:
    """Delete an article; the deletion of its vectors is pending unless a copy takes over its passages."""
    transfer_passages(db, article_id)
    of = "FROM passages WHERE article_id = ?"
    for shard, count in db.execute(f"SELECT shard, count(*) {of} GROUP BY 1", (article_id,)).fetchall():
        db.execute("UPDATE shards SET passages = passages - ? WHERE name = ?", (count, shard))
    db.execute(f"INSERT INTO doomed SELECT id, shard {of} ON CONFLICT DO NOTHING", (article_id,))
    keywords.delete(db, article_id)
    db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
