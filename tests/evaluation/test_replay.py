"""Answers that were rated down, asked again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from conversing import ScriptedConversations, instant, last
from rich.console import Console
from ui_examples import answer

from rag.conversations import Rating
from rag.evaluation.replay import replay, replay_tables
from rag.events import Answered, Event, Failed
from rag.progress import Progress, ignore
from rag.types import Filters, Turn


@pytest.fixture
def conversations(tmp_path: Path) -> Iterator[ScriptedConversations]:
    opened = ScriptedConversations(tmp_path / "conversations.sqlite")
    conversation = opened.asked("When?", "Where?")
    conversation.rate(last(conversation).id, Rating(good=False, reasons=("wrong",), note="It was May."))
    yield opened
    opened.close()


def shown(report: dict[str, object]) -> str:
    console = Console(width=120)
    with console.capture() as captured:
        for part in replay_tables(report):
            console.print(part)
    return captured.get()


def test_what_was_rated_down_is_asked_again_with_what_it_leaned_on(
    conversations: ScriptedConversations,
) -> None:
    told: list[tuple[str, list[str], str | None, Filters]] = []
    steps: list[Progress] = []

    def ask(question: str, history: Sequence[Turn], model: str | None, filters: Filters) -> Iterator[Event]:
        told.append((question, [turn.question for turn in history], model, filters))
        yield Answered(answer("It opened in May."))

    report = replay(conversations, ask, None, False, steps.append)
    assert told == [("Where?", ["When?"], "small", Filters())]
    (row,) = report["answers"]
    assert (row["reasons"], row["note"]) == (["wrong"], "It was May.")
    assert row["old"]["answer"] == "Where?! after ['When?']" and row["old"]["options"] == {
        "answer_tokens": 200
    }
    assert row["new"]["answer"] == "It opened in May." and row["new"]["same_passages"] is True
    assert "It was May." in shown(report) and "It opened in May." in shown(report)
    assert [step.done for step in steps] == [1]


def test_another_model_may_answer_and_a_failure_is_reported(conversations: ScriptedConversations) -> None:
    def ask(question: str, history: object, model: str | None, filters: object) -> Iterator[Event]:
        yield Failed(f"{model} is away.", answer(""))

    (row,) = replay(conversations, ask, "other", False, ignore)["answers"]
    assert row["new"]["error"] == "other is away." and row["new"]["found"] is False


def test_a_list_asks_nothing(conversations: ScriptedConversations) -> None:
    (row,) = replay(conversations, None, None, False, ignore)["answers"]
    assert row["question"] == "Where?" and "new" not in row
    assert replay(conversations, instant, None, True, ignore) == {"answers": []}
    assert shown({"answers": []}) == "No answer has this rating.\n"
