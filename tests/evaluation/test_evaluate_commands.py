"""`python -m rag eval` as a user runs it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from command_line import ROOT, Completed, byline
from eval_examples import PASSAGES, QUESTIONS, jsonl

from rag.settings import DEFAULT_EMBEDDER, Settings


def evaluate(*words: str | Path, **environment: str) -> Completed:
    return byline("eval", *words, **environment)


@pytest.fixture
def files(tmp_path: Path) -> list[str | Path]:
    passages, questions = jsonl(tmp_path / "P.jsonl", PASSAGES), jsonl(tmp_path / "Q.jsonl", QUESTIONS)
    return ["retrieval", "--passages", passages, "--questions", questions, "--languages", "en,fr,zh"]


@pytest.mark.slow
def test_what_cannot_be_used_is_said_in_one_line(files: list[str | Path], tmp_path: Path) -> None:
    for words, message in (
        (("headlines", tmp_path / "none.jsonl"), "none.jsonl cannot be read"),
        (("reading",), "a folder of saved pages and documents with a labels.json"),
        ((*files, "--languages", "en,vi"), "there is no text in “vi”"),
        ((*files, "--picture", "share.gif"), "--picture share.gif"),
        ((*files, "--keep", tmp_path), "delete it, or name another folder"),
    ):
        done = evaluate(*words)
        assert (done.returncode, done.stderr.count("\n"), done.stdout) == (1, 1, ""), done.stderr
        assert done.stderr.startswith("byline: ")
        assert message in done.stderr


@pytest.mark.slow
def test_a_machine_without_models_is_told_what_to_do(files: list[str | Path], tmp_path: Path) -> None:
    done = evaluate(*files, BYLINE_MODELS=str(tmp_path / "none"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "python -m rag setup" in done.stderr


def test_make_eval_says_what_it_needs() -> None:
    done = subprocess.run(
        ["make", "-n", "-o", ".venv/.installed", "eval", "DATA=nowhere"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    commands = [line for line in done.stdout.splitlines() if not line.startswith("make[")]
    assert commands[0].split("||")[0].strip() == 'test -d "nowhere"'
    assert "make eval DATA=folder" in done.stdout


@pytest.mark.slow
@pytest.mark.model
def test_figures_by_the_default_embedder(files: list[str | Path], tmp_path: Path) -> None:
    if not (Settings.load().models / DEFAULT_EMBEDDER).is_dir():
        pytest.skip("the embedding model is not on this machine: python -m rag setup")
    picture, saved, kept = (tmp_path / name for name in ("share.svg", "report.json", "kept"))
    done = evaluate(*files, "--keep", kept, "--picture", picture, "--save", saved, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report == json.loads(saved.read_text("utf-8"))
    assert report.keys() == {"data", "index", "search", "all_languages", "other_languages"}
    assert report["index"]["embedder"] == DEFAULT_EMBEDDER
    assert report["all_languages"]["mean"]["hit@1"] == 1.0
    assert report["other_languages"]["mean"]["hit@5"] == 1.0
    assert "</svg>" in picture.read_text("utf-8")

    again = evaluate(*files, "--keep", kept, "--limit", "1")
    assert again.returncode == 0, again.stderr
    assert "kept from before" in again.stdout
    assert "in each language 3 passages, 1 question\n" in again.stdout
