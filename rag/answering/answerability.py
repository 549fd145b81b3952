"""Answerability: how likely each passage, and each of its sentences, answers a question."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from rag.answering.answer_scorer import AnswerScore, AnswerScorer
from rag.answering.context import Stretch, Weighed
from rag.text.sentences import sentence_spans
from rag.types import Hit

LOGIT_WEIGHT = 0.1
"""Weight of the answer scorer's logit in a hit's ranking score. Fitted on 80 questions about the sample
library and the scraped articles: the right passage is first for 60 of them, for 53 without."""


class Answerability:
    """Ranks passages and scores their sentences; without a scorer, which fits the bundled embedder only,
    neither."""

    def __init__(self, scorer: AnswerScorer | None) -> None:
        self._scorer = scorer

    def weighed(self, questions: Sequence[str], language: str, hits: Sequence[Hit]) -> list[Weighed]:
        """The hits ranked by retrieval score and answerability, best first, with a score for each sentence.

        `questions` are forms of one question; the best form counts. A sentence's score is its hit's score
        plus the weighted logit of its best token.
        """
        if self._scorer is None or not hits:
            return [Weighed(hit, (Stretch(0, len(hit.passage.text), hit.score),)) for hit in hits]
        read = [_read(hit) for hit in hits]
        found = [self._scorer.find(question, language, read) for question in dict.fromkeys(questions)]
        return sorted(map(_weighed, hits, zip(*found, strict=True)), key=lambda one: -one.hit.score)


def _weighed(hit: Hit, found: Sequence[AnswerScore]) -> Weighed:
    better = replace(hit, score=hit.score + LOGIT_WEIGHT * max(_logit(one.chance) for one in found))
    text, before = hit.passage.text, len(hit.titled) - len(hit.passage.text)

    def stretch(start: int, end: int) -> Stretch:
        best = max(found, key=lambda one: one.within(start + before, end + before))
        worth = better.score + LOGIT_WEIGHT * best.within(start + before, end + before)
        strong = best.run(start + before, end + before)
        return Stretch(start, end, worth, strong and (strong[0] - before, strong[1] - before))

    spans = sentence_spans(text, hit.article.language) or ((0, len(text)),)
    return Weighed(better, tuple(stretch(start, end) for start, end in spans))


def _read(hit: Hit) -> tuple[str, str]:
    return hit.titled, hit.article.language


def _logit(chance: float) -> float:
    kept = min(max(chance, 1e-9), 1 - 1e-9)
    return math.log(kept / (1 - kept))
