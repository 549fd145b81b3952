"""The enumerations of an article: the items of a list, and the line that introduces them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.text.list_marks import LIST_MARK
from rag.types import Article
from rag.verification.claims import Span

MIN_ITEMS = 2
"""Minimum number of items of an enumeration. Not fitted."""
MAX_INTRODUCTION_CHARACTERS = 300
"""Maximum length of an introduction; of a longer line the last sentences are taken. Not fitted."""

_DATE = re.compile(r"\W{0,3}(?:\w+ ){0,2}\d{4}\b|\W{0,3}\d{4}[年.]|(?:Ngày )?\d{1,2}[/.-]\d{1,2}")
"""A date that begins an item of a chronology; chronologies are quoted in timelines, not as lists."""
_AFTER_SENTENCE = re.compile(r"(?<=[.!?。！？])\s*")
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Enumeration:
    """The spans of items in an article's text, without list marks, and of the line before them."""

    article: Article
    introduction: Span | None
    items: tuple[Span, ...]

    def text(self, span: Span) -> str:
        """Return the text of a span on one line."""
        return " ".join(self.article.text[slice(*span)].split())

    @property
    def titled(self) -> str:
        """The article's title and the introduction on one line."""
        said = self.text(self.introduction) if self.introduction else ""
        return f"{self.article.title}. {said}".strip()

    @property
    def whole(self) -> str:
        """The introduction and all items on one line."""
        return " ".join(self.text(span) for span in (*filter(None, [self.introduction]), *self.items))


def enumerations(article: Article) -> Iterator[Enumeration]:
    """Yield the enumerations of an article in order, without chronologies."""
    lines = [match.span() for match in _LINE.finditer(article.text) if match[0].strip()]
    run: list[Span] = []
    before: Span | None = None
    for line in [*lines, (len(article.text), len(article.text))]:
        mark = LIST_MARK.match(article.text, *line)
        if mark and mark.end() < line[1]:
            run.append((mark.end(), line[1]))
            continue
        yield from _complete(article, before, run)
        before, run = line, []


def _complete(article: Article, before: Span | None, run: Sequence[Span]) -> Iterator[Enumeration]:
    dated = sum(bool(_DATE.match(article.text, *item)) for item in run)
    if len(run) >= MIN_ITEMS and dated < len(run) / 2:
        yield Enumeration(article, before and _introduction(article.text, before), tuple(run))


def _introduction(text: str, line: Span) -> Span:
    start, end = line
    if end - start <= MAX_INTRODUCTION_CHARACTERS:
        return line
    sentence = _AFTER_SENTENCE.search(text, end - MAX_INTRODUCTION_CHARACTERS, end)
    return (sentence.end() if sentence else end - MAX_INTRODUCTION_CHARACTERS), end
