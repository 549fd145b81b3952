"""A sortable table with selection, drawn by table.js.

Written by hand because Streamlit's own (`st.dataframe`) is a canvas, which screen readers cannot read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

from rag.ui import formatting
from rag.ui.components import component
from rag.ui.strings import Strings


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column.

    `sorted` is None where the table cannot be sorted by it, "" where it is not. `foreign` cells are in the
    language of their row. A cell of kind "named" shows its column's name on a phone, where column headings
    are hidden. `opens`: a click on a cell opens its row.
    """

    key: str
    text: str
    sorted: Literal["ascending", "descending", ""] | None = None
    kind: Literal["text", "brief", "named", "number", "title"] = "text"
    opens: bool = False
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: id, title, cells in the order of the columns, and language where it has one.

    `doubt` is the key of the column whose cell is drawn as a warning. `note` is a line below the title.
    """

    id: str
    title: str
    cells: Sequence[str]
    lang: str = ""
    doubt: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pager:
    """The visible part of a longer list; `page` counts from 1."""

    page: int
    size: int
    count: int

    @property
    def pages(self) -> int:
        """Return the number of pages."""
        return max(1, -(-self.count // self.size))

    def payload(self, s: Strings) -> dict[str, Any] | None:
        """Return the data for table.js; None where everything fits on one page."""
        if self.pages < 2:
            return None
        first, last = (self.page - 1) * self.size + 1, min(self.page * self.size, self.count)
        numbers = {
            name: formatting.number(n, s)
            for name, n in (("first", first), ("last", last), ("count", self.count))
        }
        return {
            "page": self.page,
            "pages": self.pages,
            "text": s.lists.page_of.format(**numbers),
            "label": s.lists.pages,
            "previous": s.lists.previous,
            "next": s.lists.next,
        }


def mount(
    key: str,
    label: str,
    columns: Sequence[Column],
    rows: Sequence[TableRow],
    s: Strings,
    *,
    empty: str,
    pager: Pager | None = None,
    actions: Mapping[str, str] | None = None,
    undo: str = "",
    scope: str = "",
    on_act: Callable[[dict[str, Any]], None],
) -> None:
    """Draw the table. `on_act` receives the clicked action as a dictionary.

    A selection survives a change of page within one `scope`. The action's "do" is "sort" (with "by"),
    "page" (with "to"), "open" (with "id"), "undo", or one of `actions` (name to text; with "ids").
    """
    data = {
        "label": label,
        "columns": [{name: getattr(column, name) for name in Column.__slots__} for column in columns],
        "rows": [
            {
                "id": row.id,
                "cells": list(row.cells),
                "lang": row.lang,
                "doubt": row.doubt,
                "note": row.note,
                "choose": s.lists.choose.format(title=row.title),
            }
            for row in rows
        ],
        "empty": empty,
        "scope": scope,
        "pager": pager.payload(s) if pager else None,
        "actions": [{"do": do, "text": text} for do, text in (actions or {}).items()],
        "chooseAll": s.lists.choose_all,
        "chosenText": s.lists.chosen,
        "undo": {"text": undo, "button": s.conversations.undo} if undo else None,
    }

    def act() -> None:
        action = getattr(st.session_state.get(key), "act", None)
        if isinstance(action, dict):
            on_act(action)

    component("table")(key=key, data=data, on_act_change=act)
