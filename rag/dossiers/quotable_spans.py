"""The quotable sentences and list items of passages, and their similarity to a subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from rag.dossiers.subject import Subject
from rag.embedding.language_means import Vector
from rag.retrieval.retriever import Retriever
from rag.text.back_references import REFERS_BACK
from rag.text.list_marks import LIST_MARK
from rag.text.scripts import is_han
from rag.text.sentences import sentence_spans, trimmed
from rag.types import Hit

MIN_LETTERS = 12
"""Minimum number of letters of a quoted sentence; a Chinese character counts as three. Not fitted."""
CONTENT_WEIGHT = 0.7
"""Weight (0 to 1) of the cosine with the subject without its names; the cosine with the whole subject has the
rest. Fitted on 49 subjects of the sample library."""
_ENDED = re.compile(r"[.!…。！；;][\"'”’»」』)）]*$")

_OPENS_LOWER = re.compile(r"\W*[a-zà-ÿа-яё]")


@dataclass(frozen=True, slots=True)
class QuotableSpan:
    """A sentence or list item, `hit.passage.text[start:end]`.

    It includes the sentence before if it refers back to that.
    """

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text on one line, without a list mark."""
        said = " ".join(self.hit.passage.text[self.start : self.end].split())
        mark = LIST_MARK.match(said)
        return said[mark.end() :] if mark else said

    @property
    def is_item(self) -> bool:
        """Whether it is a list item."""
        return bool(LIST_MARK.match(self.hit.passage.text[self.start : self.end].lstrip()))

    @property
    def is_sentence(self) -> bool:
        """Whether it ends like a sentence."""
        return bool(_ENDED.search(self.text))


@dataclass(frozen=True, slots=True, eq=False)
class ScoredSpan:
    """A quotable span, its similarity to the subject (-1 to 1), and its mean-centred vector, shape (d,)."""

    excerpt: QuotableSpan
    near: float
    vector: Vector


def quotable_spans(hits: Iterable[Hit]) -> list[QuotableSpan]:
    """Return the complete sentences and list items of passages, without repetitions.

    Headings, questions and fragments are left out.
    """
    found = [QuotableSpan(hit, start, end) for hit in hits for start, end in _apart(list(_spans(hit)))]
    unique = {one.text.casefold(): one for one in reversed(found)}
    return list(reversed(unique.values()))


def lead_of(hit: Hit) -> str:
    """Return the text of a passage before its first list item."""
    lines = hit.passage.text.splitlines()
    return "\n".join(takewhile(lambda line: not LIST_MARK.match(line.lstrip()), lines))


def scored(excerpts: Sequence[QuotableSpan], subject: Subject, retriever: Retriever) -> list[ScoredSpan]:
    """Embed spans and compare them with a subject, both with and without its names.

    `near` is the weighted mean of the two cosines: with names alone, any sentence that has them is near.
    """
    if not excerpts:
        return []
    vectors = retriever.sentence_vectors([(one.text, one.hit.language) for one in excerpts])
    near = vectors @ retriever.question_vector(subject.text, subject.language)
    if content := subject.content:
        without_names = vectors @ retriever.question_vector(content.text, content.language)
        near = (1 - CONTENT_WEIGHT) * near + CONTENT_WEIGHT * without_names
    return [ScoredSpan(one, float(n), v) for one, n, v in zip(excerpts, near, vectors, strict=True)]


def _spans(hit: Hit) -> Iterator[tuple[int, int]]:
    text, before = hit.passage.text, None
    for span in sentence_spans(text, hit.language):
        start, end = trimmed(text, *span)
        said = text[start:end]
        if not _ENDED.search(said) and not LIST_MARK.match(said):
            before = None
            continue
        joined = before is not None and REFERS_BACK.match(said) and "\n" not in text[before:start].strip()
        if _is_whole(said) and not said.endswith(("?", "？")):
            yield before if joined and before is not None else start, end
        before = start


def _apart(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans that the next one does not contain."""
    for n, (start, end) in enumerate(spans):
        if n + 1 == len(spans) or spans[n + 1][0] != start:
            yield start, end


def _is_whole(said: str) -> bool:
    """Tell whether a text is long enough and does not begin in the middle of a sentence."""
    size = sum(3 if is_han(c) else 1 for c in said if c.isalpha())
    return size >= MIN_LETTERS and not _OPENS_LOWER.match(said)
