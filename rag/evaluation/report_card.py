"""A language model's report card: answers to question sets over a library, through the whole pipeline."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median
from typing import TypedDict

import numpy as np

from rag.errors import GenerationError
from rag.evaluation.dataset_index import IndexFacts
from rag.evaluation.examined_library import ExaminedLibrary
from rag.evaluation.judgement import accepted, unmarked
from rag.evaluation.question_sets import EvalQuestion
from rag.evaluation.replies import Reply, reply
from rag.llm.generator import Model
from rag.locales.message import Message, verbatim
from rag.progress import OnProgress, Progress, ignore
from rag.text.language import is_in_language
from rag.types import Answer

TARGETS = {"right": 0.85, "cited_rightly": 0.95, "refused_rightly": 0.90, "wrongly_refused": 0.05}
"""Targets of the default model: minimums, for `wrongly_refused` a maximum. Goals, not measurements."""


class ModelFacts(TypedDict):
    """Facts about a model; `size` in bytes on disk."""

    name: str
    runtime: str
    parameters: str
    quantisation: str
    size: int


class QuestionOutcome(TypedDict):
    """The result for a question.

    `answer` is the final text, `written` the model's text before verification. `right`: an accepted answer,
    or a refusal if the articles contain none. `cited` tells for each citation whether its article contains
    the answer. `in_language` is null for a refusal. Times are in milliseconds; if the model wrote no text,
    only `answer_ms` is set. `error` is the error message if answering failed.
    """

    id: str
    question: str
    language: str
    kind: str
    answerable: bool
    answer: str
    written: str
    found: bool
    right: bool
    cited: list[bool]
    cited_rightly: bool
    in_language: bool | None
    retrieve_ms: float
    first_word_ms: float | None
    answer_ms: float
    tokens_per_second: float | None
    prompt_tokens: int | None
    error: str


class CardScores(TypedDict):
    """Shares (0 to 1, four digits) and medians over outcomes; null if the denominator is 0.

    Of questions with an answer: `right`, `wrongly_refused`. Of those that were answered:
    `cited_rightly` (cited, and every citation in an article that holds the answer) and
    `citation_precision` (over all citations). Of questions without an answer: `refused_rightly`. Of all
    answers: `in_language`, in the question's language. Times (milliseconds) and tokens are over the
    questions that the model wrote an answer to.
    """

    questions: int
    right: float | None
    cited_rightly: float | None
    citation_precision: float | None
    refused_rightly: float | None
    wrongly_refused: float | None
    in_language: float | None
    first_word_ms: float | None
    first_word_p90_ms: float | None
    answer_ms: float | None
    tokens_per_second: float | None
    prompt_tokens: float | None


class CardReport(TypedDict):
    """The JSON of `eval card`; `peak_memory_mb` is that of this process, including the library."""

    model: ModelFacts
    index: IndexFacts
    overall: CardScores
    by_language: dict[str, CardScores]
    by_kind: dict[str, CardScores]
    peak_memory_mb: float | None
    failed: int
    questions: list[QuestionOutcome]


def evaluate_card(
    questions: Sequence[EvalQuestion],
    library: ExaminedLibrary,
    model: Model,
    index: IndexFacts,
    on_progress: OnProgress = ignore,
) -> CardReport:
    """Ask every question, each in its own conversation. Raises GenerationError if all fail."""
    library.tokens("?", model.name)  # loads the model, so that the first question does not wait for it
    outcomes = []
    for done, question in enumerate(questions, 1):
        events = library.ask(question.text, question.history, model.name)
        outcomes.append(_outcome(question, reply(events, library, model)))
        on_progress(Progress(Message.of("asking_questions"), done, len(questions)))
    if all(outcome["error"] for outcome in outcomes):
        raise GenerationError(verbatim(outcomes[0]["error"]))
    return {
        "model": model_facts(model),
        "index": index,
        "overall": scores(outcomes),
        "by_language": _grouped(outcomes, lambda outcome: outcome["language"]),
        "by_kind": _grouped(outcomes, lambda outcome: outcome["kind"]),
        "peak_memory_mb": peak_memory(),
        "failed": sum(bool(outcome["error"]) for outcome in outcomes),
        "questions": outcomes,
    }


def model_facts(model: Model) -> ModelFacts:
    """Collect the facts about a model for a report."""
    return {
        "name": model.name,
        "runtime": model.runtime,
        "parameters": model.parameters,
        "quantisation": model.quantisation,
        "size": model.size,
    }


def scores(outcomes: Sequence[QuestionOutcome]) -> CardScores:
    """Compute shares and medians."""
    asked = [one for one in outcomes if one["answerable"]]
    answered = [one for one in asked if one["found"] and not one["error"]]
    first = list(_values(one["first_word_ms"] for one in outcomes))
    return {
        "questions": len(outcomes),
        "right": share(one["right"] for one in asked),
        "cited_rightly": share(one["cited_rightly"] for one in answered),
        "citation_precision": share(cited for one in answered for cited in one["cited"]),
        "refused_rightly": share(one["right"] for one in outcomes if not one["answerable"]),
        "wrongly_refused": share(not one["found"] and not one["error"] for one in asked),
        "in_language": share(one["in_language"] for one in outcomes if one["in_language"] is not None),
        "first_word_ms": median_of(first),
        "first_word_p90_ms": round(float(np.percentile(first, 90)), 1) if first else None,
        "answer_ms": median_of(one["answer_ms"] for one in outcomes if one["first_word_ms"] is not None),
        "tokens_per_second": median_of(one["tokens_per_second"] for one in outcomes),
        "prompt_tokens": median_of(one["prompt_tokens"] for one in outcomes),
    }


def share(values: Iterable[bool | None]) -> float | None:
    """Compute the share of true values, ignoring None; None if there are none."""
    counted = [bool(value) for value in values]
    return round(sum(counted) / len(counted), 4) if counted else None


def median_of(values: Iterable[float | None]) -> float | None:
    """Compute the median, ignoring None; None if there are no values."""
    known = list(_values(values))
    return round(float(median(known)), 1) if known else None


def peak_memory() -> float | None:
    """Return this process's peak memory in MB (1,000,000 bytes); None on Windows."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak * (1 if sys.platform == "darwin" else 1024) / 1e6, 1)


def _values(values: Iterable[float | None]) -> Iterator[float]:
    return (value for value in values if value is not None)


def _grouped(
    outcomes: Sequence[QuestionOutcome], key: Callable[[QuestionOutcome], str]
) -> dict[str, CardScores]:
    names = dict.fromkeys(map(key, outcomes))
    return {name: scores([outcome for outcome in outcomes if key(outcome) == name]) for name in names}


def _outcome(question: EvalQuestion, result: Reply) -> QuestionOutcome:
    answer = result.answer
    text = unmarked(answer.text)
    completed = answer.found and not result.error
    right = accepted(text, question.accept) and completed if question.answerable else not answer.found
    cited = _cited(question, answer) if completed else []
    return {
        "id": question.id,
        "question": question.text,
        "language": question.language,
        "kind": question.kind,
        "answerable": question.answerable,
        "answer": answer.text,
        "written": result.written,
        "found": answer.found,
        "right": right,
        "cited": cited,
        "cited_rightly": bool(cited) and all(cited),
        "in_language": is_in_language(text, question.language) if completed else None,
        "retrieve_ms": round(answer.timings.retrieve_ms, 1),
        "first_word_ms": rounded(answer.timings.first_token_ms),
        "answer_ms": round(answer.timings.total_ms, 1),
        "tokens_per_second": rounded(result.tokens_per_second),
        "prompt_tokens": answer.prompt_tokens,
        "error": result.error,
    }


def rounded(value: float | None) -> float | None:
    """Round to one decimal."""
    return None if value is None else round(value, 1)


def _cited(question: EvalQuestion, answer: Answer) -> list[bool]:
    """Tell for each citation of each sentence whether its article holds the answer."""
    return [
        question.holds(answer.hits[n - 1].article.source)
        for sentence in answer.sentences
        for n in sentence.citations
    ]
