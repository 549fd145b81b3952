"""Answerability: how likely each passage, and each of its sentences, answers a question."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from rag.answering.answer_scorer import AnswerScore, AnswerScorer
from rag.answering.context import RankedHit, ScoredSentence, ScoredToken
from rag.text.sentences import sentence_spans
from rag.types import Hit

LOGIT_WEIGHT = 0.1
"""Weight of the answer scorer's logit in a hit's ranking score. Fitted on 80 questions about the sample
library and the scraped articles: the right passage is first for 60 of them, for 53 without."""


class Answerability:
    """Ranks passages and scores their sentences by an answer scorer.

    Without one (it fits the bundled embedder only), hits keep their order and count as a single sentence.
    """

    def __init__(self, scorer: AnswerScorer | None) -> None:
        self._scorer = scorer

    def rank(self, questions: Sequence[str], language: str, hits: Sequence[Hit]) -> list[RankedHit]:
        """Rank hits by retrieval score and answerability, best first, with a score for each sentence.

        `questions` are forms of one question; the best form counts. A sentence's score is its hit's score
        plus the weighted logit of its best token.
        """
        if self._scorer is None or not hits:
            return [RankedHit(hit, (ScoredSentence(0, len(hit.passage.text), hit.score),)) for hit in hits]
        passages = [(hit.titled, hit.article.language) for hit in hits]
        scores = [self._scorer.find(question, language, passages) for question in dict.fromkeys(questions)]
        return sorted(map(_rescored, hits, zip(*scores, strict=True)), key=lambda ranked: -ranked.hit.score)


def _rescored(hit: Hit, scores: Sequence[AnswerScore]) -> RankedHit:
    """Return a hit with the score of each sentence; `scores` are those of each form of the question."""
    logit = max(_logit(score.probability) for score in scores)
    rescored = replace(hit, score=hit.score + LOGIT_WEIGHT * logit)
    text, offset = hit.passage.text, len(hit.titled) - len(hit.passage.text)

    def sentence(start: int, end: int) -> ScoredSentence:
        span = start + offset, end + offset
        best = max(scores, key=lambda score: score.max_logit(*span))
        score = rescored.score + LOGIT_WEIGHT * best.max_logit(*span)
        tokens = (ScoredToken(a - offset, b - offset, logit) for a, b, logit in best.tokens(*span))
        return ScoredSentence(start, end, score, tuple(tokens))

    spans = sentence_spans(text, hit.article.language) or ((0, len(text)),)
    return RankedHit(rescored, tuple(sentence(start, end) for start, end in spans))


def _logit(probability: float) -> float:
    clipped = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(clipped / (1 - clipped))
