"""Work handed to the process that owns the library, by another that finds it taken.

The owner listens on a socket of this machine. Where, and a secret, stands in the data folder, in a file
that its user alone can read; each side proves that it knows the secret (an HMAC of a challenge) before
either reads what the other sends. One connection is one call: when it breaks, the work stops.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import logging
import os
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

from rag.errors import BylineError, OwnerGone

_FILE = "hand-over"
_SPEAKS = 1  # of the protocol: another version of Byline may own the folder
_PATIENCE = 5.0
"""Seconds that an owner may take to answer at all."""
_GONE = (OSError, EOFError, AuthenticationError)
_log = logging.getLogger(__name__)

Call = Callable[..., Any]


class Desk:
    """Takes calls for the owner of a data folder, each in a thread of its own, until `close`.

    `calls` are what may be called, by name. One that returns an iterator is gone through, item by item.
    A call of `long` is given `on_progress` and `stop` too, and stops when the caller is gone.
    """

    def __init__(self, folder: Path, calls: Mapping[str, Call], long: Mapping[str, Call]) -> None:
        self._calls, self._long = calls, long
        self._file, self._key = folder / _FILE, secrets.token_bytes(32)
        self._listener = Listener()
        self._address = self._listener.address  # the listener forgets it when it closes
        self._open = True
        self._at_work: dict[threading.Thread, threading.Event] = {}
        _write_private(
            self._file, {"speaks": _SPEAKS, "address": self._listener.address, "key": self._key.hex()}
        )
        threading.Thread(target=self._listen, name="hand-over", daemon=True).start()

    def close(self) -> None:
        """Take no more calls, and stop those that are being worked on."""
        if not self._open:
            return
        self._open = False
        self._file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            Client(self._address).close()  # wakes the thread that listens
        for thread, stop in list(self._at_work.items()):
            stop.set()
            thread.join(10)

    def _listen(self) -> None:
        while self._open:
            try:
                connection = self._listener.accept()
            except OSError:
                break
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()
        self._listener.close()

    def _serve(self, connection: Connection) -> None:
        stop = self._at_work[threading.current_thread()] = threading.Event()
        try:
            _know_each_other(connection, self._key, b"owner", b"caller")
            name, words, options = connection.recv()
            threading.Thread(target=_await_end, args=(connection, stop), daemon=True).start()
            self._work(connection, stop, name, words, options)
        except _GONE:
            stop.set()
        except Exception as error:
            _log.exception("Work that was handed over broke off")
            _send(connection, ("failed", BylineError(f"The app could not do it: {error}.")))
        finally:
            connection.close()
            del self._at_work[threading.current_thread()]

    def _work(
        self, connection: Connection, stop: threading.Event, name: str, words: Any, options: Any
    ) -> None:
        try:
            if name in self._long:
                tell = lambda progress: _send(connection, ("progress", progress))  # noqa: E731
                result = self._long[name](*words, **options, on_progress=tell, stop=stop)
            else:
                result = self._calls[name](*words, **options)
            if isinstance(result, Iterator):
                _go_through(result, connection, stop)
                result = None
            _send(connection, ("done", result))
        except BylineError as error:
            _send(connection, ("failed", error))


class Owner:
    """The process that owns a data folder, as others reach it."""

    def __init__(self, address: str, key: bytes) -> None:
        self._address, self._key = address, key

    @classmethod
    def reach(cls, folder: Path) -> Owner | None:
        """The owner of a folder; None where nobody answers there."""
        try:
            said = json.loads((folder / _FILE).read_text("utf-8"))
            if said["speaks"] != _SPEAKS:
                return None
            owner = cls(str(said["address"]), bytes.fromhex(said["key"]))
            owner._connect().close()
        except (*_GONE, ValueError, KeyError, TypeError):
            return None
        return owner

    def call(
        self, name: str, *words: Any, on_progress: Callable[[Any], None] | None = None, **options: Any
    ) -> Any:
        """What a call returns. Raises what it raises, and OwnerGone where the owner ends before."""
        for kind, value in self._stream(name, words, options):
            if kind == "done":
                return value
            if kind == "progress" and on_progress:
                on_progress(value)
        raise AssertionError("every call has an end")

    def items(self, name: str, *words: Any, **options: Any) -> Iterator[Any]:
        """What a call gives, item by item; closing the iterator stops the work."""
        for kind, value in self._stream(name, words, options):
            if kind == "item":
                yield value

    def _stream(
        self, name: str, words: Sequence[Any], options: Mapping[str, Any]
    ) -> Iterator[tuple[str, Any]]:
        try:
            with self._connect() as connection:
                connection.send((name, words, dict(options)))
                kind = ""
                while kind != "done":
                    kind, value = connection.recv()
                    if kind == "failed":
                        raise value
                    yield kind, value
        except _GONE as error:
            raise OwnerGone(
                "The app that owns the library has ended. What was done is kept: run it again to go on."
            ) from error

    def _connect(self) -> Connection:
        connection = Client(self._address)
        try:
            _know_each_other(connection, self._key, b"caller", b"owner")
        except BaseException:
            connection.close()
            raise
        return connection


def _know_each_other(connection: Connection, key: bytes, me: bytes, other: bytes) -> None:
    """Prove that we know the secret, and have the other prove it; nothing is unpickled before.

    Raises AuthenticationError, or EOFError where the other says nothing.
    """
    mine = secrets.token_bytes(32)
    connection.send_bytes(mine)
    connection.send_bytes(hmac.digest(key, me + _heard(connection), "sha256"))
    if not hmac.compare_digest(_heard(connection), hmac.digest(key, other + mine, "sha256")):
        raise AuthenticationError


def _heard(connection: Connection) -> bytes:
    if not connection.poll(_PATIENCE):
        raise EOFError
    return connection.recv_bytes(32)


def _await_end(connection: Connection, stop: threading.Event) -> None:
    """A caller says nothing more: when this returns, it is gone."""
    with contextlib.suppress(*_GONE):
        connection.recv_bytes()
    stop.set()


def _go_through(items: Iterator[Any], connection: Connection, stop: threading.Event) -> None:
    with contextlib.closing(items) as left:  # type: ignore[type-var]
        for item in left:
            if stop.is_set():
                return
            _send(connection, ("item", item))


def _send(connection: Connection, what: tuple[str, Any]) -> None:
    """Tell the caller; one that is gone is noticed elsewhere."""
    with contextlib.suppress(OSError):
        connection.send(what)


def _write_private(path: Path, what: Mapping[str, object]) -> None:
    """Write a file that its user alone can read, whole or not at all."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(what, out)
    new.replace(path)
