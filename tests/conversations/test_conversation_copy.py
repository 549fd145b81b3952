"""Conversations are copied from a file to PostgreSQL and back, and are the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import databases
import pytest
from conversing import ScriptedConversations, last
from notebook_examples import answered

from rag.conversations import Rating
from rag.conversations.conversation_copy import copy_conversations
from rag.errors import NotPermitted
from rag.notebooks.keeping import entry_of
from rag.notebooks.notebook_copy import copy_notebooks
from rag.notebooks.notebooks import Notebooks
from rag.store.database import ServerDatabase
from rag.store.open_database import open_server

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]  # the tests open a server themselves


@pytest.fixture
def server() -> Iterator[ServerDatabase]:
    with databases.opened("postgresql") as address, closing(open_server(address)) as made:
        yield made


def test_conversations_are_the_same_there_and_back_and_go_on(server: ServerDatabase, tmp_path: Path) -> None:
    path, back = tmp_path / "conversations.sqlite", tmp_path / "back.sqlite"
    with closing(ScriptedConversations(path)) as before:
        asked = before.asked("When did the harbour open?", "Where\0?")
        asked.rate(last(asked).id, Rating(good=True))
        asked.pin()
        before.asked("Who?").delete()
        heads, exchanges = before.heads(), asked.exchanges
    assert copy_conversations(path, server) == copy_conversations(path, server) == 2
    with closing(ScriptedConversations(server)) as there:
        assert there.heads() == heads
        found = there.get(asked.id)
        assert found is not None and found.exchanges == exchanges
        assert [one.head.id for one in there.search("harb")] == [asked.id]
        found.ask("And then?", "small")
    assert copy_conversations(server, back) == 2
    with closing(ScriptedConversations(back)) as after:
        assert len(after.get(asked.id).exchanges) == 3 and after.search("then")
    with pytest.raises(NotPermitted, match="empty"):
        copy_conversations(path, server)


def test_notebooks_are_the_same_there(server: ServerDatabase, tmp_path: Path) -> None:
    path, entry = tmp_path / "notebooks.sqlite", entry_of(answered(), "")
    with closing(Notebooks(path)) as before:
        story = before.new("Story")
        before.keep(story, entry)
        before.note(story, "n", "first")
        notebook = before.read(story)
    assert copy_notebooks(path, server) == 1
    assert Notebooks(server).read(story) == notebook
