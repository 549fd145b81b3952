"""`left-out`, `as-is` and `reread --dry-run`, with the real command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from examples import write
from test_command_line import byline

from rag.settings import DEFAULT_EMBEDDER, Settings

pytestmark = pytest.mark.model
SHARING = "Share | Facebook | Twitter"
FERRY = f"The ferry stays\n\n{SHARING}\n\nThe council voted on Tuesday to keep it.\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (Settings.load().models / DEFAULT_EMBEDDER).is_dir():
        pytest.skip("the embedding model is not on this machine: python -m rag setup")
    folder = tmp_path_factory.mktemp("left-out")
    write(folder / "articles", ferry=FERRY)
    done = byline("ingest", folder / "articles", "--data", folder / "data")
    assert done.returncode == 0, done.stderr
    return folder / "data"


def byline_json(*words: str | Path) -> dict[str, Any]:
    done = byline(*words, "--json")
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_left_out_lines_are_shown_and_an_article_is_taken_as_it_is(data: Path) -> None:
    (line,) = byline_json("left-out", "ferry.txt", "--data", data)["left_out"]
    assert (line["text"], line["step"]) == (SHARING, "notice")
    assert f"{line['why']}: {SHARING}" in byline("left-out", "The ferry stays", "--data", data).stdout
    taken = byline_json("as-is", "ferry.txt", "--data", data)
    assert (taken["as_is"], taken["left_out"], taken["title"]) == (True, [], "The ferry stays")
    assert "Taken as it is" in byline("left-out", "ferry.txt", "--data", data).stdout
    assert byline_json("as-is", "ferry.txt", "--undo", "--data", data)["left_out"] == [line]


def test_a_digest_is_quoted_with_the_places_of_its_words(data: Path) -> None:
    shown = byline_json("digest", "ferry.txt", "--data", data)
    assert shown["article"]["title"] == "The ferry stays" and shown["sentences"] == []
    assert set(shown) == {
        "article",
        "sentences",
        "people",
        "organisations",
        "places",
        "others",
        "dates",
        "figures",
    }
    assert "The ferry stays" in byline("digest", "ferry.txt", "--data", data).stdout


def test_an_article_that_is_not_there_is_one_line(data: Path) -> None:
    for command in ("left-out", "as-is", "digest"):
        done = byline(command, "no such article", "--data", data)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1) and "Traceback" not in done.stderr


def test_nothing_would_be_read_differently_by_the_same_version(data: Path) -> None:
    assert byline_json("reread", "--dry-run", "--data", data) == {"differing": []}
    assert "No article" in byline("reread", "--dry-run", "--data", data).stdout
