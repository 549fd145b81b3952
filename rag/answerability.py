"""Do passages answer a question, and with this answer? Evidence from outside the language model.

Small models answer whatever they are asked. Two things tell on them, best together: whether the passage
has, where the question's words stand, such a thing as is asked for (rag.evidence), and how sure the engine
was of its least sure tokens (as in Manakul, Liusie and Gales 2023, SelfCheckGPT, arXiv 2303.08896).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from rag.documents import Hit
from rag.evidence import Evidence

_WORTH = 0.1
"""What a step of the evidence's logit is worth beside a hit's score: right passages first for 60 of 80
questions about the sample library and the scraped articles, instead of 53."""
_LEAST = 3  # tokens of an answer that the engine was least sure of
_SHARE = 0.2  # of the evidence's logit beside the mean of their logarithms
_DOUBTED = -2.0
"""Where both together are below, an answer is doubted: 2 of 45 right answers to questions about the sample
library and the scraped articles, and 34 of 42 answers to questions that these do not answer."""


class Answerability:
    """Weighs passages and answers; without `evidence`, which only the bundled embedder gives, it does not."""

    def __init__(self, evidence: Evidence | None) -> None:
        self._evidence = evidence

    def ordered(self, question: str, language: str, hits: Sequence[Hit]) -> list[Hit]:
        """The hits by their scores and by how likely each answers the question, best first."""
        if self._evidence is None or not hits:
            return list(hits)
        chances = self._evidence.score(question, language, [_read(hit) for hit in hits])
        weighed = [
            replace(hit, score=hit.score + _WORTH * _logit(chance))
            for hit, chance in zip(hits, chances, strict=True)
        ]
        return sorted(weighed, key=lambda hit: -hit.score)

    def doubted(
        self, question: str, language: str, hits: Sequence[Hit], answer: str, chances: Sequence[float]
    ) -> bool:
        """Whether the hits do not answer the question with this answer.

        `chances` are logarithms of how likely the engine found each token; without them nothing is doubted.
        """
        if self._evidence is None or not chances:
            return False
        found = self._evidence.score(question, language, [_read(hit) for hit in hits], answer)
        unsure = sorted(chances)[:_LEAST]
        return sum(unsure) / len(unsure) + _SHARE * _logit(max(found, default=0.0)) < _DOUBTED


def _read(hit: Hit) -> tuple[str, str]:
    return f"{hit.article.title}\n{hit.passage.text}".strip(), hit.article.language


def _logit(chance: float) -> float:
    kept = min(max(chance, 1e-9), 1 - 1e-9)
    return math.log(kept / (1 - kept))
