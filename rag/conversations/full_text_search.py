"""Full-text search: the terms of a query, and the excerpt around a match."""

from __future__ import annotations

from rag.store.keyword_terms import query_terms
from rag.text.letters import plain_letters

CHARACTERS_BEFORE, EXCERPT_CHARACTERS = 24, 96
"""Length of an excerpt before the match, and in total. Not fitted."""


def full_text_terms(text: str) -> list[list[str]]:
    """Return the terms of all words, in FTS5's syntax, each with its alternatives.

    The last word may be incomplete and also matches as a prefix.
    """
    terms = [[word] for word in query_terms(text)]
    if terms and terms[-1][0].endswith('"') and " " not in terms[-1][0] and text[-1:].isalnum():
        terms[-1].append(f"{terms[-1][0]}*")
    return terms


def excerpt(text: str, query: str) -> str:
    """Return an excerpt around the query's phrase, or else around the first of its words that occurs."""
    text = " ".join(text.split())
    folded = plain_letters(text)
    if len(folded) != len(text):  # offsets would differ
        folded = text.lower()
    phrase = plain_letters(query.strip())
    offsets = [folded.find(words) for words in (phrase, *phrase.split())]
    match = next((offset for offset in offsets if offset >= 0), 0)
    in_start = match <= CHARACTERS_BEFORE
    start = 0 if in_start else max(0, text.rfind(" ", 0, match - CHARACTERS_BEFORE) + 1)
    end = start + EXCERPT_CHARACTERS
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
