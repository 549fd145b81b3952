"""The events of answering, in the order in which `Library.ask` yields them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rag.locales.message import Message
from rag.types import Answer, Hit, Mended, Quote, Sentence


@dataclass(frozen=True, slots=True)
class Rephrased:
    """A follow-up was rewritten into this standalone question."""

    question: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The hits that the model reads, in the order of their citation numbers, the others, and the quotes.

    `mended` are misspelled names that were also searched as the library spells them.
    """

    hits: tuple[Hit, ...]
    unused: tuple[Hit, ...] = ()
    quotes: tuple[Quote, ...] = ()
    mended: tuple[Mended, ...] = ()


@dataclass(frozen=True, slots=True)
class Loading:
    """The model is being loaded into memory, or with `over`, has been loaded."""

    over: bool = False


@dataclass(frozen=True, slots=True)
class Prompted:
    """The prompt: role and content of each message; `options` are the budgets and the temperature."""

    messages: tuple[tuple[str, str], ...]
    options: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Thinking:
    """A piece of a reasoning model's thoughts."""

    text: str


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the answer's text; citation marks are complete and valid, as [n]."""

    text: str


@dataclass(frozen=True, slots=True)
class Rereading:
    """Discard all tokens: they were not confirmed, and the fallback runs. Repeated with its progress."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The complete text, replacing all tokens: repaired numbers, a translation or the fallback's copy."""

    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer's verified sentences with their citations and support."""

    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """The probability that the text is right (0 to 1), and the signals that it was computed from.

    `lead` is how far the best quotation outscores its best rival; `log_prob` the mean log-probability of the
    answer's tokens, None if the engine reports none. See rag.answering.confidence.
    """

    probability: float
    lead: float
    log_prob: float | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """End: the answer was accepted."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """End: no answer was confirmed. `answer.quotes` are the best quotations."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class NotFound:
    """End: no passage is relevant to the question."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Failed:
    """End: an error. `message` is for the reader; `answer` keeps the text written so far."""

    message: Message
    answer: Answer


Progressed = (
    Rephrased | Retrieved | Loading | Prompted | Thinking | Token | Rereading | Rewritten | Checked | Judged
)
End = Answered | Unconfirmed | NotFound | Failed
Event = Progressed | End
"""The events of `Library.ask` in order: Rephrased for a follow-up, Retrieved, Loading if the model is not
in memory, Prompted, Thinking and Token, Rewritten if the text changed, Rereading and Prompted for the
fallback, Judged after each attempt that may be confirmed, Checked, and one of the four ends."""


def with_warning(end: End, warning: Message) -> End:
    """Return the end of an answer with one more warning."""
    return replace(end, answer=replace(end.answer, warnings=(*end.answer.warnings, warning)))
