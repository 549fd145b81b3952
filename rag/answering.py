"""Question → stream of events: Retrieved, Token, Checked, Answered | NotFound | Failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict

from rag import following, prompting
from rag.answerability import Answerability
from rag.budget import Budget, Budgets
from rag.checking.claims import Likeness
from rag.checking.disagreement import differences
from rag.checking.support import Asked
from rag.citing import MarkStream, cited_sentences, with_marks
from rag.documents import (
    Answered,
    Checked,
    Event,
    Failed,
    Filters,
    Hit,
    Loading,
    NotFound,
    Prompted,
    Rephrased,
    Rereading,
    Retrieved,
    Rewritten,
    Sentence,
    Thinking,
    Token,
    Turn,
)
from rag.draft import Draft
from rag.errors import BylineError
from rag.excerpts import choose
from rag.generating import Done, Generator, Message, Text, Thought
from rag.premises import Premises
from rag.quoting import LONGEST, quoted
from rag.reading.language import spoken_in
from rag.refusing import NOT_FOUND, advice, denies, echoes
from rag.retrieving import Retriever
from rag.verifying import Verifier

_NEAR, _NAMED = 0.2, 0.5
"""Balanced cosine, and share of the question's words, below both of which no passage is about it."""
_QUESTION_TOKENS = 60
_CUT = "The answer was cut at its longest allowed length."
_PROMPT_CUT = "The model did not read the whole prompt: some passages may be missing from this answer."

Generators = Callable[[str], Generator]
"""Readies the model of a name, which may take seconds and fail."""


class Answering:
    """Answers questions, one `Iterator[Event]` each. Closing the iterator stops the model."""

    def __init__(
        self,
        retriever: Retriever,
        premises: Premises,
        answerability: Answerability,
        verifier: Verifier,
        budgets: Budgets,
    ) -> None:
        self._retriever, self._premises, self._budgets = retriever, premises, budgets
        self._answerability, self._verifier = answerability, verifier

    def answer(
        self,
        question: str,
        language: str,
        model: str,
        generator: Generators,
        history: Sequence[Turn] = (),
        filters: Filters = Filters(),
    ) -> Iterator[Event]:
        """The events; a question that leans on the conversation is made whole first."""
        draft = Draft(question, language, model, self._budgets.of(model))
        try:
            if following.leans(question, language, history):
                self._make_whole(draft, history, generator)
                yield Rephrased(draft.searched)
        except BylineError as error:
            yield self._failed(draft, error)
            return
        asked = (draft.asked, *draft.asides)
        hits = self._retriever.search_all(
            asked, 2 * draft.budget.passages, language=language, filters=filters
        )
        yield from self._answer(draft, hits, generator, filters)

    def answer_from(
        self,
        question: str,
        hits: Sequence[Hit],
        language: str,
        model: str,
        generator: Generators,
        budget: Budget | None = None,
        filters: Filters = Filters(),
    ) -> Iterator[Event]:
        """The events for hits, best first, that were found elsewhere: `answer` without its search.

        `budget` counts in place of the model's own; `filters` are those that the hits were found with.
        """
        draft = Draft(question, language, model, budget or self._budgets.of(model))
        yield from self._answer(draft, hits, generator, filters)

    def _make_whole(self, draft: Draft, history: Sequence[Turn], generator: Generators) -> None:
        """A small model turns questions round more often than it makes them whole: it is not asked."""
        draft.searched = joined = following.joined(draft.question, history)
        draft.asides = following.asides(draft.question, history)
        ready = generator(draft.model)
        if prompting.able(ready.model.parameters):
            messages = following.messages(draft.question, draft.language, history)
            written = _written(ready, messages, _QUESTION_TOKENS)
            draft.searched = following.whole(written, draft.question, draft.language, history)
        if draft.searched == joined:
            draft.before = following.before(history)

    def _answer(
        self, draft: Draft, hits: Sequence[Hit], generator: Generators, filters: Filters
    ) -> Iterator[Event]:
        best = self._answerability.weighed((draft.asked, *draft.asides), draft.language, hits)
        found = [one.hit for one in best]
        draft.read(choose(best, draft.budget.prompt_tokens, draft.budget.passages), found)
        yield Retrieved(draft.hits, draft.unused)
        if not self._about(draft, found):
            yield self._not_found(draft, (), filters)
            return
        try:
            ready = generator(draft.model)
            yield from self._write(draft, ready)
            yield from self._put_into_language(draft, ready)
            yield from self._end(draft, ready, filters)
        except BylineError as error:
            yield self._failed(draft, error)

    def _about(self, draft: Draft, found: Sequence[Hit]) -> bool:
        """Whether the passages are about the question at all, and some article knows whom it speaks of."""
        near = any(hit.near >= _NEAR or hit.words >= _NAMED for hit in draft.hits)
        among = (draft.hits, found)  # most often the first few know: the others are spared
        return near and not all(self._premises.absent(draft.question, draft.language, of) for of in among)

    def _write(self, draft: Draft, generator: Generator) -> Iterator[Event]:
        marks = prompting.able(generator.model.parameters)
        messages = prompting.build(
            draft.posed, draft.language, draft.excerpts, before=draft.before, marks=marks
        )
        yield from _loaded(generator, messages)
        yield from self._stream(draft, generator, messages, draft.budget.answer_tokens)
        if draft.right_numbers():
            yield Rewritten(draft.text)

    def _stream(
        self, draft: Draft, generator: Generator, messages: Sequence[Message], most: int
    ) -> Iterator[Event]:
        marks = MarkStream(len(draft.hits))
        options = {**asdict(draft.budget), "answer_tokens": most, "temperature": 0}
        yield Prompted(tuple((m.role, m.content) for m in messages), options)
        with closing(generator.stream(messages, most)) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                if isinstance(piece, Done):
                    draft.prompt_tokens, draft.chances = piece.prompt_tokens, piece.chances
                    self._budgets.heard(draft.model, generator.model, piece.prompt_speed)
                    draft.warnings += [_CUT] * piece.cut + [_PROMPT_CUT] * piece.prompt_cut
                elif isinstance(piece, Thought):
                    draft.thinking += piece.text
                    yield Thinking(piece.text)
                elif text := marks.feed(piece.text):
                    yield draft.write(text)
                    if draft.unloop():
                        break
        if text := marks.finish():
            yield draft.write(text)

    def _worth_quoting(self, draft: Draft, generator: Generator) -> bool:
        """Whether a small model is asked again: it copies from another language better than it words.

        In the question's own language it has said what it can: of RGB's questions without an answer it
        copied something for one in five.
        """
        foreign = any(hit.language != draft.language for hit in draft.hits)
        small = not prompting.able(generator.model.parameters)
        return small and foreign and self._answerability.can_doubt(draft.chances)

    def _quote(self, draft: Draft, generator: Generator) -> Iterator[Event]:
        """Have the passages' own words copied, for an answer that does not stand; unseen until they do."""
        yield Rereading()
        messages = prompting.quotation(draft.posed, draft.language, draft.excerpts, before=draft.before)
        first = draft.text
        draft.restart()
        try:
            for event in self._stream(draft, generator, messages, min(draft.budget.answer_tokens, LONGEST)):
                yield Rereading() if isinstance(event, Token) else event
        except BylineError:
            draft.text = first
            raise
        copied, draft.text = draft.text, quoted(draft.text, draft.language, draft.hits)
        if _CUT in draft.warnings and draft.text != copied:
            draft.warnings.remove(_CUT)
        draft.right_numbers()

    def _put_into_language(self, draft: Draft, generator: Generator) -> Iterator[Event]:
        """Have an answer in another language than the question's translated, once."""
        if spoken_in(draft.text, draft.language):
            return
        messages = prompting.translation(draft.text, draft.language)
        text = _written(generator, messages, draft.budget.answer_tokens).strip()
        if text and spoken_in(text, draft.language):
            draft.text = text
            yield Rewritten(text)

    def _end(self, draft: Draft, generator: Generator, filters: Filters) -> Iterator[Event]:
        sentences, near = self._check(draft)
        stands, told = self._stands(draft, sentences), sentences
        if not stands and self._worth_quoting(draft, generator):
            yield from self._quote(draft, generator)
            sentences, near = self._check(draft)
            stands = self._stands(draft, sentences, again=True)
        if not stands:
            yield self._not_found(draft, told, filters)
            return
        if sentences is not told:
            yield Rewritten(draft.text)
        yield Checked(tuple(sentences))
        yield self._answered(draft, sentences, near)

    def _answered(
        self, draft: Draft, sentences: Sequence[Sentence], near: Sequence[Sequence[Likeness]]
    ) -> Answered:
        text = with_marks(draft.text, sentences, draft.language)
        differing = [
            difference.sentence(draft.language)
            for sentence, row in zip(sentences, near, strict=True)
            for difference in differences(sentence, draft.language, draft.hits, row)
        ]
        whole = "\n\n".join([text, *dict.fromkeys(differing)])
        return Answered(draft.answer(whole, found=True, sentences=sentences))

    def _stands(self, draft: Draft, sentences: Sequence[Sentence], *, again: bool = False) -> bool:
        """Whether it is an answer that passages bear out, and their articles know whom it is about."""
        language = draft.language
        cited = sorted({n for sentence in sentences for n in sentence.citations})
        hits = [draft.hits[n - 1] for n in cited]
        if not hits or denies(draft.text, language) or echoes(draft.text, draft.asked, language):
            return False
        if self._premises.absent(draft.question, language, hits):
            return False
        own = any(hit.language == language for hit in hits)
        return not self._answerability.doubted(
            draft.gist, language, draft.hits, draft.text, draft.chances, again=again, own=own
        )

    def _check(self, draft: Draft) -> tuple[list[Sentence], list[list[Likeness]]]:
        """The sentences, checked, and how near each is to each passage."""
        found = cited_sentences(draft.text, draft.language, len(draft.hits))
        return self._verifier.check(found, draft.hits, Asked(draft.asked, draft.language))

    def _failed(self, draft: Draft, error: BylineError) -> Failed:
        sentences, _ = self._check(draft)
        text = with_marks(draft.text, sentences, draft.language, whole=True)
        answer = draft.answer(text, found=True, sentences=sentences, interrupted=str(error))
        return Failed(str(error), answer)

    def _not_found(self, draft: Draft, sentences: Sequence[Sentence], filters: Filters) -> NotFound:
        lacking = self._premises.lacking(draft.question, draft.language, draft.hits, filters)
        text = NOT_FOUND.get(draft.language, NOT_FOUND["en"])
        helps = advice(draft.language, draft.hits, lacking)
        return NotFound(draft.answer(text, found=False, sentences=sentences, advice=helps))


def _loaded(generator: Generator, messages: Sequence[Message]) -> Iterator[Event]:
    """Tell that the model is being loaded; an embedded one is, apart from reading, when it counts."""
    if generator.model.loaded:
        return
    yield Loading()
    generator.count_tokens(messages)
    if generator.model.loaded:
        yield Loading(over=True)


def _written(generator: Generator, messages: Sequence[Message], most: int) -> str:
    """All that a model writes, its thoughts left out."""
    return "".join(piece.text for piece in generator.stream(messages, most) if isinstance(piece, Text))
