"""`python -m rag models calibrate`: fit how far a model's own certainty counts."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.answering.calibrations import Calibrations
from rag.cli.console import AsJson, Data, print_json, progress, say, settings_of
from rag.evaluation import folder_library
from rag.evaluation.calibration import calibrate, doubting, tuning_half
from rag.evaluation.question_sets import SAMPLE, read_questions
from rag.settings import DEFAULT_EMBEDDER


def calibrate_model(
    name: Annotated[str, typer.Argument(help="The model, as `models list` names it.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Fit how far a model's own certainty counts, with sample questions: some minutes.

    Until then, only how well the passages fit the question decides whether its answers are confirmed.
    """
    settings = settings_of(data).model_copy(update={"embedder": DEFAULT_EMBEDDER})
    with progress() as shown, doubting(settings) as library:
        model = library.model(name)
        folder_library.index(library, [settings.corpus], shown)
        scale, answers = calibrate(tuning_half(read_questions([SAMPLE])), library, model, shown)
    Calibrations(settings.models).store(model, scale, answers)
    if as_json:
        print_json(
            {"calibrated": name, "answers": answers, "weight": scale.weight, "intercept": scale.intercept}
        )
    else:
        say(f"Calibrated {name} on {answers} answers.")
