"""Times the lists of the page "Articles" on a synthetic library: pages, counts, charts.

    python bench/listing.py --articles 100000

An article has 1,500 characters in three passages, with words drawn by Zipf's law. It goes through the ledger
as usual, without vectors. Each figure is the slowest of three runs, in milliseconds.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from rag.store.article_list import ArticleList, ArticleQuery, Column
from rag.store.ledger import Ledger, SplitArticle
from rag.store.sqlite_database import SqliteDatabase
from rag.types import Article, Filters, Passage

WORDS = [f"word{n}" for n in range(20_000)]
LANGUAGES = ["en", "en", "fr", "zh", "vi", "ru"]
ORDERS: tuple[Column, ...] = ("title", "outlet", "published", "passages")


def items(articles: int) -> Iterator[SplitArticle]:
    chance = random.Random(1)
    weights = [1 / (n + 1) for n in range(len(WORDS))]
    for n in range(articles):
        paragraphs = [" ".join(chance.choices(WORDS, weights, k=60)) for _ in range(3)]
        source = f"/articles/{n:07d}.md"
        article = Article(
            id=hashlib.sha256(source.encode()).hexdigest()[:16],
            source=source,
            title=" ".join(chance.choices(WORDS, weights, k=8)),
            language=chance.choice(LANGUAGES),
            published=date(2005, 1, 1) + timedelta(chance.randrange(7_500)) if n % 20 else None,
            outlet=f"Outlet {chance.randrange(80)}" if n % 10 else None,
            text="\n\n".join(paragraphs),
        )
        starts = [0, len(paragraphs[0]) + 2, len(paragraphs[0]) + len(paragraphs[1]) + 4]
        yield (
            article,
            [
                Passage(article.id, i, at, at + len(text), text)
                for i, (at, text) in enumerate(zip(starts, paragraphs, strict=True))
            ],
            source,
        )


def fill(ledger: Ledger, articles: int) -> None:
    batch: list[SplitArticle] = []
    for item in items(articles):
        batch.append(item)
        if len(batch) == 1_000:
            ledger.put(batch)
            batch = []
    ledger.put(batch)


def of(source: str) -> ArticleQuery:
    return ArticleQuery(filters=Filters(sources=(source,)))


def slowest(work: Callable[[], object]) -> float:
    times = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return max(times)


def measured(ledger: Ledger, listing: ArticleList, articles: int) -> dict[str, float]:
    recent = Filters(since=date(2020, 1, 1), languages=("fr",))
    last = articles // 50 * 50 - 50
    return {
        "first page": slowest(lambda: listing.page(ArticleQuery(), 50)),
        "last page": slowest(lambda: listing.page(ArticleQuery(), 50, last)),
        **{f"by {key}": slowest(partial(listing.page, ArticleQuery(order=key), 50)) for key in ORDERS},
        "filtered": slowest(lambda: listing.page(ArticleQuery(filters=recent), 50)),
        "of a part of the source": slowest(partial(listing.page, of("00042"), 50)),
        "of an outlet": slowest(partial(listing.page, of("outlet 7"), 50)),
        "a rare word": slowest(lambda: listing.page(ArticleQuery(words="word9000"), 50)),
        "a common word": slowest(lambda: listing.page(ArticleQuery(words="word1"), 50)),
        "three words": slowest(lambda: listing.page(ArticleQuery(words="word1 word2 word30"), 50)),
        "count": slowest(lambda: listing.count(ArticleQuery())),
        "count of a common word": slowest(lambda: listing.count(ArticleQuery(words="word1"))),
        "languages": slowest(listing.languages),
        "outlets": slowest(listing.outlets),
        "months": slowest(listing.months),
        "overview": slowest(ledger.overview),
        "newest 200": slowest(lambda: ledger.articles(200)),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="kept, and used again where it is filled")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        database = SqliteDatabase(folder / "library.sqlite")
        ledger, listing = Ledger(database), ArticleList(database)
        if not ledger.overview().articles:
            fill(ledger, options.articles)
        for name, milliseconds in measured(ledger, listing, ledger.overview().articles).items():
            print(f"{name:>26} {milliseconds:8.1f}")
        database.close()


if __name__ == "__main__":
    main()
