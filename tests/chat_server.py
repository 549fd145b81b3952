"""An OpenAI-compatible server on the loopback, with faults on demand.

For the tests, and for people: `python tests/chat_server.py --port 8000`, then
`BYLINE_OPENAI_URL=127.0.0.1:8000 make run`. The model called `fault-X` shows the fault X.
"""

from __future__ import annotations

import argparse
import json
import select
import socket
import time
from collections.abc import Iterator

from chat_models import FAULTS, ChatModel, Json, chunks_of, default_models, prompt_of, tokens_of
from ollama_models import count
from ollama_server import Handler, OllamaServer, Request


class ChatServer(OllamaServer):
    """The server, running inside `with`; `delay` seconds before each chunk of an answer."""

    def __init__(
        self, models: list[ChatModel] | None = None, *, port: int = 0, delay: float = 0, key: str = ""
    ) -> None:
        super().__init__([], port=port, delay=delay)
        self.chat_models = {model.name: model for model in (default_models() if models is None else models)}
        self.key = key
        self.still_loading = 0
        """How many requests are told that the model is being loaded."""
        self.queue_s = 0.0
        """How long an answer waits for others, in which nothing is sent."""
        self.url = f"http://{self.host}"

    @property
    def handler(self) -> type[Handler]:
        return _ChatHandler

    def keys(self, path: str) -> list[str]:
        """The keys that came with the requests for a path."""
        return [r.body["_key"] for r in self.requests if r.path == path]


class _ChatHandler(Handler):
    """One connection."""

    def get(self) -> None:
        self.served.requests.append(Request("GET", self.path, {"_key": self._key()}))
        models = self.served.chat_models.values()
        if not self._may():
            return
        if self.path == "/v1/models":
            self.send_json({"object": "list", "data": [model.entry() for model in models]})
        elif self.path == "/api/v0/models" and any(model.engine == "studio" for model in models):
            self.send_json({"object": "list", "data": [model.studio_entry() for model in models]})
        else:
            self.send_refusal(404, "File Not Found")

    def post(self) -> None:
        body = self.body()
        if body is None or not self._may():
            return
        self.served.requests[-1].body["_key"] = self._key()
        model = self.served.chat_models.get(str(body.get("model")))
        if self.path == "/v1/chat/completions":
            self._chat(model, body)
        elif model is None or not model.engine:
            self.send_refusal(404, "File Not Found")
        elif model.engine == "llamacpp":
            self._llamacpp(body)
        elif self.path == "/tokenize":
            self._tokenize(model, body)

    def _chat(self, model: ChatModel | None, body: Json) -> None:
        if self.served.still_loading:
            self.served.still_loading -= 1
            self.send_refusal(503, "Loading model")
        elif model is None:
            self._send(*FAULTS["gone"])
        elif model.fault in FAULTS:
            self._send(*FAULTS[model.fault])
        elif model.knows is not None and (odd := body.keys() - model.knows):
            self.send_refusal(400, f"Unrecognized request argument supplied: {min(odd)}")
        elif model.fault == "mute":
            self.served.stopping.wait()
        elif self._waits():
            self._stream(chunks_of(model, body), model.fault)

    def _llamacpp(self, body: Json) -> None:
        if self.path == "/apply-template":
            self.send_json({"prompt": prompt_of(body)})
        elif self.path == "/tokenize":
            self.send_json({"tokens": [1] * count(body["content"])})

    def _tokenize(self, model: ChatModel, body: Json) -> None:
        if "messages" in body and model.engine == "old-sglang":
            self._send(*FAULTS["refused"])
            return
        tokens = tokens_of(body) if "messages" in body else count(body["prompt"])
        tail = ["<|im_start|>", "assistant", "\n", *(["<think>", "\n"] if model.thinks == "opened" else [])]
        told = {"token_strs": tail} if body.get("return_token_strs") else {}
        self.send_json({"count": tokens, "max_model_len": model.context, "tokens": [1] * tokens} | told)

    def _waits(self) -> bool:
        """Wait for others; false where the client hangs up meanwhile."""
        end = time.monotonic() + self.served.queue_s
        while time.monotonic() < end and not self.served.stopping.is_set():
            ready, _, _ = select.select([self.connection], [], [], 0.01)
            if ready and not self.connection.recv(1, socket.MSG_PEEK):
                self.served.hung_up.set()
                return False
        return True

    def _stream(self, lines: Iterator[Json], fault: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            self.send_chunk(b": a comment\n\n")
            for number, line in enumerate(lines):
                if number == 3 and fault and self.show_fault(fault):
                    return
                time.sleep(self.served.delay)
                self.send_chunk(b"data: " + json.dumps(line).encode() + b"\r\n\r\n")
            self.send_chunk(b"data: [DONE]\n\n")
            self.send_chunk(b"")
        except OSError:
            self.served.hung_up.set()

    def show_fault(self, fault: str) -> bool:
        lines = {
            "error": {
                "error": {"message": "the engine has died", "type": "InternalServerError", "code": 500}
            },
            "toolong-stream": {
                "error": {"message": "Cannot truncate the prompt: the context length is 4096."}
            },
            "odd": [],
        }
        if fault in lines:
            self.send_chunk(b"event: error\ndata: " + json.dumps(lines[fault]).encode() + b"\n\n")
            self.send_chunk(b"")
            return True
        if fault == "garbage":
            self.send_chunk(b'data: {"choices": [{"delta\n\n')
            self.send_chunk(b"")
            return True
        return super().show_fault(fault)

    def _key(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _may(self) -> bool:
        if self.served.key and self._key() != self.served.key:
            said = {"message": "Invalid API Key", "type": "authentication_error", "code": 401}
            self._send(401, {"error": said})
            return False
        return True

    def send_refusal(self, status: int, message: str) -> None:
        self._send(status, {"error": {"message": message, "type": "error", "code": status}})

    def _send(self, status: int, body: object) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.answer(status, text.encode(), "text/html" if isinstance(body, str) else "application/json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--delay", type=float, default=0.05, help="seconds between two tokens")
    arguments = parser.parse_args()
    with ChatServer(port=arguments.port, delay=arguments.delay) as server:
        print(f"BYLINE_OPENAI_URL={server.url}", flush=True)
        try:
            server.stopping.wait()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
