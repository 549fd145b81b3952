"""The list of articles: pages, orders, words, filters and counts; what was taken out of it and put back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from rag.ingestion.ingester import Ingester
from rag.retrieval.retriever import Retriever
from rag.store.article_embedding import Embedding
from rag.store.article_list import ArticleQuery, Column
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Filters

pytestmark = pytest.mark.slow  # Chroma on disk

NOTES = {
    "spring.md": ("en", "2020-03-01", "Courier", "The ferry to the island sails again in spring."),
    "Autumn.md": ("en", "2021-10-20", "Courier", "The ferry stops for the autumn.\n\nThe crew goes home."),
    "hiver.md": ("fr", "2021-10-05", "Journal du Port", "Le ferry de l'île reste à quai tout l'hiver."),
    "undated.md": ("en", "", "", "A new captain, Ada Brandt."),
    "zh.md": ("zh", "2022-02-02", "Courier", "渡轮在春天重新开航。"),
}
LONG = " ".join(["The crew goes home for the long winter and nobody writes a word about it."] * 30)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, (language, day, outlet, text) in NOTES.items():
        head = [f"title: {Path(name).stem}", f"language: {language}"]
        head += [f"published: {day}"] * bool(day) + [f"source: {outlet}"] * bool(outlet)
        text += f"\n\n{LONG}" if name == "hiver.md" else ""
        (folder / name).write_text("\n".join(["---", *head, "---", "", text]), "utf-8")
    (folder / "table.xyz").write_text("1;2")
    (folder / "empty.txt").write_text("")
    return folder


@pytest.fixture
def filled(store: Store, embedder: HashEmbedder, folder: Path) -> Iterator[Store]:
    Ingester(store, embedder).run([folder])
    return store


def titles(store: Store, query: ArticleQuery = ArticleQuery(), limit: int = 50, offset: int = 0) -> list[str]:
    return [listed.article.title for listed in store.listing.page(query, limit, offset)]


@pytest.mark.parametrize(
    ("order", "descending", "first"),
    [
        ("title", False, ["Autumn", "hiver", "spring", "undated", "zh"]),
        ("title", True, ["zh", "undated", "spring", "hiver", "Autumn"]),
        ("published", False, ["spring", "hiver", "Autumn", "zh", "undated"]),
        ("published", True, ["zh", "Autumn", "hiver", "spring", "undated"]),
        ("passages", True, ["hiver"]),
    ],
)
def test_every_order_and_what_has_no_date_comes_last(
    filled: Store, order: Column, descending: bool, first: list[str]
) -> None:
    found = titles(filled, ArticleQuery(order=order, descending=descending))
    assert found[: len(first)] == first and len(found) == len(NOTES)


@pytest.mark.parametrize("order", ["outlet", "language", "added", "passages"])
def test_pages_are_the_whole_list_cut_in_pieces(filled: Store, order: Column) -> None:
    query = ArticleQuery(order=order)
    pages = [title for at in range(0, 6, 2) for title in titles(filled, query, 2, at)]
    assert pages == titles(filled, query) and sorted(pages) == sorted(Path(name).stem for name in NOTES)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (ArticleQuery(words="ferry"), {"spring", "Autumn", "hiver"}),
        (ArticleQuery(words="FERRY île"), {"hiver"}),
        (ArticleQuery(words="autumn"), {"Autumn"}),
        (ArticleQuery(words="crew home", filters=Filters(languages=("en",))), {"Autumn"}),
        (ArticleQuery(words="渡轮"), {"zh"}),
        (ArticleQuery(words="nobody knows this"), set()),
        (ArticleQuery(words='"; DROP TABLE articles'), set()),
        (ArticleQuery(words="?!"), set()),
        (ArticleQuery(filters=Filters(languages=("fr", "zh"))), {"hiver", "zh"}),
        (ArticleQuery(filters=Filters(sources=("courier",), since=date(2021, 1, 1))), {"Autumn", "zh"}),
    ],
)
def test_words_and_filters_narrow_the_list_and_its_counts(
    filled: Store, query: ArticleQuery, found: set[str]
) -> None:
    assert set(titles(filled, query)) == found
    assert filled.listing.count(query) == len(found)
    assert sum(filled.listing.languages(query).values()) == len(found)


def test_articles_are_counted_by_kind(filled: Store) -> None:
    listing = filled.listing
    assert list(listing.languages().items()) == [("en", 3), ("fr", 1), ("zh", 1)]
    assert list(listing.outlets().items()) == [("Courier", 3), ("Journal du Port", 1)]
    assert list(listing.months().items()) == [("2020-03", 1), ("2021-10", 2), ("2022-02", 1)]


def test_a_listed_article_tells_its_passages_and_when_it_came(filled: Store) -> None:
    listed = filled.listing.page(ArticleQuery(order="passages"), 1)[0]
    assert listed.passages == len(filled.ledger.passages_of([listed.article.id])) > 1
    assert listed.added == filled.ledger.overview().updated


def test_what_was_skipped_is_listed_with_its_reason(filled: Store, folder: Path) -> None:
    skipped = {Path(item.source).name: str(item.reason) for item, _ in filled.listing.skipped(50)}
    assert len(skipped) == filled.listing.skipped_count()
    assert skipped["empty.txt"]


# --- taken out


def taken_out(store: Store, title: str) -> str:
    article = next(x.article for x in store.listing.page(ArticleQuery(), 50) if x.article.title == title)
    store.move_to_trash([article.id])
    return article.id


def test_what_is_taken_out_is_found_no_more(filled: Store, embedder: HashEmbedder) -> None:
    before = filled.ledger.overview()
    taken_out(filled, "spring")
    assert "spring" not in titles(filled) and filled.ledger.overview().articles == before.articles - 1
    hits = Retriever(filled, embedder).search("ferry island spring", 10, language="en")
    assert "spring" not in {hit.article.title for hit in hits}
    assert [entry.article.title for entry in filled.trash.page(10)] == ["spring"]
    assert filled.missing_vectors() == {}


def test_no_ingestion_brings_it_in_again_even_where_its_file_changed(
    filled: Store, embedder: HashEmbedder, folder: Path
) -> None:
    taken_out(filled, "spring")
    report = Ingester(filled, embedder).run([folder])
    assert (report.added, report.removed) == (0, 0)
    (folder / "spring.md").write_text((folder / "spring.md").read_text("utf-8") + "\n\nMore.", "utf-8")
    report = Ingester(filled, embedder).run([folder])
    assert (report.added, report.updated) == (0, 0)
    assert any("restored" in str(skipped.reason) for skipped in report.skipped)
    assert "spring" not in titles(filled)


def test_it_can_be_put_back_as_it_was(filled: Store, embedder: HashEmbedder) -> None:
    article = next(x.article for x in filled.listing.page(ArticleQuery(), 50) if x.article.title == "hiver")
    whole = filled.ledger.article(article.id)
    taken_out(filled, "hiver")
    filled.restore([article.id, "nowhere"], Embedding(embedder.embed_passages))
    assert filled.ledger.article(article.id) == whole
    assert filled.trash.count() == 0 and filled.missing_vectors() == {}
    hits = Retriever(filled, embedder).search("ferry hiver quai", 3, language="fr")
    assert hits[0].article.id == article.id


def test_what_was_forgotten_for_good_is_kept_nowhere(filled: Store, folder: Path) -> None:
    taken_out(filled, "undated")
    filled.trash.drop(filled.trash.ids())
    assert filled.trash.page(10) == []
