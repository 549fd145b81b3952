"""What a browser sends of a notebook: made, or told why not; no typed word is dropped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conversing import ScriptedConversations
from ui_examples import answer

from rag.errors import NothingThere
from rag.events import Answered
from rag.notebooks.notebooks import Notebooks
from rag.ui.notebook_changes import make
from rag.ui.strings import strings


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Any]:
    """What a change needs of a library: its conversations and its notebooks."""
    conversations = ScriptedConversations(
        tmp_path / "conversations.sqlite", lambda *_: iter((Answered(answer()),))
    )
    notebooks = Notebooks(tmp_path / "notebooks.sqlite")
    yield SimpleNamespace(conversations=conversations, notebooks=notebooks)
    conversations.close()
    notebooks.close()


def change(library: Any, **what: object) -> None:
    make(library, what, strings("fr"))


def texts(library: Any) -> list[str]:
    (notebook,) = library.notebooks.all()
    return [one.text for one in library.notebooks.read(notebook.id).entries]


def test_the_first_answer_kept_makes_a_notebook_with_a_name_in_the_readers_language(library: Any) -> None:
    conversation = library.conversations.asked("When?")
    kept = {"conversation": conversation.id, "exchange": conversation.exchanges[0].id, "part": ""}
    change(library, do="keep", notebook="", **kept)
    assert [one.name for one in library.notebooks.all()] == ["Mon carnet"]
    assert texts(library) == ["It opened in March [1]."]
    change(library, do="let_go", notebook="", **kept)
    assert texts(library) == []


def test_an_answer_that_is_gone_is_reported_as_such(library: Any) -> None:
    with pytest.raises(NothingThere, match="no longer there"):
        change(library, do="keep", conversation="none", exchange="none", part="")


def test_the_text_of_a_note_that_is_gone_becomes_a_new_note(library: Any) -> None:
    for text in ("Typed", "Typed on"):
        change(library, do="edit", entry="gone-1", text=text, bases=[""], fork="fork-1")
    assert texts(library) == ["Typed on"]


@pytest.mark.parametrize(
    "what",
    [
        {"do": "note", "entry": "../x", "text": "x", "after": ""},
        {"do": "edit", "entry": "note-1", "text": "x", "bases": [], "fork": "<b>"},
        {"do": "note", "entry": "note-1", "text": 5, "after": ""},
        {"do": "drop"},
        {},
    ],
)
def test_what_is_no_change_is_left_out(library: Any, what: dict[str, object]) -> None:
    change(library, **what)
    assert library.notebooks.all() == []


def test_half_a_letter_does_not_keep_a_note_from_being_saved(library: Any) -> None:
    change(library, do="note", entry="note-1", text="half \ud83d", after="")
    assert texts(library) == ["half \ufffd"]
