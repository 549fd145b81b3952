"""Detection of prompts whose beginning a server has in its cache."""

from __future__ import annotations

from collections.abc import Sequence

from rag.llm.generator import ChatMessage

_CACHED_PREFIX_SHARE = 0.3
"""Minimum share of a prompt, from its start, that equals the previous one if it is cached. Not fitted."""


class PromptPrefixes:
    """The last prompt of each model of a server."""

    def __init__(self) -> None:
        self._prompts: dict[str, str] = {}

    def is_cached(self, name: str, messages: Sequence[ChatMessage]) -> bool:
        """Tell whether a prompt begins like the model's previous one, and record it as the previous one.

        The server then has this prefix in its cache, so that the measured speed is too high.
        """
        prompt = "\n".join(message.content for message in messages)
        previous, self._prompts[name] = self._prompts.get(name, ""), prompt
        return previous.startswith(prompt[: int(_CACHED_PREFIX_SHARE * len(prompt))])
