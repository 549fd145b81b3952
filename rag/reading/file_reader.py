"""Read files into articles, in one or more chunks per file, with a stamp to detect later changes."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import Unreadable
from rag.reading.article_reader import Reading, read_bytes, readings
from rag.reading.formats.dispatch import SUFFIXES, max_bytes
from rag.reading.stamp import Stamp
from rag.types import Article, LeftOut, Skipped

_OPEN_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Opening a named pipe must not block."""


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """A request to read a file.

    `name`: its path or address, with which the sources of its articles begin. `suffix`: its format. `digest`:
    SHA-256 in hex; a file that still has it is not read again. `as_is`: sources of the articles that are read
    without cleaning.
    """

    path: Path
    name: str
    suffix: str
    digest: str = ""
    as_is: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the result for a file: articles, skipped parts, and the lines left out of the articles.

    The first chunk has the file's stamp, the last one has `last` set. A file that cannot be opened, or that
    changes while it is read, has no stamp. A file that is skipped entirely is in `skipped` under its name.
    """

    file: str
    articles: tuple[Article, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    stamp: Stamp | None = None
    last: bool = False
    left_out: tuple[LeftOut, ...] = ()


ReadFiles = Callable[[Iterable[ReadRequest]], Iterator[Chunk]]
"""Reads files and yields their chunks."""


def read_files(files: Iterable[ReadRequest]) -> Iterator[Chunk]:
    """Read files in this process, one after another."""
    for request in files:
        yield from read_file(request)


def read_file(request: ReadRequest) -> Iterator[Chunk]:
    """Read one file. Errors are reported in the chunks, not raised."""
    file = request.name
    held = Chunk(file)  # held back until it is known to be the last or not
    try:
        data, stamp = load(request.path, request.suffix.lower())
        yield Chunk(file, stamp=stamp)
        changed = stamp.digest != request.digest
        for part in readings(data, file, request.suffix, request.as_is) if changed else ():
            if held.articles or held.skipped:
                yield held
            held = _chunk(file, part)
    except Unreadable as error:
        held = replace(held, skipped=(*held.skipped, Skipped(file, error.message)))
    yield replace(held, last=True)


def _chunk(file: str, part: Reading | Skipped) -> Chunk:
    if isinstance(part, Skipped):
        return Chunk(file, skipped=(part,))
    return Chunk(file, (part.article,), left_out=part.left_out)


def read(path: Path) -> list[Article]:
    """Read the articles in a file, without its skipped parts. Raises Unreadable."""
    if path.suffix.lower() not in SUFFIXES:
        raise Unreadable("only_these", suffixes=", ".join(sorted(SUFFIXES)))
    data, _ = load(path, path.suffix.lower())
    parts = read_bytes(data, str(path.absolute()), path.suffix)
    return [part for part in parts if isinstance(part, Article)]


def load(path: Path, suffix: str) -> tuple[bytes, Stamp]:
    """Return a file's bytes and stamp. Raises Unreadable if it is not a file, too large, or changing."""
    try:
        # fstat examines the opened file; the path may lead elsewhere between two calls.
        with os.fdopen(os.open(path, os.O_RDONLY | _OPEN_FLAGS), "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise Unreadable("not_a_file")
            data = file.read(max_bytes(suffix) + 1)
            after = os.fstat(file.fileno())
    except IsADirectoryError as error:
        raise Unreadable("not_a_file") from error
    except PermissionError as error:
        raise Unreadable("not_permitted") from error
    except OSError as error:
        raise Unreadable("cannot_open_file", why=error.strerror) from error
    if len(data) > max_bytes(suffix):
        raise Unreadable("larger", n=max_bytes(suffix) // 1_000_000)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Unreadable("changed")
    return data, Stamp(hashlib.sha256(data).hexdigest(), len(data), before.st_mtime_ns)
