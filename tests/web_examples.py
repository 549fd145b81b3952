"""A server of the test's own on loopback, and what a fetcher of it may do."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from rag.web.address_policy import AddressPolicy, Resolve, resolve
from rag.web.fetcher import Fetcher
from rag.web.robots import Robots


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})


Route = Reply | Callable[[BaseHTTPRequestHandler], None]


class Site:
    """Routes of paths to replies; `seen` are the paths that were asked for, robots.txt left out."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.seen: list[str] = []
        self.headers: list[dict[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                if path != "/robots.txt":
                    site.seen.append(self.path)
                    site.headers.append({k.lower(): v for k, v in self.headers.items()})
                route = site.routes.get(path, Reply(b"not here", 404))
                if not isinstance(route, Reply):
                    route(self)
                    return
                self.send_response(route.status)
                for name, value in route.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(route.body)))
                self.end_headers()
                self.wfile.write(route.body)

            def log_message(self, *_: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def reset(self, routes: dict[str, Route]) -> None:
        self.routes, self.seen, self.headers = dict(routes), [], []

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        self.routes[path] = Reply(b"", status, {"Location": to})
        return self.url + path

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def sites(n: int = 1) -> Iterator[list[Site]]:
    opened = [Site() for _ in range(n)]
    yield opened
    for site in opened:
        site.close()


def fetcher(
    named: str, resolving: Resolve = resolve, seconds: float = 20, max_bytes: int = 1_000_000
) -> Fetcher:
    """Without pauses between two pages."""
    return Fetcher(AddressPolicy(named, resolving), Robots(pause=0), seconds, max_bytes)


def names(table: dict[str, Sequence[str]]) -> Resolve:
    """A resolver that knows these names; what it does not know it asks the system."""

    def look_up(host: str, port: int) -> Sequence[str]:
        return table.get(host) or resolve(host, port)

    return look_up
