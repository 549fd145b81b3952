"""Measure known-item retrieval: find each news article by its own headline."""

from __future__ import annotations

from collections import Counter
from typing import TypedDict

from rag.evaluation.dataset_index import IndexFacts
from rag.evaluation.datasets import Dataset
from rag.evaluation.measures import HIT_1, HIT_5, MRR, Figures, averaged, measure
from rag.evaluation.news_data import repeated_titles
from rag.evaluation.ranking import Ranker, SearchTimes
from rag.locales.message import Message
from rag.progress import OnProgress, Progress, ignore


class HeadlineQueries(TypedDict):
    """Numbers of articles in a language, and of those searched by title and by a sentence."""

    articles: int
    titles: int
    sentences: int


class HeadlinesData(TypedDict):
    """Numbers of queries by language, and of articles whose title is not unique."""

    asked: dict[str, HeadlineQueries]
    repeated_titles: int


class HeadlinesReport(TypedDict):
    """The JSON of `eval headlines`.

    `by_language`: hit@1, hit@5 and mrr@10 of the one article that a title or sentence belongs to;
    `mean` over the languages.
    """

    data: HeadlinesData
    index: IndexFacts
    search: SearchTimes
    by_language: dict[str, Figures]
    mean: Figures


def evaluate_headlines(
    dataset: Dataset, ranker: Ranker, index: IndexFacts, on_progress: OnProgress = ignore
) -> HeadlinesReport:
    """Search the index for every title, or the sentence that replaces it."""
    rankings = {}
    for done, question in enumerate(dataset.questions, 1):
        rankings[question.key] = ranker.rank(question.text)
        on_progress(Progress(Message.of("asking_headlines"), done, len(dataset.questions)))
    rows = {
        language: measure(rankings, {q.key: q.answers for q in asked}, HIT_1, HIT_5, MRR)
        for language in dataset.languages
        if (asked := dataset.asked_in(language))
    }
    return {
        "data": {"asked": _headline_queries(dataset), "repeated_titles": repeated_titles(dataset.documents)},
        "index": index,
        "search": ranker.times(),
        "by_language": rows,
        "mean": averaged(rows.values()),
    }


def _headline_queries(dataset: Dataset) -> dict[str, HeadlineQueries]:
    articles = Counter(document.language for document in dataset.documents)
    kinds = Counter((question.language, question.kind) for question in dataset.questions)
    return {
        code: HeadlineQueries(
            articles=articles[code], titles=kinds[code, "title"], sentences=kinds[code, "sentence"]
        )
        for code in dataset.languages
    }
