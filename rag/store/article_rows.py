"""Write the rows of articles, in a transaction of the ledger."""

from __future__ import annotations

from datetime import UTC, datetime

from rag.store.database import Transaction
from rag.store.exact_copies import owner_of
from rag.store.ledger_rows import identity_of
from rag.types import Article


def insert(db: Transaction, article: Article, file: str) -> bool:
    """Insert an article; return whether it is a copy, without passages of its own."""
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
    return copy_of is not None


def update(db: Transaction, article: Article) -> None:
    """Update the metadata on which no passage depends: date, outlet and author."""
    published = article.published.isoformat() if article.published else None
    sql = "UPDATE articles SET published = ?, outlet = ?, author = ? WHERE id = ?"
    db.execute(sql, (published, article.outlet, article.author, article.id))
