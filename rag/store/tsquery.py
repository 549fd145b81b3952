"""Words of the index and queries in FTS5's syntax, as PostgreSQL takes them: to_tsvector and to_tsquery.

PostgreSQL's parser sees only letters and digits with spaces between, so it splits nothing of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import permutations, product

_WORD = re.compile(r"[^\W_]+")
_MAX_WORD_LETTERS = 200
"""What follows is not indexed; PostgreSQL takes 2,046 bytes. Not fitted."""
_TERM = re.compile(r'"([^"]*)"(\*?)')
_NEAR = re.compile(r"NEAR\((.*), (\d+)\)")
_MAX_NEAR_WORDS = 4
"""Maximum number of words whose orders are searched; more must follow each other. Not fitted."""


class _WithoutMarks(dict[int, str]):
    """Latin letters without their marks, as FTS5 indexes them."""

    def __missing__(self, code: int) -> str:
        base = unicodedata.normalize("NFD", chr(code))[0]
        self[code] = base if base.isascii() else chr(code)
        return self[code]


_PLAIN = _WithoutMarks()


def words(text: str) -> list[str]:
    """Return the words of a text that `index_text` has made, without marks."""
    return [word[:_MAX_WORD_LETTERS] for word in _WORD.findall(text.translate(_PLAIN))]


def tsquery(query: str) -> str:
    """Return a query for to_tsquery; "" if it has no words. A passage matches any of those between OR."""
    return " | ".join(f"({part})" for part in map(_alternative, query.split(" OR ")) if part)


def _alternative(query: str) -> str:
    if near := _NEAR.fullmatch(query):
        return _near([phrase for phrase in _phrases(near[1]) if phrase], int(near[2]))
    return " & ".join(" <-> ".join(phrase) for phrase in _phrases(query) if phrase)


def _phrases(query: str) -> list[list[str]]:
    """Return the words of each quoted phrase; the last may be a prefix."""
    found = []
    for text, star in _TERM.findall(query):
        phrase = [f"'{word}'" for word in words(text)]
        found.append([*phrase[:-1], phrase[-1] + ":*" * bool(star)] if phrase else [])
    return found


def _near(phrases: Sequence[Sequence[str]], gap: int) -> str:
    """Return a query for phrases in any order, with up to `gap` other words between first and last."""
    if not 1 < len(phrases) <= _MAX_NEAR_WORDS:
        return " <-> ".join(word for phrase in phrases for word in phrase)
    return " | ".join(f"({order})" for order in _orders(phrases, gap))


def _orders(phrases: Sequence[Sequence[str]], gap: int) -> Iterator[str]:
    for order in dict.fromkeys(permutations([" <-> ".join(phrase) for phrase in phrases])):
        for gaps in product(range(gap + 1), repeat=len(order) - 1):
            if sum(gaps) <= gap:
                parts = (f" <{n + 1}> ({phrase})" for n, phrase in zip(gaps, order[1:], strict=True))
                yield f"({order[0]})" + "".join(parts)
