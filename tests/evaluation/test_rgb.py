"""RGB: how passages are mixed, what counts as right, and the four figures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from card_examples import knowing
from command_line import byline
from eval_examples import jsonl
from test_report_charts import printed

from rag.errors import NothingThere, SettingsError
from rag.evaluation import report_tables
from rag.evaluation.rgb_data import RgbQuestion, measure_of, mixed, read_rgb
from rag.evaluation.rgb_measures import AnswersReport, contains, evaluate_answers
from rag.events import Retrieved


def row(n: int = 0, positives: int = 6, negatives: int = 6, **more: Any) -> dict[str, Any]:
    return {
        "id": n,
        "query": f"How many crowns did bridge {n} of Kestrel Bay cost?",
        "answer": ["42 million"],
        "positive": [f"Bridge {n} of Kestrel Bay cost 42 million crowns, says report {i}." for i in range(positives)],
        "negative": [f"Bridge {n} of Kestrel Bay is painted in colour {i} every year." for i in range(negatives)],
        **more,
    }  # fmt: skip


GROUPS = [
    [f"The bridge of Kestrel Bay cost 42 million crowns, {i}." for i in range(3)],
    [f"The bridge of Kestrel Bay opened in May, {i}." for i in range(3)],
]
INT = row(answer=["42 million", ["May", "the fifth month"]], positive=GROUPS)
WRONG = [f"Bridge 0 of Kestrel Bay cost 77 million crowns, says report {i}." for i in range(6)]
FACT = row(answer="42 million", fakeanswer="77 million", positive_wrong=WRONG)


@pytest.fixture
def read(tmp_path: Path):
    def items(*rows: Any) -> list[RgbQuestion]:
        return read_rgb(jsonl(tmp_path / "rgb.jsonl", rows))

    return items


def kinds(item: RgbQuestion, passages: list[str]) -> tuple[int, int, int]:
    """How many positive, negative and altered passages there are."""
    positive = {text for group in item.positive for text in group}
    return tuple(len([p for p in passages if p in there]) for there in (positive, item.negative, item.wrong))


@pytest.mark.parametrize(
    ("noise", "counts"), [(0, (5, 0, 0)), (0.4, (3, 2, 0)), (0.5, (2, 3, 0)), (0.8, (1, 4, 0))]
)
def test_noise_is_a_share_of_five_passages_rounded_up(read, noise: float, counts: tuple[int, ...]) -> None:
    (item,) = read(row())
    assert kinds(item, mixed(item, "noise", noise)) == counts


def test_what_is_lacking_is_filled_up_with_the_other_kind(read) -> None:
    few_positive, few_negative, few = read(row(positives=2), row(negatives=1), row(positives=1, negatives=1))
    assert kinds(few_positive, mixed(few_positive, "noise", 0)) == (2, 3, 0)
    assert kinds(few_negative, mixed(few_negative, "noise", 0.8)) == (4, 1, 0)
    assert kinds(few, mixed(few, "noise", 0.4)) == (1, 1, 0)


def test_a_mixture_is_in_random_order_and_the_same_every_time(read) -> None:
    (item,) = read(row())
    passages = mixed(item, "noise", 0.4)
    assert passages == mixed(item, "noise", 0.4)
    assert passages != [*item.positive[0][:3], *item.negative[:2]], "the right ones would all stand first"


def test_rejection_gives_noise_only(read) -> None:
    plain, grouped = read(row(), INT)
    assert kinds(plain, mixed(plain, "rejection", 1)) == (0, 5, 0)
    assert kinds(grouped, mixed(grouped, "rejection", 1)) == (0, 5, 0)


@pytest.mark.parametrize(("noise", "counts"), [(0, (3, 2)), (0.4, (2, 1)), (0.8, (1, 1))])
def test_integration_takes_a_passage_from_every_group(read, noise: float, counts: tuple[int, int]) -> None:
    (item,) = read(INT)
    passages = mixed(item, "integration", noise)
    assert len(passages) == 5
    assert tuple(len({*passages} & {*group}) for group in item.positive) == counts


def test_counterfactual_gives_altered_passages_only(read) -> None:
    (item,) = read(FACT)
    assert kinds(item, mixed(item, "counterfactual", 0)) == (0, 0, 5)
    assert kinds(item, mixed(item, "counterfactual", 0.4)) == (0, 2, 3)


def test_the_rows_tell_what_they_measure(read) -> None:
    assert measure_of(read(row()), 0.4) == "noise"
    assert measure_of(read(INT), 0.4) == "integration"
    assert measure_of(read(FACT), 0) == "counterfactual"
    assert measure_of(read(FACT), 0, "noise") == "noise", "their unaltered passages are as good as others"
    assert measure_of(read(FACT), 1) == "rejection"


@pytest.mark.parametrize(
    ("rows", "noise", "wanted", "message"),
    [
        (row(), 2, None, "--noise 2"),
        (row(), 0, "recall", "--measure recall"),
        (row(), 0, "counterfactual", "they measure noise"),
        (INT, 0, "noise", "they measure integration"),
        (row(), 0, "rejection", "at --noise 1"),
        (row(), 1, "noise", "at --noise 1"),
    ],
)
def test_what_rows_cannot_measure_is_said(
    read, rows: Any, noise: float, wanted: str | None, message: str
) -> None:
    with pytest.raises(SettingsError, match=re.escape(message)):
        measure_of(read(rows), noise, wanted)


def test_every_part_must_be_there_in_one_spelling(read) -> None:
    (item,) = read(INT)
    assert contains("It cost 42 Million and opened in may.", item.parts)
    assert contains("42 million, in the fifth month", item.parts)
    assert not contains("It cost 42 million.", item.parts)


def test_spaces_of_a_chinese_answer_do_not_count() -> None:
    assert contains("死亡 12 人", (("12人",),), spaces=False)
    assert not contains("12 people", (("12people",),))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"query": ""}, 'line 1: "query"'),
        ({"answer": []}, 'line 1: "answer"'),
        ({"answer": [""]}, 'line 1: "answer"'),
        ({"positive": "text"}, 'line 1: "positive"'),
        ({"negative": [3]}, 'line 1: "positive"'),
    ],
)
def test_a_row_that_cannot_be_used_is_said(read, change: dict[str, Any], message: str) -> None:
    with pytest.raises(NothingThere, match=message):
        read({**row(), **change})


@pytest.fixture
def run(read, tmp_path: Path):
    def evaluate(replies: dict[str, Any], noise: float, *rows: Any, **settings: int) -> AnswersReport:
        items = read(*rows)
        with knowing(tmp_path, replies, **{"passages": 5, "prompt_tokens": 1500, **settings}) as library:
            measure = measure_of(items, noise)
            return evaluate_answers(items, "rgb.jsonl", measure, noise, library, library.model())

    return evaluate


RIGHT = "Bridge 0 of Kestrel Bay cost 42 million crowns."


def test_accuracy_counts_right_answers_and_no_refusals(run) -> None:
    replies = {
        "bridge 0": RIGHT,
        "bridge 1": "Bridge 1 of Kestrel Bay cost millions of crowns.",
        "bridge 2": "Zebras migrate every 77 days.",
        "bridge 3": RIGHT.replace("0", "3"),
    }
    report = run(replies, 0.4, *(row(n) for n in range(4)))
    assert report["figures"] == {"accuracy": 0.5}
    assert [one["right"] for one in report["answers"]] == [True, False, False, True]
    assert [one["found"] for one in report["answers"]] == [True, True, False, True]
    assert (report["data"]["measure"], report["data"]["rows"], report["data"]["left_out"]) == ("noise", 4, 0)


def test_the_model_reads_the_given_passages_as_the_budget_has_it(run) -> None:
    (whole,) = run({"bridge 0": RIGHT}, 0.4, row())["answers"]
    assert (len(whole["given"]), whole["read"]) == (5, 5)
    (short,) = run({"bridge 0": RIGHT}, 0.4, row(), prompt_tokens=40)["answers"]
    assert (len(short["given"]), short["read"]) == (5, 2)


def test_given_passages_are_all_read_and_cited_by_their_numbers(tmp_path: Path, read) -> None:
    passages = mixed(read(row())[0], "noise", 0.4)
    with knowing(tmp_path, {"bridge 0": RIGHT}, passages=5, prompt_tokens=1500) as library:
        events = list(library.ask_from(row()["query"], passages, library.model().name))
    assert isinstance(events[0], Retrieved)
    read_by_it = [hit.passage.text for hit in events[0].hits]
    assert sorted(read_by_it) == sorted(passages)
    (sentence,) = events[-1].answer.sentences
    assert all("42 million" in read_by_it[n - 1] for n in sentence.citations)


def test_rejection_counts_refusals_and_leaves_rows_without_passages_out(run) -> None:
    replies = {"bridge 0": "Zebras migrate every 77 days.", "bridge 1": "Bridge 1 of Kestrel Bay is painted."}
    report = run(replies, 1, row(0), row(1), row(2, negatives=0))
    assert report["figures"] == {"rejection_rate": 0.5}
    assert (report["data"]["left_out"], len(report["answers"])) == (1, 2)
    assert "left out: 1 question" in printed(*report_tables.answers_tables(report))


def test_integration_wants_all_parts(run) -> None:
    half = run({"bridge 0": "The bridge of Kestrel Bay cost 42 million crowns."}, 0, INT)
    whole = run({"bridge 0": "The bridge of Kestrel Bay opened in May and cost 42 million crowns."}, 0, INT)
    assert (half["figures"], whole["figures"]) == ({"accuracy": 0.0}, {"accuracy": 1.0})


def test_counterfactual_figures(run) -> None:
    wrong = "Bridge 0 of Kestrel Bay cost 77 million crowns."
    blind = run({"bridge 0": wrong}, 0, FACT)
    assert blind["figures"] == {
        "accuracy": 0.0, "error_detection_rate": 0.0, "error_correction_rate": None,
    }  # fmt: skip
    seen = run({"bridge 0": f"There are factual errors in the documents. {wrong}"}, 0, FACT)
    assert (seen["figures"]["error_detection_rate"], seen["figures"]["error_correction_rate"]) == (1.0, 0.0)


def test_the_json_is_a_contract_and_the_table_shows_the_figures(run) -> None:
    report = run({"bridge 0": RIGHT}, 0.4, row())
    read_back = json.loads(json.dumps(report))
    assert read_back.keys() == {"model", "data", "figures", "medians", "failed", "answers"}
    assert read_back["data"] == {
        "file": "rgb.jsonl", "measure": "noise", "noise": 0.4, "rows": 1, "left_out": 0,
        "passages": 5, "prompt_tokens": 1500, "seed": 2333,
    }  # fmt: skip
    assert {"question", "expected", "answer", "found", "right", "detected"} <= read_back["answers"][0].keys()
    shown = printed(*report_tables.answers_tables(report))
    assert "noise robustness at noise 0.4, 1 question" in " ".join(shown.split())
    assert re.search(r"accuracy +1\.00", shown)


@pytest.mark.slow
def test_what_cannot_be_used_is_said_in_one_line(tmp_path: Path) -> None:
    file = jsonl(tmp_path / "rgb.jsonl", [row()])
    for words, message in (
        (("--rgb", tmp_path / "none.jsonl"), "none.jsonl cannot be read"),
        (("--rgb", file, "--noise", "3"), "--noise 3"),
    ):
        done = byline("eval", "answers", *words)
        assert (done.returncode, done.stderr.count("\n"), done.stdout) == (1, 1, ""), done.stderr
        assert message in done.stderr
