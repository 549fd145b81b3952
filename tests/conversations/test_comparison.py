"""Several models on one question: the same passages, one after the other, errors and stops apart."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence

import pytest
from conversing import until

from rag.answering.answerability import Answerability
from rag.answering.budget import Budgets
from rag.answering.pipeline import AnswerPipeline
from rag.answering.question_entities import QuestionEntities
from rag.answering.verifier import Verifier
from rag.conversations.comparison import Comparison, Comparisons
from rag.errors import Interrupted, ModelMissing
from rag.events import Loading
from rag.llm.generator import ChatMessage, Generator, Piece
from rag.retrieval.retriever import Retriever
from rag.retrieval.spelling import Spelling
from rag.store.store import Store
from rag.testing import HashEmbedder, Scripted
from rag.types import Filters

QUESTION = "What did the works in the harbour of Kestrel Bay cost?"
RIGHT = "The works cost ", "42 million crowns."


@pytest.fixture
def compare(indexed: Store, embedder: HashEmbedder) -> Callable[..., Comparisons]:
    retriever = Retriever(indexed, embedder)
    budgets = Budgets(passages=2, prompt_tokens=300, answer_tokens=100, context=4096)
    entities, spelling = QuestionEntities(indexed, retriever), Spelling(indexed)
    parts = entities, Answerability(None), Verifier(retriever), budgets, spelling

    def make(**models: Generator) -> Comparisons:
        def generator(name: str) -> Generator:
            if name not in models:
                raise ModelMissing(f"There is no model {name}.")
            return models[name]

        return Comparisons(retriever, AnswerPipeline(retriever, *parts, generator), budgets, generator)

    return make


def ended(made: Comparison) -> Comparison:
    until(lambda: not made.running)
    return made


def test_all_read_the_same_passages_and_each_is_checked_and_timed(compare) -> None:
    conversations = compare(one=Scripted(*RIGHT), other=Scripted("It cost ", "50 million crowns."))
    made = ended(conversations.begin(QUESTION, "en", ["one", "other"]))
    one, other = (compared.exchange for compared in made.answers)
    assert (one.model, one.state, one.sentences[0].support) == ("one", "answered", "supported")
    assert other.sentences[0].support != "supported", "50 million is said by no passage"
    assert one.hits == other.hits != ()
    assert all(0 <= c.first_word_ms <= c.whole_ms for c in made.answers)
    assert made.answers[0].tokens_per_second > 0
    assert conversations.get(made.id) is made


def test_a_model_that_fails_or_is_gone_leaves_the_others(compare) -> None:
    models = {"broken": Scripted("It ", Interrupted("The engine broke off.")), "good": Scripted(*RIGHT)}
    made = ended(compare(**models).begin(QUESTION, "en", ["broken", "gone", "good"]))
    states = [(c.exchange.state, str(c.exchange.message or "")) for c in made.answers]
    assert states == [
        ("failed", "The engine broke off."),
        ("failed", "There is no model gone."),
        ("answered", ""),
    ]


class Waiting(Scripted):
    """Writes a word, then waits to be let on; the first, single token loads it."""

    def __init__(self) -> None:
        super().__init__()
        self.go, self.begun = threading.Semaphore(0), threading.Event()

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        if max_tokens == 1:
            return
        for piece in Scripted(*RIGHT).stream(messages, max_tokens):
            yield piece
            self.begun.set()
            assert self.go.acquire(timeout=5)


def test_the_second_waits_for_the_first_and_a_stop_ends_all(compare) -> None:
    slow, other = Waiting(), Scripted(*RIGHT)
    made = compare(slow=slow, other=other).begin(QUESTION, "en", ["slow", "other"])
    assert slow.begun.wait(5)
    until(lambda: made.answers[0].exchange.text != "")
    assert [c.exchange.state for c in made.answers] == ["writing", "waiting"]
    made.stop()
    assert [c.exchange.state for c in made.answers] == ["stopped", "stopped"]
    slow.go.release(9)
    assert made.answers[0].exchange.text.startswith("The works cost")
    assert other.asked == [] and not made.running


class NeverLoaded(Scripted):
    """A model that is being loaded until nobody waits any more."""

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        try:
            while True:
                yield Loading()
                time.sleep(0.01)
        finally:
            self.closed = True


def test_a_stop_ends_the_loading_of_a_model(compare) -> None:
    loading, other = NeverLoaded(), Scripted(*RIGHT)
    made = compare(loading=loading, other=other).begin(QUESTION, "en", ["loading", "other"])
    until(lambda: made.answers[0].exchange.state == "loading")
    assert made.answers[0].loading
    made.stop()
    until(lambda: loading.closed)
    assert other.asked == []


@pytest.mark.parametrize("models", [["one"], ["one", "one"], ["a", "b", "c", "d", "e"]])
def test_two_to_four_models_are_compared(compare, models: list[str]) -> None:
    with pytest.raises(ValueError, match="two to four"):
        compare().begin(QUESTION, "en", models, Filters())
