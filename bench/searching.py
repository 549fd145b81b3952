"""Times searches in a real library, including the question's embedding.

python bench/searching.py DATA [--questions 300]

DATA is a data folder; the questions are titles of its articles.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from rag.library import Library
from rag.settings import Settings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=int, default=300)
    options = parser.parse_args()
    with Library.open(Settings.load(options.data)) as library:
        titles = [info.title for info in library._store.ledger.articles(100_000)]
        asked = titles[:: max(1, len(titles) // options.questions)][: options.questions]
        for title in asked[:20]:  # the first searches load Chroma's pages
            library.search(title, 8)
        times = [timed(partial(library.search, title, 8)) for title in asked]
        embedding = [timed(partial(library._embedder.embed_query, title)) for title in asked]
        overview = library.overview()
    print(f"{overview.articles:,} articles, {overview.passages:,} passages, {len(asked)} questions")
    print(f"search: {percentiles(times)}")
    print(f"embedding the question alone: {percentiles(embedding)}")


def timed(work: Callable[[], object]) -> float:
    """Measure in milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def percentiles(times: list[float]) -> str:
    return f"median {np.median(times):.0f} ms, p95 {np.percentile(times, 95):.0f} ms"


if __name__ == "__main__":
    main()
