"""`python -m rag ask`. The embedded engine starts to load the model before the rest is imported."""

from __future__ import annotations

from typing import Annotated

import typer

from rag.cli.console import AsJson, Data, settings_of
from rag.cli.filter_options import Articles, InCollections, Languages, Since, Sources, Until, filters_of
from rag.cli.questions import Questions, questions_of
from rag.errors import Unreadable
from rag.llm.engine_process import EngineArguments, EngineProcess, model_file
from rag.service.channel import FILE
from rag.settings import Settings
from rag.types import AnswerForm, AnswerLength, AnswerStyle

Form = Annotated[
    AnswerForm, typer.Option(help="The form of the answer; by default the one that the question asks for.")
]
Length = Annotated[AnswerLength, typer.Option(help="The length of the answer.")]
Instructions = Annotated[str, typer.Option(help="Instructions for the wording; answers are checked as ever.")]


def ask(
    question: Annotated[str, typer.Argument()] = "",
    model: Annotated[str | None, typer.Option(help="The model that answers.")] = None,
    language: Languages = None,
    since: Since = None,
    until: Until = None,
    source: Sources = None,
    article: Articles = None,
    collection: InCollections = None,
    file: Questions = None,
    form: Form = "",
    length: Length = "normal",
    instructions: Instructions = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Ask a question, or a file of questions."""
    settings, style = settings_of(data), AnswerStyle(length=length, instructions=instructions)
    filters = filters_of(language, since, until, source, collection)
    questions = questions_of(question, file)
    _start_engine(settings, model)
    try:
        from rag.cli.asking import ask_all  # imports nearly everything: a second or two

        ask_all(questions, settings, model, filters, article, form, style, as_json=as_json)
    finally:
        EngineProcess.end_early()


def _start_engine(settings: Settings, model: str | None) -> None:
    """Start to load an embedded model, unless the process that owns the library is likely to answer."""
    path = model_file(settings.models, model or settings.model)
    if not path.is_file() or (settings.data / FILE).exists():
        return
    try:
        arguments = EngineArguments.of(path, settings.context_tokens, settings.threads)
    except Unreadable:
        return  # opening the library reports it
    EngineProcess.start_early(arguments)
