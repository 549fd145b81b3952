"""The report card: what is counted as what, on three articles and a model that knows some answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from card_examples import MODEL, Remembering, knowing
from command_line import Completed, byline
from examples import BRIDGE, HARBOUR, LIBRARY, write
from test_report_charts import printed, texts

from rag.errors import BylineError, EngineUnavailable, GenerationError, NothingThere, NotPermitted
from rag.evaluation import folder_library, report_charts, report_tables
from rag.evaluation.examined_library import examined
from rag.evaluation.question_sets import read_questions
from rag.evaluation.report_card import CardReport, QuestionOutcome, evaluate_card, scores
from rag.settings import DEFAULT_MODEL, Settings
from rag.types import Turn

pytestmark = pytest.mark.slow  # opens a library of its own in most tests

SMALL = "qwen2.5-coder-0.5b-instruct-q4_k_m"

COST = "What did the works in the harbour of Kestrel Bay cost?"
CLOSES = "Quand la bibliothèque de Montfleur ferme-t-elle ses portes ?"
SHIPS = "How many ships does the harbour master of Kestrel Bay expect every week?"
BURNT = "When did the harbour of Kestrel Bay burn down on a Monday?"
NONE = "zzz qqq xxx"
REPLIES = {
    COST: "The works cost 42 million crowns.",
    CLOSES: "The library of Montfleur ferme ses portes le 3 mars pour dix-huit mois de travaux.",
    SHIPS: "Zebras migrate every 77 days.",
    BURNT: "The harbour of Kestrel Bay opened again on Monday.",
}


def question(text: str, language: str, kind: str, article: str = "", accept: str = "", **more: Any) -> Any:
    return {
        "q": text,
        "language": language,
        "kind": kind,
        "articles": [article] if article else [],
        "accept": [[accept]] if accept else [],
        **more,
    }


HISTORY = [{"q": "What opened again?", "a": "The harbour."}]
QUESTIONS = [
    question(COST, "en", "same", "articles/harbour.txt", "42 million|forty-two million", id="cost"),
    question(CLOSES, "fr", "same", "articles/bridge.txt", "4 mars"),
    question(SHIPS, "en", "follow-up", "harbour.txt", "forty|40", history=HISTORY),
    question(BURNT, "en", "false-premise"),
    question(NONE, "en", "none"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "questions.json").write_text(json.dumps(QUESTIONS), "utf-8")
    return tmp_path / "questions.json"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> CardReport:
    folder = tmp_path_factory.mktemp("card")
    (folder / "questions.json").write_text(json.dumps(QUESTIONS), "utf-8")
    articles = write(folder / "articles", harbour=HARBOUR, library=LIBRARY, bridge=BRIDGE)
    with knowing(folder, REPLIES) as library:
        return card(library, articles, folder / "questions.json")


def card(library: Remembering, articles: Path, file: Path) -> CardReport:
    index = folder_library.index(library, [articles])
    asked = read_questions([file])
    folder_library.check_articles(library, asked)
    return evaluate_card(asked, library, library.model(), index)


def test_every_question_is_judged(report: CardReport) -> None:
    cost, closes, ships, burnt, none = report["questions"]
    assert cost["id"] == "cost" and cost["right"] and cost["cited_rightly"] and cost["in_language"]
    assert (closes["found"], closes["right"]) == (True, False), "answered, but not as it is accepted"
    assert closes["cited"] == [False], "the article that is cited does not hold the answer"
    assert (ships["found"], ships["right"], ships["in_language"]) == (False, False, None)
    assert ships["written"].strip() == REPLIES[SHIPS], "what the model wrote can be looked at"
    assert (burnt["found"], burnt["right"]) == (True, False), "a false premise was answered"
    assert (none["found"], none["right"], none["first_word_ms"]) == (False, True, None)


def test_the_shares_are_over_the_questions_that_they_are_about(report: CardReport) -> None:
    overall = report["overall"]
    assert overall["questions"] == 5
    assert overall["right"] == pytest.approx(1 / 3, abs=1e-4)
    assert overall["wrongly_refused"] == pytest.approx(1 / 3, abs=1e-4)
    assert (overall["cited_rightly"], overall["citation_precision"]) == (0.5, 0.5)
    assert overall["refused_rightly"] == 0.5
    assert overall["first_word_ms"] and overall["answer_ms"] and overall["tokens_per_second"]
    assert overall["first_word_ms"] <= overall["answer_ms"]
    assert report["by_language"].keys() == {"en", "fr"}
    assert report["by_language"]["fr"]["right"] == 0.0
    assert report["by_kind"]["none"]["right"] is None
    assert report["by_kind"]["none"]["refused_rightly"] == 1.0
    assert report["peak_memory_mb"] is None or report["peak_memory_mb"] > 10


def test_the_json_is_a_contract(report: CardReport) -> None:
    read = json.loads(json.dumps(report))
    assert read.keys() == {
        "model", "index", "overall", "by_language", "by_kind", "peak_memory_mb", "failed", "questions",
    }  # fmt: skip
    assert read["model"]["name"] == MODEL
    assert read["overall"].keys() == {
        "questions", "right", "cited_rightly", "citation_precision", "refused_rightly", "wrongly_refused",
        "in_language", "first_word_ms", "first_word_p90_ms", "answer_ms", "tokens_per_second", "prompt_tokens",
    }  # fmt: skip
    assert {"question", "answer", "found", "right", "cited_rightly", "answer_ms"} <= read["questions"][
        0
    ].keys()


def test_a_follow_up_comes_with_its_conversation(tmp_path: Path, articles: Path, file: Path) -> None:
    with knowing(tmp_path, REPLIES) as library:
        card(library, articles, file)
        assert library.histories == [(), (), (Turn("What opened again?", "The harbour."),), (), ()]


def test_medians_and_percentiles() -> None:
    def outcome(ms: float | None, tokens: int | None) -> QuestionOutcome:
        return {
            "id": "", "question": "", "language": "en", "kind": "same", "answerable": True, "answer": "",
            "written": "", "found": True, "right": True, "cited": [True, False], "cited_rightly": False,
            "in_language": True, "retrieve_ms": 1, "first_word_ms": ms, "answer_ms": 10 * (ms or 900),
            "tokens_per_second": ms, "prompt_tokens": tokens, "error": "",
        }  # fmt: skip

    figures = scores(
        [outcome(ms, 100 * n) for n, ms in enumerate((1, 2, 3, 4, 11), 1)] + [outcome(None, None)]
    )
    assert (figures["first_word_ms"], figures["first_word_p90_ms"]) == (3.0, 8.2)
    assert (figures["answer_ms"], figures["prompt_tokens"]) == (30.0, 300.0)
    assert (figures["cited_rightly"], figures["citation_precision"]) == (0.0, 0.5)


def test_an_engine_that_fails_once_is_said_and_counts_as_wrong(
    tmp_path: Path, articles: Path, file: Path
) -> None:
    with knowing(tmp_path, {**REPLIES, COST: EngineUnavailable("It broke.")}) as library:
        report = card(library, articles, file)
    assert (report["failed"], report["questions"][0]["error"]) == (1, "It broke.")
    assert report["overall"]["right"] == 0.0
    assert report["overall"]["wrongly_refused"] == pytest.approx(1 / 3, abs=1e-4)
    assert "the engine failed at 1 question;" in printed(*report_tables.card_tables(report))


def test_an_engine_that_always_fails_ends_the_run(tmp_path: Path, articles: Path, file: Path) -> None:
    file.write_text(json.dumps(QUESTIONS[:1]), "utf-8")
    broken = knowing(tmp_path, {COST: EngineUnavailable("It broke.")})
    with broken as library, pytest.raises(GenerationError, match="It broke"):
        card(library, articles, file)


def test_questions_on_articles_that_are_not_there_are_not_asked(tmp_path: Path, file: Path) -> None:
    other = write(tmp_path / "other", bridge=BRIDGE)
    with (
        knowing(tmp_path, {}) as library,
        pytest.raises(NothingThere, match=r"articles/harbour\.txt is in none"),
    ):
        card(library, other, file)


def test_a_kept_library_is_used_again_and_no_other_articles_with_it(tmp_path: Path, articles: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    with knowing(kept, {}) as library:
        assert not folder_library.index(library, [articles])["reused"]
    with knowing(kept, {}) as library:
        assert folder_library.index(library, [articles])["reused"]
        with pytest.raises(NotPermitted, match="other folders"):
            folder_library.index(library, [write(tmp_path / "more", more=HARBOUR)])


def test_a_folder_with_other_files_is_not_made_a_library(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("Mine.", "utf-8")
    with pytest.raises(NotPermitted, match="contains other files"), examined(Settings(), tmp_path):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with knowing(tmp_path, {}) as library, pytest.raises(BylineError, match=f"llama99.*{MODEL}"):
        library.model("llama99")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{}", "is not a JSON list"),
        ("[", "is not JSON"),
        ("[]", "contains no question"),
        ([{"language": "en"}], 'question 1: "q" is missing'),
        ([question("?", "english", "none")], "question 1: “english” is not a language"),
        ([question("?", "en", "same", "a.txt")], 'question 1: "articles" and "accept" must be both'),
        ([question("?", "en", "same", "a.txt", "8||eight")], 'question 1: "accept" must be'),
        ([question("?", "en", "none", history=["He?"])], 'question 1: "history" must be'),
    ],
)
def test_bad_question_sets_are_said(tmp_path: Path, content: Any, message: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    with pytest.raises(NothingThere, match=re.escape(message)):
        read_questions([path])


def test_the_tables_fit_80_columns_and_show_the_targets(report: CardReport) -> None:
    shown = printed(*report_tables.card_tables(report))
    assert max(map(len, shown.splitlines())) <= 80
    assert "…" not in shown
    assert re.search(r"right +0\.33 +at least 0\.85", shown)
    assert re.search(r"wrongly refused +0\.33 +at most 0\.05", shown)
    assert re.search(r"false-premise +1 +- +- +0\.00 +- +1\.00", shown)


def test_the_picture_shows_the_shares_with_their_targets(report: CardReport, tmp_path: Path) -> None:
    report_charts.save(report_charts.card_chart(report), tmp_path / "card.svg")
    found = texts(tmp_path / "card.svg")
    assert {"right", "cited rightly", "refused rightly", "wrongly refused", "in the question's language"} <= {
        *found
    }
    assert {"0.33", "0.50"} <= {*found}
    assert any("tokens/s" in text for text in found)
    (values,) = report_charts.card_chart(report).to_dict()["datasets"].values()
    assert [row["target"] for row in values] == [0.85, 0.95, 0.90, 0.05, None]


def evaluate(*words: str | Path) -> Completed:
    return byline("eval", "card", *words)


def test_what_cannot_be_used_is_said_in_one_line(file: Path, tmp_path: Path) -> None:
    for words, message in (
        (("--questions", file), "--questions FILE.json --folder DIR"),
        (("--questions", tmp_path / "none.json", "--folder", tmp_path), "none.json cannot be read"),
        (("--picture", "card.gif"), "--picture card.gif"),
    ):
        done = evaluate(*words)
        assert (done.returncode, done.stderr.count("\n"), done.stdout) == (1, 1, ""), done.stderr
        assert message in done.stderr


@pytest.mark.model
def test_a_card_by_a_real_model(file: Path, tmp_path: Path) -> None:
    models = Settings.load().models
    name = next((name for name in (SMALL, DEFAULT_MODEL) if (models / f"{name}.gguf").is_file()), None)
    if name is None:
        pytest.skip("no language model is on this machine: python -m rag setup")
    folder = write(tmp_path / "articles", harbour=HARBOUR, library=LIBRARY, bridge=BRIDGE)
    sets, saved, kept = ("--questions", file, "--folder", folder), tmp_path / "card.json", tmp_path / "kept"
    done = evaluate(name, *sets, "--limit", "2", "--keep", kept, "--json", "--save", saved)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report == json.loads(saved.read_text("utf-8"))
    assert (report["model"]["name"], report["failed"], len(report["questions"])) == (name, 0, 2)
    assert report["questions"][0]["prompt_tokens"] > 50
    assert 0.5 < report["overall"]["tokens_per_second"] < 500
    assert report["peak_memory_mb"] > 300
    missing = evaluate("llama99", *sets, "--keep", kept)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr.startswith('byline: The model "llama99" cannot be used now.')
