"""RPC from other processes to the one that owns a library.

The owner listens on the loopback interface. The data folder holds its port and a secret, in a file that
only its user can read. Both sides prove by an HMAC of a challenge that they know the secret. One connection
carries one call, in JSON; a broken connection stops it.
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
from rag.service.channel import DISCONNECTED, HANDSHAKE_TIMEOUT_S, Channel
from rag.service.wire import Codec, Method, error_from_data, error_to_data, method_of
from rag.store.atomic_write import write_atomically

_FILE = "hand-over"
"""File in the data folder; its name is part of the protocol."""
_PROTOCOL = 3
"""Version of the protocol: another version of Byline may own the folder."""
_LOOPBACK = "127.0.0.1"
_PROGRESS = Codec(Progress)
_log = logging.getLogger(__name__)

Interface = Mapping[str, type]
"""Protocols by name; a call names a method as "name.method"."""


class RpcServer:
    """Serves calls to the owner of a data folder, each in its own thread, until `close`.

    `targets` implement the protocols of `interface` under the same names. The items of a returned iterator
    are sent one by one. A method with `on_progress` also receives `stop`, which is set when the caller
    disconnects.
    """

    def __init__(self, folder: Path, interface: Interface, targets: Mapping[str, object]) -> None:
        self._interface, self._targets = interface, targets
        self._file, self._key = folder / _FILE, secrets.token_bytes(32)
        self._listener = socket.create_server((_LOOPBACK, 0))
        self._port: int = self._listener.getsockname()[1]
        self._open = True
        self._running: dict[threading.Thread, threading.Event] = {}
        known = {"speaks": _PROTOCOL, "port": self._port, "key": self._key.hex()}
        write_atomically(self._file, json.dumps(known).encode())
        threading.Thread(target=self._listen, name="rpc", daemon=True).start()

    def close(self) -> None:
        """Accept no more calls and stop the running ones."""
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
                with _watched(channel, stop):
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
        """Call the method; its result as data, None for an iterator, whose items are sent."""
        method, function, arguments = self._called(call)
        if method.reports:
            tell = lambda progress: _send(channel, "progress", _PROGRESS.to_data(progress))  # noqa: E731
            arguments |= {"on_progress": tell, "stop": stop}
        result = function(**arguments)
        if not method.streams:
            return method.result.to_data(result)
        with contextlib.closing(result):
            for item in result:
                if stop.is_set():
                    break
                _send(channel, "item", method.result.to_data(item))
        return None

    def _called(self, call: Any) -> tuple[Method, Callable[..., Any], dict[str, Any]]:
        prefix, _, name = str(call["method"]).partition(".")
        method = method_of(self._interface[prefix], name)
        return method, getattr(self._targets[prefix], name), method.arguments_from_data(call["arguments"])


class RpcClient:
    """Calls the process that owns a data folder."""

    def __init__(self, port: int, key: bytes, interface: Interface) -> None:
        self._port, self._key, self._interface = port, key, interface

    @classmethod
    def reach(cls, folder: Path, interface: Interface) -> RpcClient | None:
        """Connect to the owner of a folder; None where no process answers.

        Raises NotPermitted where another user could have written the file that names the process.
        """
        try:
            known = _read_private(folder / _FILE)
            if known["speaks"] != _PROTOCOL:
                return None
            owner = cls(int(known["port"]), bytes.fromhex(known["key"]), interface)
            owner._connect().close()
        except (*DISCONNECTED, ValueError, KeyError, TypeError, OverflowError):
            return None
        return owner

    def call(self, name: str, on_progress: OnProgress = ignore, **arguments: Any) -> Any:
        """Call a method by name and return its result.

        Raises what the method raises, and OwnerGone where the owner ends first.
        """
        result = self._method(name).result
        for kind, data in self._replies(name, arguments):
            if kind == "progress":
                on_progress(_understood(_PROGRESS, data))
            else:
                return _understood(result, data)
        raise AssertionError("every call has an end")

    def items(self, name: str, **arguments: Any) -> Iterator[Any]:
        """Call a method that returns an iterator; closing this one stops the work."""
        result = self._method(name).result
        for kind, data in self._replies(name, arguments):
            if kind == "item":
                yield _understood(result, data)

    def _method(self, name: str) -> Method:
        prefix, _, method = name.partition(".")
        return method_of(self._interface[prefix], method)

    def _replies(self, name: str, arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
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


def _understood(codec: Codec, data: Any) -> Any:
    try:
        return codec.from_data(data)
    except ValueError as error:
        raise OwnerGone("owner_not_understood") from error


@contextlib.contextmanager
def _watched(channel: Channel, stop: threading.Event) -> Iterator[None]:
    """Set `stop` when the caller disconnects; it sends nothing after the call.

    The watching thread has ended when the block ends: the next connection may get the same file descriptor.
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
    """Send to the caller; a lost connection is noticed by `_watched`."""
    with contextlib.suppress(OSError):
        channel.send((kind, data))


def _read_private(path: Path) -> dict[str, Any]:
    """Read a JSON file that is for its user alone.

    Raises NotPermitted where another user may have written it, OSError and ValueError.
    """
    with path.open(encoding="utf-8") as file:
        status = os.fstat(file.fileno())
        if hasattr(os, "geteuid") and (status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o077):
            raise NotPermitted("owner_file_not_private", path=path)
        known: dict[str, Any] = json.load(file)
    return known
