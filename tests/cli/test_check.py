"""`rag check`: given sentences against given passages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import Completed, byline
from examples import HARBOUR, write

from rag.settings import DEFAULT_EMBEDDER, Settings

pytestmark = pytest.mark.slow  # opens a library

BORDERS = {
    "text": "Cambodia joined ASEAN on 30 April 1999. Myanmar had joined in July 1997. "
    "The summit of December 1998 was held in Hanoi.",
    "language": "en",
    "title": "A chronology",
    "published": "2024-05-17",
}


def check(tmp_path: Path, rows: object, *options: str) -> Completed:
    file = tmp_path / "rows.json"
    file.write_text(json.dumps(rows), "utf-8")
    return byline("check", file, *options, BYLINE_MODELS=str(tmp_path / "none"))


def row(sentence: str, language: str = "en", **more: object) -> dict[str, Any]:
    return {"sentence": sentence, "language": language, "passages": [BORDERS], **more}


def test_support_and_reason_are_given_for_each_sentence(tmp_path: Path) -> None:
    rows = [
        row("Cambodia joined ASEAN on 30 April 1999."),
        row("Cambodia joined ASEAN in December 1998."),
        row("Le Cambodge a rejoint l'ASEAN en 2004.", "fr"),
        row("Cambodia joined ASEAN after Myanmar.", question="In which year did Cambodia join ASEAN?"),
    ]
    done = check(tmp_path, rows, "--json")
    assert done.returncode == 0, done.stderr
    right, elsewhere, absent, evades = json.loads(done.stdout)
    assert right == {"support": "supported", "reason": "", "citations": [1]}
    assert elsewhere["support"] == "partly"
    assert "30 April 1999" in elsewhere["reason"]
    assert absent["support"] == "partly"
    assert "2004" in absent["reason"]
    assert evades["support"] != "supported"


def test_a_line_for_each_sentence_without_json(tmp_path: Path) -> None:
    done = check(tmp_path, [row("Myanmar joined in July 1997.")])
    assert done.stdout.split() == ["supported", "Myanmar", "joined", "in", "July", "1997."]


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([{"sentence": "A.", "language": "en"}], "passages"),
        ([{"sentence": "A.", "language": "en", "passages": [{"text": "A."}]}], "language"),
        ([row("A.") | {"passages": [BORDERS | {"published": "in May"}]}], "published"),
        ([{"text": "A."}], "sentence"),
    ],
)
def test_a_file_that_is_not_such_a_list_is_refused_with_the_reason(
    tmp_path: Path, rows: object, named: str
) -> None:
    done = check(tmp_path, rows, "--json")
    assert done.returncode == 1
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_a_draft_is_checked_against_the_library_and_saved_with_notes(tmp_path: Path) -> None:
    if not (Settings.load().models / DEFAULT_EMBEDDER).is_dir():
        pytest.skip("the embedding model is not on this machine: python -m rag setup")
    data = tmp_path / "data"
    assert byline("ingest", write(tmp_path / "articles", harbour=HARBOUR), "--data", data).returncode == 0
    draft, saved = tmp_path / "draft.txt", tmp_path / "notes.md"
    draft.write_text("The works cost 47 million crowns. Who paid?", "utf-8")
    done = byline("check", "--draft", draft, "--save", saved, "--json", "--data", data)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["counts"] == {"confirmed": 0, "differs": 1, "not_found": 0, "passed_over": 1}
    first, second = found["sentences"]
    assert (first["finding"], second["finding"]) == ("differs", "passed_over")
    (difference,) = first["differences"]
    assert (difference["text"], difference["instead"]) == ("47 million crowns", "42 million crowns")
    assert "42 million crowns" in first["quotes"][difference["quote"] - 1]["text"]
    assert "“47 million crowns”: the article has “42 million crowns”." in saved.read_text("utf-8")


def test_a_check_of_nothing_says_what_to_give(tmp_path: Path) -> None:
    done = byline("check", BYLINE_MODELS=str(tmp_path / "none"))
    assert done.returncode == 1
    assert "--draft" in done.stderr
