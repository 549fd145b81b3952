"""Words that are spelled in two ways are found by either."""

from __future__ import annotations

import sqlite3
from importlib.resources import files

import pytest

from rag.store.fts5_keywords import Fts5Keywords
from rag.store.keyword_rebuild import rebuild_keywords
from rag.store.keyword_terms import index_text, query_terms
from rag.text.letters import plain_letters

SPELLINGS = [
    ("Петр", "Пётр"),
    ("oeuvre", "œuvre"),
    ("Strasse", "Straße"),
    ("國防部", "国防部"),
    ("encyclopaedia", "encyclopædia"),
    ("efficient", "eﬃcient"),
    ("ABC", "ＡＢＣ"),
]


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_two_spellings_are_one_word(one: str, other: str) -> None:
    assert plain_letters(one) == plain_letters(other)
    assert index_text(one) == index_text(other)
    assert query_terms(one) == query_terms(other)


def test_an_index_with_older_terms_is_built_again() -> None:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(files("rag.store").joinpath("schema.sql").read_text("utf-8"))
    text = "Пётр приехал."
    columns = "id, source, file, title, language, text, added, state"
    db.execute(f"INSERT INTO articles ({columns}) VALUES ('a', 'a', 'a', 'T', 'ru', ?, '', 'done')", (text,))
    db.execute("INSERT INTO passages VALUES (7, 'a', 0, 0, ?, 'ru', 's')", (len(text),))
    db.execute("INSERT INTO keywords (rowid, words) VALUES (7, 'пётр приехал')")
    keywords = Fts5Keywords(lambda *query: db.execute(*query).fetchall())
    assert rebuild_keywords(db, keywords)
    assert db.execute("SELECT rowid FROM keywords WHERE keywords MATCH 'петр'").fetchall() == [(7,)]
    assert not rebuild_keywords(db, keywords), "once is enough"
