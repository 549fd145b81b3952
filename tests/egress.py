"""System calls of a process, watched with strace, which also sees what compiled code does."""

from __future__ import annotations

import os
import re
from pathlib import Path

from rag import TELEMETRY_OFF
from rag.settings import Settings

ROOT = Path(__file__).parents[1]
WATCHED_S = 45
"""Seconds that a process is watched; the first report of onnxruntime was seen after 25 s."""
_LOCAL = re.compile(r'inet_addr\("127\.|inet_pton\(AF_INET6, "::1"|"::ffff:127\.')


def environment(home: Path, data: Path) -> dict[str, str]:
    """The environment of a process with a home of its own, so that whatever is written there is seen."""
    kept = {k: v for k, v in os.environ.items() if k not in TELEMETRY_OFF and not k.startswith("XDG_")}
    return kept | {
        "HOME": str(home),
        "BYLINE_DATA": str(data),
        "BYLINE_MODELS": str(Settings.load().models),
        "OLLAMA_HOST": "127.0.0.1:9",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def watched(log: Path, command: list[str]) -> list[str]:
    """A command that writes the network calls of another one, and of its children, to a file."""
    return [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-e",
        "trace=connect,sendto,sendmsg,sendmmsg",
        "-o",
        str(log),
        *command,
    ]


def strangers(log: Path) -> list[str]:
    """Calls that reach for another machine, a name server included."""
    calls = log.read_text("utf-8", "replace").splitlines()
    return [call for call in calls if re.search(r"AF_INET6?\b", call) and not _LOCAL.search(call)]


def written(home: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())
