"""The real app in a process of its own, for a browser to look at."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from rag import TELEMETRY_OFF

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def environment(data: Path, **settings: str) -> dict[str, str]:
    """This environment with a data folder and other settings in it."""
    kept = {name: value for name, value in os.environ.items() if name not in TELEMETRY_OFF}  # it sees to it
    return kept | {"BYLINE_DATA": str(data), "BYLINE_CALIBRATE": "false", "PYTHONPATH": str(ROOT)} | settings


def ingest(folder: Path, data: Path) -> None:
    """Index a folder by the command line."""
    command = [sys.executable, "-m", "rag", "ingest", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(data), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


class RunningApp:
    """`streamlit run app.py` on a free port, inside `with`."""

    def __init__(self, data: Path, under: Sequence[str] = (), **settings: str) -> None:
        """`under` is a command that runs the app and watches it."""
        self.data, self._under = data, under
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = data.parent / f"app-{self.port}.log"
        self._environment = environment(data, **settings)

    def __enter__(self) -> Self:
        command = [
            *self._under,
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "app.py",
            "--server.port",
            str(self.port),
        ]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _wait(self) -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.__exit__()
        raise AssertionError(f"the app did not start:\n{self.log.read_text()}")
