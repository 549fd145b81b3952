"""Question words (who, what, when, where, how many) in five languages."""

from __future__ import annotations

import re

_PATTERNS = {
    "en": re.compile(r"\b(?:whose|who|what|which|when|where|why|how)"),
    "fr": re.compile(r"\b(?:qui|quoi|quel|quand|où|pourquoi|comment|combien)"),
    "zh": re.compile(r"谁|哪|为什么|为何|什么|何时|几|多|怎|吗|是否"),
    "vi": re.compile(r"\b(?:ai|gì|nào|đâu|(?<!thì )sao|mấy|bao)\b"),
    "ru": re.compile(
        r"\b(?:кто|кого|кому|кем|что|чего|чем|чём|где|когда|почему|зачем|сколько|как|куда|откуда|чь?[еёия])"
    ),
}
YES_NO_WORDS = frozenset({"吗", "是否"})
"""Question words of yes/no questions."""


def question_words(question: str, language: str) -> set[str]:
    """Return the question words of a question in one of the five languages. KeyError for another."""
    return {found[0] for found in _PATTERNS[language].finditer(question.lower())}
