"""Chroma servers: search beside the embedded one, and kills of a server that is being written to.

    .venv/bin/python bench/chroma_servers.py search --passages 20000 100000
    .venv/bin/python bench/chroma_servers.py kill --passages 12000 --kills 12

`search` times the 40 nearest of each shard, with their vectors, as a question does, among random ones.
`kill` ingests made-up articles with a fast embedder while the server is killed (SIGKILL) and started again,
and then compares the library with what it should hold.
"""

from __future__ import annotations

import argparse
import logging
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import httpx
import numpy as np

from rag.store import server_vectors
from rag.store.article_embedding import Embedding
from rag.store.chroma_folder import ChromaFolder
from rag.store.chroma_server import ChromaServer
from rag.store.chroma_servers import ChromaServers
from rag.store.ledger import MAX_SHARD_PASSAGES
from rag.store.store import Store
from rag.store.vectors import VectorIndex
from rag.text.splitter import split
from rag.types import Article

DIMENSION = 384
NEAREST = 40
QUERIES = 200
BATCH = 128


class Server:
    """`chroma run` on a free port."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder, self.address = folder, f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        chroma = Path(sys.executable).parent / "chroma"
        command = [chroma, "run", "--path", self.folder, "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            with suppress(httpx.HTTPError):
                httpx.get(f"{self.address}/api/v2/heartbeat", trust_env=False)
                return
            time.sleep(0.1)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


# --- search


def search(options: argparse.Namespace, scratch: Path) -> None:
    server = Server(scratch / "server")
    places = {
        "embedded": VectorIndex(ChromaFolder(scratch / "folder")),
        "server": VectorIndex(ChromaServer(server.address, "", "byline-bench-0")),
    }
    written = 0
    for passages in sorted(options.passages):
        for name, index in places.items():
            began = time.perf_counter()
            write(index, written, passages)
            print(f"{name}: {passages - written} written in {time.perf_counter() - began:.0f} s", flush=True)
        written = passages
        times = {name: timed(index, passages) for name, index in places.items()}
        for name, (median, p95) in times.items():
            print(f"{passages} passages, {name}: median {median:.1f} ms, p95 {p95:.1f} ms")
        print(
            f"{passages} passages: p95 of the server is {times['server'][1] / times['embedded'][1]:.2f} times"
        )
    server.kill()


def write(index: VectorIndex, start: int, stop: int) -> None:
    for first in range(start, stop, 1000):
        shard = f"en-{first // MAX_SHARD_PASSAGES}"
        index.upsert(shard, range(first, first + 1000), unit_vectors(first, 1000))


def unit_vectors(seed: int, count: int) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION), np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def timed(index: VectorIndex, passages: int) -> tuple[float, float]:
    shards = [f"en-{n}" for n in range(-(-passages // MAX_SHARD_PASSAGES))]
    took = []
    for vector in unit_vectors(7, QUERIES + 10):
        began = time.perf_counter()
        for shard in shards:
            index.nearest(shard, vector, NEAREST)
        took.append(1000 * (time.perf_counter() - began))
    return float(np.median(took[10:])), float(np.percentile(took[10:], 95))


# --- kill


class Hashing:
    """Embeds words by hashing, so that the time goes to Chroma."""

    name, dimension, fingerprint = "hashing", DIMENSION, "1"

    def embed_passages(self, texts):
        return np.array([self.embed_query(text) for text in texts], np.float32).reshape(-1, DIMENSION)

    def embed_query(self, text):
        rows = [
            np.random.default_rng(crc32(word.encode())).standard_normal(DIMENSION) for word in text.split()
        ]
        vector = np.sum(rows, axis=0, dtype=np.float32)
        return vector / np.linalg.norm(vector)


class Counting(logging.Handler):
    """Counts the warnings of the store by what they tell."""

    def __init__(self) -> None:
        super().__init__()
        self.away = self.remade = 0

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        self.remade += "damaged" in text
        self.away += "Chroma server" in text


def kill(options: argparse.Namespace, scratch: Path) -> None:
    server_vectors.RETRY_S = 0.0  # else most of the time passes without writing
    counting = Counting()
    logging.getLogger("rag").addHandler(counting)
    logging.getLogger("rag").setLevel(logging.INFO)
    server, chance = Server(scratch / "server"), random.Random(options.seed)
    store = Store(scratch / "data", Hashing(), servers=ChromaServers((server.address,)))
    over = threading.Event()

    def killer() -> None:
        for _ in range(options.kills):
            time.sleep(chance.uniform(1, options.every))
            server.kill()
            time.sleep(chance.uniform(0, 1))
            server.start()
        over.set()

    threading.Thread(target=killer, daemon=True).start()
    embedding, written = Embedding(Hashing().embed_passages), 0
    while written < options.passages or not over.is_set():
        if written < options.passages:
            store.put([item(n) for n in range(written, written + BATCH)], embedding)
            written += BATCH
        else:
            again = chance.sample(range(written), BATCH)
            store.ledger.set_pending(f"a{n}" for n in again)
            store.recover(embedding)
        if written % (8 * BATCH) == 0:
            store.flush()
        if store.away():
            time.sleep(0.3)
            store.recover(embedding)
    began = time.perf_counter()
    while store.notice():
        store.recover(embedding)
        store.flush()
        time.sleep(0.5)
    print(
        f"killed {options.kills} times in {written} passages; mended in {time.perf_counter() - began:.0f} s"
    )
    print(f"found away {counting.away} times, shards made anew {counting.remade} times")
    compare(store, written)
    store.close()
    server.kill()


def item(n: int) -> tuple[Article, list, str]:
    text = f"Number{n} word{n % 97} word{n % 89} word{n % 83} stands in article{n}."
    article = Article(id=f"a{n}", source=f"/{n}.txt", title="", language="en", text=text)
    return article, split(article), f"/{n}.txt"


def compare(store: Store, written: int) -> None:
    lost = {shard: tuple(map(len, of)) for shard, of in store.missing_vectors().items()}
    overview = store.ledger.overview()
    print(f"articles {overview.articles} of {written}, pending {len(store.ledger.pending())}")
    print(f"vectors lost, stray: {lost}; to be deleted: {len(store.ledger.pending_deletions())}")
    asked = store.ledger.passages_of(f"a{n}" for n in range(0, written, max(1, written // 500)))
    found = 0
    for one in asked:
        vector = Hashing().embed_query(one.passage.text)
        found += one.id in store.nearest({one.shard: None}, vector, 3)
    print(f"found by their own text: {found} of {len(asked)}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["search", "kill"])
    parser.add_argument("--passages", type=int, nargs="+", default=[20_000])
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--every", type=float, default=6.0, help="maximum seconds between two kills")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with TemporaryDirectory(prefix="byline-chroma-", ignore_cleanup_errors=True) as scratch:
        if options.what == "search":
            search(options, Path(scratch))
        else:
            options.passages = max(options.passages)
            kill(options, Path(scratch))


if __name__ == "__main__":
    main()
