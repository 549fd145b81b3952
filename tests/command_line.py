"""The command line as a user runs it: its output and its exit status."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from rag.cli.main import main

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Completed:
    """What a command left, by the names of `subprocess.CompletedProcess`."""

    returncode: int
    stdout: str
    stderr: str


def byline(*words: str | Path, **environment: str) -> Completed:
    """Run a command in this process; a process of its own takes three seconds to import the packages."""
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(io.StringIO()) as out,
        redirect_stderr(io.StringIO()) as errors,
    ):
        patch.setattr(sys, "argv", ["byline", *map(str, words)])
        for name, value in environment.items():
            patch.setenv(name, value)
        try:
            main()
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
    return Completed(status, out.getvalue(), errors.getvalue())


def byline_process(*words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "rag", *map(str, words)],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
