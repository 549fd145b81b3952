"""Choose the excerpts of a dossier, and group them by what they are about, under phrases of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rag.dossiers.excerpts import Excerpt, Scored
from rag.dossiers.subject import Subject
from rag.verification.analysed_text import AnalysedText
from rag.verification.names.phonetics import fold

MIN_PER_ARTICLE = 2
"""Sentences of one article in a dossier, where there are enough articles. Not fitted."""
MIN_WANTED = 12
"""Sentences of a dossier below which more of each article are quoted. Not fitted."""
MAX_EXCERPTS = 24
"""Sentences in a dossier. Not fitted."""
MIN_SENTENCE_SHARE = 0.35
"""Share of the best sentence's cosine from which others are quoted. Set on 8 subjects of the samples."""
MIN_GROUP_COSINE = 0.45
"""Cosine to a group's first excerpt from which another joins it. Set on the same."""
MIN_GROUP = 2
"""Excerpts from which a group has a heading of its own. Not fitted."""


@dataclass(frozen=True, slots=True)
class Group:
    """Excerpts about one aspect, newest article first; the heading is "" for what has none."""

    heading: str
    excerpts: tuple[Excerpt, ...]


def chosen(found: Sequence[Scored]) -> list[Scored]:
    """The nearest sentences, evenly from the articles, nearest first."""
    ordered = sorted(found, key=lambda one: -one.near)
    articles = {one.excerpt.hit.article.id for one in found}
    most = max(MIN_PER_ARTICLE, MIN_WANTED // max(len(articles), 1))
    taken: dict[str, list[Scored]] = {}
    for one in (one for one in ordered if one.near >= MIN_SENTENCE_SHARE * ordered[0].near or _leads(one)):
        of_article = taken.setdefault(one.excerpt.hit.article.id, [])
        if len(of_article) < most:
            of_article.append(one)
    return sorted((one for row in taken.values() for one in row), key=lambda one: -one.near)[:MAX_EXCERPTS]


def _leads(one: Scored) -> bool:
    """Whether it opens its article, which news do with what matters most."""
    return one.excerpt.hit.passage.ordinal == 0 and one.excerpt.start == 0


def grouped(found: Sequence[Scored], subject: Subject) -> list[Group]:
    """Group excerpts, largest group first, those that belong to no group last."""
    clusters: list[list[Scored]] = []
    for one in sorted(found, key=lambda one: -one.near):
        near = [float(cluster[0].vector @ one.vector) for cluster in clusters]
        if near and max(near) >= MIN_GROUP_COSINE:
            clusters[int(np.argmax(near))].append(one)
        else:
            clusters.append([one])
    used = {fold(name) for name in _names(subject.text, subject.language)}
    used |= {key for key, n in _counted(found, subject.language).items() if n > len(found) / 2}
    headed: dict[str, list[Excerpt]] = {}
    for cluster in sorted(clusters, key=lambda one: -len(one)):
        heading = _heading(cluster, used, subject.language) if len(cluster) >= MIN_GROUP else ""
        headed.setdefault(heading, []).extend(one.excerpt for one in cluster)
    for alone in headed.get("", [])[:]:  # beside the others of their article
        if alone.hit.article.title in headed:
            headed[alone.hit.article.title].append(alone)
            headed[""].remove(alone)
    groups = [
        Group(heading, tuple(sorted(members, key=_newest))) for heading, members in headed.items() if members
    ]
    return sorted(groups, key=lambda group: not group.heading)


def _newest(excerpt: Excerpt) -> tuple[int, str, int, int]:
    """Newest article first, and in an article the order of its text."""
    article, passage = excerpt.hit.article, excerpt.hit.passage
    published = article.published.toordinal() if article.published else 0
    return -published, article.id, passage.ordinal, excerpt.start


def _heading(cluster: Sequence[Scored], used: set[str], language: str) -> str:
    """The title of the only article, or the name that most sentences in the language have, or ""."""
    articles = {one.excerpt.hit.article.id: one.excerpt.hit.article for one in cluster}
    if len(articles) == 1:
        return next(iter(articles.values())).title
    for key, count in _counted(cluster, language).most_common():
        if count >= MIN_GROUP and key not in used:
            used.add(key)
            said = (one.excerpt for one in cluster if one.excerpt.hit.language == language)
            names = (name for one in said for name in _names(one.text, language))
            return next(name for name in names if fold(name) == key)
    return ""


def _counted(found: Iterable[Scored], language: str) -> Counter[str]:
    """By how many sentences in a language each name is told."""
    counts: Counter[str] = Counter()
    for excerpt in (one.excerpt for one in found if one.excerpt.hit.language == language):
        counts.update({fold(name) for name in _names(excerpt.text, language)})
    return counts


def _names(text: str, language: str) -> Iterable[str]:
    return (text[one.start : one.end] for one in AnalysedText(text, language).names)
