"""The answering pipeline: rewrite, retrieve, select context, prompt, generate, cite, verify, decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Generator as Stream
from dataclasses import replace

from rag.answering import generation, prompts, query_rewriting
from rag.answering.answer_state import AnswerState
from rag.answering.answerability import Answerability
from rag.answering.budget import Budget, Budgets
from rag.answering.citations import cited_sentences, with_marks, without_fragment
from rag.answering.confidence import Confidence
from rag.answering.context import select_excerpts
from rag.answering.fallback import Fallback
from rag.answering.gate import AnswerGate
from rag.answering.generation import ANSWER_CUT, AnswerWriter
from rag.answering.query import Query, Request
from rag.answering.question_entities import QuestionEntities
from rag.answering.refusals import advice, denies
from rag.answering.verifier import Verified, Verifier
from rag.errors import BylineError
from rag.events import (
    Answered,
    Checked,
    Event,
    Failed,
    Judged,
    NotFound,
    Rephrased,
    Retrieved,
    Rewritten,
    Unconfirmed,
)
from rag.llm.generator import Generator
from rag.locales.catalogue import texts
from rag.locales.message import Message
from rag.retrieval.retriever import Retriever
from rag.retrieval.spelling import Spelling
from rag.text.language import is_in_language
from rag.types import Hit, Sentence
from rag.verification.conflicts import differences
from rag.verification.support import QuestionText

_NOTHING_WRITTEN = Message.of("nothing_written")
_UNSURE, _UNLIKELY = Message.of("unsure"), Message.of("unlikely")

Generators = Callable[[str], Generator]
"""Loads the model of a name, which may take seconds. Raises BylineError."""


class AnswerPipeline:
    """Answers questions as streams of events. Thread safe; closing a stream stops the model.

    Every stream ends with Answered, Unconfirmed, NotFound or Failed. Without a `confidence`, verification
    alone decides, and no answer is asked for again.
    """

    def __init__(
        self,
        retriever: Retriever,
        entities: QuestionEntities,
        answerability: Answerability,
        verifier: Verifier,
        budgets: Budgets,
        spelling: Spelling,
        generators: Generators,
        confidence: Confidence | None = None,
    ) -> None:
        self._retriever, self._entities, self._answerability = retriever, entities, answerability
        self._verifier, self._budgets, self._generators = verifier, budgets, generators
        self._spelling = spelling
        self._gate, self._confidence = AnswerGate(entities), confidence
        self._writer = AnswerWriter(budgets)
        self._fallback = Fallback(self._writer)

    def answer(self, request: Request) -> Iterator[Event]:
        """Answer a request from the library's articles; a follow-up is rewritten first."""
        state = self._begin(request, query_rewriting.contextualize(request), self._budget_of(request))
        try:
            yield from self._rewrite(state)
        except BylineError as error:
            yield self._failed(state, error)
            return
        yield from self._answer_with(state, self._retrieve(state))

    def answer_from(
        self, request: Request, hits: Sequence[Hit], budget: Budget | None = None
    ) -> Iterator[Event]:
        """Answer from hits that were retrieved elsewhere, best first; the history is not used.

        `budget` replaces the model's own.
        """
        query = Query(request.question, request.language, request.question)
        yield from self._answer_with(self._begin(request, query, budget), hits)

    def _budget_of(self, request: Request) -> Budget:
        """Return the model's budget, with room for all passages of chosen articles where they fit."""
        budget = self._budgets.of(request.model, request.style.length)
        if not request.filters.articles:
            return budget
        whole = self._retriever.count_within(request.filters, budget.prompt_tokens)
        return replace(budget, passages=max(budget.passages, whole))

    def _begin(self, request: Request, query: Query, budget: Budget | None = None) -> AnswerState:
        return AnswerState(request, query, budget or self._budgets.of(request.model, request.style.length))

    def _rewrite(self, state: AnswerState) -> Iterator[Event]:
        """Have the model write a follow-up as a standalone question."""
        if state.query.is_follow_up:
            generator = self._generators(state.request.model)
            state.query = query_rewriting.rewrite(state.query, state.request.history, generator)
            yield Rephrased(state.query.standalone)

    def _retrieve(self, state: AnswerState) -> list[Hit]:
        """Return twice as many passages as the model reads, for the selection to choose from.

        Misspelled names are searched in the library's spelling, too, unless the asker sees only a part of it.
        """
        bounded = bool(state.request.filters.bounds)
        mended = () if bounded else self._spelling.mended(state.query.original, state.language)
        state.query = replace(state.query, mended=mended)
        return self._retriever.search_all(
            state.query.for_search,
            2 * state.budget.passages,
            language=state.language,
            filters=state.request.filters,
        )

    def _answer_with(self, state: AnswerState, hits: Sequence[Hit]) -> Iterator[Event]:
        found = self._select(state, hits)
        yield Retrieved(state.hits, state.unused, state.quotes, state.query.mended)
        if not self._gate.is_near(state):
            yield self._not_found(state)
            return
        if not self._gate.knows_entities(state, found):
            yield self._unconfirmed(state)
            return
        try:
            generator = self._generators(state.request.model)
            yield from self._generate(state, generator)
            yield from self._translate(state, generator)
            yield from self._decide(state, generator)
        except BylineError as error:
            yield self._failed(state, error)

    def _select(self, state: AnswerState, hits: Sequence[Hit]) -> list[Hit]:
        """Rank the hits by answerability and select excerpts within the budget; returns the ranking."""
        ranked = self._answerability.rank(state.query.for_search, state.language, hits)
        state.select(select_excerpts(ranked, state.budget.prompt_tokens, state.budget.passages), ranked)
        return [scored.hit for scored in ranked]

    def _generate(self, state: AnswerState, generator: Generator) -> Iterator[Event]:
        messages = prompts.build(
            state.query.for_prompt,
            state.answer_language,
            state.excerpts,
            context=state.query.context,
            marks=prompts.follows_instructions(generator.model.parameters),
            style=state.request.style,
        )
        yield from generation.load(generator, messages)
        yield from self._writer.stream(state, generator, messages, state.budget.answer_tokens)
        yield from _rewrite_as(state, state.repaired_text())

    def _translate(self, state: AnswerState, generator: Generator) -> Iterator[Event]:
        """Have the model translate an answer that is not in the language asked for, once."""
        if is_in_language(state.text, state.answer_language):
            return
        messages = prompts.translation(state.text, state.answer_language)
        text = generation.generate_text(generator, messages, state.budget.answer_tokens).strip()
        if text and is_in_language(text, state.answer_language):
            state.text = text
            yield Rewritten(text)

    def _decide(self, state: AnswerState, generator: Generator) -> Iterator[Event]:
        """Verify the answer; then accept it, run the extractive fallback, or leave it unconfirmed."""
        verified = self._verify(state)
        if (yield from self._confirms(state, generator, verified)):
            yield from _accepted(state, verified)
        elif self._confidence and self._fallback.applies(state, generator):
            yield from self._fall_back(state, generator, verified)
        else:
            yield self._unconfirmed(state, verified.sentences)

    def _fall_back(self, state: AnswerState, generator: Generator, first: Verified) -> Iterator[Event]:
        """Accept the fallback's copy, or leave the first answer unconfirmed."""
        first_judgement = state.judged
        yield from self._fallback.run(state, generator)
        copy = self._verify(state)
        if (yield from self._confirms(state, generator, copy)):
            yield Rewritten(state.text)
            yield from _accepted(state, copy)
        else:
            state.judged = first_judgement
            yield self._unconfirmed(state, first.sentences)

    def _confirms(
        self, state: AnswerState, generator: Generator, verified: Verified
    ) -> Stream[Judged, None, bool]:
        """Tell whether a verified attempt is confirmed; stores and yields its probability."""
        if not self._gate.is_supported(state, verified.sentences):
            return False
        if self._confidence is None:
            return True
        state.judged = self._confidence.judge(state, verified.sentences, generator.model)
        yield state.judged
        return self._confidence.confirms(state.judged)

    def _verify(self, state: AnswerState, *, interrupted: bool = False) -> Verified:
        """Verify the sentences, without a last one that was cut off."""
        sentences = cited_sentences(state.text, state.answer_language, len(state.hits))
        if ANSWER_CUT in state.warnings or interrupted:
            sentences = without_fragment(sentences)
        question = QuestionText(state.query.for_verification, state.answer_language)
        return self._verifier.check(sentences, state.hits, question)

    def _unconfirmed(self, state: AnswerState, sentences: Sequence[Sentence] = ()) -> Unconfirmed:
        text = texts("answers", state.answer_language)["unconfirmed"]
        if state.thinking and not state.text.strip():
            state.warnings.append(_NOTHING_WRITTEN)
        reason = _UNLIKELY if state.judged else _UNSURE
        denied = denies(state.text, state.answer_language)
        rejected = [] if denied else [_rejected(sentence, reason) for sentence in sentences]
        return Unconfirmed(state.answer(text, "unconfirmed", sentences=rejected, advice=self._advice(state)))

    def _not_found(self, state: AnswerState) -> NotFound:
        text = texts("answers", state.answer_language)["not_found"]
        return NotFound(state.answer(text, "not_found", advice=self._advice(state)))

    def _advice(self, state: AnswerState) -> tuple[Message, ...]:
        question, filters = state.query.for_entities, state.request.filters
        return advice(self._entities.diagnose(question, state.language, state.hits, filters))

    def _failed(self, state: AnswerState, error: BylineError) -> Failed:
        sentences = self._verify(state, interrupted=True).sentences
        text = with_marks(state.text, sentences, state.answer_language, keep_unsupported=True)
        answer = state.answer(text, "unconfirmed", sentences=sentences, interrupted=error.message)
        return Failed(error.message, answer)


def _rewrite_as(state: AnswerState, text: str) -> Iterator[Event]:
    """Replace the text, and report it where it differs."""
    if text != state.text:
        state.text = text
        yield Rewritten(text)


def _accepted(state: AnswerState, verified: Verified) -> Iterator[Event]:
    yield Checked(tuple(verified.sentences))
    text = with_marks(state.text, verified.sentences, state.answer_language)
    paragraphs = "\n\n".join([text, *_conflicts(state, verified)])
    yield Answered(state.answer(paragraphs, "answered", sentences=verified.sentences))


def _rejected(sentence: Sentence, reason: Message) -> Sentence:
    """Return a sentence of an unconfirmed answer: unsupported, for its own reason or else for `reason`."""
    return replace(sentence, support="unsupported", reason=sentence.reason or reason)


def _conflicts(state: AnswerState, verified: Verified) -> dict[str, None]:
    """Return one sentence for each claim on which the sources differ, as the keys; without repetition."""
    texts = (
        difference.sentence(state.answer_language)
        for sentence, row in zip(verified.sentences, verified.likeness, strict=True)
        for difference in differences(
            sentence, state.answer_language, state.hits, row, state.query.for_verification
        )
    )
    return dict.fromkeys(texts)
