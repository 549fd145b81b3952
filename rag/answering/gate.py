"""The decision whether an answer is confirmed, before generation and after verification."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.answer_state import AnswerState
from rag.answering.answerability import Answerability
from rag.answering.question_entities import QuestionEntities
from rag.answering.refusals import denies, echoes
from rag.types import Hit, Sentence

MIN_COSINE, MIN_KEYWORD_SHARE = 0.2, 0.5
"""A passage is about the question from this balanced cosine, or this share of the question's words, on.
Not fitted."""
MIN_CONFIDENCE, MIN_CONFIDENCE_SAME_LANGUAGE = -2.0, -1.6
"""Answers of less confidence (rag.answering.answerability) are refused. Models are surer, right or wrong, of
passages in the question's own language. Fitted on 87 and on 182 answers: docs/benchmarks.md."""


class AnswerGate:
    """Rejects questions that the passages are not about, and answers that they do not support."""

    def __init__(self, entities: QuestionEntities, answerability: Answerability) -> None:
        self._entities, self._answerability = entities, answerability

    def is_near(self, state: AnswerState) -> bool:
        """Whether a selected passage is about the question."""
        return any(map(_is_about, state.hits))

    def knows_entities(self, state: AnswerState, found: Sequence[Hit]) -> bool:
        """Whether the articles found have each name and date of the question.

        The selected hits usually suffice; then the other articles are not read.
        """
        return not all(self._is_missing_entity(state, hits) for hits in (state.hits, found))

    def accepts(
        self, state: AnswerState, sentences: Sequence[Sentence], min_confidence: float = MIN_CONFIDENCE
    ) -> bool:
        """Whether the verified sentences answer the question with enough confidence."""
        numbers = sorted({n for sentence in sentences for n in sentence.citations})
        cited = [state.hits[n - 1] for n in numbers]
        if not cited or _says_nothing(state) or self._is_missing_entity(state, cited):
            return False
        if any(hit.language == state.language for hit in cited):
            min_confidence = max(min_confidence, MIN_CONFIDENCE_SAME_LANGUAGE)
        return self._confidence(state) >= min_confidence

    def _confidence(self, state: AnswerState) -> float:
        return self._answerability.confidence(
            state.query.for_scoring, state.language, state.hits, state.text, state.log_probs
        )

    def _is_missing_entity(self, state: AnswerState, hits: Sequence[Hit]) -> bool:
        return bool(self._entities.absent(state.query.for_entities, state.language, hits))


def _is_about(hit: Hit) -> bool:
    return hit.near >= MIN_COSINE or hit.words >= MIN_KEYWORD_SHARE


def _says_nothing(state: AnswerState) -> bool:
    """Whether the answer states that there is none, or only repeats the question."""
    question = state.query.for_verification
    return denies(state.text, state.answer_language) or echoes(state.text, question, state.answer_language)
