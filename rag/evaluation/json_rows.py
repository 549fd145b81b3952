"""Read objects from JSONL files and JSON lists, with their positions for error messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import NothingThere


@dataclass(frozen=True, slots=True)
class JsonRow:
    """A JSON object, and its position in the file for error messages."""

    where: str
    values: dict[str, Any]

    def text(self, key: str) -> str:
        """Return the text of a key. Raises NothingThere if there is none."""
        text = self.optional(key)
        if not text:
            raise NothingThere("field_empty", where=self.where, key=key)
        return text

    def optional(self, key: str) -> str:
        """Return the text of a key, or "". Raises NothingThere if the value is not a text."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, str):
            raise NothingThere("field_not_text", where=self.where, key=key)
        return (value or "").strip()

    def inner(self, key: str) -> JsonRow:
        """Return the object of a key. Raises NothingThere if there is none."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise NothingThere("field_not_object", where=self.where, key=key)
        return JsonRow(f"{self.where}, {key}", value)


def read_rows(path: Path) -> list[JsonRow]:
    """Read a JSONL file; empty lines are ignored.

    Raises NothingThere if the file cannot be read, is not JSONL of objects, or is empty.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise NothingThere("file_unreadable", path=path, why=error.strerror) from error
    except UnicodeDecodeError as error:
        raise NothingThere("not_utf8", path=path) from error
    rows = list(_rows(path.name, text))
    if not rows:
        raise NothingThere("no_rows", path=path)
    return rows


def read_list(path: Path, what: str, example: str) -> list[JsonRow]:
    """Read a JSON list of objects; `what` and `example` describe one in error messages.

    Raises NothingThere if the file cannot be read or is no such list.
    """
    try:
        values = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise NothingThere("file_unreadable", path=path, why=error.strerror) from error
    except ValueError as error:
        raise NothingThere("file_not_json", path=path, error=error) from error
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise NothingThere("not_json_list", path=path, example=example)
    return [JsonRow(f"{path.name}, {what} {n}", value) for n, value in enumerate(values, 1)]


def distinct(rows: Iterable[JsonRow], *keys: str) -> Iterator[JsonRow]:
    """Yield the rows. Raises NothingThere at the first that repeats the values of `keys`."""
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        texts = tuple(row.text(key) for key in keys)
        if texts in seen:
            raise NothingThere("id_twice", where=row.where, id=" ".join(texts))
        seen.add(texts)
        yield row


def all_texts(values: Iterable[Any]) -> bool:
    """Tell whether all values are non-blank texts."""
    return all(isinstance(value, str) and value.strip() for value in values)


def _rows(name: str, text: str) -> Iterator[JsonRow]:
    for number, line in enumerate(text.split("\n"), 1):  # JSON strings may hold other separators
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            values = json.loads(line)
        except ValueError as error:
            raise NothingThere("row_not_json", where=where, error=error) from error
        if not isinstance(values, dict):
            raise NothingThere("row_not_object", where=where)
        yield JsonRow(where, values)
