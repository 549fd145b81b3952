"""Translate filters to SQL conditions on the tables of articles, `a`, and passages, `p`.

Who may see an article: a collection with groups is restricted to their members. An article in restricted
collections is seen by the members of at least one of them, wherever else it is; every other article by all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from rag.text.letters import plain_letters
from rag.types import Filters


def conditions(filters: Filters, language: str = "p.language") -> tuple[str, list[str]]:
    """Return the condition and the values of its placeholders; "TRUE" without filters.

    `language` is the column that language filters apply to: the passage's, or the article's ("a.language").
    """
    parts: list[str] = []
    values: list[str] = []
    if filters.languages:
        parts.append(f"{language} IN ({_marks(filters.languages)})")
        values += filters.languages
    for day, compares in ((filters.since, ">="), (filters.until, "<=")):
        if day:
            parts.append(f"a.published {compares} ?")  # NULL, an unknown date, passes neither
            values.append(day.isoformat())
    if filters.sources:
        one = "instr(fold(a.source), ?) > 0 OR fold(a.outlet) = ?"
        parts.append("(" + " OR ".join([one] * len(filters.sources)) + ")")
        values += [plain_letters(source) for source in filters.sources for _ in range(2)]
    if filters.articles:
        among, ids = listed(filters.articles)
        parts.append(f"a.id IN ({among})")
        values.append(ids)
    for names in [*[filters.collections] * bool(filters.collections), filters.within]:
        if names is not None:
            of = f"SELECT article FROM collected WHERE collection IN ({_marks(names) or 'NULL'})"
            parts.append(f"a.id IN ({of})")
            values += names
    if filters.groups is not None:
        parts.append(_seen_by(filters.groups))
        values += filters.groups
    return " AND ".join(parts) or "TRUE", values


def of_passages(filters: Filters) -> tuple[str, list[str]]:
    """Return the condition on passages: the article or one of its copies passes."""
    where, values = conditions(filters)
    whose = "(a.id = p.article_id OR a.copy_of = p.article_id)"
    return (f"EXISTS (SELECT 1 FROM articles a WHERE {whose} AND {where})" if filters else "TRUE"), values


def listed(ids: Iterable[str]) -> tuple[str, str]:
    """Return a sub-query of any number of ids, and its value: they are the keys of a JSON object."""
    return "SELECT key FROM json_each(?)", json.dumps(dict.fromkeys(ids))


def _seen_by(groups: tuple[str, ...]) -> str:
    """Return the condition that members of groups may see an article; the groups are its values."""
    restricted = "SELECT m.article FROM collected m JOIN collection_groups g ON g.collection = m.collection"
    theirs = f" OR a.id IN ({restricted} WHERE g.name IN ({_marks(groups)}))" if groups else ""
    return f"(a.id NOT IN ({restricted}){theirs})"


def _marks(values: tuple[str, ...]) -> str:
    return ",".join("?" * len(values))
