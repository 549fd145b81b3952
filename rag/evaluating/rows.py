"""Objects of JSONL files and JSON lists, with where they stand: a message about a bad one says it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import NothingThere


@dataclass(frozen=True, slots=True)
class Row:
    """A JSON object, and where it stands, for people."""

    where: str
    values: dict[str, Any]

    def text(self, key: str) -> str:
        """The text under a key. Raises NothingThere where there is none."""
        text = self.optional(key)
        if not text:
            raise NothingThere(f'{self.where}: "{key}" is missing or empty.')
        return text

    def optional(self, key: str) -> str:
        """The text under a key; "" where there is none. Raises NothingThere where it is no text."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, str):
            raise NothingThere(f'{self.where}: "{key}" must be a text.')
        return (value or "").strip()

    def inner(self, key: str) -> Row:
        """The object under a key. Raises NothingThere where there is none."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise NothingThere(f'{self.where}: "{key}" must be an object.')
        return Row(f"{self.where}, {key}", value)


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSONL file; empty lines are passed over.

    Raises NothingThere where the file cannot be read, is no JSONL of objects, or holds nothing.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise NothingThere(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise NothingThere(f"{path} is not UTF-8 text.") from error
    rows = list(_rows(path.name, text))
    if not rows:
        raise NothingThere(f"{path} holds no rows.")
    return rows


def read_list(path: Path, what: str, example: str) -> list[Row]:
    """The rows of a file that holds a JSON list of objects; `what` one is called, an `example` for people.

    Raises NothingThere where the file cannot be read, or is no such list.
    """
    try:
        values = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise NothingThere(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise NothingThere(f"{path} is no JSON ({error}).") from error
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise NothingThere(f"{path} is not a JSON list of {example}.")
    return [Row(f"{path.name}, {what} {n}", value) for n, value in enumerate(values, 1)]


def distinct(rows: Iterable[Row], *keys: str) -> Iterator[Row]:
    """The rows. Raises NothingThere at the first that has the same texts under `keys` as one before."""
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        texts = tuple(row.text(key) for key in keys)
        if texts in seen:
            raise NothingThere(f"{row.where}: {' '.join(texts)} has been there before; an id stands once.")
        seen.add(texts)
        yield row


def all_texts(values: Iterable[Any]) -> bool:
    """Whether all values are texts, none of them blank."""
    return all(isinstance(value, str) and value.strip() for value in values)


def _rows(name: str, text: str) -> Iterator[Row]:
    for number, line in enumerate(text.split("\n"), 1):  # a JSON text may hold other line separators
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            values = json.loads(line)
        except ValueError as error:
            raise NothingThere(f"{where}: this is no JSON ({error}).") from error
        if not isinstance(values, dict):
            raise NothingThere(f"{where}: this is no JSON object.")
        yield Row(where, values)
