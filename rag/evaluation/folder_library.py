"""Index folders of articles for question sets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag.errors import NothingThere, NotPermitted
from rag.evaluation.dataset_index import IndexFacts, ingest
from rag.evaluation.examined_library import ExaminedLibrary
from rag.evaluation.question_sets import EvalQuestion
from rag.progress import OnProgress, ignore


def index(library: ExaminedLibrary, folders: Sequence[Path], on_progress: OnProgress = ignore) -> IndexFacts:
    """Index the folders and return facts about the index.

    Raises NothingThere if no file became an article, NotPermitted if the library also holds
    other articles, and what Ingester.run raises.
    """
    report, facts = ingest(library, folders, on_progress)
    if not facts["articles"]:
        raise NothingThere("no_file_read", folders=", ".join(map(str, folders)))
    if facts["articles"] != report.added + report.updated + report.unchanged:
        raise NotPermitted("other_articles", folder=library.settings.data.parent)
    library.search("?", 1)  # the first search loads the index
    return facts


def check_articles(library: ExaminedLibrary, questions: Sequence[EvalQuestion]) -> None:
    """Raise NothingThere for the first question all of whose articles are missing from the library."""
    sources = library.sources()
    for question in questions:
        if question.answerable and not any(map(question.holds, sources)):
            raise NothingThere("article_not_in_folders", where=question.where, article=question.articles[0])
