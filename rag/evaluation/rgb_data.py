"""Read RGB's rows, and mix a row's passages at a noise rate.

Chen, Lin, Han and Sun 2024, "Benchmarking Large Language Models in Retrieval-Augmented Generation",
AAAI, arXiv 2309.01431. Details that the paper omits follow its repository, github.com/chen700564/RGB.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, Literal, get_args

from rag.errors import NothingThere, SettingsError
from rag.evaluation.json_rows import JsonRow, all_texts, read_rows

Measure = Literal["noise", "rejection", "integration", "counterfactual"]
MEASURES: tuple[Measure, ...] = get_args(Measure)

PASSAGES_PER_QUESTION = 5
"""Number of passages for each question, as in the paper."""
SEED = 2333
"""Random seed of every row: the repository's, which reproduces its mixtures."""

Parts = tuple[tuple[str, ...], ...]
"""The parts of an answer, each with its accepted spellings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RgbQuestion:
    """A question, its answer, and the passages around it.

    `positive` holds groups of passages, one for each part of the answer in `*_int` files, else one;
    `wrong` holds the same passages with altered facts, in `*_fact` files only.
    """

    id: str
    query: str
    parts: Parts
    positive: tuple[tuple[str, ...], ...]
    negative: tuple[str, ...]
    wrong: tuple[str, ...] = ()


def read_rgb(file: Path) -> list[RgbQuestion]:
    """Read one of RGB's files. Raises NothingThere, naming the line, if a row is invalid."""
    return [_question(row, n) for n, row in enumerate(read_rows(file))]


def measure_of(items: Sequence[RgbQuestion], noise: float, wanted: str | None = None) -> Measure:
    """Choose the measure: `wanted`, or that of the rows; at noise 1, rejection.

    Raises SettingsError if the rows do not support the measure.
    """
    if not 0 <= noise <= 1:
        raise SettingsError("noise_share", noise=noise)
    if wanted and wanted not in MEASURES:
        raise SettingsError("measure_unknown", measure=wanted, measures=", ".join(MEASURES))
    altered, grouped = (all(item.wrong for item in items), any(len(item.positive) > 1 for item in items))
    natural: Measure = "counterfactual" if altered else "integration" if grouped else "noise"
    measure = next((one for one in MEASURES if one == wanted), "rejection" if noise == 1 else natural)
    if (measure == "counterfactual" and not altered) or (measure == "noise" and grouped):
        raise SettingsError("measure_unfit", measure=measure, natural=natural)
    if (measure == "rejection") != (noise == 1):
        raise SettingsError("rejection_noise")
    return measure


def mixed(item: RgbQuestion, measure: Measure, noise: float) -> list[str]:
    """Choose a row's passages, at most PASSAGES, in an order that is random but reproducible."""
    rng = random.Random(SEED)
    negatives = math.ceil(PASSAGES_PER_QUESTION * noise)
    match measure:
        case "integration":
            passages = _integration(item, PASSAGES_PER_QUESTION - negatives, rng)
        case "counterfactual":
            chosen = rng.sample(
                range(len(item.wrong)), min(len(item.wrong), PASSAGES_PER_QUESTION - negatives)
            )
            passages = [*(item.wrong[i] for i in chosen), *item.negative[:negatives]]
        case "rejection":
            passages = list(item.negative[:PASSAGES_PER_QUESTION])
        case "noise":
            passages = _noise(item, negatives)
    rng.shuffle(passages)
    return passages


def _noise(item: RgbQuestion, negatives: int) -> list[str]:
    """Mix positive and negative passages; if one kind is short, more of the other are taken."""
    positives = list(chain.from_iterable(item.positive))
    if negatives > len(item.negative):
        negatives = len(item.negative)
    elif PASSAGES_PER_QUESTION - negatives > len(positives):
        negatives = PASSAGES_PER_QUESTION - len(positives)
    return [*positives[: PASSAGES_PER_QUESTION - negatives], *item.negative[:negatives]]


def _integration(item: RgbQuestion, positives: int, rng: random.Random) -> list[str]:
    """Take passages from the groups in turn, at least one of each, and fill up with negatives."""
    groups = [list(group) for group in item.positive]
    for group in groups:
        rng.shuffle(group)
    rounds = [[text for text in one if text is not None] for one in zip_longest(*groups)]
    passages = list(chain.from_iterable(rounds))[: max(positives, len(groups))]
    return [*passages, *item.negative[: max(0, PASSAGES_PER_QUESTION - len(passages))]]


def _question(row: JsonRow, number: int) -> RgbQuestion:
    return RgbQuestion(
        id=str(row.values.get("id", number)),
        query=row.text("query"),
        parts=_parts(row),
        positive=_groups(row),
        negative=_passages(row, row.values.get("negative")),
        wrong=_passages(row, row.values.get("positive_wrong") or []),
    )


def _parts(row: JsonRow) -> Parts:
    """Read the answer: a text is one part; a list holds parts, and a list within it spellings of one."""
    value = row.values.get("answer")
    parts = value if isinstance(value, list) else [value]
    spelled = tuple(tuple(part) if isinstance(part, list) else (part,) for part in parts)
    if not spelled or not all(spelled) or not all_texts(chain.from_iterable(spelled)):
        raise NothingThere("answer_field", where=row.where)
    return spelled


def _groups(row: JsonRow) -> tuple[tuple[str, ...], ...]:
    value = row.values.get("positive")
    if isinstance(value, list) and value and all(isinstance(group, list) and group for group in value):
        return tuple(_passages(row, group) for group in value)
    return (_passages(row, value),)


def _passages(row: JsonRow, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all_texts(value):
        raise NothingThere("passages_fields", where=row.where)
    return tuple(value)
