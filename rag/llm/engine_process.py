"""The process of an embedded engine. It may be started before the rest of the program is imported."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import ClassVar, Self

from rag.child_processes import child_environment
from rag.llm.gguf import context_length, read_header

COMMAND = (sys.executable, "-m", "rag.llm.llama_server")


def model_file(folder: Path, name: str) -> Path:
    """Return the file of an embedded model in the models folder, whether or not it exists."""
    return folder / f"{name}.gguf"


@dataclass(frozen=True, slots=True)
class EngineArguments:
    """What a process serves: a GGUF file, with a context in tokens.

    `threads` is None for one per processor; `template` replaces the file's chat template.
    """

    path: str
    context: int
    threads: int | None
    template: str = ""

    @classmethod
    def of(cls, path: Path, context: int, threads: int | None) -> Self:
        """Return the arguments for a file, whose own context is the maximum. Raises Unreadable."""
        return cls(str(path), min(context, context_length(read_header(path)) or context), threads)


class EngineProcess:
    """A process that loads a model (rag/llm/llama_server.py), begun by the constructor.

    `key` is what its server demands of each request.
    """

    _early: ClassVar[EngineProcess | None] = None

    def __init__(self, arguments: EngineArguments) -> None:
        self.arguments, self.key = arguments, secrets.token_hex(16)
        self._process = subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=child_environment(),
        )
        assert self._process.stdin
        with suppress(OSError):  # the process has ended, so that it has no address
            self._process.stdin.write(f"{json.dumps({**asdict(arguments), 'key': self.key})}\n")
            self._process.stdin.flush()

    @classmethod
    def start_early(cls, arguments: EngineArguments) -> None:
        """Start a process that the next call of `started` with the same arguments returns."""
        cls._early = cls(arguments)

    @classmethod
    def started(cls, arguments: EngineArguments) -> EngineProcess:
        """Return the process that was started early with these arguments, or else start one."""
        early, cls._early = cls._early, None
        if early is not None and early.arguments == arguments and early.alive:
            return early
        if early is not None:
            early.end()
        return cls(arguments)

    @classmethod
    def end_early(cls) -> None:
        """End a process that was started early and is not used."""
        early, cls._early = cls._early, None
        if early is not None:
            early.end()

    def address(self) -> str:
        """Wait until the model is loaded; return the server's address, "" if the process has ended."""
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def end(self) -> None:
        """Kill the process."""
        self._process.kill()
        with suppress(OSError):
            self._process.communicate()
