"""What the ledger gives and takes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rag.documents import ArticleInfo, Passage, Skipped, Stamp


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was read, whole: what its articles are, and what of it was skipped.

    `file` is its path or address. Articles that it had before and that are neither here nor skipped
    leave; those of a file that is skipped as a whole stay.
    """

    file: str
    stamp: Stamp
    sources: Sequence[str] = ()
    skipped: Sequence[Skipped] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """What a library holds: articles by language, passages, and when it last changed."""

    articles: int
    passages: int
    languages: dict[str, int]
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is subscribed to: it is looked at every so many minutes.

    `looked` is when that was last, `error` what went wrong then, "" where nothing did; `entries` how many
    of those that it has now were had.
    """

    address: str
    title: str
    minutes: int
    looked: datetime | None = None
    error: str = ""
    entries: int = 0


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the number and the shard that its vector is under, and the article it is from."""

    id: int
    shard: str
    passage: Passage
    article: ArticleInfo


INFO = "a.id, a.source, a.title, a.language, a.published, a.outlet, a.author, a.url"
"""The columns that `article_info` reads, of a table `a`."""


def article_info(row: Sequence[object]) -> ArticleInfo:
    """A row of these columns."""
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


def identity_of(language: str, title: str, text: str) -> str:
    """What exact copies share: the SHA-256 of language, title and text."""
    return hashlib.sha256("\0".join((language, title, text)).encode()).hexdigest()
