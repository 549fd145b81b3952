"""Files into articles, each file in one or several chunks, with what tells whether it has changed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rag.errors import Unreadable
from rag.reading.article_reader import Reading, read_bytes, readings
from rag.reading.formats.dispatch import SUFFIXES, largest
from rag.types import Article, LeftOut, Skipped, Stamp

_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to read.

    `name` is its path or address, as the sources of its articles begin; `suffix` says what it is. A
    file whose bytes still have the `digest` is not read again. Articles whose sources are in `as_is` are not
    cleaned.
    """

    path: Path
    name: str
    suffix: str
    digest: str = ""
    as_is: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of what a file gives: articles, and what was skipped of it; the first has its stamp.

    A file that is skipped as a whole is skipped under its own name. One that cannot even be opened, or
    changes while it is read, has no stamp: nothing is known of it. `left_out` has the lines that are not
    in the articles.
    """

    file: str
    articles: tuple[Article, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    stamp: Stamp | None = None
    last: bool = False
    left_out: tuple[LeftOut, ...] = ()


ReadFiles = Callable[[Iterable[Wanted]], Iterator[Chunk]]
"""Reads files, the chunks of one after the other."""


def read_files(files: Iterable[Wanted]) -> Iterator[Chunk]:
    """Read files in this process."""
    for wanted in files:
        yield from read_file(wanted)


def read_file(wanted: Wanted) -> Iterator[Chunk]:
    """Read one file; what is wrong with it is in the chunks, nothing is raised."""
    file = wanted.name
    held = Chunk(file)
    try:
        data, stamp = load(wanted.path, wanted.suffix.lower())
        yield Chunk(file, stamp=stamp)
        changed = stamp.digest != wanted.digest
        for part in readings(data, file, wanted.suffix, wanted.as_is) if changed else ():
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
    """Read the articles in a file; parts of it that are none are left out.

    Raises Unreadable, saying why and what to do, where the file cannot be read.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise Unreadable("only_these", suffixes=", ".join(sorted(SUFFIXES)))
    data, _ = load(path, path.suffix.lower())
    parts = read_bytes(data, str(path.absolute()), path.suffix)
    return [part for part in parts if isinstance(part, Article)]


def load(path: Path, suffix: str) -> tuple[bytes, Stamp]:
    """A file's bytes with their stamp. Raises Unreadable where it cannot be opened or is no file."""
    try:
        # a pipe is not waited for, and it is the file that was opened that is looked at
        with os.fdopen(os.open(path, os.O_RDONLY | _AT_ONCE), "rb") as file:
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise Unreadable("not_a_file")
            data = file.read(largest(suffix) + 1)
            after = os.fstat(file.fileno())
    except IsADirectoryError as error:
        raise Unreadable("not_a_file") from error
    except PermissionError as error:
        raise Unreadable("not_permitted") from error
    except OSError as error:
        raise Unreadable("cannot_open_file", why=error.strerror) from error
    if len(data) > largest(suffix):
        raise Unreadable("larger", n=largest(suffix) // 1_000_000)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Unreadable("changed")
    return data, Stamp(hashlib.sha256(data).hexdigest(), len(data), before.st_mtime_ns)
