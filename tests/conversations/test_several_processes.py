"""Two processes of Byline on one PostgreSQL database: what one changes the other shows, and one dies."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import databases
import pytest
from conversing import ScriptedConversations, Slow, last, until

from rag.conversations import Rating
from rag.store import processes
from rag.store.open_database import open_server

pytestmark = [pytest.mark.slow, pytest.mark.sqlite]  # the tests open a server themselves

OTHER = """
import sys
from contextlib import closing
sys.path[:0] = sys.argv[2:]
from conversing import ScriptedConversations, Slow, last, until
from rag.store import processes
from rag.store.open_database import open_server
processes.ALIVE_S, processes.BEAT_S = 6.0, 0.1
with closing(open_server(sys.argv[1])) as server:
    conversations = ScriptedConversations(server, ask := Slow())
    conversation = conversations.new()
    for line in sys.stdin:
        match line.split():
            case ["ask"]:
                conversation.ask("When did the harbour open?", "small")
                print(conversation.id, flush=True)
            case ["go"]:
                ask.go.release()
                print("gone", flush=True)
            case ["last"]:
                shown = last(conversations.get(conversation.id))
                print(shown.state, shown.rating is not None, ask.closed.is_set(), flush=True)
"""


class Other:
    def __init__(self, address: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", OTHER, address, str(Path(__file__).parent.parent), *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, command: str) -> str:
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


@pytest.fixture
def address() -> Iterator[str]:
    with databases.opened("postgresql") as made:
        yield made


@pytest.fixture
def other(address: str) -> Iterator[Other]:
    started = Other(address)
    yield started
    started.process.kill()
    started.process.communicate()


@pytest.fixture
def mine(address: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedConversations]:
    monkeypatch.setattr(processes, "ALIVE_S", 6.0)
    monkeypatch.setattr(processes, "BEAT_S", 0.1)
    with closing(open_server(address)) as server, closing(ScriptedConversations(server)) as opened:
        yield opened


def test_an_answer_of_another_process_grows_is_stopped_and_rated_here(
    other: Other, mine: ScriptedConversations
) -> None:
    id = other("ask")
    until(lambda: mine.get(id) is not None and id in mine.busy())
    conversation = mine.get(id)
    other("go")
    until(lambda: last(conversation).text == "It ")
    assert [head.id for head in mine.heads()] == [id]
    conversation.stop()
    until(lambda: other("last") == "stopped False False")
    other("go")
    until(lambda: other("last") == "stopped False True")
    conversation.rate(last(conversation).id, Rating(good=True))
    conversation.rename("The harbour")
    until(lambda: other("last") == "stopped True True")
    assert (last(mine.get(id)).text, mine.heads()[0].title) == ("It ", "The harbour")


def test_a_killed_process_leaves_its_answers_cut_off_and_no_other(
    other: Other, mine: ScriptedConversations
) -> None:
    mine.ask = ask = Slow()
    own = mine.new()
    own.ask("Where?", "small")
    id = other("ask")
    other("go")
    until(lambda: mine.get(id) is not None)
    conversation = mine.get(id)
    until(lambda: last(conversation).text == "It ")
    time.sleep(processes.ALIVE_S + 1)
    assert last(conversation).running, "it is alive, and only slow"
    other.process.kill()
    until(lambda: last(conversation).state == "cut_off")
    assert last(conversation).text == "It " and own.running
    ask.go.release(3)
    until(lambda: last(own).state == "answered")
    assert [match.head.id for match in mine.search("harbour")] == [id]
