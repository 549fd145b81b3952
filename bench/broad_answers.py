"""Times dossiers and timelines in a library of many articles.

    .venv/bin/python bench/broad_answers.py --news FOLDER [--articles 10000] [--questions 20]

The articles are real news, repeated with changes (bench/killing.py); the questions ask about names in their
titles. Passages are indexed with hashed vectors, because only the questions are timed; these and the quoted
sentences are embedded by the bundled model.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from killing import Hashing, write

from rag.dossiers.broad_answers import BroadAnswers
from rag.embedding.base import Embedder
from rag.embedding.load import load_embedder
from rag.ingestion.ingester import Ingester
from rag.reading import Readers
from rag.retrieval.retriever import Retriever
from rag.settings import Settings
from rag.store.article_list import ArticleQuery
from rag.store.store import Store
from rag.types import Answer
from rag.verification.analysed_text import AnalysedText

FORMS = {"dossier": "Summarise what the articles say about {}", "timeline": "A timeline of {}"}


class Mixed:
    """Embeds passages by hashing while it is `indexing`, else like the bundled model."""

    def __init__(self, real: Embedder) -> None:
        self._real, self._hashing, self.indexing = real, Hashing(), True
        self.name, self.dimension, self.fingerprint = real.name, real.dimension, real.fingerprint

    def embed_passages(self, texts):
        if not self.indexing:
            return self._real.embed_passages(texts)
        vectors = self._hashing.embed_passages(texts)
        return np.pad(vectors, ((0, 0), (0, self.dimension - self._hashing.dimension)))

    def embed_query(self, text):
        return self._real.embed_query(text)


def main() -> None:
    options = arguments()
    embedder = Mixed(load_embedder(Settings.load()))
    with TemporaryDirectory(prefix="byline-broad-", dir=options.scratch) as scratch:
        folder = Path(scratch) / "articles"
        write(options.news, folder, options.articles)
        store = Store(Path(scratch) / "data", embedder)
        readers = Readers()
        Ingester(store, embedder, read=readers).run([folder])
        readers.close()
        embedder.indexing = False
        report(store, embedder, options.questions)
        store.close()


def report(store: Store, embedder: Mixed, questions: int) -> None:
    answers = BroadAnswers(store, Retriever(store, embedder))
    overview = store.ledger.overview()
    print(f"{overview.articles:,} articles, {overview.passages:,} passages")
    names = list(dict.fromkeys(names_in_titles(store)))[:questions]
    answers.answer(FORMS["dossier"].format(names[0]), "en")  # the first search loads Chroma's pages
    for form, words in FORMS.items():
        asked = [timed(answers, words.format(name)) for name in names]
        times = [seconds for seconds, answer in asked if answer]
        quotations = [len(answer.sentences) for _, answer in asked if answer]
        print(
            f"{form}: {len(times)} of {len(asked)} questions; median {np.median(times):.2f} s, "
            f"p95 {np.percentile(times, 95):.2f} s, largest {max(times):.2f} s; "
            f"quotations, median {np.median(quotations):.0f}"
        )


def names_in_titles(store: Store) -> Iterator[str]:
    for row in store.listing.page(ArticleQuery(), 2_000):
        if row.article.language == "en":
            yield from (
                row.article.title[name.start : name.end]
                for name in AnalysedText(row.article.title, "en").names
                if name.sure and (name.mention or len(name.words) > 1)
            )


def timed(answers: BroadAnswers, question: str) -> tuple[float, Answer | None]:
    began = time.perf_counter()
    answer = answers.answer(question, "en")
    return time.perf_counter() - began, answer


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--news", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--scratch", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
