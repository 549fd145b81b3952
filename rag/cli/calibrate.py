"""`python -m rag models calibrate`: fit the weight of a model's log-probabilities in the confidence."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.answering.calibrations import Calibrations
from rag.cli.console import AsJson, Data, print_json, progress, say, settings_of
from rag.evaluation import folder_library
from rag.evaluation.calibration import calibrate, recording_library, tuning_half
from rag.evaluation.question_sets import SAMPLE, read_questions
from rag.settings import DEFAULT_EMBEDDER


def calibrate_model(
    name: Annotated[str, typer.Argument(help="The model, as `models list` names it.")],
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Calibrate a model on the sample questions, which takes some minutes.

    Until then, its log-probabilities do not count towards the confidence of its answers.
    """
    settings = settings_of(data).model_copy(update={"embedder": DEFAULT_EMBEDDER})
    with progress() as on_progress, recording_library(settings) as library:
        model = library.model(name)
        folder_library.index(library, [settings.corpus], on_progress)
        scale, answers = calibrate(tuning_half(read_questions([SAMPLE])), library, model, on_progress)
    Calibrations(settings.models).store(model, scale, answers)
    if as_json:
        print_json(
            {"calibrated": name, "answers": answers, "weight": scale.weight, "intercept": scale.intercept}
        )
    else:
        say(f"Calibrated {name} on {answers} answers.")
