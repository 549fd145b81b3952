"""`python -m rag setup`, `verify` and `repair`."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.console import AsJson, Data, print_json, progress, say, settings_of
from rag.downloads.download import ensure_models
from rag.service.repair import repair, verify
from rag.service.setup import setup as set_up


def setup(
    data: Data = None,
    models_only: Annotated[
        bool, typer.Option("--models-only", help="Do not index the sample library.")
    ] = False,
) -> None:
    """Download the default models and index the sample library."""
    settings = settings_of(data)
    with progress() as on_progress:
        if models_only:
            ensure_models(settings, on_progress)
            return
        report = set_up(settings, on_progress)
    say(f"Ready. Sample library: {report.added} added, {report.unchanged} unchanged.")


def verify_library(data: Data = None, as_json: AsJson = False) -> None:
    """Check that the database and the vectors are consistent."""
    faults = [str(fault) for fault in verify(settings_of(data))]
    if as_json:
        print_json({"ok": not faults, "faults": faults})
    else:
        say("\n".join(faults) or "Nothing is wrong.")
    if faults:
        raise SystemExit(1)


def repair_library(data: Data = None, as_json: AsJson = False) -> None:
    """Repair what `verify` finds."""
    faults = [str(fault) for fault in repair(settings_of(data))]
    if as_json:
        print_json({"mended": faults})
    else:
        say("\n".join(["Mended:", *faults]) if faults else "Nothing is wrong.")
