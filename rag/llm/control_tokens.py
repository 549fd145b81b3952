"""Defuse control tokens of chat templates that occur as text in articles and questions."""

from __future__ import annotations

import re

_MARKER = re.compile(
    r"<(?=[|｜]|/?[a-z][\w▁|:-]{0,60}>|<SYS>|</SYS>|0x[0-9a-f]{2}>)"  # <|im_start|>, </s>, <0x0A>
    r"|\[(?=\|\w|e~\[)|\](?=~!?b[\]\[])|\](?=<\]\w)|>(?=>[A-Z]{4,20}<<)"  # of EXAONE, MiniMax, Falcon
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_\w+|MODEL_SETTINGS|ARGS|CALL_ID|THINK|IMG\w*"
    r"|PREFIX|MIDDLE|SUFFIX|AUDIO|[gs]?MASK|CLS|SEP|PAD|UNK|BOS|EOS)\])",  # [INST] of Mistral, [gMASK] of GLM
    re.ASCII | re.IGNORECASE,
)


def split_control_tokens(text: str) -> str:
    """Insert a space after the opening bracket of what a tokenizer may read as a control token.

    Engines tokenize the prompt as one string and cannot tell text from control tokens. The markers are those
    of the templates of Qwen, Llama, Mistral, Gemma, Phi, DeepSeek, GLM, Granite, Command R, EXAONE, MiniMax,
    Falcon and Seed.
    """
    return _MARKER.sub(r"\g<0> ", text)
