"""Load a model from a folder, the local cache, or the Hugging Face hub, in this order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx

from rag.errors import ModelMissing, SettingsError, first_line
from rag.locales.message import Message

M = TypeVar("M")

_PROBE_TIMEOUT_S = 5
"""Timeout of the request that tests whether the hub can be reached; without this test, loading an absent
model retries for a minute. Not fitted."""


@contextmanager
def torch_for(setting: str) -> Iterator[None]:
    """Raise SettingsError, naming the setting, where torch or its libraries are not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise SettingsError("setting_package", name=setting, package="sentence-transformers") from error


def load_local_first(load: Callable[..., M], name: str, what: Message, advice: Message) -> M:
    """Call `load` for a model, given by id or folder; the hub is tried only if no local copy exists.

    Code shipped with a model is never run, and only safetensors weights are loaded. Raises ModelMissing with
    a message that contains `what`, the kind of model, and `advice` for the user.
    """
    from huggingface_hub import constants
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    weights = {"use_safetensors": True}
    try:
        return load(name, local_files_only=True, model_kwargs=weights)
    except Exception as error:  # transformers documents no exceptions
        if Path(name).is_dir():
            raise ModelMissing(
                "other_unusable", name=name, error=first_line(error), instead=advice
            ) from error
    try:
        httpx.head(constants.ENDPOINT, timeout=_PROBE_TIMEOUT_S)
        return load(name, model_kwargs=weights)
    except Exception as error:
        raise ModelMissing(
            "other_missing", what=what, name=name, error=first_line(error), instead=advice
        ) from error
