"""Dates, numbers, sizes, times and lists for people, in the interface's language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from ui_examples import ARTICLE

from rag.ui import formatting
from rag.ui.strings import strings

ENGLISH = strings("en")


@pytest.mark.parametrize(
    ("items", "text"),
    [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")],
)
def test_lists(items: list[str], text: str) -> None:
    assert formatting.listed(items, ENGLISH) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (491_400_064, "491 MB"),
        (1_117_320_768, "1.12 GB"),
        (40_100_000_000, "40.1 GB"),
    ],
)
def test_sizes(count: int, text: str) -> None:
    assert formatting.size(count, ENGLISH) == text


def test_times_and_dates() -> None:
    assert formatting.seconds(180, ENGLISH) == "0.2 s"
    assert formatting.seconds(12_400, ENGLISH) == "12 s"
    assert formatting.day(date(2025, 3, 9), ENGLISH) == "9 March 2025"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("en", ["9 March 2025", "12,345.6", "1.12 GB", "1.5 s", "French", "A, B and C"]),
        ("fr", ["9 mars 2025", "12\u202f345,6", "1,12 Go", "1,5 s", "français", "A, B et C"]),
        ("zh", ["2025年3月9日", "12,345.6", "1.12 GB", "1.5 秒", "法语", "A、B和C"]),
        ("vi", ["9 tháng 3, 2025", "12.345,6", "1,12 GB", "1,5 giây", "Tiếng Pháp", "A, B và C"]),
        ("ru", ["9 марта 2025\u202fг.", "12\xa0345,6", "1,12 ГБ", "1,5 с", "французский", "A, B и C"]),
    ],
)
def test_every_language_has_its_own_forms(code: str, shown: list[str]) -> None:
    s = strings(code)
    assert shown == [
        formatting.day(date(2025, 3, 9), s),
        formatting.number(12_345.6, s),
        formatting.size(1_117_320_768, s),
        formatting.seconds(1_500, s),
        formatting.language("fr", s),
        formatting.listed(["A", "B", "C"], s),
    ]


def test_languages_name_themselves() -> None:
    names = [formatting.own_name(code) for code in ("en", "fr", "zh", "vi", "ru", "xx")]
    assert names == ["English", "Français", "中文", "Tiếng Việt", "Русский", "xx"]


@pytest.mark.parametrize(
    ("source", "outlet"),
    [
        ("/a/b/news.md", "news.md"),
        ("https://x.example/2025/story/", "story"),
        ("C:\\a\\b.txt", "b.txt"),
    ],
)
def test_an_article_without_an_outlet_is_named_by_its_file(source: str, outlet: str) -> None:
    bare = replace(ARTICLE, source=source, outlet=None, published=None, language="de")
    assert formatting.credits(bare, ENGLISH) == [outlet, "German"]
