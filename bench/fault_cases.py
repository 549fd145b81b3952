"""The damages of bench/faults.py: what is told of each, and what `repair` brings back."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from fault_work import library_of, perform, told

from rag.service import repair
from rag.settings import Settings

SEEDS = 10
OVERWRITTEN_BYTES = 100
FULL = ("search", "ingest", "upload", "removal", "answer", "repair")
"""What is tried while the disk is full."""
PAGES = ("library.sqlite", "conversations.sqlite", "embeddings.sqlite", "chroma.sqlite3", "data_level0.bin")
"""Files of which bytes are overwritten, in turn."""
Damage = Callable[[Path], None]


def damages(scratch: Path, folder: Path, at_most: int) -> None:
    base = scratch / "base" / "library"
    base.parent.mkdir()
    for operation in ("ingest", "upload", "answer", "back_up"):
        print(operation, child(operation, base, folder), flush=True)
    whole = child("count", base, folder)
    print(f"whole: {whole}")
    bad = 0
    for number, (name, damage) in enumerate(cases(base)):
        if number == at_most:
            break
        home = scratch / f"case-{number}"
        shutil.copytree(base.parent, home)
        damage(home / "library")
        bad += examined(name, home / "library", folder, whole)
        shutil.rmtree(home)
    bad += sum(full(scratch, base, folder, operation, whole) for operation in FULL[: max(0, at_most - 10)])
    print(f"tracebacks, crashes of what should work, or lost for good: {bad}")


def cases(base: Path) -> Iterator[tuple[str, Damage]]:
    files = [path.relative_to(base) for path in sorted(base.rglob("*")) if path.is_file()]
    named = {path.name: path for path in files}
    for damage in (deleted, emptied, truncated):
        for file in (file for file in files if "." in file.name and file.suffix not in (".txt", ".lock")):
            yield f"{damage.__name__} {file.name}", lambda data, f=file, d=damage: d(data / f)
    for seed in range(SEEDS):
        file = named[PAGES[seed % len(PAGES)]]
        name = f"overwritten {file.name} {seed}"
        yield name, lambda data, f=file, s=seed: overwritten(data / f, s)


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


def examined(name: str, data: Path, folder: Path, whole: str) -> bool:
    """Print what is told of a damage, and what there is after `repair`; tell whether that is bad."""
    searched = child("search", data, folder)
    repaired, _, after = child("mended", data, folder).partition(" = ")
    bad = "TRACEBACK" in searched + repaired or after != whole
    print(f"{'BAD ' if bad else ''}{name}: {searched} | {repaired} | {'all' if after == whole else after}")
    sys.stdout.flush()
    return bad


def full(scratch: Path, base: Path, folder: Path, operation: str, whole: str) -> bool:
    """Try an operation on a file system without room."""
    place = scratch / "full"
    place.mkdir(exist_ok=True)
    size = sum(path.stat().st_size for path in base.rglob("*") if path.is_file())
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size + (300 << 20)}", "tmpfs", str(place)]
    if subprocess.run(mount, check=False).returncode:
        print("disk full: not tried, mounting is not allowed")
        return False
    try:
        shutil.copytree(base.parent, place / "home")
        with suppress(OSError), (place / "filler").open("wb") as filler:
            while True:
                filler.write(bytes(1 << 16))
        said = child(operation, place / "home" / "library", folder)
        (place / "filler").unlink()
        return examined(f"disk full, {operation} {said}", place / "home" / "library", folder, whole)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def child(operation: str, data: Path, folder: Path) -> str:
    """Do something in a process of its own; return its outcome in a line."""
    done = subprocess.run(
        [sys.executable, __file__, operation, str(data), str(folder)],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return done.stdout.strip().rpartition("\n")[2] if done.returncode == 0 else f"died {done.returncode}"


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
        notice = library.notice()
        hits = library.search("What did the minister say?", 3)
        if operation == "count":
            size = library.overview()
            chats = len(library.conversations.heads())
            return json.dumps([size.articles, size.passages, chats, len(hits)])
        return f"{len(hits)} hits{f', told {notice.code}' if notice else ''}"


def main() -> None:
    operation, data, folder = sys.argv[1:]
    try:
        said = outcome(operation, Path(data), Path(folder))
    except Exception as error:
        said = told(error)
    print(f"\n{said}")


if __name__ == "__main__":
    main()
