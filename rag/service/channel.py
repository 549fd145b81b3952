"""A channel between two processes of one user: mutual authentication, then JSON messages, one a line."""

from __future__ import annotations

import contextlib
import hmac
import json
import secrets
import socket
import threading
from multiprocessing import AuthenticationError
from typing import Any, Self

FILE = "hand-over"
"""File in the data folder with the owner's address; its name is part of the protocol."""
HANDSHAKE_TIMEOUT_S = 5.0
"""Maximum seconds to wait for the other side in the handshake. Not fitted."""
MAX_LINE_BYTES = 1 << 28
"""Maximum length of a message: a report on a million skipped files has about 200 MB. Not fitted."""
_CHALLENGE_BYTES = 32
"""Length of the random challenge of the handshake: 256 bits, as the SHA-256 of the answer."""
DISCONNECTED = (OSError, EOFError, AuthenticationError)
"""Errors of a Channel if the other side is gone, or does not know the key."""


def parsed(text: bytes | str) -> Any:
    """Parse JSON of another process. Raises ValueError, also for lists that are nested too deeply."""
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


class Channel:
    """One connected socket. Any number of threads may send, but only one may receive."""

    def __init__(self, connected: socket.socket) -> None:
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # streamed tokens must not be delayed
        self._socket, self._lines, self._sending = connected, connected.makefile("rb"), threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def authenticate(self, key: bytes, role: bytes, other_role: bytes) -> None:
        """Authenticate both sides: each returns the HMAC-SHA-256 of the other's random challenge.

        The names of the two roles prevent a side from returning an HMAC that it has received. Raises
        AuthenticationError if the other side does not know `key`, OSError or EOFError if it does not answer.
        """
        self._socket.settimeout(HANDSHAKE_TIMEOUT_S)
        mine = secrets.token_bytes(_CHALLENGE_BYTES)
        self._socket.sendall(mine)
        self._socket.sendall(hmac.digest(key, role + self._receive_exactly(_CHALLENGE_BYTES), "sha256"))
        if not hmac.compare_digest(self._receive_exactly(32), hmac.digest(key, other_role + mine, "sha256")):
            raise AuthenticationError
        self._socket.settimeout(None)

    def send(self, data: Any) -> None:
        """Send JSON data as one line. Raises OSError if the connection is lost."""
        line = json.dumps(data).encode() + b"\n"
        with self._sending:
            self._socket.sendall(line)

    def receive(self) -> Any:
        """Receive one line. Raises EOFError or OSError if the connection ends, ValueError for no JSON."""
        line = self._lines.readline(MAX_LINE_BYTES)
        if not line.endswith(b"\n"):
            raise EOFError
        return parsed(line)

    def await_end(self) -> None:
        """Block until the other side disconnects, or until `stop_receiving` is called."""
        with contextlib.suppress(*DISCONNECTED):
            self._lines.read(1)

    def stop_receiving(self) -> None:
        """Wake the thread that receives. The other side can still receive what was sent."""
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
