"""The same text in several articles: reprints and later versions count once (pure).

Two passages say the same where the smaller one's shingles, runs of three words (of Chinese: of four
characters), are nearly all in the other: Broder's containment (On the resemblance and containment of
documents, 1997). Passages are short and hits few, so it is computed, not estimated.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from rag.documents import Hit

Shingle = tuple[str, ...]

SAME = 0.5
"""Share of the smaller passage's shingles from which on two passages are one: see bench/copies.py."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(rf"{_HAN.pattern}|[^\W_]+")
_RUN, _HAN_RUN = 3, 4
_LOOKED_AT = 5
"""Groups that share most with a passage, of which it may be one."""
_FEWEST = 8
"""Shingles below which a passage is too short to be told from others."""


def once(hits: Iterable[Hit], k: int) -> list[Hit]:
    """The k best hits, each text once: the newest article that has it, the others named with it.

    A hit stands where the best of its copies stood. Passages of one article are never copies.
    """
    groups: list[list[Hit]] = []
    holding: dict[Shingle, list[int]] = {}
    for hit in hits:
        at = _copied(hit, groups, holding)
        if at is not None:
            groups[at].append(hit)
        elif len(groups) < k:
            for shingle in shingles(hit.passage.text):
                holding.setdefault(shingle, []).append(len(groups))
            groups.append([hit])
    return [_one(group) for group in groups]


def containment(one: str, other: str) -> float:
    """The share of the smaller text's shingles that the other has, too; 0 for texts that are too short."""
    first, second = sorted((shingles(one), shingles(other)), key=len)
    return len(first & second) / len(first) if len(first) >= _FEWEST else 0.0


def _copied(
    hit: Hit, groups: Sequence[Sequence[Hit]], holding: Mapping[Shingle, Sequence[int]]
) -> int | None:
    """The place of the group whose best hit says the same; None where there is none."""
    text = hit.passage.text
    shared = Counter(at for shingle in shingles(text) for at in holding.get(shingle, ()))
    for at, _ in shared.most_common(_LOOKED_AT):
        best = groups[at][0]
        apart = hit.article.id != best.article.id and hit.language == best.language
        if apart and containment(text, best.passage.text) >= SAME:
            return at
    return None


def _one(group: Sequence[Hit]) -> Hit:
    """The newest of a group under the best score, with the others' articles, each once, the newest first."""
    best = group[0]
    newest = max(group, key=lambda hit: (hit.article.published or date.min, hit is best))
    having = (article for hit in group for article in (hit.article, *hit.copies))
    others = {article.id: article for article in having if article.id != newest.article.id}
    named = sorted(others.values(), key=lambda article: article.published or date.min, reverse=True)
    return replace(best, passage=newest.passage, article=newest.article, copies=tuple(named))


@lru_cache(maxsize=4096)
def shingles(text: str) -> frozenset[Shingle]:
    """A text's runs of words."""
    words = _WORD.findall(text.casefold())
    run = _HAN_RUN if sum(1 for word in words if _HAN.match(word)) * 2 > len(words) else _RUN
    return frozenset(tuple(words[i : i + run]) for i in range(len(words) - run + 1))
