from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from chroma_run import on_both

from rag.ingestion.ingester import Ingester
from rag.retrieval.retriever import Retriever
from rag.store.chroma_servers import ChromaServers
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Filters


@pytest.fixture
def retriever(indexed: Store, embedder: HashEmbedder) -> Retriever:
    return Retriever(indexed, embedder)


def test_the_passage_with_the_words_comes_first(retriever: Retriever) -> None:
    hits = retriever.search("Who is the harbour master?", 3, language="en")
    assert hits[0].article.title == "The harbour opens again"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_question_asked_in_two_ways_has_each_passage_once_as_its_better_way_finds_it(
    retriever: Retriever,
) -> None:
    ways = ("Who is the harbour master?", "Quand le pont a-t-il été ouvert ?")
    apart = [retriever.search(way, 3, language="en") for way in ways]
    both = retriever.search_all(ways, 3, language="en")
    assert {hit.passage for hit in both} >= {hits[0].passage for hits in apart}
    assert len({hit.passage for hit in both}) == len(both) == 3
    for hit in both:
        assert hit.score == max(one.score for way in apart for one in way if one.passage == hit.passage)
    assert retriever.search_all(ways[:1] * 2, 3, language="en") == apart[0]


def test_a_language_filter_holds(retriever: Retriever) -> None:
    hits = retriever.search("The harbour", 10, language="en", filters=Filters(languages=("fr", "zh")))
    assert hits
    assert {hit.article.language for hit in hits} <= {"fr", "zh"}


@pytest.mark.parametrize("question", ["", "   ", "\n"])
def test_nothing_asked_finds_nothing(retriever: Retriever, question: str) -> None:
    assert retriever.search(question, 5) == []


def test_an_empty_library_finds_nothing(store: Store, embedder: HashEmbedder) -> None:
    assert Retriever(store, embedder).search("anything", 5) == []


class Biased(HashEmbedder):
    """An encoder as real ones are: a text's language weighs more than what it says."""

    def embed_query(self, text: str) -> np.ndarray:
        tongue = 0 if any("a" <= letter <= "z" for letter in text.casefold()) else 1
        vector = np.zeros(self.dimension, np.float32)
        vector[tongue] = 3
        for n, topic in enumerate(
            ("harbour", "港口", "bridge", "桥梁", "library", "图书馆", "school", "学校")
        ):
            vector[2 + n // 2] += topic in text.casefold()
        return vector / np.linalg.norm(vector)


@pytest.fixture
def mixed(tmp_path: Path, database: str, servers: ChromaServers) -> Iterator[Mixed]:
    store = Store(tmp_path / "data", Biased(), database=database, servers=servers)
    yield Mixed(tmp_path / "mixed", store)
    store.close()


class Mixed:
    """A library to which English and Chinese articles about one thing each are added."""

    def __init__(self, folder: Path, store: Store) -> None:
        folder.mkdir()
        self._folder, self._store = folder, store

    def add(self, *words: str) -> None:
        for word in words:
            number = len(list(self._folder.iterdir()))
            english = f"The {word} {number}\n\nThis article is about the {word} in our town."
            chinese = f"{word}新闻\n\n这篇文章报道了本市的{word}以及市民的看法。"
            text = english if word.isascii() else chinese
            (self._folder / f"{number}.txt").write_text(text, "utf-8")
        Ingester(self._store, Biased()).run([self._folder])

    def first(self, question: str, language: str) -> str:
        return Retriever(self._store, Biased()).search(question, 3, language=language)[0].article.title


@on_both
def test_the_passage_in_another_language_stands_before_the_wrong_one_in_the_questions_own(
    mixed: Mixed,
) -> None:
    mixed.add("bridge", "library", "school", "港口", "桥梁", "图书馆", "学校")
    assert mixed.first("the harbour", "en") == "港口新闻"


@pytest.mark.parametrize(("question", "language"), [("the harbour", "en"), ("港口", "zh")])
def test_a_library_of_one_language_answers_questions_in_any(
    mixed: Mixed, question: str, language: str
) -> None:
    mixed.add("港口", "桥梁", "图书馆", "学校")
    assert mixed.first(question, language) == "港口新闻"


def test_a_language_of_three_articles_is_found_beside_one_of_many_while_these_are_added(mixed: Mixed) -> None:
    mixed.add("港口", "桥梁", "图书馆")
    for _ in range(5):
        mixed.add(*("bridge", "library", "school") * 4)
        assert mixed.first("the harbour", "en") == "港口新闻"
        assert mixed.first("学校", "zh").startswith("The school")


@on_both
def test_searches_go_on_while_articles_are_added(mixed: Mixed) -> None:
    mixed.add("港口")
    added = Event()

    def search() -> set[str]:
        seen = set()
        while not added.is_set():
            seen.add(mixed.first("the harbour", "en"))
        return seen

    with ThreadPoolExecutor(1) as pool:
        searching = pool.submit(search)
        for _ in range(4):
            mixed.add("bridge", "library", "学校")
        added.set()
        assert searching.result() == {"港口新闻"}
