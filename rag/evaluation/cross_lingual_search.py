"""Measure cross-lingual retrieval on parallel passages and questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from rag.evaluation.dataset_index import IndexFacts
from rag.evaluation.datasets import Dataset, Question
from rag.evaluation.measures import (
    HIT_1,
    HIT_5,
    HIT_20,
    MRR,
    NDCG,
    RECALL_5,
    RECALL_20,
    Figures,
    Rankings,
    averaged,
    measure,
)
from rag.evaluation.ranking import Ranker, SearchTimes
from rag.locales.message import Message
from rag.progress import OnProgress, Progress, ignore
from rag.types import Filters

Matrix = dict[str, Figures]
"""Rows: languages of questions; columns: languages of passages."""


class Cell(TypedDict):
    """One value of a matrix, with its row and column."""

    question: str
    passage: str
    value: float


class Everywhere(TypedDict):
    """Results with all languages in one index.

    `share`: how often a language's version of the right passage is among the first 20 articles;
    `share_mean` over all cells, `share_worst` the lowest. `by_language` of the question: hit@1, hit@5
    (the right passage in any language), recall@5, recall@20 (of all its versions), mrr@10, ndcg@10;
    `mean` over the languages.
    """

    share: Matrix
    share_mean: float
    share_worst: Cell
    by_language: dict[str, Figures]
    mean: Figures


class Elsewhere(TypedDict):
    """Results without passages in the question's language: hit@1, hit@5 by language of the question."""

    by_language: dict[str, Figures]
    mean: Figures


class RetrievalData(TypedDict):
    """Numbers of passages and questions in each language."""

    passages: int
    questions: int
    languages: list[str]


class RetrievalReport(TypedDict):
    """The JSON of `eval retrieval`. `other_languages` is null if there is only one language."""

    data: RetrievalData
    index: IndexFacts
    search: SearchTimes
    all_languages: Everywhere
    other_languages: Elsewhere | None


def evaluate_retrieval(
    dataset: Dataset, ranker: Ranker, index: IndexFacts, on_progress: OnProgress = ignore
) -> RetrievalReport:
    """Ask every question in every language, among all passages and among those in other languages."""
    searches = _Searches(dataset, ranker, on_progress)
    everywhere = _everywhere(dataset, searches.everywhere())
    elsewhere = _elsewhere(dataset, searches.elsewhere()) if len(dataset.languages) > 1 else None
    size = len(dataset.languages)
    return {
        "data": {
            "passages": len(dataset.documents) // size,
            "questions": len(dataset.questions) // size,
            "languages": list(dataset.languages),
        },
        "index": index,
        "search": ranker.times(),
        "all_languages": everywhere,
        "other_languages": elsewhere,
    }


class _Searches:
    """Runs both rounds of searches under one progress bar."""

    def __init__(self, dataset: Dataset, ranker: Ranker, on_progress: OnProgress) -> None:
        self._dataset, self._ranker, self._on_progress = dataset, ranker, on_progress
        self._done, self._total = 0, len(dataset.questions) * (1 + (len(dataset.languages) > 1))

    def everywhere(self) -> Rankings:
        return {question.key: self._rank(question, Filters()) for question in self._dataset.questions}

    def elsewhere(self) -> Rankings:
        return {
            question.key: self._rank(question, Filters(languages=self._dataset.others(question.language)))
            for question in self._dataset.questions
        }

    def _rank(self, question: Question, filters: Filters) -> list[str]:
        ranking = self._ranker.rank(question.text, filters)
        self._done += 1
        self._on_progress(Progress(Message.of("asking_questions"), self._done, self._total))
        return ranking


def _everywhere(dataset: Dataset, rankings: Rankings) -> Everywhere:
    share = {
        asked: {
            code: measure(rankings, _answers(dataset.asked_in(asked), [code]), HIT_20)[HIT_20]
            for code in dataset.languages
        }
        for asked in dataset.languages
    }
    cells = [Cell(question=q, passage=p, value=value) for q, row in share.items() for p, value in row.items()]
    names = (HIT_1, HIT_5, RECALL_5, RECALL_20, MRR, NDCG)
    rows = {
        code: measure(rankings, _answers(dataset.asked_in(code), dataset.languages), *names)
        for code in dataset.languages
    }
    return {
        "share": share,
        "share_mean": round(sum(cell["value"] for cell in cells) / len(cells), 4),
        "share_worst": min(cells, key=lambda cell: cell["value"]),
        "by_language": rows,
        "mean": averaged(rows.values()),
    }


def _elsewhere(dataset: Dataset, rankings: Rankings) -> Elsewhere:
    rows = {}
    for asked in dataset.languages:
        answers = _answers(dataset.asked_in(asked), dataset.others(asked))
        rows[asked] = measure(rankings, answers, HIT_1, HIT_5)
    return {"by_language": rows, "mean": averaged(rows.values())}


def _answers(questions: Sequence[Question], languages: Sequence[str]) -> dict[str, list[str]]:
    """Return, for each question, the keys of its documents in these languages."""
    return {
        question.key: [key for key in question.answers if key.partition("/")[0] in languages]
        for question in questions
    }
