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
from rag.evidence import Evidence, Found
from rag.excerpts import Stretch, Weighed
from rag.splitting import sentences

_WORTH = 0.1
"""What a step of the evidence's logit is worth beside a hit's score: right passages first for 60 of 80
questions about the sample library and the scraped articles, instead of 53."""
_LEAST = 3  # tokens of an answer that the engine was least sure of
_SHARE = 0.2  # of the evidence's logit beside the mean of their logarithms
_DOUBTED, _DOUBTED_AGAIN, _DOUBTED_OWN = -2.0, -1.75, -1.6
"""Where both together are below, an answer is doubted; one that was asked for after another; and one from
passages in the question's own language, of which a model is surer, right or wrong: bench/ANSWERING.md."""


class Answerability:
    """Weighs passages and answers; without `evidence`, which only the bundled embedder gives, it does not."""

    def __init__(self, evidence: Evidence | None) -> None:
        self._evidence = evidence

    def weighed(self, questions: Sequence[str], language: str, hits: Sequence[Hit]) -> list[Weighed]:
        """The hits by their scores and by how likely each answers one of the questions, best first.

        These are one question, asked in several ways. A sentence is worth as much as its hit, and what its
        likeliest token adds.
        """
        if self._evidence is None or not hits:
            return [Weighed(hit, (Stretch(0, len(hit.passage.text), hit.score),)) for hit in hits]
        read = [_read(hit) for hit in hits]
        found = [self._evidence.find(question, language, read) for question in dict.fromkeys(questions)]
        return sorted(map(_weighed, hits, zip(*found, strict=True)), key=lambda one: -one.hit.score)

    def can_doubt(self, chances: Sequence[float]) -> bool:
        """Whether `doubted` has anything to go by."""
        return self._evidence is not None and bool(chances)

    def doubted(
        self,
        question: str,
        language: str,
        hits: Sequence[Hit],
        answer: str,
        chances: Sequence[float],
        *,
        again: bool = False,
        own: bool = False,
    ) -> bool:
        """Whether the hits do not answer the question with this answer, asked for once or once `again`.

        `own`: it is from hits in the question's language. `chances` are logarithms of how likely the engine
        found each token. Without them, or without evidence, nothing is doubted.
        """
        if self._evidence is None or not chances:
            return False
        found = self._evidence.score(question, language, [_read(hit) for hit in hits], answer)
        unsure = sorted(chances)[:_LEAST]
        sure = sum(unsure) / len(unsure) + _SHARE * _logit(max(found, default=0.0))
        limit = _DOUBTED_AGAIN if again else _DOUBTED
        return sure < (max(limit, _DOUBTED_OWN) if own else limit)


def _weighed(hit: Hit, found: Sequence[Found]) -> Weighed:
    better = replace(hit, score=hit.score + _WORTH * max(_logit(one.chance) for one in found))
    text, before = hit.passage.text, len(hit.titled) - len(hit.passage.text)

    def worth(start: int, end: int) -> float:
        return better.score + _WORTH * max(one.within(start + before, end + before) for one in found)

    spans = sentences(text, hit.article.language) or [(0, len(text))]
    return Weighed(better, tuple(Stretch(s, e, worth(s, e)) for s, e in spans))


def _read(hit: Hit) -> tuple[str, str]:
    return hit.titled, hit.article.language


def _logit(chance: float) -> float:
    kept = min(max(chance, 1e-9), 1 - 1e-9)
    return math.log(kept / (1 - kept))
