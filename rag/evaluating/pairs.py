"""Sentences, the passages that support them, and false values for what they claim: JSON lists of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast, get_args

from rag.checking.claims import Kind
from rag.errors import NothingThere
from rag.evaluating.datasets import language_code
from rag.evaluating.rows import Row, all_texts, distinct, read_list

_EXAMPLE = '{"text": a sentence, "passage": ...}'


@dataclass(frozen=True, slots=True)
class Listed:
    """A claim; `pair.text[start : start + len(text)] == text`, and `swaps` are values that are not true."""

    kind: Kind
    text: str
    start: int
    swaps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A sentence and a passage that says all that the sentence says; `published` is the passage's day."""

    id: str
    text: str
    language: str
    passage: str
    passage_language: str
    published: date | None
    claims: tuple[Listed, ...]

    def swapped(self, claim: Listed, swap: str) -> str:
        """The sentence with another value for one of its claims."""
        return self.text[: claim.start] + swap + self.text[claim.start + len(claim.text) :]


def read_pairs(files: Sequence[Path]) -> list[Pair]:
    """The pairs of all files, as in tests/questions/claims.json.

    {"id", "text", "language", "passage", "passage_language", "published", "claims"}: "claims" lists
    {"kind", "text", "swaps"}, each text once in the sentence; "published" is a day such as 2024-05-02, or
    null. Raises NothingThere, naming file and pair, where one cannot be used.
    """
    rows = [row for file in files for row in read_list(file, "pair", _EXAMPLE)]
    if not rows:
        raise NothingThere(f"{', '.join(file.name for file in files)}: there is no pair in it.")
    return [_pair(row) for row in distinct(rows, "id")]


def _pair(row: Row) -> Pair:
    text, claims = row.text("text"), row.values.get("claims")
    if not isinstance(claims, list) or not all(isinstance(claim, dict) for claim in claims):
        raise NothingThere(f'{row.where}: "claims" must be a list of {{"kind", "text", "swaps"}}.')
    return Pair(
        id=row.text("id"),
        text=text,
        language=language_code(row.text("language"), row.where),
        passage=row.text("passage"),
        passage_language=language_code(row.text("passage_language"), row.where),
        published=_day(row),
        claims=tuple(_claim(Row(f"{row.where}, claim {n}", one), text) for n, one in enumerate(claims, 1)),
    )


def _day(row: Row) -> date | None:
    day = row.optional("published")
    try:
        return date.fromisoformat(day) if day else None
    except ValueError as error:
        raise NothingThere(f'{row.where}: "published" must be a day such as 2024-05-02.') from error


def _claim(row: Row, sentence: str) -> Listed:
    kind, text, swaps = row.text("kind"), row.text("text"), row.values.get("swaps")
    if kind not in get_args(Kind):
        raise NothingThere(f"{row.where}: “{kind}” is none of {', '.join(get_args(Kind))}.")
    if sentence.count(text) != 1:
        raise NothingThere(f"{row.where}: “{text}” must stand once in the sentence.")
    if not isinstance(swaps, list) or not all_texts(swaps) or text in swaps:
        raise NothingThere(f'{row.where}: "swaps" must be a list of other texts than the claim\'s.')
    return Listed(cast(Kind, kind), text, sentence.index(text), tuple(swaps))
