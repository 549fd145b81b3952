"""What a person mends of an article is kept by later ingestions, and can be undone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from examples import HARBOUR

from rag.errors import NothingThere
from rag.ingestion.ingester import Ingester
from rag.retrieval.retriever import Retriever
from rag.store.article_embedding import Embedding
from rag.store.article_list import ArticleQuery
from rag.store.mendings import Mending
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Article, Filters, article_id

MENDED = Mending(title="Kestrel Bay", outlet="Quay News", author="Ida", published="2025-03-09", language="fr")


@pytest.fixture
def harbour(store: Store, embedder: HashEmbedder, articles: Path) -> str:
    """The id of one of three articles."""
    Ingester(store, embedder).run([articles])
    return article_id(str(articles / "harbour.txt"))


def mend(store: Store, mending: Mending | None, *ids: str) -> None:
    store.mend(ids, mending, Embedding(HashEmbedder().embed_passages))


def told(article: Article | None) -> tuple[object, ...]:
    assert article is not None
    return article.title, article.outlet, article.author, article.published, article.language


def test_a_mended_article_is_found_by_its_new_metadata(store: Store, harbour: str) -> None:
    mend(store, MENDED, harbour)
    assert told(store.ledger.article(harbour)) == (
        *("Kestrel Bay", "Quay News", "Ida", date(2025, 3, 9)),
        "fr",
    )
    filters = Filters(languages=("fr",), since=date(2025, 3, 9), sources=("quay news",))
    (hit,) = Retriever(store, HashEmbedder()).search("Kestrel", 1, language="en", filters=filters)
    assert (hit.article.id, hit.article.title) == (harbour, "Kestrel Bay")
    assert store.ledger.pending() == [] and store.missing_vectors() == {}
    assert set(store.ledger.languages()) == {"fr", "zh"}


def test_later_ingestions_keep_it_and_undoing_restores_what_was_read_last(
    store: Store, embedder: HashEmbedder, articles: Path, harbour: str
) -> None:
    read = told(store.ledger.article(harbour))
    mend(store, MENDED, harbour)
    mend(store, Mending(outlet="Dock Gazette"), harbour)
    (articles / "harbour.txt").touch()
    assert Ingester(store, embedder).run([articles]).unchanged == 3
    (articles / "harbour.txt").write_text(HARBOUR.replace("42", "43").replace("again", "once more"), "utf-8")
    assert Ingester(store, embedder).run([articles]).updated == 1
    changed = store.ledger.article(harbour)
    assert changed is not None and "43 million" in changed.text
    assert told(changed)[:2] == ("Kestrel Bay", "Dock Gazette") and changed.language == "fr"
    assert store.mendings.read(harbour)["title"] == "The harbour opens once more"
    mend(store, None, harbour)
    assert told(store.ledger.article(harbour)) == ("The harbour opens once more", *read[1:])
    assert store.mendings.read(harbour) == {} and store.missing_vectors() == {}


def test_what_search_does_not_depend_on_is_set_of_several_at_once_and_removed_by_an_empty_text(
    store: Store, articles: Path, harbour: str
) -> None:
    bridge = article_id(str(articles / "bridge.txt"))
    before = store.listing.page(ArticleQuery(), 9)
    mend(store, Mending(outlet="  Quay\nNews ", published="2025-03-09"), harbour, bridge)
    assert store.listing.outlets() == {"Quay News": 2} and store.listing.months() == {"2025-03": 2}
    mend(store, Mending(outlet="", published=""), bridge)
    assert store.listing.outlets() == {"Quay News": 1} and store.listing.months() == {"2025-03": 1}
    assert [one.added for one in store.listing.page(ArticleQuery(), 9)] == [one.added for one in before]
    mend(store, None, harbour, bridge)
    assert store.listing.page(ArticleQuery(), 9) == before


def test_copies_stay_copies_and_what_was_left_out_stays_known(
    store: Store, embedder: HashEmbedder, articles: Path, harbour: str
) -> None:
    (articles / "wire.txt").write_text(HARBOUR, encoding="utf-8")
    Ingester(store, embedder).run([articles])
    before = store.ledger.article(harbour)
    assert before is not None and store.records.of(before).left_out == ()
    mend(store, Mending(title="Kestrel Bay", outlet="Quay News"), harbour)
    assert store.ledger.overview().articles == 3 and store.copies.count() == 1
    wire = store.ledger.article(article_id(str(articles / "wire.txt")))
    assert told(wire)[:2] == ("Kestrel Bay", None)
    assert wire is not None and store.records.of(wire).left_out == store.records.of(before).left_out == ()
    mend(store, None, harbour)
    assert store.ledger.overview().articles == 3 and store.missing_vectors() == {}
    assert {info.title for info in store.ledger.articles(9)} >= {"The harbour opens again"}


def test_a_removed_article_comes_back_as_it_was_mended(store: Store, harbour: str) -> None:
    mend(store, MENDED, harbour)
    store.move_to_trash([harbour])
    mend(store, Mending(title="Nothing"), harbour)
    store.restore([harbour], Embedding(HashEmbedder().embed_passages))
    assert told(store.ledger.article(harbour))[0] == "Kestrel Bay"
    mend(store, None, harbour)
    assert told(store.ledger.article(harbour))[0] == "The harbour opens again"


@pytest.mark.parametrize(
    ("mending", "why"),
    [
        (Mending(title=" "), "needs a title"),
        (Mending(published="9 March"), "9 March is not a day"),
        (Mending(language="French"), "not the code of a language"),
    ],
)
def test_what_cannot_be_is_refused(store: Store, harbour: str, mending: Mending, why: str) -> None:
    with pytest.raises(NothingThere, match=why):
        mend(store, mending, harbour)
    assert told(store.ledger.article(harbour))[0] == "The harbour opens again"
