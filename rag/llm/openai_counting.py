"""Count a prompt's tokens with the endpoints that llama.cpp, vLLM and SGLang add to OpenAI's interface."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import httpx

from rag.llm.generator import ChatMessage
from rag.llm.openai_errors import FAILURES, Refusal, json_of
from rag.llm.thinking import opens_thinking
from rag.llm.token_bounds import template_tokens

NO_THINKING = {"enable_thinking": False}
"""Template variables that switch off reasoning in Qwen3 and others; other templates ignore them."""


class TokenCount(NamedTuple):
    """A prompt's length in tokens, and whether it ends within a block of reasoning."""

    tokens: int
    opens_thinking: bool = False


class TokenCounter:
    """Counts with one server's endpoints, which are appended to `root`. Thread safe."""

    def __init__(self, http: httpx.Client, root: str) -> None:
        self._http, self._root = http, root
        self._refused: set[str] = set()

    def count(self, engine: str, name: str, messages: Sequence[ChatMessage]) -> TokenCount | None:
        """Count a prompt with the template of the model `name`; None where the server cannot.

        `engine` is the server's name for itself; only "llamacpp", "vllm" and "sglang" have endpoints.
        """
        if name in self._refused:
            return None
        try:
            match engine:
                case "llamacpp":
                    return self._by_llamacpp(name, messages)
                case "vllm" | "sglang":
                    return self._by_vllm(name, messages)
        except FAILURES as error:
            if isinstance(error, Refusal) and 400 <= error.status < 500:
                self._refused.add(name)
        return None

    def _by_llamacpp(self, name: str, messages: Sequence[ChatMessage]) -> TokenCount:
        return TokenCount(
            count_by_llamacpp(self._post, messages, model=name)
        )  # the server separates reasoning

    def _by_vllm(self, name: str, messages: Sequence[ChatMessage]) -> TokenCount:
        options = {"add_generation_prompt": True, "return_token_strs": True}
        body = {"model": name, **chat_request(messages), **options}
        try:
            answer = self._post("/tokenize", body)
        except Refusal as error:
            if not error.rejects_fields:
                raise
            return self._by_text(name, messages)
        return TokenCount(int(answer["count"]), opens_thinking("".join(answer.get("token_strs") or ())))

    def _by_text(self, name: str, messages: Sequence[ChatMessage]) -> TokenCount:
        """Count with older versions of SGLang, which accept a text only."""
        texts = "\n".join(message.content for message in messages)
        count = self._post("/tokenize", {"model": name, "prompt": texts})["count"]
        return TokenCount(int(count) + template_tokens(messages))

    def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        return json_of(self._http.post(f"{self._root}{path}", json=body))


def message_dicts(messages: Sequence[ChatMessage]) -> list[dict[str, str]]:
    """Return messages in the form of a request."""
    return [asdict(message) for message in messages]


def chat_request(messages: Sequence[ChatMessage]) -> dict[str, Any]:
    """Return the fields of a chat; templates that know `enable_thinking` then suppress thoughts."""
    return {"messages": message_dicts(messages), "chat_template_kwargs": NO_THINKING}


def count_by_llamacpp(
    post: Callable[[str, dict[str, Any]], Any], messages: Sequence[ChatMessage], **model: str
) -> int:
    """Count a prompt's tokens with the template and the tokenizer of llama.cpp's server.

    `post` sends a body to a path and returns the response's JSON; `model` is the field of that name, if any.
    """
    prompt = post("/apply-template", {**model, **chat_request(messages)})["prompt"]
    body = {**model, "content": prompt, "add_special": True, "parse_special": True}
    return len(post("/tokenize", body)["tokens"])
