"""A proxy before the app that names a person in headers, as one does at which people sign in."""

from __future__ import annotations

import socket
import socketserver
import threading
from contextlib import suppress
from typing import Self


class NamingProxy(socketserver.ThreadingTCPServer):
    """Forwards connections to a port of this machine, inside `with`; `headers` go into each one's first request.

    A WebSocket has a connection of its own, so its handshake gets them.
    """

    daemon_threads, block_on_close = True, False

    def __init__(self, port: int, **headers: str) -> None:
        super().__init__(("127.0.0.1", 0), _Forwarder)
        lines = (f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        self.app, self.named = port, "".join(lines).encode()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class _Forwarder(socketserver.BaseRequestHandler):
    server: NamingProxy

    def handle(self) -> None:
        first, _, rest = self.request.recv(65_536).partition(b"\r\n")
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.server.app)) as app:
            app.sendall(first + b"\r\n" + self.server.named + rest)
            threading.Thread(target=_pump, args=(app, self.request), daemon=True).start()
            _pump(self.request, app)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
