"""What the OpenAI-compatible server of the tests has and writes.

The shapes are those of llama.cpp's server (recorded), and of vLLM, SGLang and LM Studio (from their
documents and sources).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ollama_models import count, pieces_of, reply_to

Json = dict[str, Any]

FAULTS = {
    "gone": (
        404,
        {"error": {"message": "The model `x` does not exist.", "type": "NotFoundError", "code": 404}},
    ),
    "limited": (429, {"error": {"message": "Rate limit reached", "type": "requests", "code": "rate_limit"}}),
    "crash": (
        500,
        {"error": {"message": "CUDA error: device-side assert", "type": "server_error", "code": 500}},
    ),
    "busy": (503, {"error": {"message": "no slot is free", "type": "unavailable_error", "code": 503}}),
    "proxy": (502, "<html><body>502 Bad Gateway</body></html>"),
    "toolong": (
        400,
        {
            "error": {
                "code": 400,
                "message": "request (9030 tokens) exceeds the available context size (2048 tokens)",
                "type": "exceed_context_size_error",
                "n_prompt_tokens": 9030,
                "n_ctx": 2048,
            }
        },
    ),
    "toolong-vllm": (
        400,
        {
            "object": "error",
            "message": "This model's maximum context length is 2048 tokens. However, you requested 9030 tokens.",
            "type": "BadRequestError",
            "code": 400,
        },
    ),
    "toolong-studio": (400, {"error": "The number of tokens to keep is greater than the context length."}),
    "refused": (422, {"detail": [{"loc": ["body", "messages"], "msg": "Input should be a valid list"}]}),
}
"""Refusals by fault: status and body."""

ASKED = {"model", "messages", "stream", "max_tokens", "temperature"}
"""Fields that every server knows."""
NEWEST = {"model", "messages", "stream", "max_completion_tokens"}
"""Fields that OpenAI's reasoning models take."""


@dataclass
class ChatModel:
    """A model that the server has.

    `engine`: "llamacpp", "vllm", "sglang", "old-sglang" (counts texts only), "studio" (LM Studio) or "".
    `thinks`: not at all, in "reasoning_content" or "reasoning", "inline" or "opened". `knows`: the fields of a
    request that are not refused, None for all.
    """

    name: str
    engine: str = "llamacpp"
    context: int = 8192
    thinks: str = ""
    fault: str = ""
    reply: str | None = None
    sure: float | None = -0.25
    knows: set[str] | None = None
    counts: bool = True
    """Whether the usage comes at the end."""
    reads: int | None = None
    """How many tokens of the prompt it reads, without a word about the others."""

    def entry(self) -> Json:
        """The model in the list of `/v1/models`."""
        entry: Json = {"id": self.name, "object": "model", "created": 1796027685}
        if self.engine == "llamacpp":
            meta = {"n_ctx": self.context, "n_ctx_train": 32768, "n_params": 630167424, "size": 485452288}
            return entry | {"owned_by": "llamacpp", "meta": meta | {"ftype": "Q4_K - Medium"}}
        if self.engine.endswith(("vllm", "sglang")):
            owner = self.engine.removeprefix("old-")
            return entry | {"owned_by": owner, "root": self.name, "max_model_len": self.context}
        return entry | {"owned_by": "organization_owner" if self.engine == "studio" else "somebody"}

    def studio_entry(self) -> Json:
        """The model in LM Studio's own list."""
        return {
            "id": self.name,
            "object": "model",
            "type": "embeddings" if "nomic" in self.name else "llm",
            "publisher": "lmstudio-community",
            "arch": "qwen2",
            "quantization": "4bit",
            "state": "not-loaded",
            "max_context_length": self.context,
        }


def default_models() -> list[ChatModel]:
    return [
        ChatModel("small"),
        ChatModel("Qwen/Qwen3-4B", engine="vllm", thinks="reasoning"),
        *(ChatModel(f"fault-{fault}", fault=fault) for fault in FAULTS),
        *(ChatModel(f"fault-{fault}", fault=fault) for fault in ("error", "reset", "hangup", "unfinished")),
        *(ChatModel(f"fault-{fault}", fault=fault) for fault in ("garbage", "odd", "silent", "mute")),
    ]


def prompt_of(body: Json) -> str:
    """A prompt by a template such as Qwen's, with reasoning switched off where asked."""
    turns = "".join(f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in body["messages"])
    return f"{turns}<|im_start|>assistant\n"


def tokens_of(body: Json) -> int:
    """The tokens of a prompt."""
    return count(prompt_of(body))


def chunks_of(model: ChatModel, body: Json) -> Iterator[Json]:
    """The chunks of an answer."""

    def chunk(delta: Json, **more: Any) -> Json:
        choice: Json = {"finish_reason": None, "index": 0, "delta": delta} | more
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "model": model.name,
            "choices": [choice],
        }

    written = _written(model, body["messages"])
    limit = int(body.get("max_tokens") or body.get("max_completion_tokens") or len(written))
    yield chunk({"role": "assistant", "content": None})
    for key, piece in written[:limit]:
        told = body.get("logprobs") and model.sure is not None
        sure = {"content": [{"token": piece, "logprob": model.sure, "top_logprobs": []}]}
        yield chunk({key: piece}, **({"logprobs": sure} if told else {}))
    yield chunk({}, finish_reason="length" if limit < len(written) else "stop")
    if model.counts and body.get("stream_options", {}).get("include_usage"):
        read = model.reads or tokens_of(body)
        usage: Json = {"prompt_tokens": read, "completion_tokens": len(written[:limit])}
        timings = {"prompt_n": read, "prompt_ms": 250.0}
        last = chunk({}) | {"choices": [], "usage": usage}
        yield last | ({"timings": timings} if model.engine == "llamacpp" else {})


def _written(model: ChatModel, messages: list[Json]) -> list[tuple[str, str]]:
    """Pieces, each with the field of the delta that it comes in."""
    thought = "The last passage says it."
    reply = reply_to(messages) if model.reply is None else model.reply
    if model.thinks == "inline":
        reply = f"<think>\n{thought}\n</think>\n\n{reply}"
    elif model.thinks == "opened":
        reply = f"{thought}\n</think>\n\n{reply}"
    thoughts = pieces_of(thought) if model.thinks.startswith("reasoning") else []
    return [(model.thinks, p) for p in thoughts] + [("content", p) for p in pieces_of(reply)]
