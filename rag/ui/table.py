"""A table of a page: what table.js draws, and what was asked of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from rag.ui import wording
from rag.ui.components import component
from rag.ui.strings import Strings


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: `sorted` is None where it cannot be, "" where it is not; `foreign`: in its row's language.

    A `named` cell is a brief one that says what it is where there is no room for heads, on a phone.
    """

    key: str
    text: str
    sorted: Literal["ascending", "descending", ""] | None = None
    kind: Literal["text", "brief", "named", "number", "title"] = "text"
    opens: bool = False
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row: an id, what its title is, its cells in the columns' order, its language where it has one.

    `doubt` is the key of a column whose cell is a warning.
    """

    id: str
    title: str
    cells: Sequence[str]
    lang: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Pager:
    """Which part of a longer list is shown; `page` counts from 1."""

    page: int
    size: int
    count: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.count // self.size))

    def drawn(self, s: Strings) -> dict[str, Any] | None:
        """What table.js draws of it; nothing where all fits on one page."""
        if self.pages < 2:
            return None
        first, last = (self.page - 1) * self.size + 1, min(self.page * self.size, self.count)
        numbers = {
            name: wording.number(n, s)
            for name, n in (("first", first), ("last", last), ("count", self.count))
        }
        return {
            "page": self.page,
            "pages": self.pages,
            "text": s.page_of.format(**numbers),
            "label": s.pages,
            "previous": s.previous,
            "next": s.next,
        }


def mount(
    key: str,
    label: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    s: Strings,
    *,
    empty: str,
    pager: Pager | None = None,
    actions: Mapping[str, str] | None = None,
    undo: str = "",
    on_act: Callable[[dict[str, Any]], None],
) -> None:
    """Draw it. `on_act` gets what was asked: {"do": "sort", "by"}, "page" with "to", "open" with "id",
    "undo", or one of `actions` (by name, with its text) with "ids"."""
    data = {
        "label": label,
        "columns": [{name: getattr(column, name) for name in Column.__slots__} for column in columns],
        "rows": [
            {
                "id": row.id,
                "cells": list(row.cells),
                "lang": row.lang,
                "doubt": row.doubt,
                "choose": s.choose.format(title=row.title),
            }
            for row in rows
        ],
        "empty": empty,
        "pager": pager.drawn(s) if pager else None,
        "actions": [{"do": do, "text": text} for do, text in (actions or {}).items()],
        "chooseAll": s.choose_all,
        "chosenText": s.chosen,
        "undo": {"text": undo, "button": s.undo} if undo else None,
    }

    def act() -> None:
        asked = getattr(st.session_state.get(key), "act", None)
        if isinstance(asked, dict):
            on_act(asked)

    component("table")(key=key, data=data, on_act_change=act)
