"""Drafts into articles: tell the article from the page, language and date."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

from rag.documents import Article, Skipped
from rag.errors import Unreadable
from rag.reading.clean import clean
from rag.reading.dates import find_date
from rag.reading.draft import Draft, Unread
from rag.reading.encoding import wash
from rag.reading.formats import drafts
from rag.reading.language import detect
from rag.reading.lines import tidy

_ADDRESS = re.compile(r"https?://\S+")


def read_bytes(data: bytes, source: str, suffix: str) -> Iterator[Article | Skipped]:
    """Yield the articles in a file's bytes, and the parts that are skipped, each under a source of its own.

    `source` is the absolute path or the address that the bytes come from: the source of an article
    that is alone in its file; of several each has its place behind it. `suffix` is one of SUFFIXES, in
    any case. Raises Unreadable, saying why and what to do, where the file has to be skipped as a whole.
    """
    address = source if _ADDRESS.fullmatch(source) else ""
    for part in drafts(data, suffix.lower(), address):
        place = wash(part.place)
        if isinstance(part, Unread):
            yield Skipped(source + place, part.reason)
            continue
        try:
            yield _article(part, source + place)
        except Unreadable as error:
            if not place:
                raise
            yield Skipped(source + place, str(error))


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
        author=found.author or None,
        url=found.url or None,
        text=text,
    )
