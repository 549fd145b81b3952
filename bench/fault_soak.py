"""Visits the app and asks it many questions; prints memory, open files and threads.

    .venv/bin/python bench/fault_soak.py --visits 300 --questions 500

A visit is a session of the page: its WebSocket is opened, the script runs to its end, the socket is closed.
The questions are answered by a quick engine in place of Ollama.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))

from ollama_server import OllamaServer, ServedModel
from running import ROOT, RunningApp, ingest

from rag.service.open_library import open_library
from rag.settings import Settings

WARM = 10
"""Visits and questions before the first measurement."""
REST_S = 55.0
"""Seconds between the last question and the visit before the last measurement. The session of a closed page
is kept for 40 s (.streamlit/config.toml), so that it can come back, and dropped at the next visit."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=300)
    parser.add_argument("--questions", type=int, default=500)
    options = parser.parse_args()
    run(options.visits, options.questions)


def run(visits: int, questions: int) -> None:
    """Soak the app on the sample library."""
    with TemporaryDirectory() as scratch, OllamaServer([ServedModel("quick:1b")]) as engine:
        data = Path(scratch) / "data"
        ingest(ROOT / "corpus", data)
        with RunningApp(data, OLLAMA_HOST=engine.host, BYLINE_MODEL="quick:1b") as app:
            soak(app, visits, questions)


def soak(app: RunningApp, visits: int, questions: int) -> None:
    library = None
    for n in range(max(visits, questions)):
        if n < visits:
            visit(app)
        if library is None:
            library = open_library(Settings.load(app.data))
        if n < questions:
            *_, _end = library.ask(f"Who chaired the dialogue number {n}?")
        if n + 1 == WARM:
            before = rested(app)
    print(f"after {WARM}: {before}")
    print(f"at the end: {measured(app)}")
    after = rested(app)
    print(f"after {visits} visits, {questions} questions and a rest: {after}")
    print({name: f"{after[name] / before[name] - 1:+.1%}" for name in after})


def rested(app: RunningApp) -> dict[str, int]:
    """Measure after a rest and one more visit."""
    time.sleep(REST_S)
    visit(app)
    time.sleep(5)
    return measured(app)


def visit(app: RunningApp) -> None:
    """Open the page as a browser does, until its script has run."""
    address = f"127.0.0.1:{app.port}"
    with connect(f"ws://{address}/_stcore/stream", origin=f"http://{address}", max_size=None) as socket:
        socket.send(BackMsg(rerun_script={"query_string": ""}).SerializeToString())
        while ForwardMsg.FromString(socket.recv(timeout=120)).WhichOneof("type") != "script_finished":
            pass


def measured(app: RunningApp) -> dict[str, int]:
    process = Path(f"/proc/{app.process.pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    return {
        "MB": int(status["VmRSS"].split()[0]) // 1024,
        "files": len([*(process / "fd").iterdir()]),
        "threads": int(status["Threads"]),
    }


if __name__ == "__main__":
    main()
