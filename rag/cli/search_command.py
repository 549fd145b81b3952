"""`python -m rag search`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from rag.cli.console import AsJson, Data, print_json, say, settings_of
from rag.cli.filter_options import (
    Articles,
    InCollections,
    Languages,
    Since,
    Sources,
    Until,
    article_ids,
    filters_of,
)
from rag.cli.questions import Questions, questions_of, show_notice
from rag.retrieval.explanation import Explanation
from rag.service import json_output
from rag.service.open_library import open_library


def search(
    question: Annotated[str, typer.Argument()] = "",
    k: Annotated[int, typer.Option("--k", min=1, max=1000, help="How many passages.")] = 10,
    language: Languages = None,
    since: Since = None,
    until: Until = None,
    source: Sources = None,
    article: Articles = None,
    collection: InCollections = None,
    explain: Annotated[
        str, typer.Option(metavar="ARTICLE", help="Explain why this article is not found.")
    ] = "",
    file: Questions = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Search for passages."""
    filters = filters_of(language, since, until, source, collection)
    with open_library(settings_of(data)) as library:
        filters = replace(filters, articles=article_ids(library, article))
        for query in questions_of(question, file):
            if explain:
                _show_explanation(library.explain(query, explain, k, filters), as_json)
                continue
            hits = library.search(query, k, filters)
            if as_json:
                about = {"question": query, "language": library.language_of(query)}
                notices = [str(notice)] if (notice := library.notice()) else []
                print_json({**about, "passages": json_output.passages(hits), "warnings": notices})
                continue
            for n, hit in enumerate(hits, 1):
                say(f"{n:3}. {json_output.reference(hit.article)}\n     {hit.passage.text}\n")
        show_notice(library)


def _show_explanation(explanation: Explanation, as_json: bool) -> None:
    if as_json:
        print_json(json_output.explanation(explanation))
        return
    say(json_output.reference(explanation.article))
    for step in explanation.steps:
        say(f"  {'ok  ' if step.passed else 'LOST'} {step.name}: {step.detail}")
