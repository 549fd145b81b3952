"""Small wheels that carry data, as files for pip to find, and a server that is slow or remembers."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def write_wheel(folder: Path, package: str, member: str, data: bytes) -> Path:
    """A wheel of `package` (name==version) that holds `data` as `member`."""
    name, version = package.split("==")
    module = name.replace("-", "_")
    info = f"{module}-{version}.dist-info"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{module}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(member, data)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


class Server:
    """Serves bytes by path. What is in `stalling` stops after its first megabyte."""

    def __init__(self, files: dict[str, bytes], stalling: frozenset[str] = frozenset()) -> None:
        self.files, self.stalling = files, stalling
        self.asked: list[tuple[str, str]] = []
        self.given_up = threading.Event()
        self.url = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked_range = request.headers.get("Range", "")
        self.asked.append((request.path, asked_range))
        content = self.files.get(request.path)
        if content is None:
            request.send_error(404)
            return
        start = int(asked_range.removeprefix("bytes=").removesuffix("-") or 0)
        request.send_response(206 if asked_range else 200)
        request.send_header("Content-Type", "text/html" if request.path.endswith("/") else "application/zip")
        request.send_header("Content-Length", str(len(content) - start))
        request.end_headers()
        if request.path not in self.stalling:
            request.wfile.write(content[start:])
            return
        request.wfile.write(content[: 1 << 20])
        request.wfile.flush()
        with suppress(ConnectionResetError):
            request.connection.recv(1)
        self.given_up.set()


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Run the server on a port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        server.url = f"http://127.0.0.1:{http.server_port}"
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield server
        http.shutdown()
