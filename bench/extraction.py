"""Measures text extraction on public test sets: Byline beside trafilatura and readability-lxml.

.venv/bin/python bench/extraction.py FOLDER [--half tune|report] [--reader NAME ...] [--losses]

FOLDER holds a folder a set (article-extraction-benchmark, fundus, readability, newspaper4k, htmldate),
each with pages and a `gold.json` of file name → {"text", "title", "date", "url", "language"}, every key
optional. docs/benchmarks.md says where to get them. `--half` takes every other page, so that steps are
tuned on one half and reported on the other.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

_TOKEN = re.compile(
    r"[\u3400-\u9fff\uf900-\ufaff\u3041-\u30ff\uac00-\ud7a3\u0e01-\u0e2e]"
    r"|[^\W_\u3400-\u9fff\uf900-\ufaff\u3041-\u30ff\uac00-\ud7a3\u0e01-\u0e2e]+"
)
LARGE_LOSS = 0.2
"""F1 below trafilatura's from which on a page counts as lost."""
DAYS = 1
"""Days that a date may differ by: the sets give some in UTC, some in local time."""

Reading = tuple[str, str, date | None]
"""Text, title and date of a page."""


@dataclass(frozen=True, slots=True)
class Score:
    """How one reader did on one page; None where the set states no gold value."""

    f1: float | None
    recall: float | None
    title: bool | None
    date: str | None
    seconds: float


def by_byline(data: bytes, url: str) -> Reading:
    from rag.errors import Unreadable
    from rag.reading import read_bytes
    from rag.types import Article

    try:
        parts = list(read_bytes(data, url or "page.html", ".html"))
    except Unreadable:
        return "", "", None
    for part in parts:
        if isinstance(part, Article):
            return part.text, part.title, part.published
    return "", "", None


def by_trafilatura(data: bytes, url: str) -> Reading:
    from trafilatura import bare_extraction

    found: Any = bare_extraction(data, url or None, include_comments=False, with_metadata=True)
    if found is None:
        return "", "", None
    return found.text or "", found.title or "", date.fromisoformat(found.date) if found.date else None


def by_readability(data: bytes, url: str) -> Reading:
    from lxml import html
    from readability import Document

    try:
        page = Document(data.decode("utf-8", "replace"), url=url or None)
        text = "\n".join(html.fromstring(page.summary()).itertext())
        return text, page.short_title() or "", None
    except Exception:  # readability raises whatever its parser does
        return "", "", None


READERS: dict[str, Callable[[bytes, str], Reading]] = {
    "byline": by_byline,
    "trafilatura": by_trafilatura,
    "readability": by_readability,
}


def tokens(text: str) -> Counter[str]:
    return Counter(_TOKEN.findall(unicodedata.normalize("NFKC", text).lower()))


def text_scores(text: str, gold: str) -> tuple[float, float]:
    """Token F1 and recall of bags of tokens."""
    found, wanted = tokens(text), tokens(gold)
    shared = sum((found & wanted).values())
    if not shared:
        return 0.0, 0.0
    return 2 * shared / (found.total() + wanted.total()), shared / wanted.total()


def titles_agree(title: str, gold: str) -> bool:
    """Equal but for case, spaces and punctuation, or one within the other."""
    one, other = (
        re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", each).casefold()) for each in (title, gold)
    )
    return bool(one and other) and (one in other or other in one)


def date_outcome(found: date | None, gold: str) -> str:
    if found is None:
        return "missing"
    return "right" if abs((found - date.fromisoformat(gold[:10])).days) <= DAYS else "wrong"


def score(path: Path, gold: dict[str, Any], reader: str) -> Score:
    """Read one page and compare it with its gold values."""
    logging.disable(logging.CRITICAL)
    data, began = path.read_bytes(), time.process_time()
    try:
        text, title, published = READERS[reader](data, gold.get("url") or "")
    except Exception as error:
        sys.stderr.write(f"{path.name}: {reader} raised {error!r}\n")
        text, title, published = "", "", None
    seconds = time.process_time() - began
    f1, recall = text_scores(text, gold["text"]) if gold.get("text") else (None, None)
    return Score(
        f1,
        recall,
        titles_agree(title, gold["title"]) if gold.get("title") else None,
        date_outcome(published, gold["date"]) if isinstance(gold.get("date"), str) else None,
        seconds,
    )


def pages_of(folder: Path, half: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    gold = json.loads((folder / "gold.json").read_text("utf-8"))
    for n, (name, values) in enumerate(sorted(gold.items())):
        if not half or (half == "tune") == (n % 2 == 0):
            yield folder / name, values


def mean(values: Sequence[float]) -> str:
    return f"{sum(values) / len(values):.3f}" if values else "    –"


def row(name: str, reader: str, scores: Sequence[Score], beside: Sequence[Score]) -> str:
    texts = [s.f1 for s in scores if s.f1 is not None]
    dates = Counter(s.date for s in scores if s.date)
    lost = sum(
        s.f1 < other.f1 - LARGE_LOSS for s, other in zip(scores, beside, strict=False) if s.f1 is not None
    )
    counts = (
        " ".join(f"{dates[key]:5}" for key in ("right", "wrong", "missing")) if dates else "    –     –     –"
    )
    return (
        f"{name:12} {reader:12} {len(scores):5} {mean(texts)}"
        f" {mean([s.recall for s in scores if s.recall is not None])}"
        f" {mean([float(s.title) for s in scores if s.title is not None])} {counts} {lost:5}"
        f" {sum(s.seconds for s in scores) / len(scores):7.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=["", "tune", "report"], default="")
    parser.add_argument("--reader", action="append", choices=[*READERS], help="all of them by default")
    parser.add_argument("--losses", action="store_true", help="name the pages that lose to trafilatura")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    names = options.reader or [*READERS]
    print("set          reader       pages    F1 recall title right wrong  miss  lost s/page")
    total: dict[str, list[Score]] = {name: [] for name in names}
    with ProcessPoolExecutor(options.workers) as pool:
        for folder in sorted(path.parent for path in options.folder.glob("*/gold.json")):
            pages = list(pages_of(folder, options.half))
            scores = {
                name: [
                    *pool.map(
                        score, *zip(*((path, gold, name) for path, gold in pages), strict=True), chunksize=8
                    )
                ]
                for name in names
            }
            for name in names:
                total[name] += scores[name]
                print(row(folder.name, name, scores[name], scores.get("trafilatura", ())), flush=True)
            if options.losses:
                show_losses(pages, scores)
    for name in names:
        print(row("all", name, total[name], total.get("trafilatura", ())))


def show_losses(pages: Sequence[tuple[Path, dict[str, Any]]], scores: dict[str, list[Score]]) -> None:
    """Name the pages whose F1 is .05 or more below trafilatura's, and those with a wrong title or date."""
    for n, (path, _) in enumerate(pages):
        one, other = scores["byline"][n], scores["trafilatura"][n]
        behind = one.f1 is not None and other.f1 is not None and one.f1 < other.f1 - 0.05
        if behind or one.title is False or one.date in ("wrong", "missing"):
            print(
                f"  {path.parent.name}/{path.name} F1 {one.f1} / {other.f1} title {one.title} date {one.date}"
            )


if __name__ == "__main__":
    main()
