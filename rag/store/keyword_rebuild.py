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
        index_article(db, keywords, str(article_id))
    db.execute(SET_META, ("keyword_terms", TERMS_VERSION))
    return True


def index_article(db: Transaction, keywords: KeywordTable, article_id: str) -> None:
    """Index the stored passages of an article."""
    of = "FROM passages p JOIN articles a ON a.id = p.article_id WHERE a.id = ?"
    places = db.execute(f'SELECT p.id, p.start, p."end", a.title, a.text {of}', (article_id,)).fetchall()
    heads = {title: distinct_title(title, text) for _, _, _, title, text in places[:1]}
    words = [(n, index_text(f"{heads[title]} {text[start:end]}")) for n, start, end, title, text in places]
    keywords.insert(db, words)
