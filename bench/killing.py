"""Kills an ingestion many times, and compares the library with that of an uninterrupted one.

    .venv/bin/python bench/killing.py --articles 10000 --kills 20          # a fast test embedder
    .venv/bin/python bench/killing.py --articles 1000 --kills 20 --real    # the bundled model

The articles are real news, repeated with changes: a unique sentence in front, every other paragraph reversed.
Prints the comparison and the largest peak memory of any run.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from rag.embedding.base import Embedder
from rag.embedding.load import load_embedder
from rag.ingestion.ingester import Ingester
from rag.progress import Progress
from rag.reading import Readers
from rag.settings import Settings
from rag.store.store import Store


class Hashing:
    """Embeds words by hashing, in microseconds, so that everything else is measured."""

    name, dimension, fingerprint = "hashing", 64, "1"

    def embed_passages(self, texts):
        return np.array([self.embed_query(text) for text in texts], np.float32).reshape(-1, self.dimension)

    def embed_query(self, text):
        vector = np.full(self.dimension, 1e-3, np.float32)
        for word in text.casefold().split():
            vector[zlib.crc32(word.encode()) % self.dimension] += 1
        return vector / np.linalg.norm(vector)


def main() -> None:
    options = arguments()
    if options.child:
        ingest(options.data, options.folder, real=options.real)
        return
    with TemporaryDirectory(prefix="byline-killing-", dir=options.scratch) as scratch:
        measure(options, Path(scratch))


def measure(options: argparse.Namespace, scratch: Path) -> None:
    folder = scratch / "articles"
    write(options.news, folder, options.articles)
    began = time.monotonic()
    whole_memory = run(options, scratch / "whole", folder)
    seconds = time.monotonic() - began
    print(f"in one go: {seconds:.0f} s, {whole_memory / 1e6:.0f} MB")
    chance, memory, killed = random.Random(6), 0, 0
    while killed < options.kills:
        wait = chance.uniform(0.5, max(1.0, 1.6 * seconds / options.kills))
        memory = max(memory, run(options, scratch / "killed", folder, wait))
        killed += 1
    memory = max(memory, run(options, scratch / "killed", folder))
    print(f"killed {killed} times, then run to the end: {memory / 1e6:.0f} MB at most")
    compare(options, scratch)


def compare(options: argparse.Namespace, scratch: Path) -> None:
    embedder = embedder_of(real=options.real)
    whole, killed = (Store(scratch / name, embedder) for name in ("whole", "killed"))
    one, other = contents(whole), contents(killed)
    lost = {shard: tuple(map(len, of)) for shard, of in killed.missing_vectors().items()}
    found, asked = searched(killed)
    print(f"articles {killed.ledger.overview().articles}, passages {len(other)}")
    twice = len(other) - len({*other})
    print(f"same articles and passages: {one == other}; twice: {twice}; vectors lost, stray: {lost}")
    print(f"pending {len(killed.ledger.pending())}, doomed {len(killed.ledger.pending_deletions())}")
    print(f"found by the words of their own sentence: {found} of {asked}")
    for store in (whole, killed):
        store.close()


def contents(store: Store) -> list[tuple[str, int, int, str]]:
    ids = [info.id for info in store.ledger.articles(-1)]
    stored = store.ledger.passages_of(ids)
    return sorted(
        (Path(p.article.source).name, p.passage.start, p.passage.end, p.passage.text) for p in stored
    )


def searched(store: Store) -> tuple[int, int]:
    """Count the articles found first by their unique word."""
    found = asked = 0
    for info in store.ledger.articles(-1):
        numbers = store.keywords.search(mark(int(Path(info.source).stem)), 3)
        stored = store.ledger.passages(numbers)
        found += any(p.article.id == info.id for p in stored.values())
        asked += 1
    return found, asked


def run(options: argparse.Namespace, data: Path, folder: Path, kill_after: float | None = None) -> int:
    """Ingest in a child process killed after some seconds; return its peak memory in bytes."""
    command = [sys.executable, __file__, "--child", "--data", str(data), "--folder", str(folder)]
    child = subprocess.Popen([*command, *["--real"] * options.real], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    if kill_after is not None:
        child.stdout.readline()  # wait until it has begun
        try:
            child.wait(kill_after)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
    out, _ = child.communicate()
    last = out.strip().splitlines()[-1:] or ["{}"]
    return int(json.loads(last[0]).get("memory", 0)) if last[0].startswith("{") else 0


def ingest(data: Path, folder: Path, *, real: bool) -> None:
    embedder = embedder_of(real=real)
    store, readers, seen = Store(data, embedder), Readers(), 0

    def tell(progress: Progress) -> None:
        nonlocal seen
        seen += 1
        if seen % 50 == 1:  # so that a killed run has reported its memory shortly before
            print(json.dumps({"done": progress.done, "memory": peak()}), flush=True)

    Ingester(store, embedder, tell, read=readers).run([folder])
    print(json.dumps({"memory": peak()}), flush=True)
    readers.close()
    store.close()


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def embedder_of(*, real: bool) -> Embedder:
    return load_embedder(Settings.load()) if real else Hashing()


def mark(n: int) -> str:
    """Return a word that only article n holds."""
    return f"zq{n:05d}x"


def write(news: Path, folder: Path, articles: int) -> None:
    rows = [json.loads(line) for file in sorted(news.glob("*.jsonl")) for line in file.open(encoding="utf-8")]
    folder.mkdir()
    for n in range(articles):
        row, again = rows[n % len(rows)], n // len(rows)
        paragraphs = [part for part in row["text"].split("\n") if part.strip()]
        for i in range(again % 2, len(paragraphs), 2) if again else ():
            paragraphs[i] = " ".join(reversed(paragraphs[i].split(". ")))
        text = "\n\n".join([row["title"] or paragraphs[0][:30], f"{mark(n)} {again}.", *paragraphs])
        (folder / f"{n}.txt").write_text(text, encoding="utf-8")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--real", action="store_true", help="the bundled embedding model")
    parser.add_argument("--news", type=Path, default=Path("data/news"))
    parser.add_argument("--scratch", type=Path, help="where the two libraries lie meanwhile")
    for name in ("--data", "--folder"):
        parser.add_argument(name, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
