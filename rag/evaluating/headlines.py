"""News articles in one index → is each found by its own headline?"""

from __future__ import annotations

from collections import Counter
from typing import TypedDict

from rag.evaluating.datasets import Dataset
from rag.evaluating.indexing import IndexFacts
from rag.evaluating.measures import HIT_1, HIT_5, MRR, Figures, averaged, measure
from rag.evaluating.news import repeated_titles
from rag.evaluating.ranking import Ranker, SearchTimes
from rag.progress import OnProgress, Progress, ignore


class Asked(TypedDict):
    """How many articles a language has, and how many are asked for, by title and by a sentence."""

    articles: int
    titles: int
    sentences: int


class HeadlinesData(TypedDict):
    """What is asked, by language; and how many articles share their title with another one."""

    asked: dict[str, Asked]
    repeated_titles: int


class HeadlinesReport(TypedDict):
    """What `eval headlines --json` prints.

    `by_language`: hit@1, hit@5 and mrr@10 of the one article that a title, or a sentence, belongs to;
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
    """Search the whole index for every title, or the sentence that stands in for it."""
    rankings = {}
    for done, question in enumerate(dataset.questions, 1):
        rankings[question.key] = ranker.rank(question.text)
        on_progress(Progress("Asking headlines", done, len(dataset.questions)))
    rows = {
        language: measure(rankings, {q.key: q.answers for q in asked}, HIT_1, HIT_5, MRR)
        for language in dataset.languages
        if (asked := dataset.asked_in(language))
    }
    return {
        "data": {"asked": _asked(dataset), "repeated_titles": repeated_titles(dataset.documents)},
        "index": index,
        "search": ranker.times(),
        "by_language": rows,
        "mean": averaged(rows.values()),
    }


def _asked(dataset: Dataset) -> dict[str, Asked]:
    articles = Counter(document.language for document in dataset.documents)
    kinds = Counter((question.language, question.kind) for question in dataset.questions)
    return {
        code: Asked(articles=articles[code], titles=kinds[code, "title"], sentences=kinds[code, "sentence"])
        for code in dataset.languages
    }
