"""The state of one answer while it is being written."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.answering.budget import Budget
from rag.answering.context import Excerpt, RankedHit
from rag.answering.number_repair import repair_numbers
from rag.answering.query import Query, Request
from rag.answering.quotations import select_quotes
from rag.events import Judged
from rag.locales.message import Message
from rag.types import Answer, Hit, Outcome, Quote, Sentence, Timings
from rag.verification.support import QuestionText

_REPETITION_CUT = Message.of("looped")
_REPETITION = re.compile(r"(.{8,}?)\1\1$", re.DOTALL)
REPETITION_WINDOW_CHARACTERS = 400
"""Characters at the end of the answer that are searched for a repetition. Not fitted."""


@dataclass(slots=True)
class AnswerState:
    """An answer so far: the request, the query made of it, the passages read and the text written.

    `log_probs` are the natural logarithms of the probabilities that the engine gave to the answer's tokens,
    () where it reports none. `judged` is the judgement of `text`, None where it was not judged. Times are in
    milliseconds since the question.
    """

    request: Request
    query: Query
    budget: Budget
    started: float = field(default_factory=time.perf_counter)
    excerpts: tuple[Excerpt, ...] = ()
    unused: tuple[Hit, ...] = ()
    quotes: tuple[Quote, ...] = ()
    retrieved_ms: float = 0.0
    first_token_ms: float | None = None
    text: str = ""
    thinking: str = ""
    prompt_tokens: int | None = None
    log_probs: tuple[float, ...] = ()
    judged: Judged | None = None
    warnings: list[Message] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The language of the question, an ISO 639-1 code."""
        return self.query.language

    @property
    def answer_language(self) -> str:
        """The language of the answer, an ISO 639-1 code."""
        return self.query.answer_language

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The hits that the model reads, numbered from 1 as the answer cites them."""
        return tuple(excerpt.hit for excerpt in self.excerpts)

    def elapsed_ms(self) -> float:
        """Return milliseconds since the question."""
        return (time.perf_counter() - self.started) * 1000

    def select(self, excerpts: Sequence[Excerpt], ranked: Sequence[RankedHit]) -> None:
        """Set the excerpts that the model reads, the other ranked hits as unused, and the quotes."""
        self.excerpts = tuple(excerpts)
        self.unused = tuple(scored.hit for scored in ranked if scored.hit not in self.hits)
        question = QuestionText(self.query.for_verification, self.language)
        self.quotes = select_quotes(ranked, (*self.hits, *self.unused), question)
        self.retrieved_ms = self.elapsed_ms()

    def append(self, text: str) -> None:
        """Add text to the answer."""
        if self.first_token_ms is None:
            self.first_token_ms = self.elapsed_ms()
        self.text += text

    def clear(self) -> None:
        """Discard the text, its log-probabilities, judgement and warnings; the first token's time stays."""
        self.text, self.log_probs, self.judged = "", (), None
        self.warnings.clear()

    @property
    def loops(self) -> bool:
        """Whether the answer ends with the same 8 or more characters three times: a small model is stuck."""
        return self._loop() is not None

    def cut_loop(self) -> None:
        """Keep one copy of the repeated end, and warn the reader."""
        if loop := self._loop():
            self.text = self.text[: len(self.text) - 2 * len(loop[1])]
            self.warnings.append(_REPETITION_CUT)

    def _loop(self) -> re.Match[str] | None:
        return _REPETITION.search(self.text[-REPETITION_WINDOW_CHARACTERS:])

    def repaired_text(self) -> str:
        """Return the text with miscopied numbers corrected from the passages."""
        return repair_numbers(
            self.text, self.answer_language, [(hit.passage.text, hit.language) for hit in self.hits]
        )

    def answer(
        self,
        text: str,
        outcome: Outcome,
        *,
        sentences: Sequence[Sentence] = (),
        interrupted: Message | None = None,
        advice: Sequence[Message] = (),
    ) -> Answer:
        """Freeze the state into an answer with this final text."""
        return Answer(
            question=self.query.original,
            searched=self.query.rewritten,
            language=self.answer_language,
            text=text,
            outcome=outcome,
            hits=self.hits,
            unused=self.unused,
            mended=self.query.mended,
            quotes=self.quotes if outcome != "not_found" else (),
            model=self.request.model,
            sentences=tuple(sentences),
            thinking=self.thinking.strip(),
            timings=Timings(self.retrieved_ms, self.first_token_ms, self.elapsed_ms()),
            prompt_tokens=self.prompt_tokens,
            confidence=self.judged.probability if self.judged else None,
            interrupted=interrupted,
            warnings=tuple(self.warnings),
            advice=tuple(advice),
        )
