"""The app, while somebody looks at it, reaches for no other machine."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import pytest
from egress import WATCHED_S, environment, strangers, watched, written
from opening import PageOpener
from running import RunningApp

pytestmark = [
    pytest.mark.browser,
    pytest.mark.model,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]


def test_the_app_reaches_for_nothing(indexed: Path, open_page: PageOpener, tmp_path: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "calls.log"
    home.mkdir()
    data = shutil.copytree(indexed, tmp_path / "data")
    end = time.monotonic() + WATCHED_S
    with RunningApp(data, watched(log, []), **environment(home, data)) as app:
        reader = open_page(app.url)
        reader.ask("What did the works in the harbour of Kestrel Bay cost?")
        time.sleep(max(0.0, end - time.monotonic()))
        os.kill(_child(app.process.pid), signal.SIGTERM)
        app.process.wait(20)
    assert strangers(log) == []
    assert written(home) == []


def _child(pid: int) -> int:
    """The process that strace started."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
