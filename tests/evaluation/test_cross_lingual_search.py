"""Figures by hand, from rankings that are given: what `eval` says of a search."""

from __future__ import annotations

import pytest
from eval_examples import ranker_of
from examples import hit

from rag.evaluation.cross_lingual_search import RetrievalReport, evaluate_retrieval
from rag.evaluation.dataset_index import IndexFacts
from rag.evaluation.datasets import Dataset, Document, Question
from rag.evaluation.headline_search import HeadlinesReport, evaluate_headlines
from rag.evaluation.ranking import Ranker
from rag.progress import Progress
from rag.types import Filters, Hit

INDEX = IndexFacts(articles=4, passages=9, skipped=[], seconds=1.5, embedder="hashing", reused=False)
CODES = ("en", "fr")


def questions(codes: tuple[str, ...]) -> list[Question]:
    return [
        Question(
            id=f"q{n}", language=code, text=f"{code} q{n}", answers=frozenset(f"{c}/p{n}" for c in codes)
        )
        for n in (1, 2)
        for code in codes
    ]


def passages(codes: tuple[str, ...]) -> list[Document]:
    return [Document(id=f"p{n}", language=code, text=f"{code} p{n}") for n in (1, 2) for code in codes]


@pytest.fixture
def report() -> RetrievalReport:
    wrong = [f"en/wrong{n}" for n in range(18)]
    ranker = ranker_of(
        {
            ("en q1", ()): ["en/p1", "fr/p1"],
            ("en q2", ()): ["fr/p1", "en/p2", *wrong, "fr/p2"],  # the French version is number 21
            ("fr q2", ()): ["fr/p2", "fr/p2", "en/p2"],  # an article with two passages counts once
            ("en q1", ("fr",)): ["fr/p1"],
            ("en q2", ("fr",)): ["fr/p1", "fr/p2"],
            ("fr q1", ("en",)): ["en/p1"],
        }
    )
    return evaluate_retrieval(Dataset(passages(CODES), questions(CODES), CODES), ranker, INDEX)


def test_the_share_of_each_version_among_the_first_twenty(report: RetrievalReport) -> None:
    found = report["all_languages"]
    assert found["share"] == {"en": {"en": 1.0, "fr": 0.5}, "fr": {"en": 0.5, "fr": 0.5}}
    assert found["share_mean"] == 0.625
    assert found["share_worst"] == {"question": "en", "passage": "fr", "value": 0.5}


def test_the_measures_by_language_of_the_question(report: RetrievalReport) -> None:
    rows = report["all_languages"]["by_language"]
    # nDCG: 1 for q1; for q2 the one at rank 2, 1/log2(3), of both at ranks 1 and 2
    second = 0.63093 / (1 + 0.63093)
    assert rows["en"] == pytest.approx(
        {
            "hit@1": 0.5, "hit@5": 1.0, "recall@5": 0.75, "recall@20": 0.75,
            "mrr@10": 0.75, "ndcg@10": (1 + second) / 2,
        },
        abs=1e-4,
    )  # fmt: skip
    assert set(rows["fr"].values()) == {0.5}  # all of one question, nothing of the other
    assert report["all_languages"]["mean"]["mrr@10"] == 0.625


def test_only_passages_in_other_languages(report: RetrievalReport) -> None:
    assert report["other_languages"] == {
        "by_language": {"en": {"hit@1": 0.5, "hit@5": 1.0}, "fr": {"hit@1": 0.5, "hit@5": 0.5}},
        "mean": {"hit@1": 0.5, "hit@5": 0.75},
    }


def test_the_report_says_what_was_asked_of_what(report: RetrievalReport) -> None:
    assert report["data"] == {"passages": 2, "questions": 2, "languages": ["en", "fr"]}
    assert report["index"] == INDEX
    assert report["search"]["searches"] == 8
    assert 0 <= report["search"]["median_ms"] <= report["search"]["p95_ms"]


def test_one_language_has_no_others() -> None:
    dataset = Dataset(passages(("en",)), questions(("en",)), ("en",))
    report = evaluate_retrieval(dataset, ranker_of({("en q1", ()): ["en/p1"]}), INDEX)
    assert report["other_languages"] is None
    assert report["all_languages"]["share"] == {"en": {"en": 0.5}}


def test_a_limit_leaves_the_first_questions_of_each_language() -> None:
    limited = Dataset(passages(CODES), questions(CODES), CODES).limited(1)
    assert [question.key for question in limited.questions] == ["en/q1", "fr/q1"]
    assert len(limited.documents) == 4


def test_progress_ends_at_its_total() -> None:
    seen: list[Progress] = []
    evaluate_retrieval(Dataset(passages(CODES), questions(CODES), CODES), ranker_of({}), INDEX, seen.append)
    assert [p.done for p in seen] == [*range(1, 9)]
    assert seen[-1].total == 8


def headline(id: str, title: str, language: str = "en") -> tuple[Document, Question]:
    document = Document(id=id, language=language, text="A text.", title=title)
    answers = frozenset([document.key])
    return document, Question(id=id, language=language, text=title, answers=answers, kind="title")


@pytest.fixture
def news() -> HeadlinesReport:
    pairs = [
        headline("1", "Storm"),
        headline("2", "Storm"),
        headline("3", "Calm"),
        headline("4", "Gel", "fr"),
    ]
    dataset = Dataset([d for d, _ in pairs], [q for _, q in pairs], ("en", "fr"))
    ranker = ranker_of({("Storm", ()): ["en/1", "en/2"], ("Calm", ()): ["en/1", "en/2", "en/3"]})
    return evaluate_headlines(dataset, ranker, INDEX)


def test_a_title_finds_its_own_article(news: HeadlinesReport) -> None:
    rows = news["by_language"]
    assert rows["en"] == pytest.approx(
        {"hit@1": 1 / 3, "hit@5": 1, "mrr@10": (1 + 1 / 2 + 1 / 3) / 3}, abs=1e-4
    )
    assert rows["fr"] == {"hit@1": 0, "hit@5": 0, "mrr@10": 0}
    assert news["mean"]["hit@5"] == 0.5


def test_titles_that_occur_twice_are_counted(news: HeadlinesReport) -> None:
    assert news["data"]["repeated_titles"] == 2
    assert news["data"]["asked"]["en"] == {"articles": 3, "titles": 3, "sentences": 0}


def test_a_ranking_goes_deep_enough_where_one_article_has_most_passages() -> None:
    hits = [hit("A passage.", title="long")] * 150 + [hit("A passage.", title=f"short{n}") for n in range(30)]

    def search(question: str, k: int, filters: Filters) -> list[Hit]:
        return hits[:k]

    names = ["long", *(f"short{n}" for n in range(30))]
    ranking = Ranker(search, {f"/{name}.txt": name for name in names}).rank("anything")
    assert ranking[:20] == names[:20]
