"""What goes from one process to another arrives as it was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from answering_examples import QUESTION, answering

from rag import errors
from rag.answering.query import Request
from rag.errors import BylineError, Interrupted
from rag.events import (
    Answered,
    Checked,
    Event,
    Failed,
    NotFound,
    Prompted,
    Retrieved,
    Thinking,
    Token,
    Unconfirmed,
)
from rag.ingestion.report import Report
from rag.llm.generator import Thought
from rag.locales.message import Message, verbatim
from rag.service.shared_library import INTERFACE
from rag.service.wire import Method, error_from_data, error_to_data, method_of
from rag.store.ledger_rows import Feed
from rag.store.store import Store
from rag.testing import HashEmbedder, Scripted
from rag.types import Skipped


def sent(method: Method, value: object) -> object:
    return method.result.from_data(json.loads(json.dumps(method.result.to_data(value))))


@pytest.mark.parametrize(
    ("question", "pieces", "kinds"),
    [
        (QUESTION, [Thought("Hm."), "The works cost 42 million [1]."],
         {Retrieved, Prompted, Thinking, Token, Checked, Answered}),
        (QUESTION, ["Zebras."], {Unconfirmed}),
        (QUESTION, ["The works", Interrupted("It broke off.")], {Failed}),
        ("zzz qqq", ["Zebras."], {NotFound}),
    ],
)  # fmt: skip
def test_the_events_of_an_answer_arrive_as_they_were(
    indexed: Store, embedder: HashEmbedder, question: str, pieces: Sequence[object], kinds: set[type]
) -> None:
    request = Request(question, "en", "scripted")
    events: list[Event] = list(answering(indexed, embedder, Scripted(*pieces)).answer(request))
    assert kinds <= {type(event) for event in events}
    ask = method_of(INTERFACE["library"], "ask")
    assert [sent(ask, event) for event in events] == events


def test_reports_and_feeds_arrive_as_they_were() -> None:
    why = Message.of("a", n=3, share=0.5, other=verbatim("x"), both=(verbatim("y"), verbatim("z")))
    report = Report(added=2, skipped=[Skipped("caf\udce9.txt", why)], stopped=True)
    assert sent(method_of(INTERFACE["intake"], "ingest"), report) == report
    feeds = [Feed("http://a.example", "A", 60, datetime(2026, 1, 2, 3, 4, tzinfo=UTC), why, 5)]
    assert sent(method_of(INTERFACE["feeds"], "all"), feeds) == feeds


@pytest.mark.parametrize(
    "kind", [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, BylineError)]
)
def test_every_error_arrives_with_its_class_and_message(kind: type[BylineError]) -> None:
    error = kind("shard_damaged", shard="en-0")
    arrived = error_from_data(json.loads(json.dumps(error_to_data(error))))
    assert type(arrived) is kind
    assert arrived.message == error.message


def test_an_error_of_another_version_is_an_error_with_its_message() -> None:
    data = {"type": "first_line", "message": {"code": "verbatim", "values": {"text": "Look elsewhere."}}}
    arrived = error_from_data(data)
    assert type(arrived) is BylineError
    assert str(arrived) == "Look elsewhere."
