"""Kills and damages a library at random, and prints what is left of it.

    .venv/bin/python bench/faults.py kills --times 200 --news FOLDER    # SIGKILL, process alone and group
    .venv/bin/python bench/faults.py damages --news FOLDER              # files lost, cut, changed; full disk
    .venv/bin/python bench/faults.py soak --times 500                   # visits and questions, fault_soak.py
    --quick takes a test embedder instead of the bundled model

The news are *.jsonl files with `title` and `text`. A killed command is followed by the next one without a
hand; in the end the library is compared with one that was made in one go.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

import fault_cases
import fault_soak
from fault_compare import compare
from fault_work import MARK, OPERATIONS, QUICK, perform
from killing import write

LONGEST_WAIT_S = 10.0
"""Longest time from a command's beginning to its kill, until one has ended by itself sooner."""
ORPHAN_S = 20.0
"""Seconds after which a process that outlives its parent is an orphan."""
EDITED_EACH = 8
"""Articles edited before each ingestion."""
MAX_VISITS = 300
"""Visits of a soak, whatever the number of questions."""


def main() -> None:
    options = arguments()
    if options.what == "soak":
        fault_soak.run(visits=min(options.times, MAX_VISITS), questions=options.times)
        return
    if options.what == "work":
        perform(options.operation, options.data, options.folder, options.seed)
        return
    if options.quick:
        os.environ[QUICK] = "1"
    with TemporaryDirectory(prefix="byline-faults-", dir=options.scratch) as scratch:
        folder = Path(scratch) / "articles"
        write(options.news, folder, options.articles)
        if options.what == "kills":
            kills(Path(scratch), folder, options.times, options.seed)
        else:
            fault_cases.damages(Path(scratch), folder, options.times)


def kills(scratch: Path, folder: Path, times: int, seed: int) -> None:
    chance, outcomes, failed = random.Random(seed), Counter[str](), list[str]()
    os.environ[MARK] = str(scratch)
    data, longest = scratch / "killed", dict.fromkeys(OPERATIONS, LONGEST_WAIT_S)
    unkilled = scratch / "unkilled" / "library"
    unkilled.parent.mkdir()
    (scratch / "asked.log").touch()
    run("ingest", data, folder, seed)
    undisturbed("ingest", unkilled, folder, seed)
    for n, operation in enumerate(cycle(OPERATIONS)):
        if sum(count for name, count in outcomes.items() if name.endswith("killed")) >= times:
            break
        if operation == "ingest":
            edit(folder, chance)
        wait, group = chance.uniform(0, longest[operation]), chance.random() < 0.5
        began = time.monotonic()
        outcome, said = killed(operation, data, folder, seed + n, wait, group=group)
        if outcome == "done":
            longest[operation] = min(longest[operation], time.monotonic() - began)
        outcomes[f"{operation} {outcome}"] += 1
        failed += [f"{operation}: {said}"] * (outcome == "failed")
        print(n, operation, f"{wait:.1f} s", "group" if group else "alone", outcome, flush=True)
        if operation in ("ingest", "removal"):
            undisturbed(operation, unkilled, folder, seed + n)
    left = orphans(scratch)
    run("finish", data, folder, seed)
    print(*sorted(outcomes.items()), sep="\n")
    print(f"failed: {len(failed)}", *failed[:5], sep="\n")
    print(f"orphans: {left}")
    needed, made = embedded(unkilled.parent), embedded(scratch)
    print(f"passages embedded: {made:,}; by a library with the same changes and no kill: {needed:,}")
    compare(scratch, data, folder)


def command(operation: str, data: Path, folder: Path, seed: int) -> list[str]:
    named = ["--data", str(data), "--folder", str(folder), "--seed", str(seed)]
    return [sys.executable, str(Path(__file__)), "work", "--operation", operation, *named]


def run(operation: str, data: Path, folder: Path, seed: int) -> str:
    done = subprocess.run(
        command(operation, data, folder, seed), capture_output=True, text=True, check=False, timeout=900
    )
    if done.returncode:
        raise SystemExit(f"{operation} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def undisturbed(operation: str, data: Path, folder: Path, seed: int) -> None:
    """Do the same to a library that is never killed, with the test embedder: how much is embedded counts."""
    quick = os.environ.get(QUICK, "")
    os.environ[QUICK] = "1"
    with redirect_stdout(None):
        perform(operation, data, folder, seed)
    os.environ[QUICK] = quick


def killed(
    operation: str, data: Path, folder: Path, seed: int, wait: float, *, group: bool
) -> tuple[str, str]:
    """Run a command and kill it; return "killed", "done" or "failed", and its last line."""
    with (data.parent / "errors.log").open("w+") as log:
        child = subprocess.Popen(
            command(operation, data, folder, seed),
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
        assert child.stdout is not None
        child.stdout.readline()  # it has begun
        try:
            child.wait(wait)
        except subprocess.TimeoutExpired:
            if group:
                os.killpg(child.pid, signal.SIGKILL)
            else:
                child.kill()
        code = child.wait()
        child.stdout.close()
        log.seek(0)
        last = log.read().strip().rpartition("\n")[2]
    return {0: "done", -signal.SIGKILL: "killed"}.get(code, "failed"), last


def orphans(scratch: Path) -> int:
    """Count processes of killed commands that are alive some seconds later."""
    end = time.monotonic() + ORPHAN_S
    while (alive := len([*ours(scratch)])) and time.monotonic() < end:
        time.sleep(0.2)
    return alive


def ours(scratch: Path) -> Iterator[int]:
    mark = f"{MARK}={scratch}".encode()
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                is_ours = mark in (entry / "environ").read_bytes().split(b"\0")
                if is_ours and "Z" not in (entry / "stat").read_text().rpartition(")")[2][:3]:
                    yield int(entry.name)
        except OSError:
            continue


def embedded(scratch: Path) -> int:
    log = scratch / "embedded.log"
    return sum(map(int, log.read_text().split())) if log.exists() else 0


def edit(folder: Path, chance: random.Random) -> None:
    for file in chance.sample(sorted(folder.iterdir()), EDITED_EACH):
        file.write_text(f"{file.read_text('utf-8')}\n\nEdited: {chance.random()}.", "utf-8")


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["kills", "damages", "soak", "work"])
    parser.add_argument("--times", type=int, default=200, help="kills, questions, or at most so many damages")
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--news", type=Path, default=Path("data/news"))
    parser.add_argument("--scratch", type=Path)
    parser.add_argument("--operation", help=argparse.SUPPRESS)
    for name in ("--data", "--folder"):
        parser.add_argument(name, type=Path, help=argparse.SUPPRESS)
    return parser.parse_args(given)


if __name__ == "__main__":
    main()
