"""The calibrations of language models: kept beside the models, in one JSON file."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rag.answering.confidence import PlattScale, coefficients
from rag.errors import NotPermitted
from rag.llm.generator import Model
from rag.store.atomic_write import write_atomically

FILE_NAME = "calibrations.json"


class Calibrations:
    """The scales of a folder's models, and those that Byline ships with. Thread safe."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def scale_of(self, model: Model) -> PlattScale | None:
        """Return a model's scale, None where this version of the model was not calibrated."""
        for stored in (self._read(), coefficients()["models"]):
            with suppress(KeyError, TypeError, ValueError):
                row = stored[model.name]
                if row["version"] == version(model):
                    return PlattScale(float(row["weight"]), float(row["intercept"]))
        return None

    def is_tried(self, model: Model) -> bool:
        """Tell whether the calibration of this version of a model was tried, with or without success."""
        rows = (self._read().get(model.name), coefficients()["models"].get(model.name))
        return any(isinstance(row, dict) and row.get("version") == version(model) for row in rows)

    def store_failed(self, model: Model) -> None:
        """Record that a model gave too few answers to be calibrated. Raises NotPermitted as `store` does."""
        self._write(model, {})

    def store(self, model: Model, scale: PlattScale, answers: int) -> None:
        """Store a model's scale, and the number of answers it was fitted on.

        Raises NotPermitted where the file cannot be written.
        """
        self._write(model, {**asdict(scale), "answers": answers})

    def _write(self, model: Model, row: dict[str, Any]) -> None:
        rows = {**self._read(), model.name: {**row, "version": version(model)}}
        try:
            write_atomically(self._path, (json.dumps(rows, indent=1) + "\n").encode(), mode=0o644)
        except OSError as error:
            raise NotPermitted("not_written", path=self._path, why=error.strerror) from error

    def _read(self) -> dict[str, Any]:
        """Return the stored rows by model name; none where the file is missing or damaged."""
        try:
            rows = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return rows if isinstance(rows, dict) else {}


def version(model: Model) -> str:
    """Return a value that changes with the model's file: the server's digest, or the size in bytes."""
    return model.digest or str(model.size)
