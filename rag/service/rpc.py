"""RPC from other processes to the one that owns a library.

The owner listens on a local socket. The data folder holds its address and a secret, in a file that only
its user can read. Both sides prove by an HMAC of a challenge that they know the secret before either
unpickles anything. One connection carries one call; a broken connection stops it. The handshake is our
own because that of `multiprocessing.connection` has no time limit.
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
"""File in the data folder; its name is part of the protocol."""
_PROTOCOL = 3
"""Version of the protocol: another version of Byline may own the folder."""
HANDSHAKE_TIMEOUT_S = 5.0
"""Seconds to wait for the other side in the handshake. Not fitted."""
_DISCONNECTED = (OSError, EOFError, AuthenticationError)
_log = logging.getLogger(__name__)

Call = Callable[..., Any]


class RpcServer:
    """Serves calls to the owner of a data folder, each in its own thread, until `close`.

    `calls` maps names to functions; the items of a returned iterator are sent one by one. Functions in
    `long` also receive `on_progress` and `stop`, which is set when the caller disconnects.
    """

    def __init__(self, folder: Path, calls: Mapping[str, Call], long: Mapping[str, Call]) -> None:
        self._calls, self._long = calls, long
        self._file, self._key = folder / _FILE, secrets.token_bytes(32)
        self._listener = Listener()
        self._address = self._listener.address  # the listener loses it on close
        self._open = True
        self._at_work: dict[threading.Thread, threading.Event] = {}
        _write_private(
            self._file, {"speaks": _PROTOCOL, "address": self._listener.address, "key": self._key.hex()}
        )
        threading.Thread(target=self._listen, name="rpc", daemon=True).start()

    def close(self) -> None:
        """Accept no more calls and stop the running ones."""
        if not self._open:
            return
        self._open = False
        self._file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            Client(self._address).close()  # wakes the listening thread
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
            _authenticate(connection, self._key, b"owner", b"caller")
            name, words, options = connection.recv()
            threading.Thread(target=_await_end, args=(connection, stop), daemon=True).start()
            self._work(connection, stop, name, words, options)
        except _DISCONNECTED:
            stop.set()
        except Exception as error:
            _log.exception("Work that was handed over broke off")
            _send(connection, ("failed", BylineError("owner_failed", error=error)))
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
                _send_items(result, connection, stop)
                result = None
            _send(connection, ("done", result))
        except BylineError as error:
            _send(connection, ("failed", error))


class RpcClient:
    """Calls the process that owns a data folder."""

    def __init__(self, address: str, key: bytes) -> None:
        self._address, self._key = address, key

    @classmethod
    def reach(cls, folder: Path) -> RpcClient | None:
        """Connect to the owner of a folder; None where no process answers."""
        try:
            said = json.loads((folder / _FILE).read_text("utf-8"))
            if said["speaks"] != _PROTOCOL:
                return None
            owner = cls(str(said["address"]), bytes.fromhex(said["key"]))
            owner._connect().close()
        except (*_DISCONNECTED, ValueError, KeyError, TypeError):
            return None
        return owner

    def call(
        self, name: str, *words: Any, on_progress: Callable[[Any], None] | None = None, **options: Any
    ) -> Any:
        """Call a function by name and return its result.

        Raises what the function raises, and OwnerGone where the owner ends first.
        """
        for kind, value in self._stream(name, words, options):
            if kind == "done":
                return value
            if kind == "progress" and on_progress:
                on_progress(value)
        raise AssertionError("every call has an end")

    def items(self, name: str, *words: Any, **options: Any) -> Iterator[Any]:
        """Call a function that returns an iterator; closing this one stops the work."""
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
        except _DISCONNECTED as error:
            raise OwnerGone("owner_gone") from error

    def _connect(self) -> Connection:
        connection = Client(self._address)
        try:
            _authenticate(connection, self._key, b"caller", b"owner")
        except BaseException:
            connection.close()
            raise
        return connection


def _authenticate(connection: Connection, key: bytes, me: bytes, other: bytes) -> None:
    """Authenticate both sides by HMAC-SHA-256 of a challenge; nothing is unpickled before.

    Raises AuthenticationError, or EOFError where the other side is silent.
    """
    mine = secrets.token_bytes(32)
    connection.send_bytes(mine)
    connection.send_bytes(hmac.digest(key, me + _receive_digest(connection), "sha256"))
    if not hmac.compare_digest(_receive_digest(connection), hmac.digest(key, other + mine, "sha256")):
        raise AuthenticationError


def _receive_digest(connection: Connection) -> bytes:
    if not connection.poll(HANDSHAKE_TIMEOUT_S):
        raise EOFError
    return connection.recv_bytes(32)


def _await_end(connection: Connection, stop: threading.Event) -> None:
    """Set `stop` when the caller disconnects; it sends nothing after the call."""
    with contextlib.suppress(*_DISCONNECTED):
        connection.recv_bytes()
    stop.set()


def _send_items(items: Iterator[Any], connection: Connection, stop: threading.Event) -> None:
    with contextlib.closing(items) as left:  # type: ignore[type-var]
        for item in left:
            if stop.is_set():
                return
            _send(connection, ("item", item))


def _send(connection: Connection, what: tuple[str, Any]) -> None:
    """Send to the caller; a lost connection is handled in `_await_end`."""
    with contextlib.suppress(OSError):
        connection.send(what)


def _write_private(path: Path, what: Mapping[str, object]) -> None:
    """Write a JSON file atomically, readable by its user only."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump(what, out)
    new.replace(path)
