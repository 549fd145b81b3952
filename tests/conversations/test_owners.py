"""Conversations and notebooks of several people in one place."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
from conversing import ScriptedConversations, until

from rag.errors import NothingThere
from rag.notebooks.notebooks import Notebooks


def test_each_lists_and_searches_their_own_also_after_a_restart(place: Any) -> None:
    for restarted in (False, True):
        with closing(ScriptedConversations(place)) as conversations:
            if not restarted:
                for person in ("ada", "ben", None):
                    begun = conversations.new(person=person)
                    begun.ask(f"Harbour of {person}?", "small")
                    until(lambda one=begun: not one.busy)  # type: ignore[misc]
            for person, titles in (("ada", ["Harbour of ada?"]), ("eve", []), (None, 3)):
                heads, found = conversations.heads(9, person), conversations.search("harbour", person)
                assert [head.title for head in heads] == titles or len(heads) == titles
                assert {match.head.id for match in found} == {head.id for head in heads}


def test_two_people_may_have_notebooks_of_the_same_name(place: Any) -> None:
    with closing(Notebooks(place)) as notebooks:
        of = {person: notebooks.new("Ports", person) for person in ("ada", "ben", None)}
        with pytest.raises(NothingThere, match="already"):
            notebooks.new("ports", "ada")
        assert [one.id for one in notebooks.all("ben")] == [of["ben"]] and len(notebooks.all()) == 3
        notebooks.delete(of["ada"])
        again = notebooks.new("Ports", "ada")
        notebooks.delete(of["ada"], undo=True)
        assert [one.name for one in notebooks.all("ada")] == ["Ports", "Ports (2)"]
        assert notebooks.into(of["ben"], "Mine", "ada") == again, "another's is unknown"
        notebooks.note(again, "a-note", "x")
        assert (notebooks.owner(entry="a-note"), notebooks.owner(of["ben"]), notebooks.owner("x")) == (
            *("ada", "ben"),
            None,
        )
