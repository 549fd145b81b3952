from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest
from databases import opened

from rag.ingestion.ingester import Ingester
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Filters

NOTES = {
    "courier/spring.md": ("en", "2020-03-01", "Spring Courier", "The ferry to the island sails again in spring."),
    "courier/autumn.md": ("en", "2021-10-20", "Spring Courier", "The ferry to the island stops for the autumn."),
    "journal/hiver.md": ("fr", "2022-01-05", "Journal du Port", "Le ferry de l'île reste à quai tout l'hiver."),
    "journal/undated.md": ("en", "", "", "The ferry to the island has a new captain, Ada Brandt."),
}  # fmt: skip


@pytest.fixture(scope="module")
def retriever(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder, embedder = tmp_path_factory.mktemp("filters"), HashEmbedder()
    for name, (language, day, outlet, text) in NOTES.items():
        path = folder / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        dated = f"published: {day}\n" if day else ""
        source = f"source: {outlet}\n" if outlet else ""
        path.write_text(
            f"---\ntitle: {path.stem}\nlanguage: {language}\n{dated}{source}---\n\n{text}\n", "utf-8"
        )
    with opened(engine) as database, closing(Store(folder / "data", embedder, database=database)) as store:
        Ingester(store, embedder).run([folder / "articles"])
        yield Retriever(store, embedder)


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        (Filters(), {"spring", "autumn", "hiver", "undated"}),
        (Filters(languages=("fr",)), {"hiver"}),
        (Filters(languages=("fr", "en"), since=date(2021, 1, 1)), {"autumn", "hiver"}),
        (Filters(since=date(2021, 10, 20), until=date(2021, 10, 20)), {"autumn"}),
        (Filters(until=date(2021, 12, 31)), {"spring", "autumn"}),
        (Filters(sources=("spring courier",)), {"spring", "autumn"}),
        (Filters(sources=("/JOURNAL/",)), {"hiver", "undated"}),
        (Filters(sources=("Journal du Port", "spring.md")), {"hiver", "spring"}),
        (Filters(sources=("100%_'",)), set()),
        (Filters(languages=("zh",)), set()),
    ],
)
def test_only_articles_that_pass_every_filter_are_found(
    retriever: Retriever, filters: Filters, titles: set[str]
) -> None:
    hits = retriever.search("When does the ferry to the island sail?", 10, language="en", filters=filters)
    assert {hit.article.title for hit in hits} == titles


@pytest.mark.parametrize(
    "chosen", [["spring"], ["hiver", "spring"], ["autumn", "hiver", "spring", "undated"]]
)
def test_only_chosen_articles_are_found_and_unknown_ids_are_of_none(
    retriever: Retriever, chosen: list[str]
) -> None:
    question = "When does the ferry to the island sail?"
    ids = {hit.article.title: hit.article.id for hit in retriever.search(question, 10, language="en")}
    among = Filters(articles=(*(ids[title] for title in chosen), *(f"{n:016x}" for n in range(300))))
    found = retriever.search(question, 10, language="en", filters=among)
    assert sorted(hit.article.title for hit in found) == chosen
    french = replace(among, languages=("fr",))
    assert {hit.article.title for hit in retriever.search(question, 10, language="en", filters=french)} == {
        *chosen
    } & {"hiver"}
    assert retriever.search(question, 10, language="en", filters=Filters(articles=("0" * 16,))) == []
