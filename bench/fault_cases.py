"""The damages of bench/faults.py: what is told of each, and what `repair` brings back."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from itertools import islice, product
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import chromadb  # noqa: F401  # for the processes that are forked
from fault_work import FILLER, QUESTION, content, error_text, fill, library_of, perform

from rag.errors import BylineError
from rag.service import repair
from rag.service.api_keys import ApiKeys
from rag.settings import Settings

SEEDS = 10
OVERWRITTEN_BYTES = 100
FULL = ("search", "ingest", "page", "removal", "answer", "repair")
"""What is tried while the disk is full."""
BEFORE_OPENING = ("search", "repair")
"""Before these the disk is full already; before the others it is when the library has been opened."""
PAGES = (
    *("library.sqlite", "conversations.sqlite", "notebooks.sqlite", "keys.sqlite", "embeddings.sqlite"),
    *("chroma.sqlite3", "data_level0.bin"),
)
"""Files of which bytes are overwritten."""
WHAT = ("articles", "passages", "conversations", "notes")
ROOM_BYTES = 300 << 20
"""Room of the file system that is filled, beyond the library."""
Damage = Callable[[Path], None]
_FORKED = get_context("fork")
"""Processes that have everything imported already: a case costs seconds, most of which are imports."""


@dataclass(frozen=True)
class Outcome:
    """What was told of a damage, what `repair` told, and what is there then: counts as JSON."""

    told: str
    repaired: str
    after: str

    @property
    def bad(self) -> bool:
        said = f"{self.told} {self.repaired} {self.after}"
        return "TRACEBACK" in said or "died" in said or "left" in said

    def whole(self, of: str) -> bool:
        return self.after == of

    def counts(self) -> list[int]:
        return json.loads(self.after) if self.after.startswith("[") else [0] * len(WHAT)


def damages(scratch: Path, folder: Path, at_most: int) -> None:
    repair.get_context = lambda _: _FORKED  # type: ignore[assignment]
    base = scratch / "base" / "library"
    base.parent.mkdir()
    for operation in ("ingest", "upload", "answer", "notes", "back_up"):
        print(operation, child(operation, base, folder), flush=True)
    whole = child("count", base, folder)
    print(f"whole ({', '.join(WHAT)}, checksum of their texts): {whole}")
    after = dict(islice(outcomes(scratch, base, folder), at_most))
    back = [said for said in after.values() if said.whole(whole)]
    bad = [name for name, said in after.items() if said.bad]
    print(f"damages: {len(after)}; all brought back: {len(back)}; tracebacks and crashes: {len(bad)}", *bad)
    for n, what in enumerate(WHAT):
        of = json.loads(whole)[n] * len(after)
        print(f"{what} brought back: {sum(said.counts()[n] for said in after.values()):,} of {of:,}")


def outcomes(scratch: Path, base: Path, folder: Path) -> Iterator[tuple[str, Outcome]]:
    """Do each damage to a copy of a library, and yield its name and what came of it."""
    for number, (name, damage) in enumerate(cases(base)):
        home = scratch / f"case-{number}"
        shutil.copytree(base.parent, home)
        damage(home / "library")
        yield name, examined(name, home / "library", folder)
        shutil.rmtree(home)
    if os.geteuid():
        print("read-only folder, full disk: not tried, only root may mount")
        return
    yield from read_only(scratch, base, folder)
    for operation in FULL:
        yield from full(scratch, base, folder, operation)


def cases(base: Path) -> Iterator[tuple[str, Damage]]:
    files = [path.relative_to(base) for path in sorted(base.rglob("*")) if path.is_file()]
    named = {path.name: path for path in files}
    for damage in (deleted, emptied, truncated):
        for file in (file for file in files if "." in file.name and file.suffix not in (".txt", ".lock")):
            yield f"{damage.__name__} {file.name}", lambda data, f=file, d=damage: d(data / f)
    for name, seed in product(PAGES, range(SEEDS)):
        yield f"overwritten {name} {seed}", lambda data, f=named[name], s=seed: overwritten(data / f, s)


def deleted(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def overwritten(path: Path, seed: int) -> None:
    data, chance = bytearray(path.read_bytes()), random.Random(seed)
    for _ in range(OVERWRITTEN_BYTES):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(data)


def examined(name: str, data: Path, folder: Path) -> Outcome:
    """Print what is told of a damage, and what there is after `repair`."""
    searched = child("search", data, folder)
    repaired, _, after = child("mended", data, folder).partition(" = ")
    print(f"{name}: {searched} | {repaired} | {after}", flush=True)
    return Outcome(f"{name} {searched}", repaired, after)


def read_only(scratch: Path, base: Path, folder: Path) -> Iterator[tuple[str, Outcome]]:
    """Search and repair a library in a folder that may not be written, and count what is in it meanwhile."""
    home = scratch / "read-only"
    shutil.copytree(base.parent, home)
    data = home / "library"
    with mounted(["--bind", str(data)], data), mounted(["-o", "remount,ro,bind"], data, again=True):
        said = examined("read-only", data, folder)
        yield "read-only", Outcome(said.told, said.repaired, child("count", data, folder))
    shutil.rmtree(home)


def full(scratch: Path, base: Path, folder: Path, operation: str) -> Iterator[tuple[str, Outcome]]:
    """Try an operation on a file system without room, and see what is there once there is room again."""
    place = scratch / "full"
    place.mkdir(exist_ok=True)
    size = sum(path.stat().st_size for path in base.rglob("*") if path.is_file())
    with mounted(["-t", "tmpfs", "-o", f"size={size + ROOM_BYTES}", "tmpfs"], place):
        shutil.copytree(base.parent, place / "home")
        filler = place / "filler"
        if operation in BEFORE_OPENING:
            fill(filler)
        said = child(operation, place / "home" / "library", folder, **{FILLER: str(filler)})
        filler.unlink()
        left = [path.name for path in (place / "home" / "library").rglob("*.part")]
        name = f"disk full, {operation}: {said}{f', left: {left}' if left else ''}"
        yield name, examined(name, place / "home" / "library", folder)


@contextmanager
def mounted(options: list[str], place: Path, *, again: bool = False) -> Iterator[None]:
    """Mount something meanwhile; `again` changes what is mounted there."""
    subprocess.run(["mount", *options, str(place)], check=True)
    try:
        yield
    finally:
        if not again:
            subprocess.run(["umount", str(place)], check=True)


def child(operation: str, data: Path, folder: Path, **environment: str) -> str:
    """Do something in a process of its own; return its outcome in a line."""
    here, there = _FORKED.Pipe(duplex=False)
    process = _FORKED.Process(target=_report, args=(there, operation, data, folder, environment))
    process.start()
    there.close()
    try:
        said: str = here.recv() if here.poll(600) else "died, it took more than 600 s"
    except EOFError:
        said = "died"
    process.join(20)
    process.kill()
    return f"{said} {process.exitcode}" if said == "died" else said


def _report(to: Connection, operation: str, data: Path, folder: Path, environment: dict[str, str]) -> None:
    os.environ.update(environment)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        try:
            said = outcome(operation, data, folder)
        except Exception as error:
            said = error_text(error)
    to.send(said)


def outcome(operation: str, data: Path, folder: Path) -> str:
    settings = Settings.load(data)
    if operation == "mended":
        said = " ".join(fault.code for fault in repair.repair(settings))
        return f"repaired {said} = {outcome('count', data, folder)}"
    if operation not in ("search", "count", "back_up"):
        perform(operation, data, folder, 1)
        return "done"
    with library_of(settings) as library:
        if operation == "back_up":
            library.back_up()
        if operation == "count":
            assert library.search(QUESTION, 3), "nothing is found"
            return json.dumps(content(library))
        told = [notice.code] if (notice := library.notice()) else []
        hits = library.search(QUESTION, 3)
        try:
            ApiKeys(data).all()
        except BylineError as error:  # keys are made anew
            told.append(error.message.code)
        return f"{len(hits)} hits{', told ' * bool(told)}{' '.join(told)}"
