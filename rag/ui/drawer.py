"""The drawer: the article behind a citation, with the cited passage highlighted where it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypedDict

import streamlit as st

from rag.documents import Article, Hit
from rag.ui import wording
from rag.ui.components import component
from rag.ui.strings import Strings

WIDTH = 700
"""Pixels: a comfortable measure and its margins; less where the screen has less."""


class Piece(TypedDict):
    """Words of the article, and whether they are the cited ones."""

    t: str
    mark: bool


def open_drawer(
    n: int, hit: Hit, article: Article | None, on_dismiss: Callable[[], None], s: Strings
) -> None:
    """Show source `n` of an answer; `article` is None where the library no longer has it."""
    title = s.source_of.format(n=n)  # ours alone: a dialog's title is Markdown
    dialog = st.dialog(title, width=WIDTH, position="right", on_dismiss=on_dismiss)
    dialog(lambda: component("drawer")(key=f"article-{n}", data=payload(hit, article, s)))()


def payload(hit: Hit, article: Article | None, s: Strings) -> dict[str, Any]:
    """What drawer.js draws: the article with the passage marked; else the kept passage alone."""
    passage, note = hit.passage, ""
    if article is None:
        note = s.article_gone
    elif article.text[passage.start : passage.end] != passage.text:
        note = s.article_changed
    whole = article.text if article is not None and not note else passage.text
    start = 0 if note or article is None else passage.start
    shown = hit.article if article is None or note else article
    return {
        "title": shown.title or s.untitled,
        "lang": shown.language,
        "interface": s.language,
        "credits": wording.credits(shown, s),
        "source": shown.source,
        "note": note,
        "label": s.highlighted,
        "paragraphs": marked(whole, start, start + len(passage.text)),
    }


def marked(text: str, start: int, end: int) -> list[list[Piece]]:
    """Cut `text` into its lines, and these where the mark from `start` to `end` begins and ends."""
    lines, at = [], 0
    for line in text.split("\n"):
        left, right = max(start - at, 0), max(min(end - at, len(line)), 0)
        cut = min(left, len(line))
        pieces: list[Piece] = [
            {"t": line[:cut], "mark": False},
            {"t": line[cut:right], "mark": True},
            {"t": line[max(cut, right) :], "mark": False},
        ]
        if line.strip():
            lines.append([piece for piece in pieces if piece["t"]])
        at += len(line) + 1
    return lines
