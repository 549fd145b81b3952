"""Measures scaling: time per added passage, search times, peak memory of ingestion.

python bench/scaling.py [--passages 200000] [--data DIR]

Uses the real store, ledger, keyword index and retriever, in a temporary folder, or in DIR, which is kept and
extended to the number of passages. Texts and vectors are synthetic, because embedding a million passages
takes hours: texts are words drawn by Zipf's law in five languages' scripts, vectors are clustered like those
of news. Embedding time is measured in the same run with the real model on the sample library's passages.
Questions are embedded by the real model, for its time, and then searched with a synthetic vector.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rag.embedding.load import load_embedder
from rag.reading.file_reader import read
from rag.retrieval.retriever import Retriever
from rag.settings import Settings
from rag.store.article_embedding import Embedding
from rag.store.ledger import SplitArticle
from rag.store.store import Store
from rag.text.splitter import split
from rag.types import Article, Passage

LETTERS = {"en": "etaoinshrdlu", "fr": "esaitnrulodé", "vi": "nhaitcgôưđeo", "ru": "оеаинтсрвлкм", "zh": ""}
BATCH, PER_ARTICLE, WORDS, VOCABULARY, CLUSTERS = 256, 6, 60, 40_000, 2_000
QUESTIONS, SEED, SAMPLE = 200, 3, 64
T = TypeVar("T")
Vector = NDArray[np.float32]


class Synthetic:
    """An Embedder that gives clustered random vectors; a question takes the real model's time."""

    name, fingerprint, dimension = "synthetic", "0" * 64, 384

    def __init__(self, settings: Settings) -> None:
        self._real = load_embedder(settings)
        articles = [article for path in sorted(settings.corpus.rglob("*.md")) for article in read(path)]
        self._sample = [passage.text for article in articles for passage in split(article)][::3][:SAMPLE]
        self.real_ms()  # loads the model, whose memory counts
        self._random = np.random.default_rng(7)
        self._centres = self._random.standard_normal((CLUSTERS, self.dimension), np.float32)

    def real_ms(self) -> float:
        """Measure the real model's milliseconds per passage, on SAMPLE passages."""
        began = time.perf_counter()
        self._real.embed_passages(self._sample)
        return (time.perf_counter() - began) / len(self._sample) * 1000

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        near = self._centres[self._random.integers(0, CLUSTERS, len(texts))]
        vectors = near + self._random.standard_normal((len(texts), self.dimension), np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)

    def embed_query(self, text: str) -> Vector:
        self._real.embed_query(text)
        return np.asarray(self.embed_passages([text])[0], np.float32)


def vocabulary(language: str, random: np.random.Generator) -> list[str]:
    """Make up words of a language's letters; Han words have one to three characters."""
    if language == "zh":
        codes = random.integers(0x4E00, 0x5E00, (VOCABULARY, 3))
        return ["".join(map(chr, row[: 1 + n % 3])) for n, row in enumerate(codes)]
    letters = np.array(list(LETTERS[language]))
    return ["".join(random.choice(letters, 2 + n % 7)) for n in range(VOCABULARY)]


def vocabularies(random: np.random.Generator) -> dict[str, list[str]]:
    """Make up the words of every language, reproducible by the seed."""
    return {language: vocabulary(language, random) for language in LETTERS}


def drawn(words: dict[str, list[str]], language: str, count: int, random: np.random.Generator) -> str:
    """Draw words of a language by Zipf's law."""
    ranks = np.minimum(random.zipf(1.2, count), VOCABULARY) - 1
    return ("" if language == "zh" else " ").join(words[language][rank] for rank in ranks)


def articles(there: int, count: int) -> Iterator[SplitArticle]:
    """Make articles of PER_ARTICLE passages in all languages, from `there` passages up to `count`."""
    words = vocabularies(np.random.default_rng(SEED))
    for n in range(there // PER_ARTICLE, -(-count // PER_ARTICLE)):
        random = np.random.default_rng((SEED, n))
        language = list(LETTERS)[n % len(LETTERS)]
        text = drawn(words, language, WORDS * PER_ARTICLE, random)
        edges = np.linspace(0, len(text), PER_ARTICLE + 1).astype(int).tolist()
        passages = [Passage(f"{n:016x}", i, a, b, text[a:b]) for i, (a, b) in enumerate(pairwise(edges))]
        article = Article(id=f"{n:016x}", source=f"/{n}", title=text[:30], language=language, text=text)
        yield article, passages, article.source


@dataclass
class Spent:
    """Seconds spent in the embedder and in Chroma since the last `take`."""

    embedder: float = 0.0
    chroma: float = 0.0

    def timed(self, of: str, function: Callable[..., T]) -> Callable[..., T]:
        def timed(*arguments: object) -> T:
            began = time.perf_counter()
            try:
                return function(*arguments)
            finally:
                setattr(self, of, getattr(self, of) + time.perf_counter() - began)

        return timed

    def take(self) -> tuple[float, float]:
        taken = self.embedder, self.chroma
        self.embedder = self.chroma = 0.0
        return taken


def fill(store: Store, embedder: Synthetic, count: int, say_at: Sequence[int]) -> None:
    """Write passages up to `count` in batches; print the time of one at the sizes in `say_at`."""
    spent, done, rows = Spent(), store.ledger.overview().passages, list[tuple[int, float, float]]()
    embedding = Embedding(spent.timed("embedder", embedder.embed_passages))
    store.vectors.upsert = spent.timed("chroma", store.vectors.upsert)  # type: ignore[method-assign]
    real = [embedder.real_ms()]
    for batch in batched(articles(done, count), -(-BATCH // PER_ARTICLE)):
        began = time.perf_counter()
        store.put(batch, embedding)
        whole = time.perf_counter() - began
        for_embedder, for_chroma = spent.take()
        size = len(batch) * PER_ARTICLE
        done += size
        rows.append((done, (whole - for_embedder - for_chroma) / size * 1000, for_chroma / size * 1000))
        if done // 100_000 > (done - size) // 100_000:
            real.append(embedder.real_ms())
            print(f"{done:>9,} passages, {now():,} MB", flush=True)
    for size in say_at:
        around = [row for row in rows if 0.75 * size <= row[0] <= 1.25 * size]
        if around:
            _, sqlite, chroma = np.mean(around, axis=0)
            print(
                f"at {size:>9,} passages each added one takes {sqlite + chroma:.2f} ms (SQLite {sqlite:.2f},"
                f" Chroma {chroma:.2f}), {sqlite + chroma + np.median(real):.1f} ms with embedding"
            )


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Split into lists of `size` items; the last may be shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def search(store: Store, embedder: Synthetic) -> None:
    """Print the median and 95th percentile of searches with words of the library."""
    retriever, random = Retriever(store, embedder), np.random.default_rng(11)
    words = vocabularies(np.random.default_rng(SEED))
    times = []
    for n in range(QUESTIONS + 20):
        language = list(LETTERS)[n % len(LETTERS)]
        question = drawn(words, language, 9, random)
        began = time.perf_counter()
        retriever.search(question, 8, language=language)
        times.append((time.perf_counter() - began) * 1000)
    times = times[20:]  # the first searches load Chroma's pages
    print(f"search: median {np.median(times):.0f} ms, p95 {np.percentile(times, 95):.0f} ms")


def now() -> int:
    """Return this process's memory in MB; 0 where it cannot be read."""
    status = Path("/proc/self/statm")
    return int(status.read_text().split()[1]) * resource.getpagesize() >> 20 if status.exists() else 0


def peak() -> str:
    """Return this process's peak memory in MB."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--passages", type=int, default=200_000)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        embedder = Synthetic(Settings.load())
        store = Store(options.data or Path(temporary), embedder)
        if store.ledger.overview().passages < options.passages:
            fill(store, embedder, options.passages, [2_000, 20_000, 200_000, 1_000_000])
            print(f"peak memory of ingestion, the real embedding model loaded: {peak()}")
        print(f"{store.ledger.overview().passages:,} passages, {len(store.vectors.shards())} shards")
        search(store, embedder)
        print(f"peak memory with searching: {peak()}")
        store.close()


if __name__ == "__main__":
    main()
