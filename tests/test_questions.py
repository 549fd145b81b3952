"""The question sets that measure retrieval and answering: their shape, and that their answers are there.

What `accept` means is in rag/evaluating/judging.py.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from test_corpus import runs

from rag.evaluating.judging import accepted

ROOT = Path(__file__).parents[1]
SEEDS = ROOT.parent / "shared" / "seeds"
SETS = ROOT / "tests" / "questions"
FIELDS = {"id", "q", "language", "kind", "articles", "accept", "history", "whole", "note"}
LANGUAGES = {"en", "fr", "zh", "vi", "ru"}
AT_LEAST = {"corpus": 66, "seeds": 36}

Question = dict[str, Any]


def load(name: str) -> list[Question]:
    questions: list[Question] = json.loads((SETS / f"{name}.json").read_text("utf-8"))
    return questions


def folder(name: str) -> Path:
    if name == "seeds" and not SEEDS.is_dir():
        pytest.skip("the real articles are not here: ../shared/seeds")
    return SEEDS if name == "seeds" else ROOT


def languages_of(name: str, question: Question) -> set[str]:
    if name == "corpus":
        return {Path(article).parent.name for article in question["articles"]}
    labels = json.loads((folder(name) / "labels.json").read_text("utf-8"))
    return {labels[article]["language"] for article in question["articles"]}


both_sets = pytest.mark.parametrize("name", ["corpus", "seeds"])
each_question = pytest.mark.parametrize(
    ("name", "question"),
    [pytest.param(name, row, id=row["id"]) for name in ("corpus", "seeds") for row in load(name)],
)


@both_sets
def test_kinds_and_languages_are_balanced(name: str) -> None:
    questions = load(name)
    kinds = Counter(question["kind"] for question in questions)
    assert len(questions) >= AT_LEAST[name]
    assert set(kinds) == {"same", "cross", "none", "false-premise", "follow-up"}
    assert 3 * kinds["cross"] >= len(questions)
    assert 3 * (kinds["none"] + kinds["false-premise"]) >= len(questions)
    assert kinds["none"] == kinds["false-premise"]
    per_language = Counter(question["language"] for question in questions)
    assert set(per_language) == LANGUAGES
    assert max(per_language.values()) - min(per_language.values()) <= 2


@both_sets
def test_ten_follow_ups_some_across_languages_some_without_an_answer(name: str) -> None:
    follow_ups = [question for question in load(name) if question["kind"] == "follow-up"]
    across = [q for q in follow_ups if q["articles"] and q["language"] not in languages_of(name, q)]
    assert len(follow_ups) == 10
    assert {question["language"] for question in follow_ups} == LANGUAGES
    assert len(across) == sum(not question["articles"] for question in follow_ups) == 2


def test_ids_and_questions_are_unique() -> None:
    questions = load("corpus") + load("seeds")
    assert len({question["id"] for question in questions}) == len(questions)
    for name in ("corpus", "seeds"):
        assert len({question["whole"] or question["q"] for question in load(name)}) == len(load(name))


@each_question
def test_fields_fit_the_kind(name: str, question: Question) -> None:
    assert set(question) == FIELDS
    assert question["q"].strip() == question["q"] != ""
    assert question["note"]
    assert bool(question["articles"]) == bool(question["accept"])
    if question["kind"] == "follow-up":
        assert question["whole"]
        assert 1 <= len(question["history"]) <= 2
        assert all(turn["q"] and turn["a"] for turn in question["history"])
    else:
        assert not question["history"] and not question["whole"]
        assert bool(question["articles"]) == (question["kind"] in ("same", "cross"))


@each_question
def test_articles_are_in_the_languages_of_the_kind(name: str, question: Question) -> None:
    in_its_own = question["language"] in languages_of(name, question)
    assert in_its_own == (question["kind"] == "same") or question["kind"] == "follow-up"


@each_question
def test_every_article_holds_the_answer(name: str, question: Question) -> None:
    for article in question["articles"]:
        assert accepted((folder(name) / article).read_text("utf-8"), question["accept"]), article


@each_question
def test_the_question_does_not_give_its_answer_away(name: str, question: Question) -> None:
    asked = [question["q"], question["whole"], *(turn["q"] + turn["a"] for turn in question["history"])]
    assert not accepted("\n".join(asked), question["accept"])


@pytest.mark.parametrize("question", [q for q in load("corpus") if q["articles"]], ids=lambda q: q["id"])
def test_the_note_is_the_articles_words_with_the_answer(question: Question) -> None:
    texts = [" ".join((ROOT / article).read_text("utf-8").split()) for article in question["articles"]]
    assert any(question["note"] in text for text in texts)
    assert accepted(question["note"], question["accept"])


def test_no_passage_of_the_real_articles_is_reused() -> None:
    seeds = set().union(*(runs(seed.read_text("utf-8")) for seed in folder("seeds").glob("*.txt")))
    for question in load("seeds"):
        turns = [text for turn in question["history"] for text in turn.values()]
        for text in (question["q"], question["whole"], question["note"], *turns):
            assert not runs(text) & seeds
