"""A text in another language: what the model is asked, what is taken of what it writes."""

from __future__ import annotations

import pytest

from rag.answering.translation import translate
from rag.errors import Interrupted
from rag.events import Loading
from rag.llm.generator import Thought
from rag.testing import Scripted


def test_only_what_the_model_writes_is_taken_and_its_thoughts_are_not() -> None:
    model = Scripted(Thought("Hm."), "Un ", "quai.")
    assert "".join(translate("A quay.", "fr", model)) == "Un quai."


def test_what_breaks_off_is_reported() -> None:
    pieces = translate("A quay.", "fr", Scripted("Un ", Interrupted("It broke off.")))
    assert next(pieces) == "Un "
    with pytest.raises(Interrupted, match="It broke off"):
        next(pieces)


def test_a_translation_can_be_stopped_before_its_first_word() -> None:
    pieces = translate("A quay.", "fr", Scripted(Thought(""), Loading(), "Un quai."))
    assert list(pieces) == ["", "", "Un quai."]
