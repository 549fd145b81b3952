"""The sentences of a text as they are compared and quoted: those that refer back, with the one before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.text.sentences import sentence_spans
from rag.verification.claims import Span
from rag.verification.clauses import HAN_PRONOUNS, PRONOUNS

REFERS_BACK = re.compile(rf"(?:{PRONOUNS})\b(?! [A-ZĐ])|[{HAN_PRONOUNS}这那]")
"""Opens a sentence whose subject stands in the one before."""


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
