"""Full-text search: builds the FTS5 query, and the excerpt around a match."""

from __future__ import annotations

from rag.store.keyword_terms import fold, query_terms

CHARS_BEFORE, EXCERPT_CHARS = 24, 96
"""Characters of an excerpt before the match, and in all. Not fitted."""


def match(text: str) -> str:
    """An FTS5 query for all words, the last one also as a prefix, because it may be incomplete."""
    words = query_terms(text)
    if words and words[-1].endswith('"') and " " not in words[-1] and text[-1:].isalnum():
        words[-1] = f"({words[-1]} OR {words[-1]}*)"
    return " AND ".join(words)


def excerpt(said: str, wanted: str) -> str:
    """An excerpt of the text around the wanted phrase, or else around the first of its words that occurs."""
    text = " ".join(said.split())
    folded = fold(text)
    if len(folded) != len(text):
        folded = text.lower()
    whole = fold(wanted.strip())
    places = [folded.find(word) for word in (whole, *whole.split())]
    at = next((place for place in places if place >= 0), 0)
    start = max(0, text.rfind(" ", 0, max(0, at - CHARS_BEFORE)) + 1 if at > CHARS_BEFORE else 0)
    cut = text[start : start + EXCERPT_CHARS]
    return f"{'…' if start else ''}{cut}{'…' if start + EXCERPT_CHARS < len(text) else ''}"
