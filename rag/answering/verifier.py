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
from rag.text.sentences import sentence_spans
from rag.types import Hit, Sentence
from rag.verification.claims import Judgement, Likeness
from rag.verification.facts import FactsCache
from rag.verification.support import QuestionText, SemanticMatch, check

Embed = Callable[[Sequence[str], str], NDArray[np.float32]]
"""Embeds texts of a language: mean-centred vectors of length 1, shape (texts, dimensions)."""

MAX_FRAGMENT_WORDS = 5
"""Maximum words (in Chinese: characters) of a sentence that is compared together with its question. Not
fitted."""
MAX_NLI_PASSAGES, MIN_NLI_COSINE = 3, 0.1
"""Closest passages that the NLI model reads for a sentence, and their minimum mean-centred cosine. Not
fitted."""
_UNKNOWN_COSINE = 0.5
"""Cosine assumed without an embedder: high enough that figures, dates and names decide. Not fitted."""
_CACHE_SIZE = 4000
"""Vectors of clauses that are kept, 1.5 kB each."""


class ClauseVectors:
    """Caches the mean-centred vectors of clauses and sentences. Thread safe."""

    def __init__(self, embed: Embed, size: int = _CACHE_SIZE) -> None:
        self._embed, self._size = embed, size
        self._known: OrderedDict[tuple[str, str], NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def of(self, texts: Sequence[str], language: str) -> NDArray[np.float32]:
        """Return the vectors of texts, shape (texts, dimensions)."""
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
        """Return the cosines of a text with the passage's spans."""
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

    def check(self, sentences: Sequence[Sentence], hits: Sequence[Hit], question: QuestionText) -> Verified:
        """Verify the sentences of an answer against the passages."""
        texts = [_comparable(sentence, question) for sentence in sentences]
        likeness = self._retriever.likeness(texts, question.language, hits)
        judgements = self._judge(texts, sentences, hits, likeness)
        meant = [
            [SemanticMatch(like, judgements.get((i, n))) for n, like in enumerate(row, 1)]
            for i, row in enumerate(likeness)
        ]
        checked = check(sentences, hits, meant, question, self._facts, self._vectors.cosines)
        return Verified(checked, likeness)

    def _judge(
        self,
        texts: Sequence[str],
        sentences: Sequence[Sentence],
        hits: Sequence[Hit],
        likeness: Sequence[Sequence[Likeness]],
    ) -> dict[tuple[int, int], Judgement]:
        """Judge the closest and the cited passages by NLI; keys are (sentence from 0, passage from 1)."""
        if self._entailment is None:
            return {}
        pairs = [
            (i, n)
            for i, (sentence, row) in enumerate(zip(sentences, likeness, strict=True))
            for n in {*_closest(row), *sentence.citations}
        ]
        judgements = self._entailment.judge([(hits[n - 1].titled, texts[i]) for i, n in pairs])
        return dict(zip(pairs, judgements, strict=True))


def check_against(
    sentence: Sentence, hits: Sequence[Hit], question: QuestionText, vectors: ClauseVectors | None
) -> Sentence:
    """Check a sentence against given passages; without vectors, by figures, dates and names alone."""
    text = _comparable(sentence, question)
    meant = [SemanticMatch(Likeness(_cosine(text, question.language, hit, vectors), "")) for hit in hits]
    cosines = vectors.cosines if vectors else None
    return check([sentence], hits, [meant], question, cosines=cosines)[0]


def _cosine(text: str, language: str, hit: Hit, vectors: ClauseVectors | None) -> float:
    """Return the best cosine of a text with a sentence of a passage, or with the whole passage."""
    if vectors is None:
        return _UNKNOWN_COSINE
    passage = hit.passage.text
    spans = [*sentence_spans(passage, hit.language), (0, len(passage))]
    return max(vectors.cosines(text, language, passage, hit.language, spans))


def _closest(row: Sequence[Likeness]) -> list[int]:
    """Return the numbers of the passages that the NLI model reads."""
    order = sorted(range(1, len(row) + 1), key=lambda n: -row[n - 1].cosine)
    return [n for n in order[:MAX_NLI_PASSAGES] if row[n - 1].cosine >= MIN_NLI_COSINE]


def _comparable(sentence: Sentence, question: QuestionText) -> str:
    """Return the sentence's text, after its question where it is a fragment ("In Moscow.")."""
    fragment = count_words(sentence.text) <= MAX_FRAGMENT_WORDS
    return f"{question.text} {sentence.text}" if fragment and question.text else sentence.text
