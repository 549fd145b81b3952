"""What is typed into the search → a query of FTS5, and the words around what it found."""

from __future__ import annotations

from rag.store.words import fold, query_words

_BEFORE, _AROUND = 24, 96  # characters


def match(text: str) -> str:
    """All of the words, the last one also as the beginning of one: it may still be being typed."""
    words = query_words(text)
    if words and words[-1].endswith('"') and " " not in words[-1] and text[-1:].isalnum():
        words[-1] = f"({words[-1]} OR {words[-1]}*)"
    return " AND ".join(words)


def excerpt(said: str, wanted: str) -> str:
    """The line of a text that holds the first of the wanted words that is there, cut around it."""
    text = " ".join(said.split())
    folded = fold(text)
    if len(folded) != len(text):
        folded = text.lower()
    whole = fold(wanted.strip())
    places = [folded.find(word) for word in (whole, *whole.split())]
    at = next((place for place in places if place >= 0), 0)
    start = max(0, text.rfind(" ", 0, max(0, at - _BEFORE)) + 1 if at > _BEFORE else 0)
    cut = text[start : start + _AROUND]
    return f"{'…' if start else ''}{cut}{'…' if start + _AROUND < len(text) else ''}"
