"""Whether a cited passage in another language has a value that fits the question about as well. Pure.

Across languages the words of question and clause cannot be compared, so that in a list of dates each one
seems right. There the answer scorer must prefer the answer's value clearly.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.answering.answer_marks import AskedValue, asked_values, logit_of
from rag.answering.answer_state import AnswerState
from rag.answering.context import RankedHit
from rag.answering.lead import supported_text
from rag.types import Sentence
from rag.verification.analysed_text import AnalysedText
from rag.verification.facts import extract
from rag.verification.figures.quantities import Figure
from rag.verification.support import QuestionText

MIN_MARGIN = 1.0
"""Least logit by which the answer's value exceeds the passage's others. Of 16 questions across languages
whose passage has several values of the type asked for, the right one has less for 4 (docs/benchmarks.md)."""


def is_contested(state: AnswerState, sentences: Sequence[Sentence]) -> bool:
    """Tell whether every cited passage with the answer's value is foreign, and another value fits as well."""
    question = QuestionText(state.query.for_verification, state.language)
    said = extract(supported_text(sentences), state.answer_language)
    cited = {n for sentence in sentences for n in sentence.citations}
    margins = []
    for n in sorted(cited):
        hit = state.hits[n - 1]
        scored = next((one for one in state.ranked if one.hit == hit), None)
        if scored and (margin := _margin(scored, said, question)) is not None:
            margins.append(margin if hit.language != state.language else MIN_MARGIN)
    return bool(margins) and max(margins) < MIN_MARGIN


def _margin(scored: RankedHit, said: AnalysedText, question: QuestionText) -> float | None:
    """Return by how much the passage's best value that is said exceeds its others; None without both."""
    passage = extract(scored.hit.passage.text, scored.hit.language)
    tokens = [token for sentence in scored.sentences for token in sentence.tokens]
    own, others = list[float](), list[float]()
    for value in asked_values(passage, question):
        (own if _is_said(value, said.figures) else others).append(logit_of(value.span, tokens))
    return max(own) - max(others) if own and others else None


def _is_said(value: AskedValue, figures: Sequence[Figure]) -> bool:
    """Tell whether a text has a value: some part of it, and no other value of a part's kind."""
    pairs = [(part, [one for one in figures if one.kind == part.kind]) for part in value.figures]
    compared = [any(part.values & one.values for one in same) for part, same in pairs if same]
    return bool(compared) and all(compared)
