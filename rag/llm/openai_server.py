"""Client of an OpenAI-compatible server: vLLM, SGLang, llama.cpp, LM Studio and the like.

Names and messages from a server are untrusted: they are truncated and stripped of control characters before
they are shown.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from typing import Any

import httpx

from rag.errors import BylineError
from rag.events import Loading
from rag.llm import tls
from rag.llm.chat_chunks import Chunk
from rag.llm.event_stream import events
from rag.llm.generator import ChatMessage, Model
from rag.llm.openai_counting import NO_THINKING, TokenCount, TokenCounter, message_dicts
from rag.llm.openai_endpoint import Endpoint
from rag.llm.openai_errors import FAILURES, Refusal, byline_error, json_of, message_of
from rag.llm.openai_models import Entry, chat_entries, model_of
from rag.llm.prompt_prefixes import PromptPrefixes

LIST_TTL_S = 5.0
"""Seconds for which a list of models is cached, as every question looks up its model. Not fitted."""
LOAD_POLL_S = 1.0
"""Interval of requests to a server that is loading its model. Not fitted."""
MAX_LOAD_S = 600
"""Maximum wait for a server that reports that it is loading its model. Not fitted."""
_LM_STUDIO = "organization_owner"
"""`owned_by` of every model of LM Studio, which lists context lengths only at its own endpoint."""


class OpenAIServer:
    """One server. Thread safe.

    Timeouts are in seconds: `first_timeout` until an answer begins, which includes queueing at the server;
    `stream_timeout` between its parts; `request_timeout` for requests that a server answers at once.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        first_timeout: float = 300,
        stream_timeout: float = 120,
        request_timeout: float = 5,
    ) -> None:
        self.endpoint = endpoint
        self.prompts = PromptPrefixes()
        self.trouble: BylineError | None = None
        """The error of the last listing of models; None after a success."""
        self.thinks: dict[str, bool] = {}
        """Whether a model reasoned in its last answer, by name."""
        self.opens_thinking: set[str] = set()
        """Models whose prompts end within a block of reasoning, as their answers have shown."""
        self._first_timeout, self._stream_timeout = first_timeout, stream_timeout
        self._common: Any = {
            "headers": {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {},
            "trust_env": not endpoint.is_local,  # no proxy between this machine and itself
            "verify": tls.context(),
        }
        self._http = httpx.Client(timeout=httpx.Timeout(request_timeout, connect=1), **self._common)
        self._counter = TokenCounter(self._http, endpoint.root)
        self._owners: dict[str, str] = {}
        self._variant: dict[str, int] = {}  # the request variant that a model accepts
        self._models: list[Model] = []
        self._listed_at = float("-inf")
        self._listing = threading.Lock()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def models(self) -> list[Model]:
        """Return the server's models; none where it does not answer, which sets `trouble`.

        If the server is too busy to answer in time, the previous list remains.
        """
        with self._listing:
            if time.monotonic() - self._listed_at >= LIST_TTL_S:
                self._refresh()
            return self._models

    def count(self, name: str, messages: Sequence[ChatMessage]) -> TokenCount | None:
        """Count a prompt's tokens with the model's own template; None where the server cannot."""
        return self._counter.count(self._owners.get(name, ""), name, messages)

    def chat(
        self, name: str, messages: Sequence[ChatMessage], max_tokens: int
    ) -> Generator[Chunk | Loading | None, None, None]:
        """Stream an answer's chunks; None while the server is silent, Loading while it loads its model.

        Closing the iterator disconnects, also then. Raises one of FAILURES.
        """
        variants = _request_variants(name, messages, max_tokens)
        begun = False
        for number in range(self._variant.get(name, 0), len(variants)):
            try:
                with closing(self._until_loaded(variants[number])) as chunks:
                    for chunk in chunks:
                        if isinstance(chunk, dict) and not begun:
                            begun, self._variant[name] = True, number
                        yield chunk
                return
            except Refusal as error:
                if begun or error.is_too_long or not error.rejects_fields or number + 1 == len(variants):
                    raise

    def _until_loaded(self, body: Mapping[str, Any]) -> Generator[Chunk | Loading | None, None, None]:
        """Stream a request's chunks, repeating it while the server loads its model."""
        end = time.monotonic() + MAX_LOAD_S
        while True:
            try:
                with closing(self._events(body)) as chunks:
                    yield from (_raise_for_error(chunk) for chunk in chunks)
                return
            except Refusal as error:
                if not error.is_loading or time.monotonic() > end:
                    raise
            yield Loading()
            time.sleep(LOAD_POLL_S)

    def _events(self, body: Mapping[str, Any]) -> Generator[Chunk | None, None, None]:
        return events(
            lambda: httpx.AsyncClient(timeout=httpx.Timeout(None, connect=5), **self._common),
            f"{self.endpoint.url}/chat/completions",
            dict(body),
            first_timeout=self._first_timeout,
            timeout=self._stream_timeout,
        )

    def _refresh(self) -> None:
        try:
            answer = json_of(self._http.get(f"{self.endpoint.url}/models"))
            entries = self._with_contexts(chat_entries(answer))
        except FAILURES as error:
            self.trouble = byline_error(error, self.endpoint, "")
            if not isinstance(error, httpx.ReadTimeout):
                self._models = []
        else:
            self.trouble = None
            self._owners = {entry["id"]: str(entry.get("owned_by")) for entry in entries}
            self._models = [model_of(entry, self.endpoint) for entry in entries]
        self._listed_at = time.monotonic()

    def _with_contexts(self, entries: list[Entry]) -> list[Entry]:
        """Add the fields of LM Studio's own endpoint to its entries; those of other servers are unchanged."""
        if not any(entry.get("owned_by") == _LM_STUDIO for entry in entries):
            return entries
        try:
            answer = json_of(self._http.get(f"{self.endpoint.root}/api/v0/models"))
            stated = {entry["id"]: entry for entry in chat_entries(answer)}
        except FAILURES:
            return entries
        # `chat_entries` has removed embedding models from `stated`
        return [{**entry, **stated[entry["id"]]} for entry in entries if entry["id"] in stated]


def _raise_for_error(chunk: Chunk | None) -> Chunk | None:
    """Return a chunk. Raises Refusal where it reports an error, as a stream does after HTTP status 200."""
    if chunk is None or not (chunk.get("error") or chunk.get("object") == "error"):
        return chunk
    error = chunk.get("error")
    code = (error if isinstance(error, dict) else chunk).get("code")
    raise Refusal(code if isinstance(code, int) else 0, message_of(chunk))


def _request_variants(name: str, messages: Sequence[ChatMessage], max_tokens: int) -> list[dict[str, Any]]:
    """Return three variants of a request: with extensions, without, and for OpenAI's newest models.

    vLLM, SGLang and llama.cpp ignore unknown fields; stricter servers reject them with status 400 or 422.
    """
    always = {"model": name, "messages": message_dicts(messages), "stream": True}
    usual = always | {"max_tokens": max_tokens, "temperature": 0}
    extended = usual | {
        "stream_options": {"include_usage": True},
        "logprobs": True,
        "top_logprobs": 1,  # llama.cpp sends 20 by default, and none for 0
        "chat_template_kwargs": NO_THINKING,
        "return_progress": True,  # llama.cpp: a chunk for each batch of the prompt
    }
    return [extended, usual, always | {"max_completion_tokens": max_tokens}]
