"""Nothing leaves the machine: no name is looked up, no connection tried, nothing written elsewhere."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from egress import ROOT, WATCHED_S, environment, strangers, watched, written

from rag.service.setup import missing_models
from rag.settings import Settings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.model,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]

LIBRARY = """
import subprocess, sys, time
end = time.monotonic() + float(sys.argv[1])
from pathlib import Path
from rag.library import Library
from rag.settings import Settings
with Library.open(Settings.load()) as library:
    library.ingest([Path(sys.argv[2])])
    print(len(library.search("Where is the ferry?")), flush=True)
    time.sleep(max(0.0, end - time.monotonic()))
subprocess.run([sys.executable, "-m", "rag", "search", "Where is the ferry?"], check=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    if missing_models(Settings.load()):
        pytest.skip("the default models are not here; fetch them: python -m rag setup")
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def run(home: Path, tmp_path: Path, code: str) -> Path:
    articles = tmp_path / "articles"
    articles.mkdir(exist_ok=True)
    (articles / "ferry.txt").write_text(
        "The ferry\n\nThe ferry to the island sails from the old pier.", "utf-8"
    )
    log = tmp_path / "calls.log"
    subprocess.run(
        watched(log, [sys.executable, "-c", code, str(WATCHED_S), str(articles)]),
        cwd=ROOT, env=environment(home, tmp_path / "data"), check=True, timeout=WATCHED_S + 90, capture_output=True,
    )  # fmt: skip
    return log


def test_a_library_and_a_command_reach_for_nothing(home: Path, tmp_path: Path) -> None:
    log = run(home, tmp_path, LIBRARY)
    assert strangers(log) == []
    assert written(home) == []


def test_the_watch_sees_a_call(tmp_path: Path) -> None:
    """192.0.2.1 is reserved for documentation (RFC 5737)."""
    log = tmp_path / "calls.log"
    call = "import socket; s = socket.socket(); s.setblocking(False); s.connect_ex(('192.0.2.1', 9))"
    subprocess.run(watched(log, [sys.executable, "-c", call]), check=True, timeout=60)
    assert len(strangers(log)) == 1
