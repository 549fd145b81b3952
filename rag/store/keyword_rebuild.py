"""Rebuild the keyword index from the articles' texts, after a change of the stored terms."""

from __future__ import annotations

from rag.store.database import Transaction
from rag.store.keyword_table import KeywordTable
from rag.store.keyword_terms import index_text
from rag.store.ledger_rows import SET_META
from rag.text.splitter import distinct_title

TERMS_VERSION = "2"
"""Version of the stored terms: 2 folds spellings (rag.text.letters)."""


def rebuild_keywords(db: Transaction, keywords: KeywordTable) -> bool:
    """Rebuild the index unless its terms are of TERMS_VERSION; return whether it was rebuilt."""
    row = db.execute("SELECT value FROM meta WHERE key = 'keyword_terms'").fetchone()
    if row and row[0] == TERMS_VERSION:
        return False
    db.execute("DELETE FROM keywords")
    for (article_id,) in db.execute("SELECT DISTINCT article_id FROM passages").fetchall():
        ((title, text),) = db.execute("SELECT title, text FROM articles WHERE id = ?", (article_id,))
        head = distinct_title(title, text)
        places = db.execute('SELECT id, start, "end" FROM passages WHERE article_id = ?', (article_id,))
        words = [(number, index_text(f"{head} {text[start:end]}")) for number, start, end in places]
        keywords.insert(db, words)
    db.execute(SET_META, ("keyword_terms", TERMS_VERSION))
    return True
