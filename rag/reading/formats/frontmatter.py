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
_STRUCTURES = ("[", "{", "&", "*", "|", ">")
"""How a YAML value begins that no single line tells."""

TITLE = ("title",)
LANGUAGE = ("language", "lang")
PUBLISHED = ("published", "date", "publish_date", "published_at", "pubdate")
OUTLET = ("outlet", "publisher", "site", "source")
AUTHOR = ("author", "authors", "byline")
URL = ("url", "link", "canonical_url", "source_url")
_KNOWN = frozenset(TITLE + LANGUAGE + PUBLISHED + OUTLET + AUTHOR + URL)


def split_off(text: str) -> tuple[dict[str, str], str]:
    """Return the front matter's scalar values, keys in lower case, and the text behind it.

    Front matter that is no YAML is read line by line; what holds no known key is text, all of it.
    """
    opened = _OPEN.match(text)
    if not opened:
        return {}, text
    start = opened.end()
    closed = _CLOSE.search(text, start, start + _MOST)
    values = _scalars(text[start : closed.start()]) if closed else {}
    end = closed.end() if closed else start
    if not values:
        # Its end may be missing, and a rule stand far down: no more than its own lines may go.
        block = _head(text[start : start + _MOST])
        values, end = _by_line(block), start + len(block)
    return (values, text[end:]) if _KNOWN & values.keys() else ({}, text)


def first(said: dict[str, str], keys: Sequence[str]) -> str:
    """Return the value of the first of the keys that has one, or ""."""
    return next((said[key] for key in keys if said.get(key)), "")


def _scalars(block: str) -> dict[str, str]:
    """Return the scalar values of a block of YAML; nothing where it is none."""
    try:
        # Merge keys can make a small file grow without end.
        loaded = None if "<<" in block else yaml.safe_load(block)
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}
    if not isinstance(loaded, dict):
        return {}
    return {
        str(key).lower(): str(value)
        for key, value in loaded.items()
        if isinstance(value, str | int | float | date) and not isinstance(value, bool)
    }


def _head(text: str) -> str:
    """Return the first lines, as long as they are `key: value`, indented or items, and the mark."""
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        if _CLOSE.match(line):
            return "".join([*lines, line])
        if not _LINE.match(line.rstrip("\n")) and not (lines and line.startswith((" ", "\t", "- "))):
            break
        lines.append(line)
    return "".join(lines)


def _by_line(block: str) -> dict[str, str]:
    """Read `key: value` lines, as of a title with a colon in it, which YAML refuses."""
    found = (_LINE.match(line) for line in block.splitlines())
    values = {match[1].strip().lower(): match[2].strip().strip("\"'") for match in found if match}
    return {key: "" if value.startswith(_STRUCTURES) else value for key, value in values.items()}
