"""Drafts into articles: tell the article from the page, language and date."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from rag.errors import Unreadable
from rag.reading.cleaning.boilerplate import steps
from rag.reading.cleaning.encoding import wash
from rag.reading.cleaning.hidden_elements import prose_in
from rag.reading.cleaning.line_wrapping import tidy
from rag.reading.cleaning.publication_dates import find_date
from rag.reading.formats.dispatch import drafts
from rag.reading.raw_article import RawArticle, Unread, titled
from rag.text.article_language import article_language
from rag.types import Article, LeftOut, Skipped, article_id

READER = 4
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


def readings(
    data: bytes, source: str, suffix: str, as_is: Container[str] = ()
) -> Iterator[Reading | Skipped]:
    """Yield the articles in a file's bytes, and the parts that are skipped, each under a source of its own.

    `source` is the absolute path or the address that the bytes come from: the source of an article
    that is alone in its file; of several each has its place behind it. `suffix` is one of SUFFIXES, in
    any case. Of the articles whose sources are in `as_is` every line is kept.

    Raises Unreadable, saying why and what to do, where the file has to be skipped as a whole.
    """
    address = source if _ADDRESS.fullmatch(source) else ""
    for part in drafts(data, suffix.lower(), address):
        place = wash(part.place)
        if isinstance(part, Unread):
            yield Skipped(source + place, part.reason)
            continue
        try:
            yield _reading(part, source + place, as_is=source + place in as_is)
        except Unreadable as error:
            if not place:
                raise
            yield Skipped(source + place, error.message)


def lost_share(text: str, left_out: Iterable[LeftOut]) -> float:
    """Return the share of a file's visible prose that is not in an article's text, from 0 to 1.

    Prose are lines with a sentence: menus and links are no loss.
    """
    lost = prose_in(line.text for line in left_out if line.step != "hidden")
    return lost / max(1, lost + prose_in(text.split("\n")))


def _reading(found: RawArticle, source: str, *, as_is: bool) -> Reading:
    """Clean a raw article, or keep every line of it. Raises Unreadable where no text is left."""
    try:
        identity = article_id(source)
    except UnicodeEncodeError as error:
        raise Unreadable("bad_name") from error
    left = list(found.left_out)
    title, raw = titled(found.title, found.lines, left)
    if as_is:
        raw, left = titled(title, found.every or found.lines, [])[1], []
    lines = [tidy(line) for line in raw]
    dropped = ["" if line else None for line in lines] if as_is else steps(raw)
    text = "\n\n".join(line for line, step in zip(lines, dropped, strict=True) if step == "")
    if not text:
        raise Unreadable("no_text_left")
    language = found.language or article_language(f"{title}\n{text}")
    article = Article(
        id=identity,
        source=source,
        title=title,
        language=language,
        published=found.published or find_date(raw, language),
        outlet=found.outlet or None,
        author=found.author or None,
        url=found.url or None,
        text=text,
    )
    left += [LeftOut(line, step) for line, step in zip(lines, dropped, strict=True) if step]
    return Reading(article, tuple(left))
