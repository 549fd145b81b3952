"""Embedded engines without a model, for tests of who loads and closes them when."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.errors import EngineUnavailable
from rag.llm.generator import ChatMessage, Done, Model, Piece, Text


def gguf(folder: Path, name: str, template: str = "") -> Path:
    """A GGUF file without tensors: enough to be listed."""

    def string(text: str) -> bytes:
        return struct.pack("<Q", len(text)) + text.encode()

    entries = [
        string("general.architecture") + struct.pack("<I", 8) + string("qwen2"),
        string("general.file_type") + struct.pack("<II", 4, 15),
        string("qwen2.context_length") + struct.pack("<II", 4, 32768),
    ]
    if template:
        entries += [
            string("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 2) + string("a") + string("b"),
            string("tokenizer.chat_template") + struct.pack("<I", 8) + string(template),
        ]
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.gguf"
    path.write_bytes(struct.pack("<4sIQQ", b"GGUF", 3, 0, len(entries)) + b"".join(entries))
    return path


class Engine:
    """An embedded engine that writes ten words, and notices when it is used after its end."""

    def __init__(self, model: Model) -> None:
        self.model, self.closed, self.streams = model, False, 0
        self.alive = True

    def count_tokens(self, messages: Sequence[ChatMessage]) -> int:
        assert not self.closed
        return len(messages)

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        self.streams += 1
        for _ in range(10):
            assert not self.closed
            yield Text(f"{self.model.name} ")
        yield Done(prompt_tokens=5)

    def close(self) -> None:
        assert not self.closed
        self.closed = True


class Loader:
    """Loads engines, and remembers them."""

    def __init__(self) -> None:
        self.engines: list[Engine] = []
        self.fails = False
        self.asked: list[tuple[int, int | None]] = []

    def __call__(self, model: Model, *, context: int, threads: int | None) -> Engine:
        self.asked.append((context, threads))
        if self.fails:
            raise EngineUnavailable(f"The model {model.name} could not be loaded.")
        self.engines.append(Engine(model))
        return self.engines[-1]

    def open(self) -> list[str]:
        return [engine.model.name for engine in self.engines if not engine.closed]
