"""Bytes into articles: decode, read by format, tell the article from the page, language and date."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from rag.documents import Article, Skipped
from rag.errors import Unreadable
from rag.reading.clean import clean
from rag.reading.dates import find_date
from rag.reading.encoding import decode
from rag.reading.formats import HTML, MARKDOWN, PLAIN, Draft, draft
from rag.reading.language import detect
from rag.reading.lines import tidy

SUFFIXES = MARKDOWN | PLAIN | HTML
"""What can be read, by the ends of file names, in lower case."""
LARGEST = 20_000_000
"""Bytes that a file may have."""
TOO_LARGE = f"It is larger than {LARGEST // 1_000_000} MB: split it."


def read_bytes(data: bytes, source: str, suffix: str) -> Iterator[Article | Skipped]:
    """Yield the articles in a file's bytes, and the parts that are skipped, each under a source of its own.

    `source` is the absolute path or the address that the bytes come from: the source of an article
    that is alone in its file; of several each has its place behind it. `suffix` is one of SUFFIXES, in
    any case. Raises Unreadable, saying why and what to do, where the file has to be skipped as a whole.
    """
    if len(data) > LARGEST:
        raise Unreadable(TOO_LARGE)
    if not data.strip():
        raise Unreadable("It is empty.")
    suffix = suffix.lower()
    yield _article(draft(decode(data, html=suffix in HTML), suffix), source)


def _article(found: Draft, source: str) -> Article:
    """Clean a draft. Raises Unreadable where nothing is left of it."""
    try:
        identity = hashlib.sha256(source.encode()).hexdigest()[:16]
    except UnicodeEncodeError as error:
        raise Unreadable("Its name is not valid UTF-8: rename it.") from error
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
