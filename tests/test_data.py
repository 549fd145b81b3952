"""The data that ship with Byline: the sample library, the questions and the claims that measure it.

Each test names every row that fails. `accept` is explained in rag/evaluation/judgement.py.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from offenders import assert_none

from rag.evaluation.claim_pairs import Pair, read_pairs
from rag.evaluation.judgement import accepted
from rag.verification.claims import ClaimKind

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"
SEEDS = ROOT.parent / "shared" / "seeds"
QUESTIONS = ROOT / "rag" / "evaluation" / "questions"
LANGUAGES = {"en", "fr", "zh", "vi", "ru"}
HAN = re.compile(r"[㐀-鿿]")
CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)

Question = dict[str, Any]


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of 12 words and every run of 20 Chinese characters, without punctuation."""
    words = re.findall(r"[^\W_㐀-鿿]+", text.lower())
    han = HAN.findall(text)
    return {tuple(words[i : i + 12]) for i in range(len(words) - 11)} | {
        tuple(han[i : i + 20]) for i in range(len(han) - 19)
    }


def seeds() -> Path:
    """The folder of real articles, which is not part of a checkout."""
    if not SEEDS.is_dir():
        pytest.skip("the real articles are not here: ../shared/seeds")
    return SEEDS


@pytest.fixture(scope="module")
def seed_runs() -> set[tuple[str, ...]]:
    return set().union(*(runs(seed.read_text(encoding="utf-8")) for seed in seeds().glob("*.txt")))


def test_reuse_is_noticed_whatever_the_punctuation() -> None:
    line = "One two three, four five six; seven eight nine - ten eleven twelve."
    assert runs(line) & runs(f"Before it. {line.replace(',', '').upper()} After it.")
    assert not runs(line) & runs(line.replace("six", "6"))


# The sample library

ARTICLES = sorted(CORPUS.glob("*/*.md"))


def article(path: Path) -> tuple[dict[str, Any], str]:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body.strip()


def test_the_library_has_articles_enough_in_every_language_and_nothing_else() -> None:
    folders = Counter(path.parent.name for path in ARTICLES)
    assert set(folders) == LANGUAGES
    assert folders.total() >= 24
    assert min(folders.values()) >= 5
    assert sorted(path for path in CORPUS.rglob("*") if path.is_file()) == ARTICLES
    assert len({article(path)[0]["title"] for path in ARTICLES}) == len(ARTICLES)


def article_faults(path: Path) -> Iterator[str]:
    """What is wrong with an article of the sample library."""
    front, body = article(path)
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.stem):
        yield "the file's name is no slug"
    if set(front) != {"title", "language", "published", "source"}:
        yield "the front matter is not title, language, published and source"
        return
    if not front["title"] or front["title"] != front["title"].strip():
        yield "the title is empty or padded"
    if not isinstance(front["published"], date):
        yield "published is no day"
    if "Byline" not in front["source"]:
        yield "the outlet does not read as a sample's"
    letters = {"zh": bool(HAN.search(body)), "ru": bool(CYRILLIC.search(body)), "vi": "ệ" in body}
    if front["language"] != path.parent.name or letters != {k: k == path.parent.name for k in letters}:
        yield "the language is not that of the folder and of the letters"
    size = len(HAN.findall(body)) if front["language"] == "zh" else len(body.split())
    if not (200 <= size <= 800 if front["language"] == "zh" else 120 <= size <= 400):
        yield f"{size} words or Chinese characters are not the length of a news article"


def test_each_article_is_complete_in_its_place_and_as_long_as_a_news_article() -> None:
    assert_none(f"{path.stem}: {fault}" for path in ARTICLES for fault in article_faults(path))


def test_no_article_reuses_a_passage_of_the_real_articles(seed_runs: set[tuple[str, ...]]) -> None:
    assert_none(path for path in ARTICLES if runs(path.read_text(encoding="utf-8")) & seed_runs)


# The questions

FIELDS = {"id", "q", "language", "kind", "articles", "accept", "history", "whole", "note"}
AT_LEAST = {"corpus": 66, "seeds": 36}
"""How many questions a set has at the least."""

both_sets = pytest.mark.parametrize("name", AT_LEAST)


def load(name: str) -> list[Question]:
    questions: list[Question] = json.loads((QUESTIONS / f"{name}.json").read_text("utf-8"))
    return questions


def folder(name: str) -> Path:
    return seeds() if name == "seeds" else ROOT


def languages_of(name: str, question: Question) -> set[str]:
    if name == "corpus":
        return {Path(path).parent.name for path in question["articles"]}
    labels = json.loads((folder(name) / "labels.json").read_text("utf-8"))
    return {labels[path]["language"] for path in question["articles"]}


@both_sets
def test_kinds_and_languages_of_questions_are_balanced(name: str) -> None:
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
    ids = Counter(question["id"] for name in AT_LEAST for question in load(name))
    texts = Counter((name, q["whole"] or q["q"]) for name in AT_LEAST for q in load(name))
    assert_none(key for key, count in (ids + texts).items() if count > 1)


def question_faults(question: Question) -> Iterator[str]:
    """What is wrong with the fields of a question."""
    if set(question) != FIELDS:
        yield "fields are missing or unknown"
        return
    if not question["q"] or question["q"] != question["q"].strip() or not question["note"]:
        yield "the question or the note is empty or padded"
    if bool(question["articles"]) != bool(question["accept"]):
        yield "only one of articles and accept is filled"
    history = question["history"]
    if question["kind"] == "follow-up":
        if not (question["whole"] and 1 <= len(history) <= 2 and all(t["q"] and t["a"] for t in history)):
            yield "a follow-up needs one or two turns and the whole question"
    elif history or question["whole"]:
        yield "only a follow-up has a history and a whole question"
    elif bool(question["articles"]) != (question["kind"] in ("same", "cross")):
        yield "articles do not fit the kind"
    asked = [question["q"], question["whole"], *(turn["q"] + turn["a"] for turn in history)]
    if accepted("\n".join(asked), question["accept"]):
        yield "the question gives its answer away"


def test_the_fields_of_each_question_fit_its_kind() -> None:
    assert_none(
        f"{q['id']}: {fault}" for name in AT_LEAST for q in load(name) for fault in question_faults(q)
    )


@both_sets
def test_the_articles_of_each_question_hold_the_answer_in_the_language_of_its_kind(name: str) -> None:
    questions = load(name)
    assert_none(
        f"{question['id']}: no answer in {path}"
        for question in questions
        for path in question["articles"]
        if not accepted((folder(name) / path).read_text("utf-8"), question["accept"])
    )
    assert_none(
        question["id"]
        for question in questions
        if question["kind"] != "follow-up"
        and (question["language"] in languages_of(name, question)) != (question["kind"] == "same")
    )


def test_the_note_of_each_sample_question_is_the_articles_words_with_the_answer() -> None:
    def quoted(question: Question) -> bool:
        texts = [" ".join((ROOT / path).read_text("utf-8").split()) for path in question["articles"]]
        return any(question["note"] in text for text in texts)

    assert_none(
        question["id"]
        for question in load("corpus")
        if question["articles"] and not (quoted(question) and accepted(question["note"], question["accept"]))
    )


def test_no_question_reuses_a_passage_of_the_real_articles(seed_runs: set[tuple[str, ...]]) -> None:
    for question in load("seeds"):
        turns = [text for turn in question["history"] for text in turn.values()]
        texts = (question["q"], question["whole"], question["note"], *turns)
        assert_none(f"{question['id']}: {text}" for text in texts if runs(text) & seed_runs)


# The claims

PAIRS = read_pairs([QUESTIONS / "claims.json"])
NUMBERS, DATES = {"number", "percent", "amount"}, {"day", "month", "year", "time"}


def test_the_languages_of_claims_are_balanced() -> None:
    by_language = Counter(pair.language for pair in PAIRS)
    by_pair = Counter((pair.language, pair.passage_language) for pair in PAIRS)
    same = sum(pair.language == pair.passage_language for pair in PAIRS)
    assert len(PAIRS) >= 110
    assert set(by_language) == LANGUAGES
    assert max(by_language.values()) - min(by_language.values()) <= 2
    assert abs(2 * same - len(PAIRS)) <= 4
    assert all(by_pair[two] >= 2 for two in permutations(sorted(LANGUAGES), 2))
    assert len({pair.text for pair in PAIRS}) == len(PAIRS)


def test_there_are_swaps_enough_of_names_dates_and_numbers() -> None:
    kinds = Counter(dict.fromkeys(get_args(ClaimKind), 0))
    for pair in PAIRS:
        for claim in pair.claims:
            kinds[claim.kind] += len(claim.swaps)
    assert kinds.total() > 350
    assert kinds["name"] >= 120
    assert sum(kinds[kind] for kind in DATES) >= 90
    assert sum(kinds[kind] for kind in NUMBERS) >= 140
    assert min(kinds.values()) >= 15


def pair_faults(pair: Pair) -> Iterator[str]:
    """What is wrong with a sentence, its claims and their swaps."""
    if not 2 <= len(pair.claims) <= 5:
        yield f"{len(pair.claims)} claims"
    spans = [(claim.start, claim.start + len(claim.text)) for claim in pair.claims]
    if any(end > start for (_, end), (start, _) in pairwise(spans)):
        yield "claims overlap or are out of order"
    rest = pair.text
    for claim in pair.claims:
        rest = rest.replace(claim.text, "")
        if not 1 <= len(claim.swaps) <= 3:
            yield f"{claim.text} has {len(claim.swaps)} swaps"
        yield from (f"the passage has the swap {swap}" for swap in claim.swaps if swap in pair.passage)
    if re.search(r"\d", rest):
        yield "a figure of the sentence is not listed"


def test_claims_stand_apart_list_every_figure_and_their_swaps_are_false() -> None:
    assert_none(f"{pair.id}: {fault}" for pair in PAIRS for fault in pair_faults(pair))
