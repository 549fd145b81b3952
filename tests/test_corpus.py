"""The sample library: every article is complete, in its place, of a news article's length, ours."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

CORPUS = Path(__file__).parents[1] / "corpus"
SEEDS = CORPUS.parents[1] / "shared" / "seeds"
LANGUAGES = {"en", "fr", "zh", "vi", "ru"}
ARTICLES = sorted(CORPUS.glob("*/*.md"))
HAN = re.compile(r"[㐀-鿿]")
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)

each_article = pytest.mark.parametrize("path", ARTICLES, ids=lambda p: f"{p.parent.name}/{p.stem}")


def read(path: Path) -> tuple[dict[str, Any], str]:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body.strip()


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of 12 words and every run of 20 Chinese characters, whatever the punctuation."""
    words = re.findall(r"[^\W_㐀-鿿]+", text.lower())
    han = HAN.findall(text)
    return {tuple(words[i : i + 12]) for i in range(len(words) - 11)} | {
        tuple(han[i : i + 20]) for i in range(len(han) - 19)
    }


def test_library_has_every_language_in_number() -> None:
    folders = [path.parent.name for path in ARTICLES]
    assert set(folders) == LANGUAGES
    assert len(ARTICLES) >= 24
    assert min(folders.count(language) for language in LANGUAGES) >= 5


def test_nothing_else_lies_in_the_library() -> None:
    assert sorted(path for path in CORPUS.rglob("*") if path.is_file()) == ARTICLES


def test_titles_are_unique() -> None:
    titles = [read(path)[0]["title"] for path in ARTICLES]
    assert len(set(titles)) == len(titles)


@each_article
def test_front_matter_is_complete(path: Path) -> None:
    front, _ = read(path)
    assert set(front) == {"title", "language", "published", "source"}
    assert front["title"].strip() == front["title"] != ""
    assert isinstance(front["published"], date)
    assert "Byline" in front["source"], "the outlet must be recognisable as a sample's"


@each_article
def test_language_is_that_of_the_folder_and_of_the_letters(path: Path) -> None:
    front, body = read(path)
    assert front["language"] == path.parent.name
    assert bool(HAN.search(body)) == (front["language"] == "zh")
    assert bool(CYRILLIC.search(body)) == (front["language"] == "ru")
    assert ("ệ" in body) == (front["language"] == "vi")


@each_article
def test_slug_is_plain(path: Path) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.stem)


@each_article
def test_length_is_that_of_a_news_article(path: Path) -> None:
    front, body = read(path)
    if front["language"] == "zh":
        assert 200 <= len(HAN.findall(body)) <= 800
    else:
        assert 120 <= len(body.split()) <= 400


@pytest.fixture(scope="module")
def seed_runs() -> set[tuple[str, ...]]:
    if not SEEDS.is_dir():
        pytest.skip("the real articles are not here: ../shared/seeds")
    return set().union(*(runs(seed.read_text(encoding="utf-8")) for seed in SEEDS.glob("*.txt")))


@each_article
def test_no_passage_of_the_real_articles_is_reused(path: Path, seed_runs: set[tuple[str, ...]]) -> None:
    assert not runs(path.read_text(encoding="utf-8")) & seed_runs


def test_reuse_is_noticed_whatever_the_punctuation() -> None:
    line = "One two three, four five six; seven eight nine - ten eleven twelve."
    assert runs(line) & runs(f"Before it. {line.replace(',', '').upper()} After it.")
    assert not runs(line) & runs(line.replace("six", "6"))
