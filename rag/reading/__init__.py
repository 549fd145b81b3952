"""Bytes into articles: decode, read by format, tell the article from the page, language and date."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

from rag.documents import Article
from rag.errors import Unreadable
from rag.reading.clean import clean
from rag.reading.dates import find_date
from rag.reading.encoding import decode
from rag.reading.formats import HTML, MARKDOWN, PLAIN, draft
from rag.reading.language import detect
from rag.reading.lines import tidy

__all__ = ["LARGEST", "SUFFIXES", "read", "read_bytes"]

SUFFIXES = MARKDOWN | PLAIN | HTML
"""What can be read, by the ends of file names, in lower case."""
LARGEST = 20_000_000
"""Bytes that a file may have."""

_TOO_LARGE = f"It is larger than {LARGEST // 1_000_000} MB: split it."


def read(path: Path) -> Article:
    """Read the article in a file.

    Raises Unreadable, saying why and what to do, where there is none to be had.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise Unreadable(f"It is no article: only {', '.join(sorted(SUFFIXES))} can be read.")
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise Unreadable("It is not a file.")
        if found.st_size > LARGEST:
            raise Unreadable(_TOO_LARGE)
        data = path.read_bytes()
    except PermissionError as error:
        raise Unreadable("It may not be read: change its permissions.") from error
    except OSError as error:
        raise Unreadable(f"It cannot be opened: {error.strerror}.") from error
    return read_bytes(data, str(path.absolute()), path.suffix)


def read_bytes(data: bytes, source: str, suffix: str) -> Article:
    """Read the article in a file's bytes; `source` is the absolute path that they come from.

    `suffix` is one of SUFFIXES, in any case. Raises Unreadable, as `read` does.
    """
    if len(data) > LARGEST:
        raise Unreadable(_TOO_LARGE)
    if not data.strip():
        raise Unreadable("It is empty.")
    try:
        identity = hashlib.sha256(source.encode()).hexdigest()[:16]
    except UnicodeEncodeError as error:
        raise Unreadable("Its name is not valid UTF-8: rename it.") from error
    suffix = suffix.lower()
    found = draft(decode(data, html=suffix in HTML), suffix)
    text = "\n\n".join(tidy(found.lines[n]) for n in clean(found.lines))
    if not text:
        raise Unreadable("No text is left in it once the page around it is gone.")
    language = found.language or detect(f"{found.title}\n{text}")
    return Article(
        id=identity,
        source=source,
        title=found.title,
        language=language,
        published=found.published or find_date(found.lines, language),
        outlet=found.outlet or None,
        text=text,
    )
