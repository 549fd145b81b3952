"""Choose the sentences of a dossier and group them by topic, each group under a heading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from rag.dossiers.quotable_spans import QuotableSpan, ScoredSpan
from rag.dossiers.subject import Subject
from rag.verification.analysed_text import AnalysedText
from rag.verification.names.phonetics import fold

MIN_ARTICLE_LIMIT = 2
"""Number of sentences of an article that may always be quoted. Not fitted."""
TARGET_SENTENCES = 12
"""Number of sentences to reach, by quoting more of each article if there are few articles. Not fitted."""
MAX_EXCERPTS = 24
"""Maximum number of sentences in a dossier. Not fitted."""
MIN_SENTENCE_SHARE = 0.35
"""Minimum similarity of a quoted sentence, as a share of the best one's. Fitted on 8 subjects of the
samples."""
MIN_GROUP_COSINE = 0.45
"""Minimum cosine of a sentence with the first one of its group. Fitted on the same 8 subjects."""
MIN_GROUP_SIZE = 2
"""Minimum number of sentences of a group with a heading. Not fitted."""


@dataclass(frozen=True, slots=True)
class Group:
    """Quoted sentences on one topic, newest article first; the heading is "" for the remaining ones."""

    heading: str
    excerpts: tuple[QuotableSpan, ...]


def chosen(found: Sequence[ScoredSpan]) -> list[ScoredSpan]:
    """Return the nearest sentences, a limited number from each article, nearest first."""
    ordered = sorted(found, key=lambda one: -one.near)
    articles = {one.excerpt.hit.article.id for one in found}
    most = max(MIN_ARTICLE_LIMIT, TARGET_SENTENCES // max(len(articles), 1))
    taken: dict[str, list[ScoredSpan]] = {}
    for one in (one for one in ordered if one.near >= MIN_SENTENCE_SHARE * ordered[0].near or _leads(one)):
        of_article = taken.setdefault(one.excerpt.hit.article.id, [])
        if len(of_article) < most:
            of_article.append(one)
    return sorted((one for row in taken.values() for one in row), key=lambda one: -one.near)[:MAX_EXCERPTS]


def _leads(one: ScoredSpan) -> bool:
    """Tell whether a sentence opens its article, where news reports state what matters most."""
    return one.excerpt.hit.passage.ordinal == 0 and one.excerpt.start == 0


def grouped(found: Sequence[ScoredSpan], subject: Subject) -> list[Group]:
    """Cluster sentences by cosine and return the groups, largest first; ungrouped sentences come last."""
    clusters: list[list[ScoredSpan]] = []
    for one in sorted(found, key=lambda one: -one.near):
        near = [float(cluster[0].vector @ one.vector) for cluster in clusters]
        if near and max(near) >= MIN_GROUP_COSINE:
            clusters[int(np.argmax(near))].append(one)
        else:
            clusters.append([one])
    used = {fold(name) for name in _names(subject.text, subject.language)}
    used |= {key for key, n in _counted(found, subject.language).items() if n > len(found) / 2}
    headed: dict[str, list[QuotableSpan]] = {}
    for cluster in sorted(clusters, key=lambda one: -len(one)):
        heading = _heading(cluster, used, subject.language) if len(cluster) >= MIN_GROUP_SIZE else ""
        headed.setdefault(heading, []).extend(one.excerpt for one in cluster)
    for alone in headed.get("", [])[:]:  # moved to the group of their article, if there is one
        if alone.hit.article.title in headed:
            headed[alone.hit.article.title].append(alone)
            headed[""].remove(alone)
    groups = [
        Group(heading, tuple(sorted(members, key=_newest))) for heading, members in headed.items() if members
    ]
    return sorted(groups, key=lambda group: not group.heading)


def _newest(excerpt: QuotableSpan) -> tuple[int, str, int, int]:
    """Return the key that sorts by article, newest first, and then by position in the text."""
    article, passage = excerpt.hit.article, excerpt.hit.passage
    published = article.published.toordinal() if article.published else 0
    return -published, article.id, passage.ordinal, excerpt.start


def _heading(cluster: Sequence[ScoredSpan], used: set[str], language: str) -> str:
    """Return the title of the only article, else the most frequent unused name in the language, else ""."""
    articles = {one.excerpt.hit.article.id: one.excerpt.hit.article for one in cluster}
    if len(articles) == 1:
        return next(iter(articles.values())).title
    for key, count in _counted(cluster, language).most_common():
        if count >= MIN_GROUP_SIZE and key not in used:
            used.add(key)
            said = (one.excerpt for one in cluster if one.excerpt.hit.language == language)
            names = (name for one in said for name in _names(one.text, language))
            return next(name for name in names if fold(name) == key)
    return ""


def _counted(found: Iterable[ScoredSpan], language: str) -> Counter[str]:
    """Count the sentences in a language by the names that they contain, folded."""
    counts: Counter[str] = Counter()
    for excerpt in (one.excerpt for one in found if one.excerpt.hit.language == language):
        counts.update({fold(name) for name in _names(excerpt.text, language)})
    return counts


def _names(text: str, language: str) -> Iterable[str]:
    return (text[one.start : one.end] for one in AnalysedText(text, language).names)
