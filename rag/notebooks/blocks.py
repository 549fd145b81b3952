"""Convert a notebook to blocks, from which all exports are made. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rag.locales.message import Message, render
from rag.notebooks.entries import Entry, Notebook
from rag.notebooks.references import (
    cited_articles,
    house_style,
    numbers_of,
    one_line,
    renumbered,
    web_address,
)
from rag.text.answer_markdown import ITEM, TABLE_RULE
from rag.types import ArticleInfo

BlockKind = Literal[
    "question", "heading", "text", "item", "table", "quotation", "credit", "note", "reference"
]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a kind. Marks [n] in `text` are numbers of references.

    `rows` are the cells of a table, the header row first. `label` precedes a quotation. `number` and
    `address` are those of a reference.
    """

    kind: BlockKind
    text: str = ""
    label: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    number: int = 0
    address: str = ""


def blocks(notebook: Notebook, language: str) -> Iterator[Block]:
    """Yield the blocks of a notebook, and its references, with the words around them in a language."""
    articles = cited_articles(notebook.entries)
    for entry in notebook.entries:
        yield from _entry(entry, articles, language)
    if articles:
        yield Block("question", render(Message.of("notebook_references"), language))
    for n, article in enumerate(articles, 1):
        yield Block("reference", house_style(article, language), number=n, address=web_address(article))


def _entry(entry: Entry, articles: Sequence[ArticleInfo], language: str) -> Iterator[Block]:
    if entry.kind == "note":
        yield Block("note", entry.text)
    elif entry.kind == "quotation":
        yield from _quotation(entry, articles, language)
    else:
        yield Block("question", one_line(entry.question))
        yield from _lines(renumbered(entry, articles))
        origin = Message.of("notebook_by_model", model=entry.model)
        yield Block("credit", render(origin if entry.model else Message.of("notebook_quoted"), language))
        yield from _doubts(entry, language)


def _doubts(entry: Entry, language: str) -> Iterator[Block]:
    """Yield the sentences that their sources support only partly, each with the reason."""
    for one in entry.sentences:
        if one.support == "partly":
            told = render(Message.of("notebook_partly", text=one_line(one.text)), language)
            reason = f" ({render(one.reason, language)})" if one.reason else ""
            yield Block("credit", f"{told}{reason}")


def _quotation(entry: Entry, articles: Sequence[ArticleInfo], language: str) -> Iterator[Block]:
    words = render(Message.of("quoted", text="\n".join(map(one_line, entry.text.split("\n")))), language)
    yield Block("quotation", words, label=one_line(entry.label))
    marks = "".join(f"[{n}]" for n in numbers_of(entry, articles))
    first = entry.sources[0].article
    names = (first.outlet, first.title)
    yield Block("credit", f"{', '.join(one_line(one) for one in names if one)} {marks}")


def _lines(text: str) -> Iterator[Block]:
    """Yield the lines of an answer by their kinds; successive lines of a table make one block."""
    lines = [line for line in text.split("\n") if line.strip() and not TABLE_RULE.fullmatch(line)]
    for is_table, group in groupby(lines, _is_row):
        if is_table:
            yield Block("table", rows=tuple(tuple(line[2:-2].split(" | ")) for line in group))
        else:
            yield from map(_line, group)


def _is_row(line: str) -> bool:
    return line.startswith("| ") and line.endswith(" |")


def _line(line: str) -> Block:
    if line.startswith("#"):
        return Block("heading", line.lstrip("# "))
    item = ITEM.match(line)
    return Block("item", line[item.end() :]) if item else Block("text", line)
