"""`rag notebook`: what was kept, printed and exported while the app may be open."""

from __future__ import annotations

import json
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner
from ui_examples import ARTICLE, answer

from rag.cli.main import app
from rag.conversations import Exchange
from rag.errors import BylineError
from rag.events import Answered
from rag.notebooks.keeping import entry_of
from rag.notebooks.notebooks import NOTEBOOKS, Notebooks


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with two notebooks; the second has an answer and a note."""
    notebooks = Notebooks(tmp_path / NOTEBOOKS)
    notebooks.new("Empty")
    story = notebooks.new("Harbour story")
    entry = entry_of(Exchange(id="x", question="When?", model="small").after(Answered(answer())), "")
    assert entry is not None
    notebooks.keep(story, entry)
    notebooks.note(story, "n", "Call the mayor.", after=entry.id)
    notebooks.close()
    return tmp_path


def run(data: Path, *arguments: str) -> str:
    done = CliRunner().invoke(app, ["notebook", *arguments, "--data", str(data)])
    if isinstance(done.exception, BylineError):
        return str(done.exception)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_notebook_used_last_is_printed(data: Path) -> None:
    text = run(data)
    assert "# Harbour story" in text and "It opened in March \\[1\\]." in text and "Call the mayor." in text
    assert "## References\n\n\\[1\\] “The harbour opens”" in text


def test_as_json_each_entry_names_its_sources_and_where_they_stand(data: Path) -> None:
    found = json.loads(run(data, "harbour STORY", "--json"))
    assert found["name"] == "Harbour story"
    first, second = found["entries"]
    assert (first["kind"], first["question"], first["model"]) == ("answer", "When?", "small")
    (source,) = first["sources"]
    assert (source["n"], source["article"]["title"]) == (1, "The harbour opens")
    (span,) = source["quoted"]
    assert ARTICLE.text[slice(*span)] == source["text"]
    assert (second["kind"], second["text"], second["sources"]) == ("note", "Call the mayor.", [])


def test_the_notebooks_are_listed(data: Path) -> None:
    assert run(data, "--list") == "Harbour story · 2 entries\nEmpty · 0 entries\n"
    assert json.loads(run(data, "--list", "--json")) == [
        {"name": "Harbour story", "entries": 2},
        {"name": "Empty", "entries": 0},
    ]


@pytest.mark.parametrize(
    ("ending", "part"),
    [("md", "# Harbour story"), ("txt", "[1] “The"), ("bib", "@article{"), ("ris", "TY  - NEWS")],
)
def test_a_notebook_is_written_to_a_file(data: Path, tmp_path: Path, ending: str, part: str) -> None:
    file = tmp_path / f"out.{ending}"
    assert run(data, "--export", str(file)) == f"Wrote {file}.\n"
    assert file.read_text("utf-8").startswith(part)


def test_a_notebook_is_written_for_word(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.DOCX"
    run(data, "Harbour story", "--export", str(file))
    texts = [one.text for one in docx.Document(str(file)).paragraphs]
    assert texts[:3] == ["Harbour story", "When?", "It opened in March [1]."]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["None"], "There is no notebook “None”. Notebooks: Harbour story, Empty."),
        (["--export", "out.pdf"], ".docx, .md, .txt, .bib, .ris"),
        (["--export", "/nowhere/at/all/out.md"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_reported_in_a_line(data: Path, arguments: list[str], told: str) -> None:
    assert told in run(data, *arguments)


def test_where_nothing_was_kept_it_says_how_to(tmp_path: Path) -> None:
    assert "Nothing has been kept yet." in run(tmp_path)
    assert "Nothing has been kept yet." in run(tmp_path, "--list")
    assert "cannot be opened" in run(tmp_path / "none")
