"""Collections: what belongs to them, whatever happens to the articles."""

from __future__ import annotations

from pathlib import Path

import pytest
from examples import HARBOUR

from rag.errors import NothingThere
from rag.ingestion.ingester import Ingester
from rag.retrieval.retriever import Retriever
from rag.store.article_collections import Collection
from rag.store.article_list import ArticleQuery
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Filters, article_id


@pytest.fixture
def ids(store: Store, embedder: HashEmbedder, articles: Path) -> dict[str, str]:
    """The articles' ids by the names of their files."""
    Ingester(store, embedder).run([articles])
    return {path.stem: article_id(str(path)) for path in articles.iterdir()}


def found(store: Store, *collections: str) -> set[str]:
    """The titles that a question finds in collections; the list of articles has the same."""
    filters = Filters(collections=collections)
    hits = Retriever(store, HashEmbedder()).search("harbour", 9, language="en", filters=filters)
    titles = {hit.article.title for hit in hits}
    listed = store.listing.page(ArticleQuery(filters=filters), 9)
    assert {one.article.title for one in listed} == titles
    return titles


def test_an_article_may_be_in_several_which_are_searched_apart_and_together(
    store: Store, ids: dict[str, str]
) -> None:
    store.collections.add("  Water\n", [ids["harbour"], ids["bridge"]])
    store.collections.add("Culture", [ids["library"], ids["bridge"]])
    assert store.collections.all() == [Collection("Culture", 2), Collection("Water", 2)]
    assert found(store, "Water") == {"The harbour opens again", "青石桥通车"}
    assert len(found(store, "Water", "Culture")) == 3 and found(store, "Unknown") == set()
    assert store.collections.discard("WATER", [ids["bridge"]]) == Collection("Water", 1)
    assert found(store, "Water") == {"The harbour opens again"}


def test_members_outlive_a_new_version_of_the_file_and_a_removal(
    store: Store, embedder: HashEmbedder, articles: Path, ids: dict[str, str]
) -> None:
    store.collections.add("Water", [ids["harbour"]])
    (articles / "harbour.txt").write_text(HARBOUR.replace("42", "43"), encoding="utf-8")
    Ingester(store, embedder).run([articles])
    assert found(store, "Water") == {"The harbour opens again"}
    store.move_to_trash([ids["harbour"]])
    assert store.collections.all() == [Collection("Water", 0)] and found(store, "Water") == set()
    (articles / "harbour.txt").unlink()
    Ingester(store, embedder).run([articles])
    assert store.collections.articles("Water") == [ids["harbour"]]


def test_exact_copies_come_and_go_together_and_count_once(
    store: Store, embedder: HashEmbedder, articles: Path, ids: dict[str, str]
) -> None:
    (articles / "wire.txt").write_text(HARBOUR, encoding="utf-8")
    Ingester(store, embedder).run([articles])
    assert store.collections.add("Water", [ids["harbour"]]) == Collection("Water", 1)
    (articles / "harbour.txt").unlink()
    Ingester(store, embedder).run([articles])
    assert found(store, "Water") == {"The harbour opens again"}


def test_a_collection_is_renamed_and_deleted_and_its_articles_stay(store: Store, ids: dict[str, str]) -> None:
    store.collections.add("Water", [ids["harbour"]])
    store.collections.add("Culture", [ids["library"]])
    assert store.collections.rename("water", "Sea & harbours") == Collection("Sea & harbours", 1)
    assert found(store, "Sea & harbours") == {"The harbour opens again"}
    with pytest.raises(NothingThere, match="already"):
        store.collections.rename("Culture", "sea & HARBOURS")
    store.collections.delete("Culture")
    assert [one.name for one in store.collections.all()] == ["Sea & harbours"]
    assert store.ledger.overview().articles == 3


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\u0000b"])
def test_what_is_no_name_is_refused(store: Store, name: str) -> None:
    with pytest.raises(NothingThere, match="80 characters"):
        store.collections.add(name, ["a"])
    assert store.collections.all() == []


def test_an_unknown_collection_is_told_with_those_that_there_are(store: Store, ids: dict[str, str]) -> None:
    store.collections.add("Water", [ids["harbour"]])
    assert store.collections.resolved(Filters(collections=("wATER ",))).collections == ("Water",)
    with pytest.raises(NothingThere, match="no collection “Fire”"):
        store.collections.resolved(Filters(collections=("Fire",)))
