"""Number the articles that a notebook cites, and format them in house style. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from babel.dates import format_date

from rag.locales.catalogue import locale_of
from rag.locales.message import Message, render
from rag.notebooks.entries import Entry
from rag.types import ArticleInfo

_WEB = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_MARK = re.compile(r"\[(\d{1,3})\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_AUTHORS = re.compile(r"\s*[;；、]\s*")


def cited_articles(entries: Iterable[Entry]) -> list[ArticleInfo]:
    """Return the articles in the order of their first citation; number n is at index n - 1."""
    found = {source.article.id: source.article for entry in entries for source in entry.sources}
    return list(found.values())


def renumbered(entry: Entry, articles: Sequence[ArticleInfo]) -> str:
    """Return an entry's text with the numbers of `articles` in its citation marks."""
    numbers = {article.id: n for n, article in enumerate(articles, 1)}

    def mark(found: re.Match[str]) -> str:
        n = int(found[1])
        return f"[{numbers[entry.sources[n - 1].article.id]}]" if 1 <= n <= len(entry.sources) else ""

    doubled = re.compile(r"(\[\d+\])(?:\s*\1)+")  # two passages of one article
    return doubled.sub(r"\1", _MARK.sub(mark, entry.text))


def numbers_of(entry: Entry, articles: Sequence[ArticleInfo]) -> list[int]:
    """Return the numbers of the articles that an entry cites."""
    ids = [article.id for article in articles]
    return sorted({ids.index(source.article.id) + 1 for source in entry.sources})


def house_style(article: ArticleInfo, language: str) -> str:
    """Return a reference on one line: author, title, outlet, date, address."""
    title = render(Message.of("quoted", text=article.title or address(article)), language)
    day = article.published and format_date(article.published, "long", locale=locale_of(language))
    parts = (article.author, title, article.outlet, day, address(article))
    return ", ".join(one_line(str(part)) for part in parts if part)


def address(article: ArticleInfo) -> str:
    """Return an article's address on the web, else the name of its file without folders."""
    if web := web_address(article):
        return web
    return article.source.rstrip("/").replace("\\", "/").rsplit("/", 1)[-1]


def web_address(article: ArticleInfo) -> str:
    """Return an article's address on the web, "" if none is known."""
    known = (one for one in (article.url, article.source) if one and _WEB.fullmatch(one))
    return next(known, "")


def authors(article: ArticleInfo) -> list[str]:
    """Return the authors, split at characters that occur in no name."""
    return [one for one in _AUTHORS.split(one_line(article.author or "")) if one]


def one_line(text: str) -> str:
    """Return a text on one line, without control characters or lone surrogates."""
    return " ".join(_CONTROL.sub(" ", text).split())
