"""Measure text extraction on labelled pages and documents: text, title, date, language."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any, TypedDict

from rag.errors import NothingThere, Unreadable
from rag.locales.message import Message
from rag.progress import OnProgress, Progress
from rag.reading import read
from rag.types import Article

_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W_]+")
_PAGES = (".html", ".htm")
TARGETS = {"text": 0.96, "title": 0.95, "date": 0.95, "language": 1.0}


class ReadingFigures(TypedDict):
    """Means over labelled articles: token F1 of the text, shares of right titles, dates and languages.

    `invented` counts dates that the label lacks, `missed` dates that were not found.
    """

    articles: int
    text: float
    title: float
    date: float
    language: float
    invented: int
    missed: int


class ReadingReport(TypedDict):
    """Byline's figures on all files, by kind, and on web pages; trafilatura's on the same pages."""

    overall: ReadingFigures
    by_kind: dict[str, ReadingFigures]
    by_language: dict[str, ReadingFigures]
    pages: ReadingFigures
    trafilatura: ReadingFigures
    wrong: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Label:
    """The true article in a file, by `file` name; a file with several articles has several labels."""

    file: str
    kind: str
    title: str
    text: str
    published: date | None
    language: str


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article as it was extracted."""

    title: str = ""
    text: str = ""
    published: date | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class _Outcome:
    label: Label
    found: ReadArticle

    @property
    def f1(self) -> float:
        return token_f1(self.found.text, self.label.text)

    @property
    def titled(self) -> bool:
        return _bare(self.found.title) == _bare(self.label.title)

    @property
    def dated(self) -> bool:
        return self.found.published == self.label.published


def read_labels(folder: Path) -> list[Label]:
    """Read the labels of a folder. Raises NothingThere if there are none, or invalid ones."""
    try:
        rows = json.loads((folder / "labels.json").read_text("utf-8"))
        return [
            Label(**row | {"published": date.fromisoformat(row["published"]) if row["published"] else None})
            for row in rows
        ]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise NothingThere("no_labels", folder=folder, error=error) from error


def evaluate_reading(folder: Path, labels: Sequence[Label], on_progress: OnProgress) -> ReadingReport:
    """Extract the labelled files with Byline, and the web pages among them also with trafilatura."""
    files = list(dict.fromkeys(label.file for label in labels))
    outcomes, alone = list[_Outcome](), list[_Outcome]()
    for n, name in enumerate(files):
        on_progress(Progress(Message.of("reading_pages"), n, len(files)))
        of = [label for label in labels if label.file == name]
        outcomes += _paired(of, _read(folder / name))
        if name.endswith(_PAGES):
            alone += _paired(of, [_by_trafilatura(folder / name)])
    on_progress(Progress(Message.of("reading_pages"), len(files), len(files)))
    pages = [outcome for outcome in outcomes if outcome.label.file.endswith(_PAGES)]
    return {
        "overall": _figures(outcomes),
        "by_kind": _grouped(outcomes, lambda label: label.kind),
        "by_language": _grouped(outcomes, lambda label: label.language),
        "pages": _figures(pages),
        "trafilatura": _figures(alone),
        "wrong": [_differences(outcome) for outcome in outcomes if _is_wrong(outcome)],
    }


def token_f1(text: str, wanted: str) -> float:
    """Compute the F1 of two bags of words; a Han character counts as a word."""
    one, other = (Counter(_TOKEN.findall(each.casefold())) for each in (text, wanted))
    shared = sum((one & other).values())
    return 2 * shared / (one.total() + other.total()) if shared else 0.0


def _paired(labels: Sequence[Label], found: Sequence[ReadArticle]) -> list[_Outcome]:
    """Pair labels with extracted articles in order; a surplus article counts as wrong."""
    nothing = Label(labels[0].file, labels[0].kind, "", "", None, "")
    return [_Outcome(a or nothing, b or ReadArticle()) for a, b in zip_longest(labels, found)]


def _read(path: Path) -> list[ReadArticle]:
    try:
        return [_as_read(article) for article in read(path)]
    except Unreadable:
        return []


def _as_read(article: Article) -> ReadArticle:
    return ReadArticle(article.title, article.text, article.published, article.language)


def _by_trafilatura(path: Path) -> ReadArticle:
    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    extracted: Any = bare_extraction(path.read_bytes(), include_comments=False, with_metadata=True)
    if extracted is None:
        return ReadArticle()
    day = date.fromisoformat(extracted.date) if extracted.date else None
    return ReadArticle(extracted.title or "", extracted.text or "", day, extracted.language or "")


def _figures(outcomes: Sequence[_Outcome]) -> ReadingFigures:
    n = max(len(outcomes), 1)
    return {
        "articles": len(outcomes),
        "text": sum(o.f1 for o in outcomes) / n,
        "title": sum(o.titled for o in outcomes) / n,
        "date": sum(o.dated for o in outcomes) / n,
        "language": sum(o.found.language == o.label.language for o in outcomes) / n,
        "invented": sum(o.found.published is not None and not o.dated for o in outcomes),
        "missed": sum(o.found.published is None and not o.dated for o in outcomes),
    }


def _grouped(outcomes: Sequence[_Outcome], by: Callable[[Label], str]) -> dict[str, ReadingFigures]:
    groups: dict[str, list[_Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(by(outcome.label), []).append(outcome)
    return {key: _figures(group) for key, group in sorted(groups.items())}


def _is_wrong(outcome: _Outcome) -> bool:
    in_language = outcome.found.language == outcome.label.language
    return not (outcome.f1 >= TARGETS["text"] and outcome.titled and outcome.dated and in_language)


def _differences(outcome: _Outcome) -> dict[str, str]:
    """Describe the extracted values that differ from the label."""
    label, found = outcome.label, outcome.found
    row: dict[str, str] = {"file": label.file, "text": f"{outcome.f1:.3f}"}
    pairs: Mapping[str, tuple[object, object]] = {
        "title": (found.title, label.title),
        "date": (found.published, label.published),
        "language": (found.language, label.language),
    }
    return row | {name: f"{a} instead of {b}" for name, (a, b) in pairs.items() if a != b}


def _bare(title: str) -> str:
    return " ".join(_TOKEN.findall(title.casefold()))
