"""Clean raw articles: title, boilerplate removal, language, date of publication."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from rag.errors import Unreadable
from rag.reading.cleaning.boilerplate import steps
from rag.reading.cleaning.encoding import wash
from rag.reading.cleaning.hidden_elements import prose_length_in
from rag.reading.cleaning.line_wrapping import tidy
from rag.reading.cleaning.publication_dates import find_date
from rag.reading.formats.dispatch import raw_articles
from rag.reading.raw_article import ADDRESS, RawArticle, Unread, split_title
from rag.text.article_language import article_language
from rag.types import Article, LeftOut, Skipped, article_id

READER_VERSION = 6
"""Version of the reader: raised when it reads other texts from the same bytes, so that they are read
again."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article, and the lines of its file that are not in its text."""

    article: Article
    left_out: tuple[LeftOut, ...]


def read_bytes(data: bytes, source: str, suffix: str) -> Iterator[Article | Skipped]:
    """Yield the articles in a file's bytes, and the parts that are skipped, as `readings` does."""
    for part in readings(data, source, suffix):
        yield part.article if isinstance(part, Reading) else part


def readings(
    data: bytes, source: str, suffix: str, as_is: Container[str] = ()
) -> Iterator[Reading | Skipped]:
    """Yield the articles in a file's bytes, and the parts that are skipped, each with its own source.

    `source` is the absolute path or the address of the bytes. It is the source of a single article; of
    several, each has its place appended. `suffix` is one of SUFFIXES, in upper or lower case. Articles whose
    sources are in `as_is` keep all their lines.

    Raises Unreadable if the whole file is skipped.
    """
    address = source if ADDRESS.fullmatch(source) else ""
    for part in raw_articles(data, suffix.lower(), address):
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

    Only lines with a sentence are prose: menus and links are no loss.
    """
    lost = prose_length_in(line.text for line in left_out if line.step != "hidden")
    return lost / max(1, lost + prose_length_in(text.split("\n")))


def _reading(found: RawArticle, source: str, *, as_is: bool) -> Reading:
    """Clean a raw article, or keep all its lines (`as_is`). Raises Unreadable if no text is left."""
    try:
        identity = article_id(source)
    except UnicodeEncodeError as error:
        raise Unreadable("bad_name") from error
    left = list(found.left_out)
    title, raw = split_title(found.title, found.lines, left)
    if as_is:
        raw, left = split_title(title, found.all_lines or found.lines, [])[1], []
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
