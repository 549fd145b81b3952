"""An answer as it grows."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.amounts import righted
from rag.budget import Budget
from rag.documents import Answer, Hit, Sentence, Timings, Token
from rag.excerpts import Excerpt

_LOOPED = "The model began to repeat itself and was stopped."
_LOOP = re.compile(r"(.{8,}?)\1\1$", re.DOTALL)
_TAIL = 400  # characters of the answer in which a loop is looked for


@dataclass(slots=True)
class Draft:
    """What is known of an answer so far.

    Of a question that leans on the conversation, `searched` is that question made whole, `asides` are other
    ways in which it is searched, and `before` is what it leans on, unless a model made it whole.
    """

    question: str
    language: str
    model: str
    budget: Budget
    started: float = field(default_factory=time.perf_counter)
    searched: str = ""
    asides: tuple[str, ...] = ()
    before: str = ""
    excerpts: tuple[Excerpt, ...] = ()
    unused: tuple[Hit, ...] = ()
    retrieved: float = 0.0
    first_token: float | None = None
    text: str = ""
    thinking: str = ""
    prompt_tokens: int | None = None
    chances: tuple[float, ...] = ()
    warnings: list[str] = field(default_factory=list)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The hits that are read, as the answer numbers them."""
        return tuple(excerpt.hit for excerpt in self.excerpts)

    @property
    def asked(self) -> str:
        """The question with all that it leans on."""
        return self.searched or self.question

    @property
    def posed(self) -> str:
        """The question as a model is asked it: asked for all that was asked before, it answers that too."""
        return self.question if self.before else self.asked

    @property
    def gist(self) -> str:
        """The question as an answer to it alone is weighed: behind the last answer."""
        return self.asides[1] if self.before else self.asked

    def read(self, excerpts: Sequence[Excerpt], found: Sequence[Hit]) -> None:
        """Take what is read of the hits that were found; the clock of the search stops."""
        self.excerpts = tuple(excerpts)
        self.unused = tuple(hit for hit in found if hit not in self.hits)
        self.retrieved = self.clock()

    def clock(self) -> float:
        """Milliseconds since the question."""
        return (time.perf_counter() - self.started) * 1000

    def write(self, text: str) -> Token:
        """Add words to the answer."""
        if self.first_token is None:
            self.first_token = self.clock()
        self.text += text
        return Token(text)

    def restart(self) -> None:
        """Begin to write anew; when the first word came stays known."""
        self.text, self.chances = "", ()
        self.warnings.clear()

    def unloop(self) -> bool:
        """Whether the model writes the same again and again, as small ones may; it is then kept once."""
        loop = _LOOP.search(self.text[-_TAIL:])
        if loop:
            self.text = self.text[: len(self.text) - 2 * len(loop[1])]
            self.warnings.append(_LOOPED)
        return bool(loop)

    def right_numbers(self) -> bool:
        """Whether a number stood in it that was copied wrong; it is put right now."""
        before, passages = self.text, [(hit.passage.text, hit.language) for hit in self.hits]
        self.text = righted(before, self.language, passages)
        return self.text != before

    def answer(
        self,
        text: str,
        *,
        found: bool,
        sentences: Sequence[Sentence] = (),
        interrupted: str = "",
        advice: Sequence[str] = (),
    ) -> Answer:
        """What it has become."""
        return Answer(
            question=self.question,
            searched=self.searched,
            language=self.language,
            text=text,
            found=found,
            hits=self.hits,
            unused=self.unused,
            model=self.model,
            sentences=tuple(sentences),
            thinking=self.thinking.strip(),
            timings=Timings(self.retrieved, self.first_token, self.clock()),
            prompt_tokens=self.prompt_tokens,
            interrupted=interrupted,
            warnings=tuple(self.warnings),
            advice=tuple(advice),
        )
