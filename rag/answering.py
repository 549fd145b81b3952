"""Question → stream of events: Retrieved, Token, Checked, Answered | NotFound | Failed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from rag import prompting
from rag.citing import MarkStream, check, cited_sentences, with_marks
from rag.documents import (
    Answer,
    Answered,
    Checked,
    Event,
    Failed,
    Filters,
    Hit,
    NotFound,
    Retrieved,
    Sentence,
    Thinking,
    Timings,
    Token,
)
from rag.errors import BylineError
from rag.generating import Done, Generator, Thought
from rag.retrieving import Retriever

_NEAR, _NAMED = 0.2, 0.5
"""Balanced cosine, and share of the question's words, below both of which no passage is about it."""

_NOT_FOUND = {
    "en": "This is not in your articles.",
    "fr": "Vos articles n'en disent rien.",
    "zh": "您的文章里没有这方面的内容。",
    "vi": "Các bài viết của bạn không có thông tin này.",
    "ru": "В ваших статьях этого нет.",
}
_LOOPED = "The model began to repeat itself and was stopped."
_LOOP = re.compile(r"(.{8,}?)\1\1$", re.DOTALL)
_TAIL = 400  # characters of the answer in which a loop is looked for
_CUT = "The answer was cut at its longest allowed length."
_PROMPT_CUT = "The model did not read the whole prompt: some passages may be missing from this answer."


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """At most `passages`, in `prompt_tokens`; an answer ends at `answer_tokens`."""

    passages: int
    prompt_tokens: int
    answer_tokens: int


@dataclass(slots=True)
class _Draft:
    """An answer as it grows."""

    question: str
    language: str
    model: str
    started: float = field(default_factory=time.perf_counter)
    hits: tuple[Hit, ...] = ()
    retrieved: float = 0.0
    first_token: float | None = None
    text: str = ""
    thinking: str = ""
    prompt_tokens: int | None = None
    warnings: list[str] = field(default_factory=list)

    def clock(self) -> float:
        """Milliseconds since the question."""
        return (time.perf_counter() - self.started) * 1000

    def write(self, text: str) -> Token:
        """Add words to the answer."""
        if self.first_token is None:
            self.first_token = self.clock()
        self.text += text
        return Token(text)

    def unloop(self) -> bool:
        """Whether the model writes the same again and again, as small ones may; it is then kept once."""
        loop = _LOOP.search(self.text[-_TAIL:])
        if loop:
            self.text = self.text[: len(self.text) - 2 * len(loop[1])]
            self.warnings.append(_LOOPED)
        return bool(loop)

    def answer(
        self, text: str, *, found: bool, sentences: Sequence[Sentence] = (), interrupted: str = ""
    ) -> Answer:
        """What it has become."""
        return Answer(
            question=self.question,
            language=self.language,
            text=text,
            found=found,
            hits=self.hits,
            model=self.model,
            sentences=tuple(sentences),
            thinking=self.thinking.strip(),
            timings=Timings(self.retrieved, self.first_token, self.clock()),
            prompt_tokens=self.prompt_tokens,
            interrupted=interrupted,
            warnings=tuple(self.warnings),
        )


class Answering:
    """Answers questions, one `Iterator[Event]` each. Closing the iterator stops the model."""

    def __init__(self, retriever: Retriever, budget: Budget) -> None:
        self._retriever, self._budget = retriever, budget

    def answer(
        self,
        question: str,
        language: str,
        model: str,
        generator: Callable[[str], Generator],
        filters: Filters = Filters(),
    ) -> Iterator[Event]:
        """The events; `generator` readies the model named, which may take seconds and fail."""
        draft = _Draft(question, language, model)
        hits = self._retriever.search(question, 2 * self._budget.passages, language=language, filters=filters)
        yield from self._answer(draft, hits, generator)

    def answer_from(
        self,
        question: str,
        hits: Sequence[Hit],
        language: str,
        model: str,
        generator: Callable[[str], Generator],
    ) -> Iterator[Event]:
        """The events for hits, best first, that were found elsewhere: `answer` without its search."""
        yield from self._answer(_Draft(question, language, model), hits, generator)

    def _answer(
        self, draft: _Draft, hits: Sequence[Hit], generator: Callable[[str], Generator]
    ) -> Iterator[Event]:
        draft.hits = tuple(prompting.choose(hits, self._budget.prompt_tokens, self._budget.passages))
        draft.retrieved = draft.clock()
        yield Retrieved(draft.hits)
        if not any(h.near >= _NEAR or h.words >= _NAMED for h in draft.hits):
            yield self._not_found(draft)
            return
        try:
            yield from self._write(draft, generator(draft.model))
        except BylineError as error:
            sentences = self._check(draft)
            text = with_marks(draft.text, sentences, draft.language)
            yield Failed(
                str(error), draft.answer(text, found=True, sentences=sentences, interrupted=str(error))
            )
            return
        yield from self._end(draft)

    def _write(self, draft: _Draft, generator: Generator) -> Iterator[Event]:
        marks = MarkStream(len(draft.hits))
        asked = prompting.marks_asked(generator.model.parameters)
        messages = prompting.build(draft.question, draft.language, draft.hits, marks=asked)
        with closing(generator.stream(messages, self._budget.answer_tokens)) as pieces:  # type: ignore[type-var]
            for piece in pieces:
                if isinstance(piece, Done):
                    draft.prompt_tokens = piece.prompt_tokens
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

    def _end(self, draft: _Draft) -> Iterator[Event]:
        sentences = self._check(draft)
        if not any(sentence.citations for sentence in sentences):
            yield self._not_found(draft)
            return
        yield Checked(tuple(sentences))
        text = with_marks(draft.text, sentences, draft.language)
        yield Answered(draft.answer(text, found=True, sentences=sentences))

    def _check(self, draft: _Draft) -> list[Sentence]:
        found = cited_sentences(draft.text, draft.language, len(draft.hits))
        alone = [sentence.text for sentence in found]
        asked = [f"{draft.question} {text}" for text in alone]  # "In Moscow." says nothing by itself
        near = self._retriever.likeness([*alone, *asked], draft.language, draft.hits)
        best = [list(map(max, one, two)) for one, two in zip(near, near[len(found) :], strict=False)]
        return check(found, draft.hits, best)

    @staticmethod
    def _not_found(draft: _Draft) -> NotFound:
        text = _NOT_FOUND.get(draft.language, _NOT_FOUND["en"])
        return NotFound(draft.answer(text, found=False))
