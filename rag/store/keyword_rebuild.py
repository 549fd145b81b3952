"""Rebuild the keyword index from the articles' texts, after a change of the stored terms."""

from __future__ import annotations

import sqlite3

from rag.store.keyword_terms import index_text
from rag.text.splitter import distinct_title

TERMS_VERSION = "2"
"""Version of the stored terms: 2 folds spellings (rag.text.letters)."""


def rebuild_keywords(db: sqlite3.Connection) -> bool:
    """Rebuild the index unless its terms are of TERMS_VERSION; return whether it was rebuilt."""
    row = db.execute("SELECT value FROM meta WHERE key = 'keyword_terms'").fetchone()
    if row and row[0] == TERMS_VERSION:
        return False
    db.execute("BEGIN IMMEDIATE")
    try:
        db.execute("DELETE FROM keywords")
        passages = db.execute(
            'SELECT p.id, p.start, p."end", a.title, a.text'
            " FROM passages p JOIN articles a ON a.id = p.article_id"
        )
        for number, start, end, title, text in passages:
            words = index_text(f"{distinct_title(title, text)} {text[start:end]}")
            db.execute("INSERT INTO keywords (rowid, words) VALUES (?, ?)", (number, words))
        db.execute("INSERT OR REPLACE INTO meta VALUES ('keyword_terms', ?)", (TERMS_VERSION,))
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
    return True
