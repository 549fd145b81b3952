"""RPC: calls from other processes to the process that owns a library.

The owner listens on the loopback interface. Its port and a secret key are in a file in the data folder that
only its user may read. Both sides authenticate with the key. Each call has a connection of its own; it is
stopped if the connection breaks. Messages are JSON pairs of a kind and data: "progress", "item", "done" or
"failed".
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import socket
import stat
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rag.errors import BylineError, NotPermitted, OwnerGone
from rag.progress import OnProgress, Progress, ignore
from rag.service.channel import DISCONNECTED, FILE, HANDSHAKE_TIMEOUT_S, Channel, parsed
from rag.service.wire import Codec, Method, error_from_data, error_to_data, method_of
from rag.store.atomic_write import write_atomically

_PROTOCOL = 3
"""Version of the protocol: the owner may be another version of Byline."""
_LOOPBACK = "127.0.0.1"
_PROGRESS = Codec(Progress)
_log = logging.getLogger(__name__)

Interface = Mapping[str, type]
"""Protocol classes by name; a call names a method as "name.method"."""


class RpcServer:
    """Serves calls to the owner of a data folder, each in its own thread, until `close`.

    `targets` implement the protocols of `interface`, by the same names. The items of a returned iterator are
    sent one by one. A method with a parameter `on_progress` also receives `stop`, an event that is set when
    the caller disconnects.
    """

    def __init__(self, folder: Path, interface: Interface, targets: Mapping[str, object]) -> None:
        self._interface, self._targets = interface, targets
        self._file, self._key = folder / FILE, secrets.token_bytes(32)
        self._listener = socket.create_server((_LOOPBACK, 0))
        self._port: int = self._listener.getsockname()[1]
        self._open = True
        self._running: dict[threading.Thread, threading.Event] = {}
        known = {"speaks": _PROTOCOL, "port": self._port, "key": self._key.hex()}
        write_atomically(self._file, json.dumps(known).encode())
        threading.Thread(target=self._listen, name="rpc", daemon=True).start()

    def close(self) -> None:
        """Accept no more calls, and stop those that are running; wait at most 10 s for each."""
        if not self._open:
            return
        self._open = False
        self._file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            socket.create_connection((_LOOPBACK, self._port)).close()  # wakes the listening thread
        for thread, stop in list(self._running.items()):
            stop.set()
            thread.join(10)

    def _listen(self) -> None:
        while self._open:
            try:
                connected, _ = self._listener.accept()
            except OSError:
                break
            threading.Thread(target=self._serve, args=(connected,), daemon=True).start()
        self._listener.close()

    def _serve(self, connected: socket.socket) -> None:
        stop = self._running[threading.current_thread()] = threading.Event()
        try:
            with Channel(connected) as channel:
                channel.authenticate(self._key, b"owner", b"caller")
                call = channel.receive()
                with _stopped_on_disconnect(channel, stop):
                    self._answer(channel, stop, call)
        except DISCONNECTED:
            pass
        except ValueError:
            _log.warning("A call from another process was no JSON")
        finally:
            connected.close()
            del self._running[threading.current_thread()]

    def _answer(self, channel: Channel, stop: threading.Event, call: Any) -> None:
        try:
            _send(channel, "done", self._result(channel, stop, call))
        except BylineError as error:
            _send(channel, "failed", error_to_data(error))
        except Exception as error:
            _log.exception("A call from another process failed")
            _send(channel, "failed", error_to_data(BylineError("owner_failed", error=error)))

    def _result(self, channel: Channel, stop: threading.Event, call: Any) -> Any:
        """Call the method and return its result as data; send the items of an iterator and return None."""
        method, function, arguments = self._resolve(call)
        if method.reports:
            report = lambda progress: _send(channel, "progress", _PROGRESS.to_data(progress))  # noqa: E731
            arguments |= {"on_progress": report, "stop": stop}
        result = function(**arguments)
        if not method.streams:
            return method.result.to_data(result)
        with contextlib.closing(result):
            for item in result:
                if stop.is_set():
                    break
                _send(channel, "item", method.result.to_data(item))
        return None

    def _resolve(self, call: Any) -> tuple[Method, Callable[..., Any], dict[str, Any]]:
        """Return the method that a call names, its implementation and the arguments."""
        prefix, _, name = str(call["method"]).partition(".")
        method = method_of(self._interface[prefix], name)
        return method, getattr(self._targets[prefix], name), method.arguments_from_data(call["arguments"])


class RpcClient:
    """Calls the process that owns a data folder."""

    def __init__(self, port: int, key: bytes, interface: Interface) -> None:
        self._port, self._key, self._interface = port, key, interface

    @classmethod
    def reach(cls, folder: Path, interface: Interface) -> RpcClient | None:
        """Return a client of the process that owns a folder; None if no process answers.

        Raises NotPermitted if another user could have written the file with the owner's address.
        """
        try:
            known = _read_private(folder / FILE)
            if known["speaks"] != _PROTOCOL:
                return None
            owner = cls(int(known["port"]), bytes.fromhex(known["key"]), interface)
            owner._connect().close()
        except (*DISCONNECTED, ValueError, KeyError, TypeError, OverflowError):
            return None
        return owner

    def call(self, name: str, on_progress: OnProgress = ignore, **arguments: Any) -> Any:
        """Call a method by name and return its result.

        Raises the method's errors, and OwnerGone if the owner ends before it replies.
        """
        result = self._method(name).result
        for kind, data in self._replies(name, arguments):
            if kind == "progress":
                on_progress(_decode(_PROGRESS, data))
            else:
                return _decode(result, data)
        raise AssertionError("every call has an end")

    def items(self, name: str, **arguments: Any) -> Iterator[Any]:
        """Call a method that returns an iterator, and yield its items; closing this one stops the call."""
        result = self._method(name).result
        for kind, data in self._replies(name, arguments):
            if kind == "item":
                yield _decode(result, data)

    def _method(self, name: str) -> Method:
        prefix, _, method = name.partition(".")
        return method_of(self._interface[prefix], method)

    def _replies(self, name: str, arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """Send a call and yield its messages, "done" last. Raises the error of "failed", and OwnerGone."""
        data = self._method(name).arguments_to_data(arguments)
        try:
            with self._connect() as channel:
                channel.send({"method": name, "arguments": data})
                kind = ""
                while kind != "done":
                    kind, value = channel.receive()
                    if kind == "failed":
                        raise error_from_data(value)
                    yield kind, value
        except DISCONNECTED as error:
            raise OwnerGone("owner_gone") from error
        except (ValueError, TypeError) as error:
            raise OwnerGone("owner_not_understood") from error

    def _connect(self) -> Channel:
        channel = Channel(socket.create_connection((_LOOPBACK, self._port), HANDSHAKE_TIMEOUT_S))
        try:
            channel.authenticate(self._key, b"caller", b"owner")
        except BaseException:
            channel.close()
            raise
        return channel


def _decode(codec: Codec, data: Any) -> Any:
    """Decode a value of the owner. Raises OwnerGone if it is invalid."""
    try:
        return codec.from_data(data)
    except ValueError as error:
        raise OwnerGone("owner_not_understood") from error


@contextlib.contextmanager
def _stopped_on_disconnect(channel: Channel, stop: threading.Event) -> Iterator[None]:
    """Set `stop` when the caller disconnects; callers send nothing after the call itself.

    The waiting thread ends with the block, because another connection may then get the same file descriptor.
    """

    def watch() -> None:
        channel.await_end()
        stop.set()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        channel.stop_receiving()
        thread.join()


def _send(channel: Channel, kind: str, data: Any) -> None:
    """Send a message to the caller; a lost connection is handled by `_stopped_on_disconnect`."""
    with contextlib.suppress(OSError):
        channel.send((kind, data))


def _read_private(path: Path) -> dict[str, Any]:
    """Read a JSON file that only its user may read and write.

    Raises NotPermitted if its owner or mode differs, OSError and ValueError if it cannot be read.
    """
    without_waiting = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)  # a pipe may be planted in its place
    with os.fdopen(os.open(path, without_waiting), encoding="utf-8") as file:
        status = os.fstat(file.fileno())
        if hasattr(os, "geteuid") and (status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o077):
            raise NotPermitted("owner_file_not_private", path=path)
        known: dict[str, Any] = parsed(file.read())
    return known
