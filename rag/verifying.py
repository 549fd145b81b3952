"""Has every sentence of an answer checked: what the check needs of models, and the check itself."""

from __future__ import annotations

from collections.abc import Sequence

from rag.checking.claims import Judgement, Likeness
from rag.checking.support import Asked, Meant, check
from rag.documents import Hit, Sentence
from rag.entailment import Entailment
from rag.reading.language import count_words
from rag.retrieving import Retriever

_FEW = 5
"""Words (Chinese: characters) up to which a sentence is understood with its question only."""
_READ, _NEAR = 3, 0.1
"""Passages that an inference model reads for a sentence, those nearest to it; and how near they must be."""


class Verifier:
    """Compares sentences with passages by the embedder, and by an inference model where there is one."""

    def __init__(self, retriever: Retriever, entailment: Entailment | None = None) -> None:
        self._retriever, self._entailment = retriever, entailment

    def check(
        self, found: Sequence[Sentence], hits: Sequence[Hit], asked: Asked
    ) -> tuple[list[Sentence], list[list[Likeness]]]:
        """The sentences of an answer, checked, and how near each is to each passage."""
        said = [one.text if _tells(one.text) else f"{asked.text} {one.text}" for one in found]
        near = self._retriever.likeness(said, asked.language, hits)
        judged = self._judged(said, found, hits, near)
        meant = [
            [Meant(like, judged.get((i, n))) for n, like in enumerate(row, 1)] for i, row in enumerate(near)
        ]
        return check(found, hits, meant, asked), near

    def _judged(
        self,
        said: Sequence[str],
        found: Sequence[Sentence],
        hits: Sequence[Hit],
        near: Sequence[Sequence[Likeness]],
    ) -> dict[tuple[int, int], Judgement]:
        """What the inference model says of sentences, from 0, and passages, from 1: the nearest and cited."""
        if self._entailment is None:
            return {}
        read = [
            (i, n)
            for i, (one, row) in enumerate(zip(found, near, strict=True))
            for n in {*_nearest(row), *one.citations}
        ]
        judgements = self._entailment.judge([(hits[n - 1].titled, said[i]) for i, n in read])
        return dict(zip(read, judgements, strict=True))


def _nearest(row: Sequence[Likeness]) -> list[int]:
    order = sorted(range(1, len(row) + 1), key=lambda n: -row[n - 1].near)
    return [n for n in order[:_READ] if row[n - 1].near >= _NEAR]


def _tells(sentence: str) -> bool:
    """Whether a sentence means something by itself; "In Moscow." does not."""
    return count_words(sentence) > _FEW
