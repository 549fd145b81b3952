"""`python -m rag read` shows an article and what was left out, without a library."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

import pytest
from typer import Typer
from typer.testing import CliRunner

from rag.cli.read import read
from rag.reading import Readers

app = Typer()
app.command()(read)


def rows(path: Path, *options: str) -> tuple[int, list[dict[str, object]]]:
    done = CliRunner().invoke(app, [str(path), *options, "--json"])
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


def test_an_article_is_shown_with_the_lines_left_out(tmp_path: Path) -> None:
    path = tmp_path / "one.txt"
    path.write_text(
        "The ferry stays\n\nShare | Facebook | Twitter\n\nThe council voted on Tuesday to keep it.\n"
    )
    code, (article,) = rows(path)
    assert code == 0
    assert (article["title"], article["text"]) == (
        "The ferry stays",
        "The council voted on Tuesday to keep it.",
    )
    (line,) = article["left_out"]  # type: ignore[misc]
    assert (line["text"], line["step"]) == ("Share | Facebook | Twitter", "notice")
    assert "button" in line["why"]


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(b"no PDF")
    code, (skipped,) = rows(path)
    assert code == 1
    assert "damaged" in str(skipped["skipped"])


def test_a_file_that_breaks_the_reader_costs_itself_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.txt"
    path.write_text("The ferry stays\n\nThe council voted on Tuesday to keep it.\n")
    broken = partial(Readers, command=(sys.executable, "-c", "print('ready', flush=True); exit(3)"))
    monkeypatch.setattr("rag.cli.read.Readers", broken)
    code, (skipped,) = rows(path)
    assert code == 1
    assert "crash" in str(skipped["skipped"])
