"""The five real articles of shared/seeds, measured against their labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.reading import read
from rag.reading.cleaning.boilerplate import steps
from rag.reading.cleaning.line_wrapping import tidy

SEEDS = Path(__file__).parents[2].parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(not SEEDS.exists(), reason="shared/seeds is not here")

LABELS: dict[str, Any] = json.loads((SEEDS / "labels.json").read_text("utf-8")) if SEEDS.exists() else {}


def measured(key: str) -> tuple[int, int]:
    """How many of the labelled lines are in the article, by their text, and how many there are."""
    found = total = 0
    for name, label in LABELS.items():
        lines = (SEEDS / name).read_text("utf-8").split("\n")
        paragraphs = set(read(SEEDS / name)[0].text.split("\n\n"))
        found += sum(tidy(lines[number - 1]) in paragraphs for number in label[key])
        total += len(label[key])
    return found, total


def test_the_articles_lines_stay() -> None:
    found, total = measured("body_lines")
    assert total == 71
    assert found >= 0.98 * total


def test_the_pages_lines_go() -> None:
    found, total = measured("not_body_lines")
    assert total == 92
    assert found <= 0.05 * total


def test_the_same_counted_by_line_numbers() -> None:
    """Here a copy of a line that stays counts as lost."""
    body = page = kept_body = kept_page = 0
    for name, label in LABELS.items():
        lines = (SEEDS / name).read_text("utf-8").split("\n")
        kept = {n for n, step in enumerate(steps(["", *lines[1:]]), 1) if step == ""}
        body, kept_body = body + len(label["body_lines"]), kept_body + len(kept & {*label["body_lines"]})
        page, kept_page = (
            page + len(label["not_body_lines"]),
            kept_page + len(kept & {*label["not_body_lines"]}),
        )
    assert kept_body >= 0.98 * body
    assert kept_page <= 0.05 * page


@pytest.mark.parametrize("name", LABELS)
def test_title_language_and_date(name: str) -> None:
    label, article = LABELS[name], read(SEEDS / name)[0]
    assert article.title == label["title"]
    assert article.language == label["language"]
    assert (article.published.isoformat() if article.published else None) == label["published"]
