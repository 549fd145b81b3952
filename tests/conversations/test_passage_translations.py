"""Translations of passages, which belong to their exchange."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from conversing import ScriptedConversations, last, until
from ui_examples import answer, hit

from rag.answering.translation import translate
from rag.conversations import Rating
from rag.conversations.exchange import from_json, to_json
from rag.errors import ModelMissing
from rag.events import Answered
from rag.testing import Scripted

pytestmark = pytest.mark.sqlite  # nothing is read from the file


def test_ratings_and_translations_belong_to_the_exchange(conversations: ScriptedConversations) -> None:
    conversation = conversations.asked("When?")
    id = last(conversation).id
    conversation.rate(id, Rating(good=False, reasons=("wrong",), note="It was May."))
    conversation.translate(id, 1, "fr", "small")
    until(lambda: not last(conversation).translation(1, "fr").running)
    assert last(conversation).rating == Rating(good=False, reasons=("wrong",), note="It was May.")
    assert [(t.text, t.model) for t in last(conversation).translations] == [("Un quai.", "small")]
    conversation.rate(id, None)
    assert last(conversation).rating is None


def test_a_translation_is_stopped_and_done_again(conversations: ScriptedConversations) -> None:
    conversation, go = conversations.asked("When?"), threading.Semaphore(0)
    id = last(conversation).id

    def slow(text: str, language: str, model: str) -> Iterator[str]:
        for word in ("Un ", "quai", "."):
            assert go.acquire(timeout=5)
            yield word

    conversations.translate = slow
    conversation.translate(id, 1, "fr", "small")
    go.release()
    until(lambda: last(conversation).translation(1, "fr").text == "Un ")
    conversation.stop_translating()
    assert (now := last(conversation).translation(1, "fr")) and now.stopped and not now.running
    go.release(9)
    conversation.translate(id, 1, "fr", "other")
    until(lambda: not last(conversation).translation(1, "fr").running)
    (there,) = last(conversation).translations
    assert (there.text, there.model, there.stopped) == ("Un quai.", "other", False)


def test_a_translation_that_fails_says_why(conversations: ScriptedConversations) -> None:
    conversation = conversations.asked("When?")

    def failing(text: str, language: str, model: str) -> Iterator[str]:
        yield "Un "
        raise ModelMissing("The model is gone.")

    conversations.translate = failing
    conversation.translate(last(conversation).id, 1, "fr", "small")
    until(lambda: not last(conversation).translation(1, "fr").running)
    (there,) = last(conversation).translations
    assert (there.text, str(there.failure)) == ("Un ", "The model is gone.")


def test_a_translation_that_drops_a_figure_or_changes_a_date_names_it(
    conversations: ScriptedConversations,
) -> None:
    passage = replace(
        hit().passage, text="In May 2024 the quay cost 42 million crowns. Then rain came.", end=60
    )
    told = replace(answer(), hits=(replace(hit(), passage=passage),))
    conversations.ask = lambda *_: iter([Answered(told)])
    conversation = conversations.asked("When?")
    model = Scripted("En mai 2023 le quai a coûté des millions de couronnes. ", "Puis la pluie est venue.")
    conversations.translate = lambda text, language, _: translate(text, language, model)
    conversation.translate(last(conversation).id, 1, "fr", "small")
    until(lambda: not last(conversation).translation(1, "fr").running)
    (there,) = last(conversation).translations
    assert there.discrepancies
    (found,) = there.discrepancies
    assert there.text[found.start : found.end] == "En mai 2023 le quai a coûté des millions de couronnes."
    assert "2024" in found.missing and any("42" in value for value in found.missing)
    assert found.added == ("2023",)
    assert from_json(to_json(last(conversation))).translations == (there,)
