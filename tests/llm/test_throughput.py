"""Tokens over seconds, from the first piece on."""

from __future__ import annotations

import pytest

from rag.llm import throughput
from rag.llm.throughput import Throughput


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    times = [10.0, 10.5, 11.0]
    monkeypatch.setattr(throughput, "perf_counter", lambda: times.pop(0))
    return times


def noted(*pieces: str) -> Throughput:
    made = Throughput(began=8.0)
    for piece in pieces:
        made.record(piece)
    return made


def test_each_piece_of_a_server_is_a_token(clock: list[float]) -> None:
    assert noted("It ", "opened ", "late.").tokens_per_second() == 2


def test_the_first_piece_is_not_counted_where_tokens_are(clock: list[float]) -> None:
    assert noted("It ", "opened ", "late.").tokens_per_second(len) == len("opened late.")


def test_the_first_piece_is_waited_for_from_the_beginning(clock: list[float]) -> None:
    assert noted("It ").first_ms == 2000
    assert noted().first_ms is None


def test_one_piece_tells_nothing(clock: list[float]) -> None:
    assert noted("It.").tokens_per_second() is None
