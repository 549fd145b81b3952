"""An owner, callers and strangers for the tests of the RPC; run as a program, an owner or a caller of its own."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.errors import NothingThere, ShardDamaged
from rag.locales.message import verbatim
from rag.progress import OnProgress, Progress
from rag.service.channel import Channel
from rag.service.rpc import RpcClient, RpcServer
from rag.types import Filters

KEY = bytes(32)


@dataclass(frozen=True)
class Word:
    text: str


@dataclass(frozen=True)
class Aside:
    text: str


class Works:
    """What an owner is asked to do; it remembers how its work ended."""

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.began = threading.Event()
        self.meeting = threading.Barrier(8)

    def add(self, one: int, other: int) -> int:
        return one + other

    def meet(self) -> str:
        self.meeting.wait(30)
        return "met"

    def count(self, to: int) -> Iterator[int]:
        try:
            for n in range(to):
                self.began.set()
                time.sleep(0.01)
                yield n
        finally:
            self.ended.append("closed")

    def say(self, text: str) -> Iterator[Word | Aside]:
        yield Word(text)
        yield Aside(text)

    def narrow(self, filters: Filters, file: Path) -> tuple[Filters, Path]:
        return filters, file

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def miscount(self) -> int:
        return "many"  # type: ignore[return-value]

    def damage(self) -> None:
        raise ShardDamaged("shard_damaged", shard="en-0")

    def lose(self) -> None:
        raise NothingThere("It is not there: look elsewhere.")

    def break_off(self) -> None:
        raise ZeroDivisionError("a mistake of ours")

    def toil(self, steps: int, *, on_progress: OnProgress, stop: threading.Event) -> str:
        for n in range(steps):
            on_progress(Progress(verbatim("Toiling"), n, steps))
            self.began.set()
            if stop.wait(0.01):
                self.ended.append("stopped")
                return "stopped"
        return "done"


INTERFACE = {"works": Works}


def until(holds, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    assert holds()


@contextmanager
def false_owner(folder: Path, answer: Callable[[Channel], None]) -> Iterator[RpcClient]:
    """A client of an owner that knows the secret, and answers one call as told."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        leave(folder, json.dumps({"speaks": 3, "port": listener.getsockname()[1], "key": KEY.hex()}))

        def serve() -> None:
            for _ in range(2):  # the first is only reached
                with Channel(listener.accept()[0]) as channel:
                    channel.authenticate(KEY, b"owner", b"caller")
                    answer(channel)
                    channel.await_end()

        thread = threading.Thread(target=serve)
        thread.start()
        owner = RpcClient.reach(folder, INTERFACE)
        assert owner is not None
        yield owner
        thread.join(30)


def authenticated(folder: Path) -> Channel:
    known = json.loads((folder / "hand-over").read_text())
    channel = Channel(socket.create_connection(("127.0.0.1", known["port"])))
    channel.authenticate(bytes.fromhex(known["key"]), b"caller", b"owner")
    return channel


def leave(folder: Path, text: str) -> None:
    """Leave a file as an owner would."""
    (folder / "hand-over").unlink(missing_ok=True)
    (folder / "hand-over").write_text(text)
    (folder / "hand-over").chmod(0o600)


def lie(listener: socket.socket, said: bytes) -> None:
    with listener.accept()[0] as connected:
        connected.sendall(said)
        read_to_the_end(connected.recv)


def read_to_the_end(read: Callable[[int], bytes]) -> bytes:
    """All that comes until the other side hangs up."""
    received = b""
    try:
        while more := read(1024):
            received += more
    except OSError:
        pass
    return received


def environment() -> dict[str, str]:
    root = Path(__file__).parents[1]
    return {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}"}


if __name__ == "__main__":
    role, at = sys.argv[1], Path(sys.argv[2])
    if role == "serve":
        RpcServer(at, INTERFACE, {"works": Works()})
        print("open", flush=True)
        time.sleep(60)
    elif (found := RpcClient.reach(at, INTERFACE)) is not None:
        found.call("works.toil", steps=100_000)
