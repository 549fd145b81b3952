"""What the Ollama server of the tests has and writes: its models, their faults, their answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

Json = dict[str, Any]

FAULTS = {
    "gone": "the model is listed, but 404 when it is asked",
    "busy": "503, the server's queue is full",
    "memory": "500, the model does not fit into memory",
    "toolong": "400, the server refuses a prompt beyond its context",
    "error": "an error in the middle of the stream",
    "errorfirst": "an error as the first line of the stream",
    "reset": "the connection is reset in mid-stream",
    "hangup": "the connection is closed in mid-stream, between two chunks",
    "unfinished": "the stream ends well, but without its `done` line",
    "garbage": "a line in mid-stream that is no JSON",
    "odd": "a line in mid-stream that is JSON, but no object",
    "silent": "nothing more after two words, until the server is stopped",
    "mute": "nothing at all, until the server is stopped",
    "load": "done_reason `load`, and no text",
    "shrunk": "num_ctx is ignored: 64 tokens are read, HTTP 200",
    "full": "the prompt fills the context that was asked for",
    "cached": "a server that counts only what it had not cached",
}
SHRUNK = 64
WHEN = "2026-09-01T08:00:00.000000000Z"


@dataclass
class ServedModel:
    """A model that the server has. `thinks`: not at all, in its own field, or inline."""

    name: str
    size: int = 986_061_892
    parameters: str = "1.54B"
    quantisation: str = "Q4_K_M"
    context: int = 32_768
    capabilities: tuple[str, ...] = ("completion",)
    thinks: str = ""
    template: str = "{{ .Prompt }}"
    licence: str = ""
    fault: str = ""
    reply: str | None = None
    remote: str = ""
    load_s: float = 0
    """How long it takes to load, in which nothing is sent; a client that hangs up has it dropped."""
    old: bool = False
    """As an older server has it: neither capabilities nor context in the tags, no logprobs in a chat."""
    sure: float = -0.25
    """The logarithm of how likely each of its tokens is; its thoughts' are ten times that."""

    @property
    def digest(self) -> str:
        return sha256(self.name.encode()).hexdigest()

    def details(self) -> Json:
        return {
            "parent_model": "",
            "format": "gguf",
            "family": "qwen2",
            "families": ["qwen2"],
            "parameter_size": self.parameters,
            "quantization_level": self.quantisation,
        }

    def shown(self) -> Json:
        return {
            "modelfile": f"FROM {self.name}",
            "template": self.template,
            "details": self.details(),
            "model_info": {"general.architecture": "qwen2", "qwen2.context_length": self.context},
            "capabilities": list(self.capabilities),
            "modified_at": WHEN,
        } | ({"license": self.licence} if self.licence else {})

    def running(self, context: int) -> Json:
        return {
            "name": self.name,
            "model": self.name,
            "size": 1_301_251_357,
            "digest": self.digest,
            "details": self.details(),
            "expires_at": WHEN,
            "size_vram": 0,
            "context_length": context,
        }

    def tag(self) -> Json:
        tag: Json = {
            "name": self.name,
            "model": self.name,
            "modified_at": WHEN,
            "size": self.size,
            "digest": self.digest,
            "details": self.details(),
        }
        if not self.old:
            tag["details"] |= {"context_length": self.context, "embedding_length": 1536}
            tag["capabilities"] = list(self.capabilities)
        if self.remote:
            tag["remote_host"] = self.remote
        return tag


def pulled(size: int = 986_061_892, steps: int = 20) -> list[Json]:
    """The lines of a pull that goes well."""
    layer = {"status": "pulling ef0e9f2a9dd7", "digest": "sha256:ef0e9f2a9dd7", "total": size}
    return [
        {"status": "pulling manifest"},
        *({**layer, "completed": size * n // steps} for n in range(steps + 1)),
        {"status": "verifying sha256 digest"},
        {"status": "writing manifest"},
        {"status": "success"},
    ]


def default_models() -> list[ServedModel]:
    return [
        ServedModel("writer:1.5b"),
        ServedModel("second:latest", size=491_400_218, parameters="630.17M", old=True),
        ServedModel("thinker:4b", capabilities=("completion", "thinking"), thinks="field"),
        ServedModel("inline:1b", thinks="inline"),
        ServedModel("opened:1b", thinks="opened", template="{{ .Prompt }}<think>\n"),
        ServedModel("embedder:latest", capabilities=("embedding",)),
        *(ServedModel(f"fault-{fault}:1b", fault=fault) for fault in FAULTS),
    ]


def count(text: str) -> int:
    """About as many tokens as a model would count: words, marks and CJK characters."""
    return len(re.findall(r"[\u3040-\u9fff]|[^\W\u3040-\u9fff]{1,6}|[^\w\s]", text))


SENTENCE = re.compile(r"[^.!?。!?\n]+[.!?。!?]+")


def reply_to(messages: list[Json]) -> str:
    """Two sentences, with a mark: the beginning of the last passage that has a number.

    Of passages without numbers, those that share most words with the question behind them.
    """
    text = "\n".join(message.get("content", "") for message in messages)
    passages = re.findall(r"^\[(\d+)\][^\n]*\n([^\n]+)", text, re.MULTILINE)
    n, passage = passages[-1] if passages else ("1", closest(messages[-1].get("content", "")))
    sentences = SENTENCE.findall(passage[:500]) or [passage[:500] + "."]
    return " ".join(f"{s.strip()[:-1]} [{n}]{s.strip()[-1]}" for s in (sentences * 2)[:2])


def closest(prompt: str) -> str:
    """The sentences of a prompt by the words that they share with its last paragraph, most first."""
    text, _, question = prompt.rpartition("\n\n")
    asked = words(question)
    return (
        " ".join(sorted(SENTENCE.findall(text), key=lambda sentence: -len(asked & words(sentence)))) or prompt
    )


def words(text: str) -> set[str]:
    return set(re.findall(r"\w{4,}", text.casefold()))


def pieces_of(text: str) -> list[str]:
    """Pieces such as tokens are: up to four characters, so that marks are cut in two."""
    return re.findall(r"\s*\S{1,4}", text)


def refusal(model: ServedModel) -> tuple[int, str] | None:
    return {
        "busy": (503, "server busy, please try again.  maximum pending requests exceeded"),
        "memory": (500, "model requires more system memory (5.6 GiB) than is available (3.2 GiB)"),
        "toolong": (400, "request (5121 tokens) exceeds the available context size (4096 tokens)"),
    }.get(model.fault)


def loaded(model: ServedModel) -> Json:
    """The answer to a chat without messages."""
    message = {"role": "assistant", "content": ""}
    return {
        "model": model.name,
        "created_at": WHEN,
        "message": message,
        "done": True,
        "done_reason": "load",
    }


def lines_of(model: ServedModel, body: Json, num_ctx: int) -> Iterator[Json]:
    """The lines of a chat stream, without the faults of the connection."""

    def line(done: bool = False, **message: str) -> Json:
        return {
            "model": model.name,
            "created_at": WHEN,
            "message": {"role": "assistant", "content": "", **message},
            "done": done,
        }

    if model.fault == "errorfirst":
        yield {"error": "an error was encountered while running the model: unexpected EOF"}
        return
    messages = body.get("messages", [])
    prompt = sum(count(message.get("content", "")) + 5 for message in messages)
    written = [] if model.fault == "load" else _written(model, messages)
    limit = int(body.get("options", {}).get("num_predict", -1))
    cut = 0 <= limit < len(written)
    told = bool(body.get("logprobs")) and not model.old
    for key, piece in written[:limit] if cut else written:
        sure = model.sure * (10 if key == "thinking" else 1)
        token = {"token": piece, "logprob": sure, "bytes": list(piece.encode())}
        yield line(**{key: piece}) | ({"logprobs": [token]} if told else {})
    read = {"shrunk": SHRUNK // 2 + 2, "full": num_ctx, "cached": 1}.get(model.fault, prompt)
    reason = "load" if model.fault == "load" else "length" if cut else "stop"
    yield line(done=True) | {
        "done_reason": reason,
        "total_duration": 4_883_583_458,
        "load_duration": 1_334_875,
        "prompt_eval_count": read,
        "prompt_eval_duration": 342_546_000,
        "eval_count": len(written),
        "eval_duration": 4_535_599_000,
    }


def _written(model: ServedModel, messages: list[Json]) -> list[tuple[str, str]]:
    """Pieces, each with the field of the message that it comes in."""
    thought = "The last passage says it."
    reply = reply_to(messages) if model.reply is None else model.reply
    if model.thinks == "inline":
        reply = f"<think>\n{thought}\n</think>\n\n{reply}"
    elif model.thinks == "opened":
        reply = f"{thought}\n</think>\n\n{reply}"
    thoughts = pieces_of(thought) if model.thinks == "field" else []
    return [("thinking", p) for p in thoughts] + [("content", p) for p in pieces_of(reply)]
