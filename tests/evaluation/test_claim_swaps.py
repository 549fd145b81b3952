"""The measure of the check of claims, on a double that only looks for words."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from rag.cli.evaluate import eval_app
from rag.errors import NothingThere
from rag.evaluation import claim_pairs
from rag.evaluation.claim_pairs import read_pairs
from rag.evaluation.claim_swaps import ClaimsReport, ClauseCheck, evaluate_claims
from rag.evaluation.report_tables import claims_tables
from rag.verification.claims import Claim, ClaimKind, Status, Verdict

SHIPPED = Path(claim_pairs.__file__).parent / "questions" / "claims.json"


def word_check(
    text: str, language: str, passage: str, passage_language: str, *, published: date | None = None
) -> list[Verdict]:
    """Each figure and capitalised word behind the first is a claim; X... is unknown, what begins small unseen."""
    found = []
    for word in re.finditer(r"(?<!^)\b(?:\d+|[A-Z]\w*)", text):
        held: Status = "held" if word[0] in f"{passage} {published}" else "absent"
        status: Status = "unknown" if word[0].startswith("X") else held
        kind: ClaimKind = "number" if word[0].isdigit() else "name"
        found.append(Verdict(Claim(kind, word[0], word.start(), word.end()), status))
    return found


def row(number: int, text: str, passage: str, *claims: dict[str, Any], **others: Any) -> dict[str, Any]:
    languages = {"language": "en", "passage_language": "en", "published": None}
    return {"id": f"p{number}", "text": text, "passage": passage, **languages, **others, "claims": claims}


def claim(kind: str, text: str, *swaps: str) -> dict[str, Any]:
    return {"kind": kind, "text": text, "swaps": swaps}


ROWS = [
    row(
        1, "The bridge in Lund cost 40 crowns.", "A bridge of 40 crowns was opened in Lund.",
        claim("name", "Lund", "Oslo", "Xanten", "lower Lund"),
        claim("number", "40", "41", "forty-one"),
    ),
    row(
        2, "It was Mira who paid 7.", "C'est Mira qui a payé sept.",
        claim("name", "Mira", "Nora"), claim("number", "7", "8"),
        passage_language="fr", published="2024-05-02",
    ),
    row(3, "In 2024 nobody came.", "Nobody came.", claim("year", "2024", "2023"), published="2024-05-02"),
]  # fmt: skip


def written(folder: Path, rows: Any) -> Path:
    path = folder / "mine.json"
    path.write_text(json.dumps(rows), "utf-8")
    return path


@pytest.fixture
def report(tmp_path: Path) -> ClaimsReport:
    return evaluate_claims(read_pairs([written(tmp_path, ROWS)]), word_check)


def test_a_false_value_is_noticed_only_where_it_is_said_to_be_absent(report: ClaimsReport) -> None:
    place, cost = report["pairs"][0]["claims"]
    assert [(swap["text"], swap["said"]) for swap in place["swaps"]] == [
        ("Oslo", "absent"),
        ("Xanten", "unknown"),
        ("lower Lund", "held"),
    ]
    assert [(swap["text"], swap["said"]) for swap in cost["swaps"]] == [
        ("41", "absent"),
        ("forty-one", "unseen"),
    ]
    assert report["overall"]["swaps"] == 8
    assert report["overall"]["noticed"] == round(5 / 8, 4)


def test_a_verdict_elsewhere_in_the_sentence_notices_nothing(report: ClaimsReport) -> None:
    payer, _ = report["pairs"][1]["claims"]
    assert (report["pairs"][1]["accused"], payer["said"]) == (["7"], "held")


def test_true_sentences_and_claims_that_are_accused_are_counted(report: ClaimsReport) -> None:
    overall = report["overall"]
    assert (overall["sentences"], overall["claims"]) == (3, 5)
    assert overall["accused_sentences"] == round(1 / 3, 4)
    assert (overall["accused_claims"], overall["unknown_claims"], overall["unseen_claims"]) == (0.2, 0.0, 0.0)


def test_figures_are_told_by_kind_and_by_languages(report: ClaimsReport) -> None:
    assert {kind: row["noticed"] for kind, row in report["by_kind"].items()} == {
        "name": 0.5, "number": round(2 / 3, 4), "year": 1.0,
    }  # fmt: skip
    assert report["by_kind"]["name"]["accused_sentences"] is None
    assert {key: row["sentences"] for key, row in report["by_languages"].items()} == {"en-en": 2, "en-fr": 1}
    assert report["by_passage"]["other"]["accused_sentences"] == 1.0
    assert report["by_passage"]["same"]["accused_sentences"] == 0.0


def test_the_day_of_the_passage_reaches_the_checker(report: ClaimsReport) -> None:
    assert [claim["said"] for claim in report["pairs"][2]["claims"]] == ["held"]


@pytest.mark.parametrize("misses", [True, False])
def test_tables_name_what_was_missed_only_where_that_is_asked_for(report: ClaimsReport, misses: bool) -> None:
    console = Console(width=200, highlight=False, markup=False)
    with console.capture() as shown:
        for part in claims_tables(report, misses=misses):
            console.print(part)
    text = shown.get()
    assert "3 sentences, 5 claims, 8 swaps" in text
    assert ("missed  p1 en-en  name: Lund → Xanten (unknown)" in text) is misses
    assert ("accused  p2 en-fr  7  in: It was Mira who paid 7." in text) is misses
    assert "Lund → Oslo" not in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"language": "english"}, "“english” is not a language"),
        ({"published": "2 May"}, '"published" must be a date'),
        ({"passage": ""}, '"passage" is missing or empty'),
        ({"claims": ["Lund"]}, '"claims" must be a list'),
        ({"claims": [claim("place", "Lund", "Oslo")]}, "claim 1: “place” is not one of number, percent"),
        ({"claims": [claim("name", "Bonn", "Oslo")]}, "claim 1: “Bonn” must occur exactly once"),
        ({"claims": [claim("name", "Lund", "Lund")]}, '"swaps" must be a list'),
    ],
)
def test_a_pair_that_cannot_be_used_is_named(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = written(tmp_path, [ROWS[1], {**ROWS[0], **change}])
    with pytest.raises(NothingThere) as raised:
        read_pairs([path])
    assert str(raised.value).startswith("mine.json, pair 2")
    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({}, "is not a JSON list"),
        ([], "contains no pair"),
        ([ROWS[0], ROWS[0]], "the id p1 occurs twice"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, rows: Any, message: str) -> None:
    with pytest.raises(NothingThere, match=message):
        read_pairs([written(tmp_path, rows)])


def test_the_command_says_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    done = CliRunner().invoke(eval_app, ["claims", str(tmp_path / "none.json")])
    assert isinstance(done.exception, NothingThere)
    assert "none.json cannot be read" in str(done.exception)


@pytest.mark.slow
def test_false_values_are_noticed_and_true_sentences_left_alone() -> None:
    overall = evaluate_claims(read_pairs([SHIPPED]), ClauseCheck())["overall"]
    assert overall["noticed"] >= 0.92
    assert overall["accused_sentences"] <= 0.05
    assert overall["accused_claims"] <= 0.02
