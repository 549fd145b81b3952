"""What the ledger gives and takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rag.documents import ArticleInfo, Passage


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells whether a file has changed: SHA-256 of its bytes, size, modification time."""

    digest: str
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What a library holds: articles by language, passages, and when it last changed."""

    articles: int
    passages: int
    languages: dict[str, int]
    updated: datetime | None


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage with the number and the shard that its vector is under, and the article it is from."""

    id: int
    shard: str
    passage: Passage
    article: ArticleInfo
