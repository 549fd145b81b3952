"""Drafts into articles: tell the article from the page, language and date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.errors import Unreadable
from rag.reading.cleaning.boilerplate import steps
from rag.reading.cleaning.encoding import wash
from rag.reading.cleaning.line_wrapping import tidy
from rag.reading.cleaning.publication_dates import find_date
from rag.reading.formats.dispatch import drafts
from rag.reading.raw_article import LeftOut, RawArticle, Unread
from rag.text.article_language import article_language
from rag.types import Article, Skipped, article_id

READER = 2
"""Version of the reader, raised when it reads the same bytes into other texts."""
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Reading:
    """An article as it was read, and the lines of its file that are not in its text."""

    article: Article
    left_out: tuple[LeftOut, ...]


def read_bytes(data: bytes, source: str, suffix: str) -> Iterator[Article | Skipped]:
    """Yield the articles in a file's bytes, and the parts that are skipped; see `readings`."""
    for part in readings(data, source, suffix):
        yield part.article if isinstance(part, Reading) else part


def readings(data: bytes, source: str, suffix: str) -> Iterator[Reading | Skipped]:
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
            yield _reading(part, source + place)
        except Unreadable as error:
            if not place:
                raise
            yield Skipped(source + place, error.message)


def _reading(found: RawArticle, source: str) -> Reading:
    """Clean a raw article. Raises Unreadable where no text is left."""
    try:
        identity = article_id(source)
    except UnicodeEncodeError as error:
        raise Unreadable("bad_name") from error
    lines = [tidy(line) for line in found.lines]
    dropped = steps(found.lines)
    text = "\n\n".join(line for line, step in zip(lines, dropped, strict=True) if step == "")
    if not text:
        raise Unreadable("no_text_left")
    language = found.language or article_language(f"{found.title}\n{text}")
    article = Article(
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
    left = [LeftOut(line, step) for line, step in zip(lines, dropped, strict=True) if step]
    return Reading(article, (*found.left_out, *left))
