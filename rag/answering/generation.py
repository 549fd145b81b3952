"""Generation: streams a model's text into the state of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict

from rag.answering.answer_state import AnswerState
from rag.answering.budget import Budgets
from rag.answering.citations import MarkStream
from rag.events import Event, Loading, Prompted, Thinking, Token
from rag.llm.generator import ChatMessage, Done, Generator, Text, Thought
from rag.locales.message import Message

ANSWER_CUT, _PROMPT_CUT = Message.of("cut"), Message.of("prompt_cut")


class AnswerWriter:
    """Streams answers, and records each model's prompt speed for its later budgets."""

    def __init__(self, budgets: Budgets) -> None:
        self._budgets = budgets

    def stream(
        self, state: AnswerState, generator: Generator, messages: Sequence[ChatMessage], max_tokens: int
    ) -> Iterator[Event]:
        """Write at most `max_tokens` into the state; closing the iterator stops the model.

        Raises what `Generator.stream` raises. A model that repeats itself is stopped.
        """
        options = {**asdict(state.budget), "answer_tokens": max_tokens, "temperature": 0}
        yield Prompted(tuple((m.role, m.content) for m in messages), options)
        marks = MarkStream(len(state.hits))
        with closing(generator.stream(messages, max_tokens)) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                if isinstance(piece, Done):
                    self._finish(state, generator, piece)
                elif isinstance(piece, Loading):
                    yield piece
                elif isinstance(piece, Thought):
                    state.thinking += piece.text
                    yield Thinking(piece.text)
                elif text := marks.feed(piece.text):
                    state.append(text)
                    yield Token(text)
                    if state.loops:
                        state.cut_loop()
                        break
        if text := marks.finish():
            state.append(text)
            yield Token(text)

    def _finish(self, state: AnswerState, generator: Generator, done: Done) -> None:
        state.prompt_tokens, state.log_probs = done.prompt_tokens, done.logprobs
        self._budgets.record(state.request.model, generator.model, done.prompt_speed)
        state.warnings += [ANSWER_CUT] * done.cut + [_PROMPT_CUT] * done.prompt_cut


def load(generator: Generator, messages: Sequence[ChatMessage]) -> Iterator[Event]:
    """Load a model that is not in memory yet, and report it.

    Counting tokens loads an embedded model, so that loading is reported apart from reading the prompt.
    """
    if generator.model.loaded:
        return
    yield Loading()
    generator.count_tokens(messages)
    if generator.model.loaded:
        yield Loading(over=True)


def generate_text(generator: Generator, messages: Sequence[ChatMessage], max_tokens: int) -> str:
    """Generate a complete text, without the model's thoughts. Raises what `Generator.stream` raises."""
    stream = generator.stream(messages, max_tokens)
    return "".join(piece.text for piece in stream if isinstance(piece, Text))
