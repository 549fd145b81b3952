"""Values that the ledger reads and writes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rag.locales.message import Message
from rag.reading.stamp import Stamp
from rag.types import Article, ArticleInfo, Passage, Skipped


@dataclass(frozen=True, slots=True)
class FileState:
    """A file that was read completely: the sources of its articles, and what was skipped.

    `file` is its path or address, `reader` the version of the reader. Earlier articles of the file that are
    neither listed nor skipped are deleted. If the file itself was skipped, they are kept.
    """

    file: str
    stamp: Stamp
    sources: Sequence[str] = ()
    skipped: Sequence[Skipped] = ()
    reader: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """The size of a library: articles by language, passages, and the time of the last change."""

    articles: int
    passages: int
    languages: dict[str, int]
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A subscribed feed, fetched every `minutes`.

    `looked` is the time of the last fetch, `error` its error or None, `entries` the number of current
    entries that were indexed.
    """

    address: str
    title: str
    minutes: int
    looked: datetime | None = None
    error: Message | None = None
    entries: int = 0


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the number and shard of its vector, and its article."""

    id: int
    shard: str
    passage: Passage
    article: ArticleInfo


INFO = "a.id, a.source, a.title, a.language, a.published, a.outlet, a.author, a.url"
"""The columns that `article_info` reads, of a table `a`."""


SET_META = "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
"""Sets a property of the library."""


def article_info(row: Sequence[object]) -> ArticleInfo:
    """Convert a row of the INFO columns."""
    article_id, source, title, language, published, outlet, author, url = row
    return ArticleInfo(
        id=str(article_id),
        source=str(source),
        title=str(title),
        language=str(language),
        published=date.fromisoformat(str(published)) if published else None,
        outlet=str(outlet) if outlet else None,
        author=str(author) if author else None,
        url=str(url) if url else None,
    )


def with_text(info: ArticleInfo, text: str) -> Article:
    """Return an article with its text."""
    return Article(**{name: getattr(info, name) for name in ArticleInfo.__slots__}, text=text)


def identity_of(language: str, title: str, text: str) -> str:
    """Return the SHA-256 of language, title and text, equal in exact copies."""
    return hashlib.sha256("\0".join((language, title, text)).encode()).hexdigest()
