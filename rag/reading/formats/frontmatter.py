"""Front matter: the metadata before the text of a Markdown file, in YAML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import yaml

_MAX_CHARACTERS = 16_000
"""Maximum length of front matter. Not fitted."""
_OPEN = re.compile(r"\s*---[ \t]*\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_LINE = re.compile(r"^[ \t]?([A-Za-z][\w -]{0,40}):[ \t]*(.*)$")
_STRUCTURES = ("[", "{", "&", "*", "|", ">")
"""First characters of YAML values that are structures or continue on other lines."""

TITLE = ("title",)
LANGUAGE = ("language", "lang")
PUBLISHED = ("published", "date", "publish_date", "published_at", "pubdate")
OUTLET = ("outlet", "publisher", "site", "source")
AUTHOR = ("author", "authors", "byline")
URL = ("url", "link", "canonical_url", "source_url")
_KNOWN = frozenset(TITLE + LANGUAGE + PUBLISHED + OUTLET + AUTHOR + URL)


def split_off(text: str) -> tuple[dict[str, str], str]:
    """Return the front matter's scalar values, keys in lower case, and the text after it.

    Front matter that is not valid YAML is read line by line. Without a known key it belongs to the text.
    """
    opened = _OPEN.match(text)
    if not opened:
        return {}, text
    start = opened.end()
    closed = _CLOSE.search(text, start, start + _MAX_CHARACTERS)
    values = _scalars(text[start : closed.start()]) if closed else {}
    end = closed.end() if closed else start
    if not values:
        # The end may be missing, and a horizontal rule may follow far below: only its own lines count.
        block = _head(text[start : start + _MAX_CHARACTERS])
        values, end = _by_line(block), start + len(block)
    return (values, text[end:]) if _KNOWN & values.keys() else ({}, text)


def first(values: dict[str, str], keys: Sequence[str]) -> str:
    """Return the value of the first of the keys that has one, or ""."""
    return next((values[key] for key in keys if values.get(key)), "")


def _scalars(block: str) -> dict[str, str]:
    """Return the scalar values of a block of YAML; empty if it is not valid YAML."""
    try:
        # Merge keys can expand a small file to any size.
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
    """Return the first lines that are `key: value`, indented or list items, with a closing mark."""
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        if _CLOSE.match(line):
            return "".join([*lines, line])
        if not _LINE.match(line.rstrip("\n")) and not (lines and line.startswith((" ", "\t", "- "))):
            break
        lines.append(line)
    return "".join(lines)


def _by_line(block: str) -> dict[str, str]:
    """Return the values of `key: value` lines; YAML rejects a title with a colon, for example."""
    found = (_LINE.match(line) for line in block.splitlines())
    values = {match[1].strip().lower(): match[2].strip().strip("\"'") for match in found if match}
    return {key: "" if value.startswith(_STRUCTURES) else value for key, value in values.items()}
