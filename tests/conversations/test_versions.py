"""Questions asked again or edited: the versions of an exchange, and the branch that each begins."""

from __future__ import annotations

import pytest
from conversing import ScriptedConversations, Slow, instant, last, until

from rag.conversations.exchange import from_json, to_json
from rag.types import Filters

pytestmark = pytest.mark.sqlite  # nothing is read from the file


def test_an_edited_question_begins_a_branch_and_the_old_one_can_be_gone_back_to(
    conversations: ScriptedConversations,
) -> None:
    conversation = conversations.asked("When?", "Where?")
    first, _ = conversation.exchanges
    edited = conversation.ask("Who?", "small", instead=first.id)
    until(lambda: not conversation.running)
    assert [e.question for e in conversation.exchanges] == ["Who?"]
    assert conversation.versions(edited) == [first.id, edited]
    conversation.choose(first.id)
    assert [e.question for e in conversation.exchanges] == ["When?", "Where?"]


def test_answering_again_leans_on_what_came_before_and_keeps_the_old_answer(
    conversations: ScriptedConversations,
) -> None:
    conversation = conversations.asked("When?", "Where?")
    _, second = conversation.exchanges
    again = conversation.ask("Where?", "other", instead=second.id)
    until(lambda: not conversation.running)
    assert (last(conversation).id, last(conversation).model) == (again, "small"), "the answer names its model"
    assert last(conversation).text == "Where?! after ['When?']"
    assert conversation.exchange(second.id) == second


def test_another_model_that_answers_again_does_not_answer_what_follows(
    conversations: ScriptedConversations,
) -> None:
    conversation = conversations.asked("When?")
    (first,) = conversation.exchanges
    conversations.ask = Slow()  # an answer that has ended names the model of these tests
    conversation.ask("When?", "other", instead=first.id)
    assert (last(conversation).model, conversation.model) == ("other", "small")
    conversation.stop()


def test_a_later_answer_goes_on_while_an_earlier_question_is_edited(
    conversations: ScriptedConversations,
) -> None:
    conversation = conversations.asked("When?")
    conversations.ask = ask = Slow()
    later = conversation.ask("Where?", "small")
    until(lambda: last(conversation).state == "reading")
    conversations.ask = instant
    conversation.ask("Who?", "small", instead=conversation.exchanges[0].id)
    ask.go.release(3)
    until(lambda: not conversation.busy)
    there = conversation.exchange(later)
    assert there is not None and there.state == "answered"


def test_answering_again_stops_the_answer_that_it_stands_in_for(conversations: ScriptedConversations) -> None:
    conversations.ask = ask = Slow()
    conversation = conversations.new()
    old = conversation.ask("When?", "small")
    ask.go.release()
    until(lambda: last(conversation).text == "It ")
    conversations.ask = instant
    conversation.ask("When?", "small", instead=old)
    ask.go.release()
    until(lambda: not conversation.running)
    stopped = conversation.exchange(old)
    assert stopped is not None and (stopped.state, stopped.text) == ("stopped", "It ")
    assert last(conversation).state == "answered"


def test_an_exchange_keeps_what_is_needed_to_ask_again(conversations: ScriptedConversations) -> None:
    filters = Filters(languages=("fr",))
    conversation = conversations.new()
    conversation.ask("When?", "small", filters)
    until(lambda: last(conversation).digest != "")
    asked = last(conversation)
    assert (asked.question, asked.filters, asked.model) == ("When?", filters, "small")
    assert asked.prompt == (("user", "When?"),) and asked.options == {"answer_tokens": 200}
    assert asked.digest == "sha-small" and asked.timings is not None and asked.hits[0].passage.text
    assert from_json(to_json(asked)) == asked
