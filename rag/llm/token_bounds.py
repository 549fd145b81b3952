"""Bounds of a prompt's length in tokens, for servers that do not count."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.llm.generator import ChatMessage
from rag.text.splitter import estimate_tokens

MAX_TOKEN_RATIO, MIN_TOKEN_RATIO = 2.4, 0.5
"""Bounds of a tokenizer's count divided by `estimate_tokens`. Measured on the sample library's paragraphs:
0.63 (XLM-R, 250,000 pieces, Russian) to 2.33 (Mistral 7B, 32,000 pieces, Vietnamese); Qwen 2.5: 0.8 to
1.3."""
_MESSAGE_TOKENS, _PROMPT_TOKENS = 8, 64
"""Maximum tokens that a chat template adds to each message, and to the prompt. Not fitted."""


def template_tokens(messages: Sequence[ChatMessage]) -> int:
    """Return the maximum tokens that a chat template adds to the messages' texts."""
    return _MESSAGE_TOKENS * len(messages) + _PROMPT_TOKENS


def max_tokens(messages: Sequence[ChatMessage]) -> int:
    """Return an upper bound of the prompt's tokens in any tokenizer and template."""
    texts = sum(math.ceil(MAX_TOKEN_RATIO * estimate_tokens(m.content)) for m in messages)
    return texts + template_tokens(messages)


def min_tokens(messages: Sequence[ChatMessage]) -> int:
    """Return a lower bound of the prompt's tokens in any tokenizer, without a template."""
    return sum(int(MIN_TOKEN_RATIO * estimate_tokens(m.content)) for m in messages)
