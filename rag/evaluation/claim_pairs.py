"""Read pairs of a true sentence and its supporting passage, with false values for each claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast, get_args

from rag.errors import NothingThere
from rag.evaluation.datasets import language_code
from rag.evaluation.json_rows import JsonRow, all_texts, distinct, read_list
from rag.verification.claims import ClaimKind

_EXAMPLE = '{"text": a sentence, "passage": ...}'


@dataclass(frozen=True, slots=True)
class ListedClaim:
    """A claim: `pair.text[start : start + len(text)] == text`. `swaps` are false values for it."""

    kind: ClaimKind
    text: str
    start: int
    swaps: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A sentence and a passage that supports all of it; `published` is the passage's publication date."""

    id: str
    text: str
    language: str
    passage: str
    passage_language: str
    published: date | None
    claims: tuple[ListedClaim, ...]

    def swapped(self, claim: ListedClaim, swap: str) -> str:
        """Replace a claim in the sentence by a false value."""
        return self.text[: claim.start] + swap + self.text[claim.start + len(claim.text) :]


def read_pairs(files: Sequence[Path]) -> list[Pair]:
    """Read the pairs of all files; the format is that of questions/claims.json.

    {"id", "text", "language", "passage", "passage_language", "published", "claims"}: "claims" lists
    {"kind", "text", "swaps"}, where each text occurs once in the sentence; "published" is an ISO date
    or null. Raises NothingThere, naming file and pair, if one is invalid.
    """
    rows = [row for file in files for row in read_list(file, "pair", _EXAMPLE)]
    if not rows:
        raise NothingThere("no_pairs", files=", ".join(file.name for file in files))
    return [_pair(row) for row in distinct(rows, "id")]


def _pair(row: JsonRow) -> Pair:
    text, claims = row.text("text"), row.values.get("claims")
    if not isinstance(claims, list) or not all(isinstance(claim, dict) for claim in claims):
        raise NothingThere("claims_field", where=row.where)
    return Pair(
        id=row.text("id"),
        text=text,
        language=language_code(row.text("language"), row.where),
        passage=row.text("passage"),
        passage_language=language_code(row.text("passage_language"), row.where),
        published=_day(row),
        claims=tuple(
            _claim(JsonRow(f"{row.where}, claim {n}", one), text) for n, one in enumerate(claims, 1)
        ),
    )


def _day(row: JsonRow) -> date | None:
    day = row.optional("published")
    try:
        return date.fromisoformat(day) if day else None
    except ValueError as error:
        raise NothingThere("published_field", where=row.where) from error


def _claim(row: JsonRow, sentence: str) -> ListedClaim:
    kind, text, swaps = row.text("kind"), row.text("text"), row.values.get("swaps")
    if kind not in get_args(ClaimKind):
        raise NothingThere("claim_kind", where=row.where, kind=kind, kinds=", ".join(get_args(ClaimKind)))
    if sentence.count(text) != 1:
        raise NothingThere("claim_not_once", where=row.where, text=text)
    if not isinstance(swaps, list) or not all_texts(swaps) or text in swaps:
        raise NothingThere("swaps_field", where=row.where)
    return ListedClaim(cast(ClaimKind, kind), text, sentence.index(text), tuple(swaps))
