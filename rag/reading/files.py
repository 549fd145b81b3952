"""Files into articles, each file in one or several chunks, with what tells whether it has changed."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.documents import Article, Skipped, Stamp
from rag.errors import Unreadable
from rag.reading.articles import LARGEST, SUFFIXES, TOO_LARGE, read_bytes


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file to read.

    `name` is its path or address, as the sources of its articles begin; `suffix` says what it is. A
    file whose bytes still have the `digest` is not read again.
    """

    path: Path
    name: str
    suffix: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Articles of a file, and parts of it that were skipped; the file's last chunk has its stamp.

    A file that is skipped as a whole is skipped under its own name. `failed` tells that it could not
    even be opened; it has no stamp then.
    """

    file: str
    articles: tuple[Article, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    stamp: Stamp | None = None
    failed: bool = False

    @property
    def last(self) -> bool:
        """Whether nothing of its file comes any more."""
        return self.stamp is not None or self.failed


ReadFiles = Callable[[Iterable[Wanted]], Iterator[Chunk]]
"""Reads files, the chunks of one after the other."""


def read_files(files: Iterable[Wanted]) -> Iterator[Chunk]:
    """Read files in this process."""
    for wanted in files:
        yield from read_file(wanted)


def read_file(wanted: Wanted) -> Iterator[Chunk]:
    """Read one file; what is wrong with it is in the chunks, nothing is raised."""
    try:
        data, stamp = _load(wanted.path)
    except Unreadable as error:
        yield Chunk(wanted.name, skipped=(Skipped(wanted.name, str(error)),), failed=True)
        return
    if stamp.digest != wanted.digest:
        try:
            for part in read_bytes(data, wanted.name, wanted.suffix):
                if isinstance(part, Article):
                    yield Chunk(wanted.name, articles=(part,))
                else:
                    yield Chunk(wanted.name, skipped=(part,))
        except Unreadable as error:
            yield Chunk(wanted.name, skipped=(Skipped(wanted.name, str(error)),))
    yield Chunk(wanted.name, stamp=stamp)


def read(path: Path) -> list[Article]:
    """Read the articles in a file; parts of it that are none are left out.

    Raises Unreadable, saying why and what to do, where the file cannot be read.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise Unreadable(f"It is no article: only {', '.join(sorted(SUFFIXES))} can be read.")
    data, _ = _load(path)
    parts = read_bytes(data, str(path.absolute()), path.suffix)
    return [part for part in parts if isinstance(part, Article)]


def _load(path: Path) -> tuple[bytes, Stamp]:
    """A file's bytes with their stamp. Raises Unreadable where it cannot be opened or is no file."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("It is not a file.")
        if found.st_size > LARGEST:
            raise Unreadable(TOO_LARGE)
        data = path.read_bytes()
    except PermissionError as error:
        raise Unreadable("It may not be read: change its permissions.") from error
    except OSError as error:
        raise Unreadable(f"It cannot be opened: {error.strerror}.") from error
    return data, Stamp(hashlib.sha256(data).hexdigest(), len(data), found.st_mtime_ns)
