"""An Ollama server on the loopback, speaking as a real 0.33 does, with faults on demand.

For the tests, and for people: `python tests/ollama_server.py --port 11435`, then
`OLLAMA_HOST=127.0.0.1:11435 make run`. The model called `fault-X` shows the fault X (see
ollama_models.FAULTS).
"""

from __future__ import annotations

import argparse
import json
import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from ollama_models import SHRUNK, Json, ServedModel, default_models, lines_of, loaded, refusal


@dataclass
class Request:
    method: str
    path: str
    body: Json = field(default_factory=dict)


class OllamaServer:
    """The server, running inside `with`; `delay` seconds before each piece of an answer."""

    def __init__(self, models: list[ServedModel] | None = None, *, port: int = 0, delay: float = 0) -> None:
        found = default_models() if models is None else models
        self.models = {model.name: model for model in found}
        self.delay = delay
        self.requests: list[Request] = []
        self.loaded: dict[str, int] = {}
        self.loading: dict[str, int] = {}
        self.pulls: list[Json] = []
        """What `/api/pull` streams; a model appears when a line says success."""
        self.pull_fault = ""
        """What happens after its second line: one of ollama_models.FAULTS."""
        self.hung = False
        """Whether connections are accepted, and no request is ever answered."""
        self.hung_up = threading.Event()
        """Set when a client closed the connection in the middle of an answer."""
        self.stopping = threading.Event()
        self.connections: set[socket.socket] = set()
        self._http = _Http(self, port, self.handler)
        self.host = f"127.0.0.1:{self._http.server_port}"

    @property
    def handler(self) -> type[Handler]:
        """What speaks to a client."""
        return Handler

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Hang up on everybody; from now on connections are refused."""
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        for connection in self.connections:
            with suppress(OSError):  # it is closed already
                connection.shutdown(socket.SHUT_RDWR)

    def running(self) -> list[Json]:
        """What `/api/ps` lists: what is loaded, and what is being loaded."""
        listed = self.loaded | self.loading
        return [self.models[n].running(c) for n, c in listed.items() if n in self.models]

    def sent(self, path: str) -> list[Json]:
        """The bodies of the requests for a path, in order, without those that only load a model."""
        return [r.body for r in self.requests if r.path == path and r.body.get("messages") != []]

    def loads(self) -> list[Json]:
        """The bodies of the requests that only load a model."""
        return [r.body for r in self.requests if r.path == "/api/chat" and r.body.get("messages") == []]


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, owner: OllamaServer, port: int, handler: type[Handler]) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self.owner = owner

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients may hang up; that is no error of ours."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: _Http
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        super().setup()
        self.served = self.server.owner
        self.served.connections.add(self.connection)

    def parse_request(self) -> bool:
        if self.served.hung:
            self.served.stopping.wait()
            return False
        return super().parse_request()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.get()

    def do_POST(self) -> None:
        self.post()

    def get(self) -> None:
        self.served.requests.append(Request("GET", self.path))
        if self.path == "/api/version":
            self.send_json({"version": "0.33.2"})
        elif self.path == "/api/tags":
            self.send_json({"models": [model.tag() for model in self.served.models.values()]})
        elif self.path == "/api/ps":
            self.send_json({"models": self.served.running()})
        else:
            self.send_refusal(404, "404 page not found")

    def post(self) -> None:
        body = self.body()
        if body is None:
            return
        model = self.served.models.get(str(body.get("model")))
        if self.path == "/api/pull":
            self._stream(self._pulled(body), fault=self.served.pull_fault)
        elif model is None or (model.fault == "gone" and self.path == "/api/chat"):
            self.send_refusal(404, f"model '{body.get('model')}' not found")
        elif self.path == "/api/show":
            self.send_json(model.shown())
        elif self.path == "/api/chat":
            self._chat(model, body)
        else:
            self.send_refusal(404, "404 page not found")

    def do_DELETE(self) -> None:
        body = self.body()
        if body is None:
            return
        if self.served.models.pop(str(body.get("model")), None) is None:
            self.send_refusal(404, f"model '{body.get('model')}' not found")
        else:
            self.answer(200, b"", "text/plain")

    def _chat(self, model: ServedModel, body: Json) -> None:
        if refused := refusal(model):
            self.send_refusal(*refused)
            return
        asked = int(body.get("options", {}).get("num_ctx", 4096))
        if not self._load(model, asked):
            return
        if not body.get("messages"):
            self.send_json(loaded(model))
            return
        if model.fault == "mute":
            self.served.stopping.wait()
            return
        self._stream(lines_of(model, body, asked), fault=model.fault)

    def _load(self, model: ServedModel, asked: int) -> bool:
        """Load a model, unless the client hangs up meanwhile: then the load is dropped."""
        if self.served.loaded.get(model.name) != asked:
            self.served.loading[model.name] = asked
            end = time.monotonic() + model.load_s
            while time.monotonic() < end:
                if self.served.stopping.is_set() or self._has_hung_up():
                    del self.served.loading[model.name]
                    self.served.hung_up.set()
                    return False
                time.sleep(0.01)
            self.served.loading.pop(model.name, None)
        self.served.loaded[model.name] = SHRUNK if model.fault == "shrunk" else asked
        return True

    def _has_hung_up(self) -> bool:
        ready, _, _ = select.select([self.connection], [], [], 0)
        return bool(ready) and not self.connection.recv(1, socket.MSG_PEEK)

    def _stream(self, lines: Iterator[Json], fault: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for number, line in enumerate(lines):
                if number == 2 and fault and self.show_fault(fault):
                    return
                time.sleep(self.served.delay)
                self.send_chunk(json.dumps(line).encode() + b"\n")
            self.send_chunk(b"")
        except OSError:
            self.served.hung_up.set()

    def show_fault(self, fault: str) -> bool:
        """Do what the fault is; true where nothing can come after it."""
        if fault == "error":
            self.send_chunk(b'{"error":"llama runner process has terminated: exit status 2"}\n')
            self.send_chunk(b"")
        elif fault == "garbage":
            self.send_chunk(b'{"message": {"role": "assist\n')
            self.send_chunk(b"")
        elif fault == "odd":
            self.send_chunk(b"[]\n")
            self.send_chunk(b"")
        elif fault == "unfinished":
            self.send_chunk(b"")
        elif fault == "silent":
            self.served.stopping.wait()
        elif fault in ("reset", "hangup"):
            if fault == "reset":
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            self.rfile.close()
            self.connection.close()
        else:
            return False
        return True

    def send_chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):X}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def body(self) -> Json | None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            body = json.loads(raw)
        except ValueError as error:
            self.send_refusal(400, str(error))
            return None
        self.served.requests.append(Request(self.command, self.path, body))
        return dict(body)

    def _pulled(self, body: Json) -> Iterator[Json]:
        for line in self.served.pulls:
            if line.get("status") == "success":
                name = str(body["model"])
                self.served.models[name] = ServedModel(name)
            yield line

    def send_json(self, body: Json) -> None:
        self.answer(200, json.dumps(body).encode(), "application/json; charset=utf-8")

    def send_refusal(self, status: int, message: str) -> None:
        self.answer(status, json.dumps({"error": message}).encode(), "application/json")

    def answer(self, status: int, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=11435)
    parser.add_argument("--delay", type=float, default=0.05, help="seconds between two tokens")
    arguments = parser.parse_args()
    with OllamaServer(port=arguments.port, delay=arguments.delay) as server:
        print(f"OLLAMA_HOST={server.host}", flush=True)
        try:
            server.stopping.wait()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
