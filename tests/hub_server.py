"""A Hugging Face hub on the loopback: repositories with GGUF files, redirects to another path, ranges."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

COMMIT = "e87f176479d0855a907a41277aca2f8ee7a09523"


@dataclass
class Repository:
    """Its files by path; `gated` and `lfs` as the hub has them."""

    files: dict[str, bytes]
    licence: str = "apache-2.0"
    gated: bool = False
    lfs: bool = True

    def described(self, name: str) -> dict[str, Any]:
        siblings = []
        for path, data in self.files.items():
            sibling: dict[str, Any] = {"rfilename": path, "size": len(data), "blobId": "0" * 40}
            if self.lfs:
                stored = {"sha256": sha256(data).hexdigest(), "size": len(data), "pointerSize": 135}
                sibling["lfs"] = stored
            siblings.append(sibling)
        return {
            "_id": "1",
            "id": name,
            "modelId": name,
            "sha": COMMIT,
            "private": False,
            "gated": "auto" if self.gated else False,
            "tags": ["gguf", f"license:{self.licence}", "region:us"],
            "siblings": siblings,
        }


@dataclass
class HubServer:
    """The hub, running inside `with`."""

    repositories: dict[str, Repository]
    cut_after: int = 0
    """Bytes after which the next download breaks off, once."""
    flipped: bool = False
    """Whether the files that are sent differ from what the hub states."""
    requests: list[tuple[str, str, str, str]] = field(default_factory=list)
    """Method, path, range and authorization of each request."""

    def __enter__(self) -> Self:
        hub = self

        class Handler(_Handler):
            served = hub

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def ranges(self) -> list[str]:
        """The range that each request for a file's bytes asked for."""
        return [asked for method, path, asked, _ in self.requests if method == "GET" and "/cdn/" in path]


class _Handler(BaseHTTPRequestHandler):
    served: HubServer

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        headers = self.headers
        told = headers.get("Range", ""), headers.get("Authorization", "")
        self.served.requests.append((self.command, self.path, *told))
        path = self.path.split("?")[0]
        if match := re.fullmatch(r"/api/models/([^/]+/[^/]+)(?:/revision/(\w+))?", path):
            self._described(match[1])
        elif match := re.fullmatch(r"/([^/]+/[^/]+)/resolve/\w+/(.+)", path):
            self.send_response(302)
            self.send_header("Location", f"{self.served.url}/cdn/{match[1]}/{match[2]}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif match := re.fullmatch(r"/cdn/([^/]+/[^/]+)/(.+)", path):
            self._file(self.served.repositories[match[1]].files[match[2]])

    def _described(self, name: str) -> None:
        repository = self.served.repositories.get(name)
        if repository is None:
            self._answer(401, b'{"error":"Repository not found"}', "RepoNotFound")
        elif repository.gated and "Authorization" not in self.headers:
            self._answer(403, b'{"error":"Access to model is restricted"}', "GatedRepo")
        else:
            self._answer(200, json.dumps(repository.described(name)).encode())

    def _answer(self, status: int, data: bytes, error: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if error:
            self.send_header("X-Error-Code", error)
        self.end_headers()
        self.wfile.write(data)

    def _file(self, data: bytes) -> None:
        begin = int(re.sub(r"\D", "", self.headers.get("Range", "")) or 0)
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - begin))
        self.end_headers()
        cut, self.served.cut_after = self.served.cut_after, 0
        sent = bytes(255 - b for b in data) if self.served.flipped else data
        self.wfile.write(sent[begin : begin + cut] if cut else sent[begin:])
        self.close_connection = True
