"""Front matter: what a Markdown file says of itself before its text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import yaml

_MOST = 16_000
"""Characters within which front matter must end."""
_OPEN = re.compile(r"\s*---[ \t]*\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_LINE = re.compile(r"^[ \t]?([A-Za-z][\w -]{0,40}):[ \t]*(.*)$")
TITLE = ("title",)
LANGUAGE = ("language", "lang")
PUBLISHED = ("published", "date", "publish_date", "published_at", "pubdate")
OUTLET = ("outlet", "publisher", "site", "source")
_KNOWN = frozenset(TITLE + LANGUAGE + PUBLISHED + OUTLET)


def split_off(text: str) -> tuple[dict[str, str], str]:
    """Return the front matter's scalar values, keys in lower case, and the text behind it.

    Front matter that is no YAML is read line by line; what holds no known key is text, all of it.
    """
    opened = _OPEN.match(text)
    if not opened:
        return {}, text
    closed = _CLOSE.search(text, opened.end(), opened.end() + _MOST)
    block = text[opened.end() : closed.start()] if closed else _unclosed(text[opened.end() :])
    values = _scalars(block)
    if not _KNOWN & values.keys():
        return {}, text
    return values, text[closed.end() if closed else opened.end() + len(block) :]


def first(said: dict[str, str], keys: Sequence[str]) -> str:
    """Return the value of the first of the keys that has one, or ""."""
    return next((said[key] for key in keys if said.get(key)), "")


def _unclosed(text: str) -> str:
    """Return the lines of front matter that nothing closes: as long as they are `key: value`."""
    lines = []
    for line in text[:_MOST].splitlines(keepends=True):
        if not _LINE.match(line.rstrip("\n")):
            break
        lines.append(line)
    return "".join(lines)


def _scalars(block: str) -> dict[str, str]:
    values = {}
    try:
        # Merge keys can make a small file grow without end.
        loaded = None if "<<" in block else yaml.safe_load(block)
    except (yaml.YAMLError, ValueError, RecursionError):
        loaded = None
    if isinstance(loaded, dict):
        values = {
            str(key).lower(): str(value)
            for key, value in loaded.items()
            if isinstance(value, str | int | float | date) and not isinstance(value, bool)
        }
    return values or _by_line(block)


def _by_line(block: str) -> dict[str, str]:
    """Read `key: value` lines, as of a title with a colon in it, which YAML refuses."""
    found = (_LINE.match(line) for line in block.splitlines())
    values = {match[1].strip().lower(): match[2].strip().strip("\"'") for match in found if match}
    return {key: value for key, value in values.items() if value}
