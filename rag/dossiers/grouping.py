"""Group excerpts by what they are about, and name each group by a phrase of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rag.dossiers.excerpts import Excerpt
from rag.verification.analysed_text import AnalysedText
from rag.verification.names.phonetics import fold

MIN_GROUP_COSINE = 0.45
"""Cosine to a group's first excerpt from which another joins it. Set on 8 subjects of the sample library."""
MIN_GROUP = 2
"""Excerpts from which a group has a heading of its own. Not fitted."""


@dataclass(frozen=True, slots=True)
class Group:
    """Excerpts about one aspect, and its heading, "" for what belongs to no other group."""

    heading: str
    excerpts: tuple[Excerpt, ...]


def grouped(excerpts: Sequence[Excerpt], subject: str, language: str) -> list[Group]:
    """Group excerpts, largest group first, those that stand alone last."""
    clusters: list[list[Excerpt]] = []
    for excerpt in sorted(excerpts, key=lambda one: -one.near):
        near = [float(cluster[0].vector @ excerpt.vector) for cluster in clusters]
        best = int(np.argmax(near)) if near else -1
        if near and near[best] >= MIN_GROUP_COSINE:
            clusters[best].append(excerpt)
        else:
            clusters.append([excerpt])
    alone = [one for cluster in clusters if len(cluster) < MIN_GROUP for one in cluster]
    large = sorted((one for one in clusters if len(one) >= MIN_GROUP), key=lambda one: -len(one))
    used = {fold(name) for name in _names(subject, language)}
    used |= {key for key, n in _counted(excerpts, language).items() if n > len(excerpts) / 2}
    headed: dict[str, list[Excerpt]] = {}
    for cluster in large:
        headed.setdefault(_heading(cluster, used, language), []).extend(cluster)
    groups = [Group(heading, tuple(members)) for heading, members in headed.items()]
    return [*groups, *([Group("", tuple(alone))] if alone else [])]


def _heading(cluster: Sequence[Excerpt], used: set[str], language: str) -> str:
    """The name in the reader's language that most sentences have and no heading before, else a title."""
    counts = _counted(cluster, language)
    for key, count in counts.most_common():
        if count >= MIN_GROUP and key not in used:
            used.add(key)
            names = (name for one in cluster for name in _names(one.text, one.hit.language))
            return next(name for name in names if fold(name) == key)
    titles = [one.hit.article for one in cluster]
    return next((one.title for one in titles if one.language == language), titles[0].title)


def _counted(excerpts: Sequence[Excerpt], language: str) -> Counter[str]:
    """By how many sentences in a language each name is told."""
    counts: Counter[str] = Counter()
    for excerpt in excerpts:
        if excerpt.hit.language == language:
            counts.update({fold(name) for name in _names(excerpt.text, language)})
    return counts


def _names(text: str, language: str) -> Iterable[str]:
    return (text[one.start : one.end] for one in AnalysedText(text, language).names)
