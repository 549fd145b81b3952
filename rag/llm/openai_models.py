"""Read the list of models of an OpenAI-compatible server.

The interface requires only names; servers add fields of their own. Those read here are from a real llama.cpp
server, and from the documentation of vLLM, SGLang, LM Studio, OpenRouter and Groq.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rag.llm.generator import Model
from rag.llm.ollama_names import plain
from rag.llm.openai_endpoint import Endpoint

Entry = Mapping[str, Any]

_MAX_MODELS = 300
"""Maximum number of models listed; hosted services have a few hundred. Not fitted."""
_MAX_NAME_CHARS = 300
_CONTEXT_FIELDS = (
    "loaded_context_length",  # LM Studio, of the model as it is loaded
    "max_model_len",  # vLLM, SGLang
    "n_ctx",  # llama.cpp, of one slot
    "context_length",  # OpenRouter, Together
    "context_window",  # Groq
    "max_context_length",  # LM Studio, Mistral
)
_NO_CHAT = re.compile(r"embed|rerank|whisper|\btts\b|moderation|transcri", re.IGNORECASE)
"""Types and names of models that are not chat models."""
_SIZE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)b(?![a-z0-9])", re.IGNORECASE)
"""The number of parameters in a name, such as "Qwen3-4B-Instruct"."""


def chat_entries(answer: object) -> list[Entry]:
    """Return the chat models in a response of /models. Raises ValueError for any other response."""
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        raise ValueError("no list of models")
    found: list[Entry] = [entry for entry in answer["data"] if isinstance(entry, dict)]
    return [entry for entry in found if _is_chat(entry)][:_MAX_MODELS]


def model_of(entry: Entry, endpoint: Endpoint) -> Model:
    """Return the model that an entry describes."""
    meta = {**entry, **_mapping(entry.get("meta"))}
    return Model(
        name=entry["id"],
        runtime="openai",
        size=_number(meta, "size") or 0,
        parameters=_parameters(_number(meta, "n_params"), entry["id"]),
        quantisation=_quantisation(meta.get("ftype") or entry.get("quantization")),
        context=_number(meta, *_CONTEXT_FIELDS),
        loaded=_is_loaded(entry),
        server=endpoint.label,
        remote=not endpoint.is_local,
    )


def _is_chat(entry: Entry) -> bool:
    """Tell whether an entry describes a model that writes text, under a printable name."""
    name = entry.get("id")
    if not isinstance(name, str) or not name.strip() or plain(name, _MAX_NAME_CHARS) != name:
        return False
    outputs = _mapping(entry.get("architecture")).get("output_modalities")
    kind = f"{entry.get('type') or ''} {name}"
    return not _NO_CHAT.search(kind) and not (isinstance(outputs, list) and "text" not in outputs)


def _is_loaded(entry: Entry) -> bool:
    """Tell whether a model is in memory; the default where its server does not report it."""
    states = entry.get("state"), _mapping(entry.get("status")).get("value")
    return not any(state in ("not-loaded", "unloaded", "loading") for state in states)


def _parameters(count: int | None, name: str) -> str:
    """Return the number of parameters, such as "1.5B"; where it is not reported, that in the name."""
    if count is None:
        found = _SIZE.search(name)
        return f"{found[1]}B" if found else ""
    return f"{count / 1e9:.3g}B" if count >= 1e9 else f"{count / 1e6:.0f}M"


def _quantisation(kind: object) -> str:
    """Return the name of a quantisation; llama.cpp writes "Q4_K - Medium" for Q4_K_M."""
    return re.sub(r" - (\w)\w*", r"_\1", plain(kind, 30)) if isinstance(kind, str) else ""


def _number(entry: Entry, *names: str) -> int | None:
    """Return the first of these fields that is a positive number."""
    values = (entry.get(name) for name in names)
    return next((int(value) for value in values if isinstance(value, int | float) and value > 0), None)


def _mapping(value: object) -> Entry:
    return value if isinstance(value, dict) else {}
