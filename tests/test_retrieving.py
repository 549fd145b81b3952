from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from examples import HashEmbedder

from rag.documents import Filters
from rag.ingesting import Ingestion
from rag.retrieving import Retriever
from rag.store import Store


@pytest.fixture
def retriever(store: Store, embedder: HashEmbedder, articles: Path) -> Retriever:
    Ingestion(store, embedder).run([articles])
    return Retriever(store, embedder)


def test_the_passage_with_the_words_comes_first(retriever: Retriever) -> None:
    hits = retriever.search("Who is the harbour master?", 3, language="en")
    assert hits[0].article.title == "The harbour opens again"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


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

    def _one(self, text: str) -> np.ndarray:
        tongue = 0 if any("a" <= letter <= "z" for letter in text.casefold()) else 1
        vector = np.zeros(self.dimension, np.float32)
        vector[tongue] = 3
        for n, topic in enumerate(
            ("harbour", "港口", "bridge", "桥梁", "library", "图书馆", "school", "学校")
        ):
            vector[2 + n // 2] += topic in text.casefold()
        return vector / np.linalg.norm(vector)


def test_the_passage_in_another_language_stands_before_the_wrong_one_in_the_questions_own(
    tmp_path: Path,
) -> None:
    folder, biased = tmp_path / "mixed", Biased()
    store = Store(tmp_path / "data", biased)
    folder.mkdir()
    for word in ("bridge", "library", "school"):
        (folder / f"{word}.txt").write_text(f"The {word}\n\nThis article is about the {word} in our town.")
    for word in ("港口", "桥梁", "图书馆", "学校"):
        (folder / f"{word}.txt").write_text(f"{word}新闻\n\n这篇文章报道了本市的{word}以及市民的看法。")
    Ingestion(store, biased).run([folder])
    (best, *_) = Retriever(store, biased).search("the harbour", 3, language="en")
    store.close()
    assert best.article.title == "港口新闻"
