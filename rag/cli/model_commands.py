"""`python -m rag models`: list, download, remove and calibrate language models."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from rag.answering.calibrations import Calibrations
from rag.cli.calibrate import calibrate_model
from rag.cli.console import AsJson, Data, errors, print_json, progress, say, settings_of
from rag.library import inventory_of
from rag.llm.configured import models_of
from rag.llm.generator import Model
from rag.service import json_output

models_app = typer.Typer(
    help="Language models: list, pull, remove, calibrate.",
    rich_markup_mode=None,
    invoke_without_command=True,
)
models_app.command("calibrate")(calibrate_model)


@models_app.callback()
def _models(context: typer.Context, data: Data = None, as_json: AsJson = False) -> None:
    if context.invoked_subcommand is None:
        _list(data, as_json)


@models_app.command("list")
def _list(data: Data = None, as_json: AsJson = False) -> None:
    """List the available models."""
    settings = settings_of(data)
    inventory, known = inventory_of(settings), Calibrations(settings.models)
    models = inventory.installed()
    for trouble in inventory.troubles():
        errors.print(str(trouble))
    if as_json:
        print_json([json_output.model(model, known.scale_of(model) is not None) for model in models])
        return
    for model in models:
        say("  ".join(filter(None, _columns(model))))


def _columns(model: Model) -> Sequence[str]:
    """Return the columns of a model in the list."""
    return (
        model.name,
        f"{model.size / 1e9:.2f} GB" if model.size else "",
        model.quantisation,
        f"{model.context:,} tokens" if model.context else "",
        f"{model.runtime} at {model.server}" if model.server else model.runtime,
        "(your text is sent there)" if model.remote else "",
    )


@models_app.command("pull")
def _pull(name: str, data: Data = None, as_json: AsJson = False) -> None:
    """Download a model: from the catalogue, from the Hugging Face hub (hf:OWNER/REPO:QUANT), or by Ollama."""
    with progress() as on_progress:
        inventory_of(settings_of(data)).fetch(name, on_progress)
    _confirm(as_json, pulled=name)


@models_app.command("remove")
def _remove(name: str, data: Data = None, as_json: AsJson = False) -> None:
    """Delete a model from this machine."""
    models_of(settings_of(data)).remove(name)
    _confirm(as_json, removed=name)


def _confirm(as_json: bool, **what: str) -> None:
    if as_json:
        print_json(what)
    else:
        say(", ".join(f"{verb} {name}" for verb, name in what.items()))
