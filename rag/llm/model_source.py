"""The source of a GGUF file, recorded in a JSON file beside it."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel


class ModelSource(BaseModel, frozen=True):
    """Repository and commit of a hub, SHA-256 of the (first) file, and the licence that the hub states."""

    repository: str
    revision: str
    sha256: str
    licence: str = ""


def source_path(model: Path) -> Path:
    """Return the path of a model's source file."""
    return model.with_name(f"{model.name}.source.json")


def read_source(model: Path) -> ModelSource | None:
    """Return a model's source; None where it is not recorded."""
    try:
        return ModelSource.model_validate_json(source_path(model).read_bytes())
    except (OSError, ValueError):
        return None


def write_source(model: Path, source: ModelSource) -> None:
    """Record a model's source."""
    source_path(model).write_text(source.model_dump_json(), encoding="utf-8")
