"""Reading in processes of its own: a bomb, a loop or a crash costs one file, never the app."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue

from rag.locales.message import Message
from rag.reading.file_reader import Chunk, Wanted
from rag.reading.worker_protocol import read_chunk, write_wanted
from rag.types import Skipped

_CHILDREN = 2
_ENOUGH = 8
"""Files for which one child is enough."""
_AHEAD = 32
"""Files that are asked for before the first of them is used."""
SECONDS = 30.0
"""Seconds that a child may be silent, however busy the machine is; it counts its own computing."""
COMMAND = (sys.executable, "-m", "rag.reading.worker")
"""What a child runs."""
_START = 120.0
"""Seconds that a child may take to start."""
_TOO_LONG = Message.of("too_slow")
_BROKE = Message.of("broke_reader")


class Readers:
    """Reads files in children, which are started when needed and kept; see ReadFiles.

    Thread safe. `close` it, or the children end with this process.
    """

    def __init__(self, seconds: float = SECONDS, command: Sequence[str] = COMMAND) -> None:
        self._seconds, self._command = seconds, command
        self._lock, self._idle, self._closed = threading.Lock(), list[_Child](), False

    def __call__(self, files: Iterable[Wanted]) -> Iterator[Chunk]:
        """Read files, two at a time; the chunks of one may come between those of another."""
        run = _Run(self)
        try:
            yield from run.chunks(iter(files))
        finally:
            run.stop()

    def close(self) -> None:
        """End the children."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    def take(self) -> _Child:
        """A child that waits, or a new one."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Child(self._command, self._seconds)

    def give(self, child: _Child) -> None:
        """Keep a child for later."""
        with self._lock:
            if child.alive and not self._closed and len(self._idle) < _CHILDREN:
                self._idle.append(child)
                return
        child.end()


class _Run:
    """One call: a thread for each child, between a queue of files and a queue of chunks."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._files: Queue[Wanted | None] = Queue()
        self._chunks: Queue[Chunk | Exception] = Queue(2 * _AHEAD)
        self._threads, self._children, self._open = list[threading.Thread](), set[_Child](), 0

    def chunks(self, files: Iterator[Wanted]) -> Iterator[Chunk]:
        while True:
            while self._open < _AHEAD and (wanted := next(files, None)) is not None:
                self._files.put(wanted)
                self._open += 1
                if len(self._threads) < min(1 + self._open // _ENOUGH, _CHILDREN):
                    self._threads.append(threading.Thread(target=self._work, daemon=True))
                    self._threads[-1].start()
            if not self._open:
                return
            chunk = self._chunks.get()
            if isinstance(chunk, Exception):
                raise chunk
            self._open -= chunk.last
            yield chunk

    def stop(self) -> None:
        """End the threads; what is still read is not wanted any more."""
        with suppress(Empty):
            while True:
                self._files.get_nowait()
        for _ in self._threads:
            self._files.put(None)
        for child in set(self._children) if self._open else ():
            child.end()
        for thread in self._threads:
            while thread.is_alive():
                with suppress(Empty):
                    self._chunks.get(timeout=0.01)

    def _work(self) -> None:
        try:
            while (wanted := self._files.get()) is not None:
                child = self._readers.take()
                self._children.add(child)
                for chunk in child.read(wanted):
                    self._chunks.put(chunk)
                self._children.discard(child)
                self._readers.give(child)
        except Exception as error:
            self._chunks.put(error)


class _Child:
    """A process that reads one file at a time."""

    def __init__(self, command: Sequence[str], seconds: float) -> None:
        self._seconds, self._late, self._ready = seconds, False, False
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )

    @property
    def alive(self) -> bool:
        """Whether it can read another file."""
        return self._process.poll() is None

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.communicate()

    def read(self, wanted: Wanted) -> Iterator[Chunk]:
        """The chunks of a file; where the child broke, the last one says so."""
        assert self._process.stdin is not None
        self._ready = self._ready or bool(self._line(_START))
        with suppress(OSError):  # it has ended: then there is no answer either
            self._process.stdin.write(write_wanted(wanted))
            self._process.stdin.flush()
        while line := self._line(self._seconds):
            chunk = read_chunk(line)
            yield chunk
            if chunk.last:
                return
        yield Chunk(wanted.name, skipped=(Skipped(wanted.name, self._ended()),), last=True)

    def _line(self, seconds: float) -> bytes:
        """The next line; nothing where it ends, or is silent for too long."""
        assert self._process.stdout is not None
        clock = threading.Timer(seconds, self._kill)
        clock.start()
        try:
            line = self._process.stdout.readline()
        finally:
            clock.cancel()
        return line if line.endswith(b"\n") else b""

    def _kill(self) -> None:
        self._late = True
        self._process.kill()

    def _ended(self) -> Message:
        """Why the child has ended."""
        code = self._process.wait()
        return _TOO_LONG if self._late or code == -getattr(signal, "SIGXCPU", 0) else _BROKE


def _environment() -> dict[str, str]:
    """The child imports Byline from where its parent did, and computes in one thread."""
    import rag

    path = os.pathsep.join(filter(None, [str(Path(rag.__path__[0]).parent), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
