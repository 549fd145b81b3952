"""Folders of articles → a library to ask, and what is in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag.errors import NothingThere, NotPermitted
from rag.evaluating.examined import Examined
from rag.evaluating.indexing import IndexFacts, ingested
from rag.evaluating.questions import Asked
from rag.progress import OnProgress, ignore


def index(library: Examined, folders: Sequence[Path], on_progress: OnProgress = ignore) -> IndexFacts:
    """Bring the library up to date with the folders.

    Raises NothingThere where nothing became an article, NotPermitted where the library holds other
    articles too, and what Ingestion.run raises.
    """
    report, facts = ingested(library, folders, on_progress)
    if not facts["articles"]:
        raise NothingThere(f"No file became an article in {', '.join(map(str, folders))}.")
    if facts["articles"] != report.added + report.updated + report.unchanged:
        raise NotPermitted(
            f"{library.settings.data.parent} holds articles of other folders: delete it, or name another one."
        )
    library.search("?", 1)  # the first search loads the index
    return facts


def check_articles(library: Examined, questions: Sequence[Asked]) -> None:
    """Raise NothingThere at the first question of which no article is in the library."""
    sources = library.sources()
    for question in questions:
        if question.answerable and not any(map(question.holds, sources)):
            raise NothingThere(
                f"{question.where}: {question.articles[0]} is in none of the folders; name it with --folder."
            )
