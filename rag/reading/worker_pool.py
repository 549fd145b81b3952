"""A pool of processes that read files: a decompression bomb, endless loop or crash costs only its own
file."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from queue import Empty, Queue

from rag.child_processes import child_environment
from rag.locales.message import Message
from rag.reading.file_reader import Chunk, ReadRequest
from rag.reading.worker_protocol import read_chunk, write_request
from rag.types import Skipped

_MAX_WORKERS = 2
"""Maximum processes. Not fitted."""
_FILES_PER_WORKER = 8
"""Number of open files for which another worker is started. Not fitted."""
_MAX_OPEN_FILES = 32
"""Files that are queued or being read at a time. Not fitted."""
TIMEOUT_S = 30.0
"""Seconds without output after which a worker is killed; it limits its CPU time itself. Not fitted."""
COMMAND = (sys.executable, "-m", "rag.reading.worker")
"""The command of a worker."""
_START_TIMEOUT_S = 120.0
"""Seconds that a worker may take to start. Not fitted."""
_TOO_LONG = Message.of("too_slow")
_CRASHED = Message.of("broke_reader")


class Readers:
    """A ReadFiles that reads in worker processes, which are started when needed and reused.

    Thread safe. Workers end with `close`, at the latest with this process.
    """

    def __init__(self, timeout_s: float = TIMEOUT_S, command: Sequence[str] = COMMAND) -> None:
        self._timeout_s, self._command = timeout_s, command
        self._lock, self._idle, self._closed = threading.Lock(), list[_Worker](), False

    def __call__(self, files: Iterable[ReadRequest]) -> Iterator[Chunk]:
        """Read files, two at a time; chunks of different files may alternate."""
        run = _Run(self)
        try:
            yield from run.chunks(iter(files))
        finally:
            run.stop()

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.end()

    def take(self) -> _Worker:
        """Return an idle worker, or start a new one."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return _Worker(self._command, self._timeout_s)

    def give(self, worker: _Worker) -> None:
        """Keep a worker for later, or end it if there are enough."""
        with self._lock:
            if worker.alive and not self._closed and len(self._idle) < _MAX_WORKERS:
                self._idle.append(worker)
                return
        worker.end()


class _Run:
    """One call of Readers: a thread for each worker, from a queue of files to a queue of chunks."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._files: Queue[ReadRequest | None] = Queue()
        self._chunks: Queue[Chunk | Exception] = Queue(2 * _MAX_OPEN_FILES)
        self._threads, self._workers, self._open = list[threading.Thread](), set[_Worker](), 0

    def chunks(self, files: Iterator[ReadRequest]) -> Iterator[Chunk]:
        """Yield the chunks of all files. Raises the exceptions of the threads."""
        while True:
            while self._open < _MAX_OPEN_FILES and (request := next(files, None)) is not None:
                self._files.put(request)
                self._open += 1
                if len(self._threads) < min(1 + self._open // _FILES_PER_WORKER, _MAX_WORKERS):
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
        """End the threads, and the workers that are still reading."""
        with suppress(Empty):
            while True:
                self._files.get_nowait()
        for _ in self._threads:
            self._files.put(None)
        for worker in set(self._workers) if self._open else ():
            worker.end()
        for thread in self._threads:
            while thread.is_alive():
                with suppress(Empty):  # a thread may be waiting for room in the queue
                    self._chunks.get(timeout=0.01)

    def _work(self) -> None:
        try:
            while (request := self._files.get()) is not None:
                worker = self._readers.take()
                self._workers.add(worker)
                for chunk in worker.read(request):
                    self._chunks.put(chunk)
                self._workers.discard(worker)
                self._readers.give(worker)
        except Exception as error:
            self._chunks.put(error)


class _Worker:
    """A process that reads one file at a time."""

    def __init__(self, command: Sequence[str], timeout_s: float) -> None:
        self._timeout_s, self._timed_out, self._ready = timeout_s, False, False
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1"),
        )

    @property
    def alive(self) -> bool:
        """Whether the process runs and can read another file."""
        return self._process.poll() is None

    def end(self) -> None:
        """Kill the process."""
        self._process.kill()
        self._process.communicate()

    def read(self, request: ReadRequest) -> Iterator[Chunk]:
        """Yield the chunks of a file; if the process ends, the last chunk skips the file."""
        assert self._process.stdin is not None
        self._ready = self._ready or bool(self._line(_START_TIMEOUT_S))
        with suppress(OSError):  # the process has ended, so that no line follows
            self._process.stdin.write(write_request(request))
            self._process.stdin.flush()
        while line := self._line(self._timeout_s):
            chunk = read_chunk(line)
            yield chunk
            if chunk.last:
                return
        yield Chunk(request.name, skipped=(Skipped(request.name, self._ended()),), last=True)

    def _line(self, seconds: float) -> bytes:
        """Return the next line of output; b"" if the process ends or is killed for its silence."""
        assert self._process.stdout is not None
        timer = threading.Timer(seconds, self._kill)
        timer.start()
        try:
            line = self._process.stdout.readline()
        finally:
            timer.cancel()
        return line if line.endswith(b"\n") else b""

    def _kill(self) -> None:
        self._timed_out = True
        self._process.kill()

    def _ended(self) -> Message:
        """Return the reason why the process has ended."""
        code = self._process.wait()
        return _TOO_LONG if self._timed_out or code == -getattr(signal, "SIGXCPU", 0) else _CRASHED
