"""A channel between two processes of one user: a mutual handshake, then lines of JSON."""

from __future__ import annotations

import contextlib
import hmac
import json
import secrets
import socket
import threading
from multiprocessing import AuthenticationError
from typing import Any, Self

HANDSHAKE_TIMEOUT_S = 5.0
"""Seconds to wait for the other side in the handshake. Not fitted."""
MAX_LINE_BYTES = 1 << 28
"""Largest line that is read: a report on a million skipped files has some 200 MB. Not fitted."""
_CHALLENGE_BYTES = 32
DISCONNECTED = (OSError, EOFError, AuthenticationError)
"""What the methods of a Channel raise where the other side is gone or is not who it should be."""


class Channel:
    """One connected socket. Several threads may send; one receives."""

    def __init__(self, connected: socket.socket) -> None:
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # tokens are sent as they come
        self._socket, self._lines, self._sending = connected, connected.makefile("rb"), threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def authenticate(self, key: bytes, me: bytes, other: bytes) -> None:
        """Prove to each other by HMAC-SHA-256 of a challenge that both know the key.

        Raises AuthenticationError where the other side does not, OSError or EOFError where it is silent.
        """
        self._socket.settimeout(HANDSHAKE_TIMEOUT_S)
        mine = secrets.token_bytes(_CHALLENGE_BYTES)
        self._socket.sendall(mine)
        self._socket.sendall(hmac.digest(key, me + self._receive_exactly(_CHALLENGE_BYTES), "sha256"))
        if not hmac.compare_digest(self._receive_exactly(32), hmac.digest(key, other + mine, "sha256")):
            raise AuthenticationError
        self._socket.settimeout(None)

    def send(self, data: Any) -> None:
        """Send JSON data as one line. Raises OSError."""
        line = json.dumps(data).encode() + b"\n"
        with self._sending:
            self._socket.sendall(line)

    def receive(self) -> Any:
        """Receive one line. Raises EOFError or OSError at the end, ValueError where it is no JSON."""
        line = self._lines.readline(MAX_LINE_BYTES)
        if not line.endswith(b"\n"):
            raise EOFError
        return json.loads(line)

    def await_end(self) -> None:
        """Block until the other side, or `stop_receiving`, ends what there is to receive."""
        with contextlib.suppress(*DISCONNECTED):
            self._lines.read(1)

    def stop_receiving(self) -> None:
        """Wake a thread that receives. What was sent can still be received by the other side."""
        with contextlib.suppress(OSError):  # the other side has closed it
            self._socket.shutdown(socket.SHUT_RD)

    def close(self) -> None:
        """Close the socket; no thread may be receiving."""
        self._lines.close()
        self._socket.close()

    def _receive_exactly(self, size: int) -> bytes:
        received = self._lines.read(size)
        if len(received) < size:
            raise EOFError
        return received
