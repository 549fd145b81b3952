"""Words that ask: who, what, when, where, how many, in five languages. Pure."""

from __future__ import annotations

import re

_WAYS = {
    "en": re.compile(r"\b(?:whose|who|what|which|when|where|why|how)"),
    "fr": re.compile(r"\b(?:qui|quoi|quel|quand|où|pourquoi|comment|combien)"),
    "zh": re.compile(r"谁|哪|为什么|为何|什么|何时|几|多|怎|吗|是否"),
    "vi": re.compile(r"\b(?:ai|gì|nào|đâu|(?<!thì )sao|mấy|bao)\b"),
    "ru": re.compile(
        r"\b(?:кто|кого|кому|кем|что|чего|чем|чём|где|когда|почему|зачем|сколько|как|куда|откуда|чь?[еёия])"
    ),
}
WHETHER = frozenset({"吗", "是否"})
"""Those of them that are answered by yes or no."""


def ways(question: str, language: str) -> set[str]:
    """The words with which a question of one of the five languages asks."""
    return {found[0] for found in _WAYS[language].finditer(question.lower())}
