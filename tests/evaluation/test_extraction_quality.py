from __future__ import annotations

import json
from pathlib import Path

import pytest
from saved.make import make

from rag.errors import NothingThere
from rag.evaluation.extraction_quality import TARGETS, evaluate_reading, read_labels, token_f1
from rag.progress import ignore


def test_token_f1_counts_words_and_of_chinese_characters() -> None:
    assert token_f1("One two two.", "one two") == pytest.approx(0.8)
    assert token_f1("北门站", "北门") == pytest.approx(0.8)
    assert token_f1("", "one") == token_f1("one", "") == 0.0


def test_an_article_too_many_and_one_too_few_count_as_wrong(tmp_path: Path) -> None:
    label = {"kind": "x", "title": "A", "text": "One two.", "published": None, "language": "en"}
    (tmp_path / "a.jsonl").write_text(
        "".join(json.dumps({"title": t, "text": "One two."}) + "\n" for t in "AB")
    )
    (tmp_path / "b.txt").write_text("")
    labels = [label | {"file": "a.jsonl"}, label | {"file": "b.txt"}]
    (tmp_path / "labels.json").write_text(json.dumps(labels))
    report = evaluate_reading(tmp_path, read_labels(tmp_path), ignore)
    assert report["overall"]["articles"] == 3
    assert report["overall"]["text"] == pytest.approx(1 / 3)


def test_a_folder_without_labels_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match=r"labels\.json"):
        read_labels(tmp_path)


@pytest.mark.slow
def test_saved_pages_and_documents_reach_the_targets(tmp_path: Path) -> None:
    labels = make(tmp_path)
    assert len(labels) >= 60
    assert len({label["kind"] for label in labels}) >= 15
    assert {label["language"] for label in labels} == {"en", "fr", "vi", "ru", "zh"}
    report = evaluate_reading(tmp_path, read_labels(tmp_path), ignore)
    for name, target in TARGETS.items():
        assert report["overall"][name] >= target, report["wrong"]  # type: ignore[literal-required]
    assert report["overall"]["invented"] == 0
    assert report["pages"]["text"] > report["trafilatura"]["text"]
