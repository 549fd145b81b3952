"""A real Chroma server: `chroma run` of the chromadb package, on a free port of this machine."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from rag.store.chroma_servers import ChromaServers
from rag.store.store import Store
from rag.store.vectors import VectorIndex

on_both = pytest.mark.parametrize("servers", ["folder", "server"], indirect=True)
"""Runs a test with its vectors in the data folder, and again on a server."""


def index_of(store: Store, servers: ChromaServers) -> VectorIndex:
    """The index that holds the store's vectors."""
    return store.placed.at(*servers.addresses or [""]).index


class ChromaRun:
    """A server that keeps its files in a folder; it can be killed and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder, self.address = folder, f"http://127.0.0.1:{self.port}"
        self.servers = ChromaServers((self.address,))
        self.start()

    def start(self) -> None:
        command = [str(Path(sys.executable).parent / "chroma"), "run", "--path", str(self.folder)]
        self.process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(600):
            try:
                httpx.get(f"{self.address}/api/v2/heartbeat", trust_env=False)
                return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise TimeoutError(self.address)

    def revive(self) -> None:
        """Start the server again if it has ended."""
        if self.process.poll() is not None:
            self.start()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def pause(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)
