"""Keyword search in SQLite (FTS5) and in PostgreSQL (tsvector) on XQuAD: what is found, and how fast.

python bench/keyword_engines.py PASSAGES.jsonl QUESTIONS.jsonl DATABASE [--questions 300] [--times 1]

DATABASE is the address of an empty PostgreSQL database or schema. Questions are asked in each language, on
one engine and then on the other. With --times 20 each passage is stored twenty times.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from contextlib import closing
from pathlib import Path

import numpy as np

from rag.store.database import Database
from rag.store.keywords import KeywordIndex
from rag.store.ledger import Ledger
from rag.store.open_database import open_database
from rag.text.splitter import split
from rag.types import Article, Filters, article_id

LANGUAGES = ("en", "zh", "vi", "ru")
BATCH = 64


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("passages", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("database")
    parser.add_argument("--questions", dest="count", type=int, default=300)
    parser.add_argument("--times", type=int, default=1)
    options = parser.parse_args()
    passages, questions = (
        [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        for path in (options.passages, options.questions)
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "library.sqlite"
        with (
            closing(open_database(path)) as sqlite,
            closing(open_database(path, options.database)) as postgres,
        ):
            engines = {"FTS5": sqlite, "tsvector": postgres}
            for name, database in engines.items():
                fill(name, database, passages, options.times)
            compare(engines, questions[: options.count])


def fill(name: str, database: Database, passages: list[dict[str, str]], times: int) -> None:
    ledger, began = Ledger(database), time.perf_counter()
    articles = [
        Article(id=article_id(source), source=source, title=str(turn), language=language, text=row[language])
        for turn in range(times)
        for row in passages
        for language in LANGUAGES
        for source in [f"{row['id']}/{language}/{turn}"]
    ]
    for at in range(0, len(articles), BATCH):
        ledger.put([(article, split(article), article.source) for article in articles[at : at + BATCH]])
    seconds, held = time.perf_counter() - began, ledger.overview()
    print(f"{name:>9}: {held.articles:,} articles, {held.passages:,} passages stored in {seconds:.1f} s")


def compare(engines: dict[str, Database], questions: list[dict[str, dict[str, str]]]) -> None:
    indexes = {name: (KeywordIndex(database), Ledger(database)) for name, database in engines.items()}
    for language in LANGUAGES:
        ranks: dict[str, list[int]] = {name: [] for name in engines}
        times: dict[str, list[float]] = {name: [] for name in engines}
        for row in questions:
            for name, (index, ledger) in indexes.items():
                began = time.perf_counter()
                found = index.search(row["q"][language], 20, Filters(languages=(language,)), language)
                times[name].append((time.perf_counter() - began) * 1000)
                ranks[name].append(rank(ledger, list(found), str(row["passage"])))
        for name in engines:
            first, within = (np.mean([0 < r <= k for r in ranks[name]]) for k in (1, 20))
            took = f"median {np.median(times[name]):.1f} ms, p95 {np.percentile(times[name], 95):.1f} ms"
            print(f"{language} {name:>9}: first {first:.3f}, in the first 20 {within:.3f}, {took}")


def rank(ledger: Ledger, numbers: list[int], passage: str) -> int:
    """The place of the passage among the found ones; 0 if it is not among them."""
    stored = ledger.passages(numbers)
    sources = [stored[number].article.source.partition("/")[0] for number in numbers]
    return sources.index(passage) + 1 if passage in sources else 0


if __name__ == "__main__":
    main()
