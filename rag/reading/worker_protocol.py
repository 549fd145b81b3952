"""The protocol between a worker process and its parent: JSON messages, one a line."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from rag.locales.message import from_data, to_data
from rag.reading.file_reader import Chunk, ReadRequest
from rag.reading.stamp import Stamp
from rag.types import Article, LeftOut, Skipped


def write_request(request: ReadRequest) -> bytes:
    """Return the message that requests a file."""
    return _line([str(request.path), request.name, request.suffix, request.digest, sorted(request.as_is)])


def read_request(line: bytes) -> ReadRequest:
    """Parse the message that requests a file."""
    path, name, suffix, digest, as_is = json.loads(line)
    return ReadRequest(Path(path), name, suffix, digest, frozenset(as_is))


def write_chunk(chunk: Chunk) -> bytes:
    """Return the message of a chunk."""
    articles = [
        asdict(article) | {"published": article.published and article.published.isoformat()}
        for article in chunk.articles
    ]
    skipped = [[skipped.source, to_data(skipped.reason)] for skipped in chunk.skipped]
    stamp = chunk.stamp and [chunk.stamp.digest, chunk.stamp.size, chunk.stamp.modified_ns]
    left_out = [[line.text, line.step] for line in chunk.left_out]
    return _line([chunk.file, articles, skipped, stamp, chunk.last, left_out])


def read_chunk(line: bytes) -> Chunk:
    """Parse the message of a chunk. Raises ValueError if it is not valid JSON."""
    file, articles, skipped, stamp, last, left_out = json.loads(line)
    return Chunk(
        file,
        tuple(_article(article) for article in articles),
        tuple(Skipped(source, from_data(reason)) for source, reason in skipped),
        Stamp(*stamp) if stamp else None,
        last=last,
        left_out=tuple(LeftOut(*each) for each in left_out),
    )


def _article(fields: dict[str, Any]) -> Article:
    published = fields["published"]
    return Article(**fields | {"published": date.fromisoformat(published) if published else None})


def _line(message: Any) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n"
