"""Near-duplicates among hits: reprints and later versions of an article count once.

Passages are near-duplicates by Broder's containment (On the resemblance and containment of documents,
1997): the share of the smaller passage's shingles that the other contains. A shingle is a sequence of three
words, or of four Chinese characters. Hits are few, so containment is computed exactly, without MinHash.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from rag.text.scripts import WORD, is_han
from rag.types import Hit

Shingle = tuple[str, ...]

MIN_CONTAINMENT = 0.5
"""Minimum containment of near-duplicates. Fitted with bench/copies.py."""
_SHINGLE_WORDS, _SHINGLE_HAN_CHARACTERS = 3, 4
"""Length of a shingle. Not fitted."""
_MAX_COMPARED_GROUPS = 5
"""Maximum number of groups compared with a hit, those that share most shingles with it. Not fitted."""
_MIN_SHINGLES = 8
"""Minimum number of shingles of a passage that is compared. Not fitted."""
_CACHE_SIZE = 4096
"""Number of passages whose shingles are cached. Not fitted."""


def merge_duplicates(hits: Iterable[Hit], k: int) -> list[Hit]:
    """Return the k best hits without near-duplicates.

    A group of near-duplicates becomes one hit: the newest article's passage, with the rank and score of the
    best one; the other articles are its `copies`. Passages of one article are never duplicates of each other.
    """
    groups: list[list[Hit]] = []
    groups_by_shingle: dict[Shingle, list[int]] = {}
    for hit in hits:
        group = _duplicated_group(hit, groups, groups_by_shingle)
        if group is not None:
            groups[group].append(hit)
        elif len(groups) < k:
            for shingle in shingles(hit.passage.text):
                groups_by_shingle.setdefault(shingle, []).append(len(groups))
            groups.append([hit])
    return [_merged(group) for group in groups]


def containment(one: str, other: str) -> float:
    """Return the share (0 to 1) of the smaller text's shingles that the other contains; 0 for short texts."""
    first, second = sorted((shingles(one), shingles(other)), key=len)
    return len(first & second) / len(first) if len(first) >= _MIN_SHINGLES else 0.0


def _duplicated_group(
    hit: Hit, groups: Sequence[Sequence[Hit]], groups_by_shingle: Mapping[Shingle, Sequence[int]]
) -> int | None:
    """Return the index of the group that a hit duplicates; None if there is none."""
    text = hit.passage.text
    shared = Counter(group for shingle in shingles(text) for group in groups_by_shingle.get(shingle, ()))
    for group, _ in shared.most_common(_MAX_COMPARED_GROUPS):
        best = groups[group][0]
        comparable = hit.article.id != best.article.id and hit.language == best.language
        if comparable and containment(text, best.passage.text) >= MIN_CONTAINMENT:
            return group
    return None


def _merged(group: Sequence[Hit]) -> Hit:
    """Merge a group into one hit: the newest passage, the best score, the other articles newest first."""
    best = group[0]
    newest = max(group, key=lambda hit: (hit.article.published or date.min, hit is best))
    articles = (article for hit in group for article in (hit.article, *hit.copies))
    others = {article.id: article for article in articles if article.id != newest.article.id}
    named = sorted(others.values(), key=lambda article: article.published or date.min, reverse=True)
    return replace(best, passage=newest.passage, article=newest.article, copies=tuple(named))


@lru_cache(maxsize=_CACHE_SIZE)
def shingles(text: str) -> frozenset[Shingle]:
    """Return the shingles of a text, in lower case."""
    words = WORD.findall(text.casefold())
    chinese = 2 * sum(map(is_han, words)) > len(words)
    length = _SHINGLE_HAN_CHARACTERS if chinese else _SHINGLE_WORDS
    return frozenset(tuple(words[i : i + length]) for i in range(len(words) - length + 1))
