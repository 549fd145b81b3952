"""Exact copies: one article with several sources, whichever of them comes, changes or goes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from chroma_run import on_both
from numpy.typing import NDArray

from rag.ingestion.ingester import Ingester
from rag.ingestion.report import Report
from rag.retrieval.explanation import Explainer
from rag.retrieval.retriever import Retriever
from rag.store.article_embedding import Embedding
from rag.store.article_list import ArticleQuery
from rag.store.chroma_servers import ChromaServers
from rag.store.store import Store
from rag.store.vector_reset import drop_vectors
from rag.testing import HashEmbedder
from rag.text.splitter import split
from rag.types import Filters, Hit, Passage

pytestmark = pytest.mark.slow  # Chroma on disk

TEXT = "\n\n".join(
    f"On day {n} the keeper of the tide mill, Nell Tarrant, ground {n} sacks of flour for the bakers of Ardmore, "
    f"who had waited {n} weeks for it and paid {n} crowns a sack, as they did before the storm."
    for n in range(2, 9)
)
OUTLETS = {
    "a.md": ("Courier", "2024-03-01"),
    "b.md": ("Gazette", "2024-03-02"),
    "c.md": ("Herald", "2024-02-28"),
}
QUESTION = "Who is the keeper of the tide mill?"


class Counting(HashEmbedder):
    """Counts the texts that it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.embedded = 0

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += len(texts)
        return super().embed_passages(texts)


class Newsroom:
    """A folder of the same article in three outlets, and a library of it."""

    def __init__(self, folder: Path, data: Path, database: str, servers: ChromaServers) -> None:
        self.folder, self.embedder = folder, Counting()
        self.store = Store(data, self.embedder, database=database, servers=servers)
        counts = []
        for name in OUTLETS:
            self.write(name)
            self.ingest()  # in this order: the first holds the passages
            counts.append(self.embedder.embedded)
        assert len(set(counts)) == 1, "a copy is not embedded"

    def write(self, name: str, text: str = TEXT) -> None:
        outlet, day = OUTLETS[name]
        head = f"---\ntitle: The tide mill turns\nsource: {outlet}\npublished: {day}\n---\n\n"
        (self.folder / name).write_text(head + text, "utf-8")

    def ingest(self) -> Report:
        return Ingester(self.store, self.embedder).run([self.folder])

    def hits(self, filters: Filters = Filters()) -> list[Hit]:
        return Retriever(self.store, self.embedder).search(QUESTION, 5, language="en", filters=filters)

    def outlets(self) -> list[tuple[str, ...]]:
        """Of each article in the list, who has it."""
        rows = self.store.listing.page(ArticleQuery(), 10)
        return [tuple(str(a.outlet) for a in (row.article, *row.copies)) for row in rows]


@pytest.fixture
def newsroom(tmp_path: Path, database: str, servers: ChromaServers) -> Iterator[Newsroom]:
    folder = tmp_path / "articles"
    folder.mkdir()
    made = Newsroom(folder, tmp_path / "data", database, servers)
    yield made
    made.store.close()


@on_both
def test_copies_are_one_article_embedded_once_and_reported_by_all(newsroom: Newsroom) -> None:
    store = newsroom.store
    assert (store.ledger.overview().articles, store.copies.count()) == (1, 2)
    assert store.ledger.overview().passages == len(split_once(store)) > 1
    assert newsroom.outlets() == [("Courier", "Gazette", "Herald")]
    for hit in newsroom.hits():
        assert hit.article.outlet == "Gazette", "the newest is shown"
        assert hit.passage.article_id == hit.article.id
        assert [copy.outlet for copy in hit.copies] == ["Courier", "Herald"]
        assert len(hit.outlets) == 3
    assert len({hit.passage.ordinal for hit in newsroom.hits()}) == len(newsroom.hits()) > 0
    assert store.missing_vectors() == {}


@pytest.mark.parametrize("outlet", ["Courier", "Gazette", "Herald"])
def test_each_source_can_be_filtered_and_is_shown_then(newsroom: Newsroom, outlet: str) -> None:
    filters = Filters(sources=(outlet,))
    hits = newsroom.hits(filters)
    assert hits
    assert {(hit.article.outlet, hit.copies) for hit in hits} == {(outlet, ())}
    assert newsroom.store.listing.count(ArticleQuery(filters=filters)) == 1
    assert newsroom.store.listing.count(ArticleQuery(filters=filters, words="tarrant")) == 1
    assert newsroom.store.listing.outlets() == {"Courier": 1, "Gazette": 1, "Herald": 1}


@pytest.mark.parametrize("name", ["a.md", "b.md", "c.md"])
def test_whichever_goes_the_others_stay_without_being_embedded_anew(newsroom: Newsroom, name: str) -> None:
    before = newsroom.embedder.embedded
    (newsroom.folder / name).unlink()
    assert newsroom.ingest().removed == 1
    left = {outlet for other, (outlet, _) in OUTLETS.items() if other != name}
    (hit, *_) = newsroom.hits()
    assert {str(hit.article.outlet), *(str(copy.outlet) for copy in hit.copies)} == left
    assert newsroom.embedder.embedded == before
    assert newsroom.store.missing_vectors() == {}
    for other in set(OUTLETS) - {name}:
        (newsroom.folder / other).unlink()
    newsroom.ingest()
    assert newsroom.hits() == []
    assert newsroom.store.ledger.overview().passages == 0
    assert newsroom.store.missing_vectors() == {}


@pytest.mark.parametrize("name", ["a.md", "b.md"])
def test_one_that_changes_is_an_article_of_its_own_until_it_is_the_same_again(
    newsroom: Newsroom, name: str
) -> None:
    newsroom.write(name, "The tide mill of Ardmore stands still: a storm broke its wheel on Monday night.")
    assert newsroom.ingest().updated == 1
    assert sorted(map(len, newsroom.outlets())) == [1, 2]
    assert newsroom.store.missing_vectors() == {}
    newsroom.write(name)
    assert newsroom.ingest().updated == 1
    assert [len(of) for of in newsroom.outlets()] == [3]
    assert newsroom.store.missing_vectors() == {}


@on_both
def test_taken_out_and_put_back_as_one(newsroom: Newsroom) -> None:
    store = newsroom.store
    (row,) = store.listing.page(ArticleQuery(), 10)
    store.move_to_trash([row.article.id])
    assert newsroom.hits() == []
    assert store.trash.count() == len(store.trash.page(10)) == 1
    assert len(newsroom.ingest().skipped) == 0, "files that have not changed are not even read"
    store.restore([row.article.id], Embedding(newsroom.embedder.embed_passages))
    assert store.trash.count() == 0
    assert [set(of) for of in newsroom.outlets()] == [{"Courier", "Gazette", "Herald"}]
    assert len(newsroom.hits()[0].copies) == 2
    store.move_to_trash([row.article.id])
    store.trash.drop([row.article.id])
    assert store.trash.ids() == set()


def test_any_of_them_can_be_explained(newsroom: Newsroom) -> None:
    explainer = Explainer(newsroom.store, Retriever(newsroom.store, newsroom.embedder))
    for name in OUTLETS:
        found = explainer.explain(QUESTION, name, 5, language="en", filters=Filters())
        assert (found.article.source.endswith(name), found.lost_at) == (True, None)
    found = explainer.explain(QUESTION, "tide mill turns", 5, language="en", filters=Filters())
    assert found.lost_at is None, "a title that several sources have names one article"


def test_all_is_there_after_the_vectors_were_thrown_away(
    newsroom: Newsroom, tmp_path: Path, database: str
) -> None:
    newsroom.store.close()
    drop_vectors(tmp_path / "data", database)
    store = newsroom.store = Store(tmp_path / "data", newsroom.embedder, database=database)
    store.recover(Embedding(newsroom.embedder.embed_passages))
    assert store.missing_vectors() == {}
    assert (store.ledger.overview().articles, store.copies.count()) == (1, 2)
    assert store.ledger.pending() == []


@pytest.mark.sqlite
def test_a_library_from_before_takes_further_copies_in(newsroom: Newsroom, tmp_path: Path) -> None:
    for name in ("b.md", "c.md"):
        (newsroom.folder / name).unlink()
    newsroom.ingest()
    newsroom.store.close()
    with sqlite3.connect(tmp_path / "data" / "library.sqlite") as db:
        db.executescript(
            "DROP INDEX articles_same; DROP INDEX articles_copies; DROP INDEX articles_shown;"
            "ALTER TABLE articles DROP COLUMN copy_of; ALTER TABLE articles DROP COLUMN identity;"
            "ALTER TABLE removed DROP COLUMN copy_of;"
            "PRAGMA user_version = 3;"
        )
    newsroom.store = Store(tmp_path / "data", newsroom.embedder)
    newsroom.write("b.md")
    assert newsroom.ingest().added == 1
    assert newsroom.outlets() == [("Courier", "Gazette")]
    newsroom.store.close()


def split_once(store: Store) -> list[Passage]:
    """The passages of the article, as if there were one source."""
    (row,) = store.listing.page(ArticleQuery(), 10)
    article = store.ledger.article(row.article.id)
    assert article
    return list(split(article))
