"""The sentences of a text as they are compared and quoted: those that refer back, with the one before."""

from __future__ import annotations

from dataclasses import dataclass

from rag.text.back_references import REFERS_BACK
from rag.text.sentences import sentence_spans
from rag.verification.claims import Span


@dataclass(frozen=True, slots=True)
class QuotableSentence:
    """A sentence, `text[own:end]`, quoted from `start`: with the one before if it refers back to that."""

    own: int
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The span that is quoted."""
        return self.start, self.end

    def has(self, place: int) -> bool:
        """Tell whether an offset lies in the sentence itself."""
        return self.own <= place < self.end


def quotable_sentences(text: str, language: str) -> list[QuotableSentence]:
    """Return the sentences of a text, in order."""
    found, before = [], -1
    for start, end in sentence_spans(text, language):
        joined = before >= 0 and "\n" not in text[before:start].strip() and REFERS_BACK.match(text, start)
        found.append(QuotableSentence(start, before if joined else start, end))
        before = start
    return found
