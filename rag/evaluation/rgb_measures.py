"""Compute RGB's four measures: noise robustness, rejection, integration, counterfactual robustness."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypedDict

from rag.errors import GenerationError
from rag.evaluation.examined_library import ExaminedLibrary
from rag.evaluation.judgement import unmarked
from rag.evaluation.replies import reply
from rag.evaluation.report_card import ModelFacts, median_of, model_facts, rounded, share
from rag.evaluation.rgb_data import PASSAGES_PER_QUESTION, SEED, Measure, Parts, RgbQuestion, mixed
from rag.llm.generator import Model
from rag.locales.message import Message, verbatim
from rag.progress import OnProgress, Progress, ignore
from rag.types import Answer

_ERRORS_NAMED = re.compile(r"事实性错误|factual errors?")
"""Phrases by which the paper's scripts detect that an answer names errors of the passages."""
_DISAGREEMENT = re.compile(r"disagree|differ|contradict", re.IGNORECASE)
"""Words by which a warning beside an answer shows that the passages disagree."""


class RgbData(TypedDict):
    """The data: rows, of which those without a passage are `left_out`, and how passages were mixed."""

    file: str
    measure: Measure
    noise: float
    rows: int
    left_out: int
    passages: int
    prompt_tokens: int | None
    seed: int


class RgbOutcome(TypedDict):
    """The result for a row.

    `written` is the model's text before verification. `right`: the answer contains all parts verbatim.
    `detected`: it says that the passages are wrong. `given` are the passages, of which `read` fitted into the
    token budget. Times are in milliseconds.
    """

    id: str
    question: str
    expected: Parts
    answer: str
    written: str
    found: bool
    right: bool
    detected: bool
    given: list[str]
    read: int
    first_word_ms: float | None
    answer_ms: float
    prompt_tokens: int | None
    error: str


RgbFigures = dict[str, float | None]
"""Shares (0 to 1, four digits) by the paper's names; None if the denominator is 0."""


class AnswersReport(TypedDict):
    """The JSON of `eval answers`.

    `figures`, by measure: noise and integration give `accuracy`; rejection gives `rejection_rate`, the
    share of refusals; counterfactual gives `accuracy`, `error_detection_rate`, and
    `error_correction_rate`, the share of detected rows with a right answer. `medians` (milliseconds,
    tokens) are over the rows that the model wrote an answer to.
    """

    model: ModelFacts
    data: RgbData
    figures: RgbFigures
    medians: dict[str, float | None]
    failed: int
    answers: list[RgbOutcome]


def evaluate_answers(
    items: Sequence[RgbQuestion],
    file: str,
    measure: Measure,
    noise: float,
    library: ExaminedLibrary,
    model: Model,
    on_progress: OnProgress = ignore,
) -> AnswersReport:
    """Answer every row from its passages. Raises GenerationError if all rows fail."""
    library.tokens("?", model.name)  # loads the model
    given = [(item, passages) for item in items if (passages := mixed(item, measure, noise))]
    outcomes = []
    for done, (item, passages) in enumerate(given, 1):
        outcomes.append(_ask(item, passages, library, model))
        on_progress(Progress(Message.of("asking_questions"), done, len(given)))
    if all(outcome["error"] for outcome in outcomes):
        first = verbatim(outcomes[0]["error"]) if outcomes else Message.of("no_passages_given", path=file)
        raise GenerationError(first)
    return {
        "model": model_facts(model),
        "data": {
            "file": file,
            "measure": measure,
            "noise": noise,
            "rows": len(items),
            "left_out": len(items) - len(given),
            "passages": PASSAGES_PER_QUESTION,
            "prompt_tokens": library.settings.prompt_tokens,
            "seed": SEED,
        },
        "figures": _FIGURES[measure](outcomes),
        "medians": _medians(outcomes),
        "failed": sum(bool(outcome["error"]) for outcome in outcomes),
        "answers": outcomes,
    }


def contains(answer: str, parts: Parts, *, spaces: bool = True) -> bool:
    """Tell whether the answer contains a spelling of every part, ignoring case.

    With `spaces` False, spaces in the answer are ignored, as in the paper's script for Chinese.
    """
    text = (answer if spaces else answer.replace(" ", "")).lower()
    return all(any(spelling.lower() in text for spelling in part) for part in parts)


def _ask(item: RgbQuestion, passages: list[str], library: ExaminedLibrary, model: Model) -> RgbOutcome:
    result = reply(library.ask_from(item.query, passages, model.name), library, model)
    answer = result.answer
    text = unmarked(answer.text)
    completed = answer.found and not result.error
    return {
        "id": item.id,
        "question": item.query,
        "expected": item.parts,
        "answer": answer.text,
        "written": result.written,
        "found": answer.found,
        "right": completed and contains(text, item.parts, spaces=answer.language != "zh"),
        "detected": completed and _detected(answer),
        "given": passages,
        "read": len(answer.hits),
        "first_word_ms": rounded(answer.timings.first_token_ms),
        "answer_ms": round(answer.timings.total_ms, 1),
        "prompt_tokens": answer.prompt_tokens,
        "error": result.error,
    }


def _detected(answer: Answer) -> bool:
    text = " ".join([answer.text, *(sentence.text for sentence in answer.sentences)])
    named = _ERRORS_NAMED.search(text.lower())
    return bool(named) or any(_DISAGREEMENT.search(str(warning)) for warning in answer.warnings)


def _medians(outcomes: Sequence[RgbOutcome]) -> dict[str, float | None]:
    written = [one for one in outcomes if one["first_word_ms"] is not None]
    return {
        "first_word_ms": median_of(one["first_word_ms"] for one in written),
        "answer_ms": median_of(one["answer_ms"] for one in written),
        "prompt_tokens": median_of(one["prompt_tokens"] for one in written),
    }


def _accuracy(outcomes: Sequence[RgbOutcome]) -> RgbFigures:
    return {"accuracy": share(one["right"] for one in outcomes)}


def _rejection(outcomes: Sequence[RgbOutcome]) -> RgbFigures:
    return {"rejection_rate": share(not one["found"] for one in outcomes)}


def _counterfactual(outcomes: Sequence[RgbOutcome]) -> RgbFigures:
    return {
        **_accuracy(outcomes),
        "error_detection_rate": share(one["detected"] for one in outcomes),
        "error_correction_rate": share(one["right"] for one in outcomes if one["detected"]),
    }


_FIGURES: Mapping[Measure, Callable[[Sequence[RgbOutcome]], RgbFigures]] = {
    "noise": _accuracy,
    "rejection": _rejection,
    "integration": _accuracy,
    "counterfactual": _counterfactual,
}
