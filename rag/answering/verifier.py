"""Verification of an answer's sentences against passages, with the embedder and an optional NLI model."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.embedding.nli import EntailmentModel
from rag.retrieval.retriever import Retriever
from rag.text.language import count_words
from rag.text.sentences import sentences
from rag.types import Hit, Sentence
from rag.verification.claims import Judgement, Likeness
from rag.verification.facts import FactsCache
from rag.verification.support import Meant, QuestionText, check

Embed = Callable[[Sequence[str], str], NDArray[np.float32]]
"""Texts in a language → their balanced vectors, of length 1, one a row."""

MAX_FRAGMENT_WORDS = 5
"""Words, in Chinese characters, up to which a sentence is compared together with its question. Not fitted."""
MAX_NLI_PASSAGES, MIN_NLI_COSINE = 3, 0.1
"""Closest passages that the NLI model reads for a sentence, and their minimum balanced cosine. Not fitted."""
_UNKNOWN_COSINE = 0.5
"""Taken for the cosine where there is no embedder: near enough, so that the claims decide."""
_CACHE_SIZE = 4000
"""Vectors of clauses that are kept, 1.5 kB each."""


class ClauseVectors:
    """Balanced vectors of clauses and sentences, each text embedded once. Thread safe."""

    def __init__(self, embed: Embed, size: int = _CACHE_SIZE) -> None:
        self._embed, self._size = embed, size
        self._known: OrderedDict[tuple[str, str], NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def of(self, texts: Sequence[str], language: str) -> NDArray[np.float32]:
        """One row for every text."""
        with self._lock:
            rows = {text: self._known.get((text, language)) for text in texts}
        new = [text for text, row in rows.items() if row is None]
        if new:
            rows.update(zip(new, self._embed(new, language), strict=True))
        with self._lock:
            self._known.update(((text, language), row) for text, row in rows.items() if row is not None)
            while len(self._known) > self._size:
                self._known.popitem(last=False)
        return np.stack([row for row in map(rows.get, texts) if row is not None])

    def cosines(
        self, text: str, language: str, passage: str, passage_language: str, spans: Sequence[tuple[int, int]]
    ) -> list[float]:
        """The cosines of a text with pieces of a passage."""
        rows = self.of([passage[start:end].strip() or " " for start, end in spans], passage_language)
        cosines: list[float] = (rows @ self.of([text], language)[0]).tolist()
        return cosines


class Verified(NamedTuple):
    """Verified sentences, and the similarity of sentence i to passage n as `likeness[i][n - 1]`."""

    sentences: list[Sentence]
    likeness: list[list[Likeness]]


class Verifier:
    """Compares sentences with passages by embeddings, and by an NLI model where one is set. Thread safe."""

    def __init__(self, retriever: Retriever, entailment: EntailmentModel | None = None) -> None:
        self._retriever, self._entailment = retriever, entailment
        self._facts, self._vectors = FactsCache(), ClauseVectors(retriever.centred)

    def check(self, found: Sequence[Sentence], hits: Sequence[Hit], asked: QuestionText) -> Verified:
        """Verify the sentences of an answer against the passages."""
        said = [one.text if _stands_alone(one.text) else f"{asked.text} {one.text}" for one in found]
        near = self._retriever.likeness(said, asked.language, hits)
        judged = self._judged(said, found, hits, near)
        meant = [
            [Meant(like, judged.get((i, n))) for n, like in enumerate(row, 1)] for i, row in enumerate(near)
        ]
        return Verified(check(found, hits, meant, asked, self._facts, self._vectors.cosines), near)

    def _judged(
        self,
        said: Sequence[str],
        found: Sequence[Sentence],
        hits: Sequence[Hit],
        near: Sequence[Sequence[Likeness]],
    ) -> dict[tuple[int, int], Judgement]:
        """NLI judgements by (sentence from 0, passage from 1), for the closest and the cited passages."""
        if self._entailment is None:
            return {}
        read = [
            (i, n)
            for i, (one, row) in enumerate(zip(found, near, strict=True))
            for n in {*_nearest(row), *one.citations}
        ]
        judgements = self._entailment.judge([(hits[n - 1].titled, said[i]) for i, n in read])
        return dict(zip(read, judgements, strict=True))


def check_given(
    sentence: Sentence, hits: Sequence[Hit], asked: QuestionText, vectors: ClauseVectors | None
) -> Sentence:
    """A sentence checked against given passages; by figures, dates and names alone without vectors."""
    text = (
        sentence.text if _stands_alone(sentence.text) or not asked.text else f"{asked.text} {sentence.text}"
    )
    meant = [Meant(Likeness(_cosine(text, asked.language, hit, vectors), "")) for hit in hits]
    cosines = vectors.cosines if vectors else None
    return check([sentence], hits, [meant], asked, cosines=cosines)[0]


def _cosine(text: str, language: str, hit: Hit, vectors: ClauseVectors | None) -> float:
    """The cosine of a text with the nearest sentence of a passage, or with all of it."""
    if vectors is None:
        return _UNKNOWN_COSINE
    passage = hit.passage.text
    spans = [*sentences(passage, hit.language), (0, len(passage))]
    return max(vectors.cosines(text, language, passage, hit.language, spans))


def _nearest(row: Sequence[Likeness]) -> list[int]:
    order = sorted(range(1, len(row) + 1), key=lambda n: -row[n - 1].near)
    return [n for n in order[:MAX_NLI_PASSAGES] if row[n - 1].near >= MIN_NLI_COSINE]


def _stands_alone(sentence: str) -> bool:
    """Whether a sentence can be understood alone; "In Moscow." cannot."""
    return count_words(sentence) > MAX_FRAGMENT_WORDS
