"""Asking on the page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from conversing import Shelf, Slow, until

from rag.ui import chat

QUESTION = "When did the harbour open?"


def test_a_question_is_the_browsers_second_only_while_the_first_is_answered_and_at_once(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.ask = ask = Slow()
    conversation = shelf.new()
    assert not chat.sent_twice(None, QUESTION)
    assert not chat.sent_twice(conversation, QUESTION)
    conversation.ask(QUESTION, "small")
    assert chat.sent_twice(conversation, QUESTION)
    assert not chat.sent_twice(conversation, "And who opened it?")
    with monkeypatch.context() as later:
        later.setattr(chat, "TWICE", timedelta(0))
        assert not chat.sent_twice(conversation, QUESTION)
    ask.go.release(9)
    until(lambda: not conversation.running)
    assert not chat.sent_twice(conversation, QUESTION)
