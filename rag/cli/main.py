"""The commands of `python -m rag`. They parse, call the library and print; their JSON is a contract."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from rag.cli import ingest, left_out_commands, read
from rag.cli.audit_command import audit
from rag.cli.check import check
from rag.cli.collection_commands import collections_app
from rag.cli.console import AsJson, Data, errors, print_json, progress, say, settings_of
from rag.cli.database_commands import database_app
from rag.cli.digest_command import digest
from rag.cli.evaluate import eval_app
from rag.cli.feed_commands import feeds_app
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
from rag.cli.job_commands import jobs
from rag.cli.key_commands import keys_app
from rag.cli.mend_command import mend
from rag.cli.model_commands import models_app
from rag.cli.move_command import move
from rag.cli.notebook_command import notebook
from rag.cli.work_command import work
from rag.downloads.download import ensure_models
from rag.errors import BylineError, NothingThere
from rag.events import Answered, Failed, NotFound, Rephrased, Retrieved, Unconfirmed
from rag.locales.message import Message, render_all
from rag.retrieval.explanation import Explanation
from rag.service import json_output
from rag.service.open_library import open_library
from rag.service.repair import repair, verify
from rag.service.setup import setup
from rag.service.shared_library import SharedLibrary
from rag.types import SHOWN_QUOTES, Answer, AnswerForm, AnswerLength, AnswerStyle, Filters, Hit, Quote

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Ask a library of articles, and follow every sentence to its passage.",
)  # fmt: skip
app.add_typer(models_app, name="models", invoke_without_command=True)
app.add_typer(eval_app, name="eval")
app.add_typer(feeds_app, name="feeds")
app.add_typer(collections_app, name="collections", invoke_without_command=True)
app.add_typer(database_app, name="database")
app.add_typer(keys_app, name="keys", invoke_without_command=True)
app.command("ingest")(ingest.ingest)
app.command("reread")(ingest.reread)
app.command("skipped")(ingest.skipped)
app.command("read")(read.read)
app.command("digest")(digest)
app.command("left-out")(left_out_commands.left_out)
app.command("as-is")(left_out_commands.as_is)
for command in (mend, audit, check, move, notebook, work, jobs):
    app.command(command.__name__)(command)

Questions = Annotated[
    Path | None, typer.Option("--file", help='A JSON list of {"q": ...}; one answer a line.')
]
Form = Annotated[
    AnswerForm, typer.Option(help="The form of the answer; by default the one that the question asks for.")
]
Length = Annotated[AnswerLength, typer.Option(help="The length of the answer.")]
Instructions = Annotated[str, typer.Option(help="Instructions for the wording; answers are checked as ever.")]


@app.callback()
def _before_every_command(data: Data = None) -> None:
    """Accept --data before the command too; the option's callback passes it on."""


def main() -> None:
    """Run the command line. A BylineError prints one line and exits with status 1."""
    try:
        app()
    except BylineError as error:
        errors.print(f"byline: {error}")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        errors.print("byline: stopped. Finished work is kept; run the command again to continue.")
        raise SystemExit(130) from None
    except BrokenPipeError:  # the reader of the pipe has closed it, as `head` does
        sys.stderr.close()
        raise SystemExit(1) from None


@app.command("setup")
def _setup(
    data: Data = None,
    models_only: Annotated[
        bool, typer.Option("--models-only", help="Do not index the sample library.")
    ] = False,
) -> None:
    """Download the default models and index the sample library."""
    settings = settings_of(data)
    with progress() as on_progress:
        if models_only:
            ensure_models(settings, on_progress)
            return
        report = setup(settings, on_progress)
    say(f"Ready. Sample library: {report.added} added, {report.unchanged} unchanged.")


@app.command("search")
def _search(
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
        for query in _questions(question, file):
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
        _show_notice(library)


@app.command("ask")
def _ask(
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
    style = AnswerStyle(length=length, instructions=instructions)
    failed = False
    filters = filters_of(language, since, until, source, collection)
    with open_library(settings_of(data)) as library:
        filters = replace(filters, articles=article_ids(library, article))
        for query in _questions(question, file):
            answer, message = _answer(library, query, model, filters, form, style, quiet=as_json)
            failed = failed or bool(message)
            if as_json:
                print_json(json_output.answer(answer, message))
            else:
                _show_sources(answer)
            if message:
                errors.print(f"byline: {message}")
        _show_notice(library)
    if failed:
        raise SystemExit(1)


@app.command("verify")
def _verify(data: Data = None, as_json: AsJson = False) -> None:
    """Check that the database and the vectors are consistent."""
    faults = [str(fault) for fault in verify(settings_of(data))]
    if as_json:
        print_json({"ok": not faults, "faults": faults})
    else:
        say("\n".join(faults) or "Nothing is wrong.")
    if faults:
        raise SystemExit(1)


@app.command("repair")
def _repair(data: Data = None, as_json: AsJson = False) -> None:
    """Repair what `verify` finds."""
    faults = [str(fault) for fault in repair(settings_of(data))]
    if as_json:
        print_json({"mended": faults})
    else:
        say("\n".join(["Mended:", *faults]) if faults else "Nothing is wrong.")


def _show_notice(library: SharedLibrary) -> None:
    if notice := library.notice():
        errors.print(f"byline: {notice}")


def _questions(question: str, file: Path | None) -> list[str]:
    if file is None:
        if not question.strip():
            raise NothingThere("nothing_asked")
        return [question]
    try:
        rows = json.loads(file.read_text("utf-8-sig"))
        if not isinstance(rows, list):
            raise TypeError
        questions = [str(row["q"]) for row in rows]
    except OSError as error:
        raise NothingThere("file_unreadable", path=file, why=error.strerror) from error
    except (ValueError, TypeError, KeyError) as error:
        raise NothingThere("not_questions", path=file) from error
    if not all(one.strip() for one in questions):
        raise NothingThere("empty_question", path=file)
    return questions


def _show_explanation(explanation: Explanation, as_json: bool) -> None:
    if as_json:
        print_json(json_output.explanation(explanation))
        return
    say(json_output.reference(explanation.article))
    for step in explanation.steps:
        say(f"  {'ok  ' if step.passed else 'LOST'} {step.name}: {step.detail}")


def _answer(
    library: SharedLibrary,
    question: str,
    model: str | None,
    filters: Filters,
    form: AnswerForm,
    style: AnswerStyle,
    *,
    quiet: bool,
) -> tuple[Answer, Message | None]:
    """Return the answer, and the error message if it failed; print quotations immediately unless
    `quiet`."""
    for event in library.ask(question, model=model, filters=filters, form=form, style=style):
        match event:
            case Rephrased(standalone) if not quiet:
                say(f"Searched: {standalone}")
            case Retrieved(hits, unused, quotes, mended) if not quiet:
                if mended:
                    say(f"Also searched: {', '.join(one.known for one in mended)}")
                _show_quotes((*hits, *unused), quotes)
            case Answered(answer) | Unconfirmed(answer) | NotFound(answer):
                if not quiet:
                    offers = [f"- {offer}" for offer in answer.offers]
                    say("\n".join([answer.text, *render_all(answer.advice, answer.language), *offers]))
                return answer, None
            case Failed(message, answer):
                return answer, message
            case _:
                pass
    raise AssertionError("every stream of events has an end")


def _show_quotes(found: Sequence[Hit], quotes: Sequence[Quote]) -> None:
    for quote in quotes[:SHOWN_QUOTES]:
        hit = found[quote.n - 1]
        text = hit.passage.text[quote.start : quote.end]
        say(f"“{text}”\n  [{quote.n}] {json_output.reference(hit.article)}")
    say("")


def _show_sources(answer: Answer) -> None:
    """List the passages read; an answer about the library has named its articles."""
    if answer.kind != "content":
        return
    say("")
    for sentence in answer.sentences:
        if sentence.support != "supported":
            say(f"  {sentence.support}: {sentence.text} ({sentence.reason or ''})")
    for n, hit in enumerate(answer.hits, 1):
        say(f"  [{n}] {json_output.reference(hit.article)}")
