"""The sentences of passages, each with its nearness to a subject, as they may be quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.retrieval.retriever import Retriever
from rag.text.sentences import sentence_spans, trimmed
from rag.types import Hit

MIN_LETTERS = 12
"""Letters of the shortest sentence that is quoted; a Chinese character counts three. Not fitted."""
_ENDED = re.compile(r"[.!…。！；;][\"'”’»」』)）]*$")
_BULLET = re.compile(r"(?:[-*•–—]|\(?\d{1,2}[.)、．])\s*")
_OPENS_LOWER = re.compile(r"\W*[a-zà-ÿа-яё]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """A sentence that may be quoted: `hit.passage.text[start:end]`.

    `near` is the cosine of its mean-centred vector to the subject's (-1 to 1).
    """

    hit: Hit
    start: int
    end: int
    near: float
    vector: Vectors

    @property
    def is_item(self) -> bool:
        """Whether it is an item of a list, which need not be about what its neighbours are."""
        return _BULLET.match(self.hit.passage.text, self.start) is not None

    @property
    def text(self) -> str:
        """The sentence on one line, without a bullet."""
        said = " ".join(self.hit.passage.text[self.start : self.end].split())
        bullet = _BULLET.match(said)
        return said[bullet.end() :] if bullet else said


def excerpts(subject: str, language: str, hits: Sequence[Hit], retriever: Retriever) -> list[Excerpt]:
    """The sentences of passages, in their order; a sentence that several passages have comes once."""
    places = [(hit, start, end) for hit in hits for start, end in _quotable(hit)]
    unique = {
        " ".join(hit.passage.text[a:b].split()).casefold(): (hit, a, b) for hit, a, b in reversed(places)
    }
    chosen = list(reversed(unique.values()))
    if not chosen:
        return []
    goal = retriever.question_vector(subject, language)
    vectors = retriever.sentence_vectors([(hit.passage.text[a:b], hit.language) for hit, a, b in chosen])
    return [
        Excerpt(hit, start, end, float(vector @ goal), vector)
        for (hit, start, end), vector in zip(chosen, vectors, strict=True)
    ]


def _quotable(hit: Hit) -> Iterator[tuple[int, int]]:
    """The spans of whole sentences and list items; headings, questions and fragments are left out."""
    text = hit.passage.text
    for span in sentence_spans(text, hit.language):
        start, end = trimmed(text, *span)
        said = text[start:end]
        size = sum(3 if _HAN.match(c) else 1 for c in said if c.isalpha())
        if (
            size >= MIN_LETTERS
            and not _OPENS_LOWER.match(said)
            and (_ENDED.search(said) or _BULLET.match(said))
        ):
            yield start, end
