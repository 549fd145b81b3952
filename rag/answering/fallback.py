"""Extractive fallback: a second attempt that copies a passage's sentence, after an answer was rejected."""

from __future__ import annotations

from collections.abc import Iterator

from rag.answering import prompts
from rag.answering.answer_state import AnswerState
from rag.answering.extraction import MAX_TOKENS, exact_quote
from rag.answering.generation import ANSWER_CUT, AnswerWriter
from rag.errors import BylineError
from rag.events import Event, Rereading, Token
from rag.llm.generator import Generator


class Fallback:
    """Has a small model copy the answer; nothing is shown until the copy is accepted."""

    def __init__(self, writer: AnswerWriter) -> None:
        self._writer = writer

    def applies(self, state: AnswerState, generator: Generator) -> bool:
        """Tell whether a copy may succeed: across languages, small models copy better than they write.

        It is not tried where every passage is in the question's language: of RGB's questions without an
        answer, the model copied something for one in five.
        """
        foreign = any(hit.language != state.answer_language for hit in state.hits)
        return foreign and not prompts.follows_instructions(generator.model.parameters)

    def run(self, state: AnswerState, generator: Generator) -> Iterator[Event]:
        """Replace the answer by a passage's own words. The first text is kept where the model fails.

        Raises what `Generator.stream` raises.
        """
        yield Rereading()
        first = state.text
        state.clear()
        try:
            yield from self._copy(state, generator)
        except BylineError:
            state.text = first
            raise
        self._replace_with_quote(state)
        state.text = state.repaired_text()

    def _copy(self, state: AnswerState, generator: Generator) -> Iterator[Event]:
        messages = prompts.quotation(
            state.query.for_prompt, state.answer_language, state.excerpts, context=state.query.context
        )
        max_tokens = min(state.budget.answer_tokens, MAX_TOKENS)
        for event in self._writer.stream(state, generator, messages, max_tokens):
            yield Rereading() if isinstance(event, Token) else event

    def _replace_with_quote(self, state: AnswerState) -> None:
        """Replace the copy by the passage's exact words; then it is no longer a cut answer."""
        copied, state.text = state.text, exact_quote(state.text, state.answer_language, state.hits)
        if ANSWER_CUT in state.warnings and state.text != copied:
            state.warnings.remove(ANSWER_CUT)
