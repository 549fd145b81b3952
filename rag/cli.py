"""The command line: `python -m rag`. It parses, calls the library and prints; its JSON is a contract."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from rag import intake_commands, shapes
from rag.console import AsJson, Data, choose_data, errors, print_json, progress, say, settings_of
from rag.documents import Answer, Answered, Failed, Filters, NotFound, Rephrased, Rewritten, Token
from rag.errors import BylineError, NothingThere
from rag.evaluating.commands import eval_app
from rag.explaining import Explanation
from rag.feed_commands import feeds_app
from rag.fetching import ensure_models
from rag.library import Library, inventory_of, models_of, opened, setup
from rag.remote import RemoteLibrary
from rag.repairing import repair, verify

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None,
    help="Ask a library of articles, and follow every sentence to its passage.",
)  # fmt: skip
models_app = typer.Typer(help="Language models: list, pull, remove.", rich_markup_mode=None)
app.add_typer(models_app, name="models", invoke_without_command=True)
app.add_typer(eval_app, name="eval")
app.add_typer(feeds_app, name="feeds")
app.command("ingest")(intake_commands.ingest)
app.command("skipped")(intake_commands.skipped)

Questions = Annotated[
    Path | None, typer.Option("--file", help='A JSON list of {"q": ...}; one answer a line.')
]
Languages = Annotated[list[str] | None, typer.Option(help="Only this language; may be repeated.")]
Since = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only articles of this day or later.")
]
Until = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only articles of this day or earlier.")
]
Sources = Annotated[
    list[str] | None,
    typer.Option("--source", help="Only this outlet, or this in the path or address; may be repeated."),
]


@app.callback()
def _everywhere(data: Data = None) -> None:
    choose_data(data)


def main() -> None:
    """Run the command line; an error that a user can meet is one line and exit status 1."""
    try:
        app()
    except BylineError as error:
        errors.print(f"byline: {error}")
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        errors.print("byline: stopped. What was done is kept; run it again to go on.")
        raise SystemExit(130) from None
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        raise SystemExit(1) from None


@app.command("setup")
def _setup(
    data: Data = None,
    models_only: Annotated[
        bool, typer.Option("--models-only", help="Do not index the sample library.")
    ] = False,
) -> None:
    """Fetch the default models and index the sample library."""
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
    explain: Annotated[
        str, typer.Option(metavar="ARTICLE", help="Say at which step this article was lost.")
    ] = "",
    file: Questions = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Find passages."""
    filters = _filters(language, since, until, source)
    with opened(settings_of(data)) as library:
        for asked in _questions(question, file):
            if explain:
                _show_explanation(library.explain(asked, explain, k, filters), as_json)
                continue
            hits = library.search(asked, k, filters)
            if as_json:
                print_json({"question": asked, "passages": shapes.passages(hits)})
                continue
            for n, hit in enumerate(hits, 1):
                say(f"{n:3}. {shapes.reference(hit.article)}\n     {hit.passage.text}\n")


@app.command("ask")
def _ask(
    question: Annotated[str, typer.Argument()] = "",
    model: Annotated[str | None, typer.Option(help="The model that answers.")] = None,
    language: Languages = None,
    since: Since = None,
    until: Until = None,
    source: Sources = None,
    file: Questions = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Ask a question, or a file of questions."""
    failed = False
    filters = _filters(language, since, until, source)
    with opened(settings_of(data)) as library:
        for asked in _questions(question, file):
            answer, message = _answer(library, asked, model, filters, quiet=as_json)
            failed = failed or bool(message)
            if as_json:
                print_json(shapes.answer(answer, message))
            else:
                _show_sources(answer)
            if message:
                errors.print(f"byline: {message}")
    if failed:
        raise SystemExit(1)


@models_app.callback()
def _models(context: typer.Context, data: Data = None, as_json: AsJson = False) -> None:
    if context.invoked_subcommand is None:
        _list(data, as_json)


@models_app.command("list")
def _list(data: Data = None, as_json: AsJson = False) -> None:
    """List the models that can be picked."""
    models = models_of(settings_of(data)).list()
    if as_json:
        print_json([shapes.model(model) for model in models])
        return
    for model in models:
        say(f"{model.name}  {model.size / 1e9:.2f} GB  {model.quantisation}  {model.runtime}")


@models_app.command("pull")
def _pull(name: str, data: Data = None, as_json: AsJson = False) -> None:
    """Fetch a model of the catalogue, or through Ollama."""
    with progress() as on_progress:
        inventory_of(settings_of(data)).fetch(name, on_progress)
    _done(as_json, pulled=name)


@models_app.command("remove")
def _remove(name: str, data: Data = None, as_json: AsJson = False) -> None:
    """Delete a model from this machine."""
    models_of(settings_of(data)).remove(name)
    _done(as_json, removed=name)


@app.command("verify")
def _verify(data: Data = None, as_json: AsJson = False) -> None:
    """Check that ledger and vectors agree."""
    faults = verify(settings_of(data))
    if as_json:
        print_json({"ok": not faults, "faults": faults})
    else:
        say("\n".join(faults) or "Nothing is wrong.")
    if faults:
        raise SystemExit(1)


@app.command("repair")
def _repair(data: Data = None, as_json: AsJson = False) -> None:
    """Mend what verify finds."""
    faults = repair(settings_of(data))
    if as_json:
        print_json({"mended": faults})
    else:
        say("\n".join(["Mended:", *faults]) if faults else "Nothing is wrong.")


def _questions(question: str, file: Path | None) -> list[str]:
    if file is None:
        if not question.strip():
            raise NothingThere('Nothing was asked. Write: python -m rag ask "your question".')
        return [question]
    try:
        rows = json.loads(file.read_text("utf-8-sig"))
        if not isinstance(rows, list):
            raise TypeError
        asked = [str(row["q"]) for row in rows]
    except OSError as error:
        raise NothingThere(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise NothingThere(f'{file} is not a JSON list of {{"q": "a question"}}.') from error
    if not all(one.strip() for one in asked):
        raise NothingThere(f"{file} has an empty question.")
    return asked


def _filters(
    languages: list[str] | None, since: datetime | None, until: datetime | None, sources: list[str] | None
) -> Filters:
    if since and until and since > until:
        raise NothingThere(f"No day is after {since:%Y-%m-%d} and before {until:%Y-%m-%d}: swap the two.")
    return Filters(
        languages=tuple(languages or ()),
        since=since and since.date(),
        until=until and until.date(),
        sources=tuple(sources or ()),
    )


def _show_explanation(explanation: Explanation, as_json: bool) -> None:
    if as_json:
        print_json(shapes.explanation(explanation))
        return
    say(shapes.reference(explanation.article))
    for step in explanation.steps:
        say(f"  {'ok  ' if step.passed else 'LOST'} {step.name}: {step.detail}")


def _answer(
    library: Library | RemoteLibrary, question: str, model: str | None, filters: Filters, *, quiet: bool
) -> tuple[Answer, str]:
    """The finished answer and, where it failed, the message; its words are shown as they come."""
    for event in library.ask(question, model=model, filters=filters):
        match event:
            case Rephrased(whole) if not quiet:
                say(f"Searched: {whole}")
            case Token(text) if not quiet:
                sys.stdout.write(text)
                sys.stdout.flush()
            case Rewritten(text) if not quiet:
                say(f"\n\n{text}")
            case Answered(answer):
                return answer, ""
            case NotFound(answer):
                if not quiet:
                    say("\n".join([answer.text, *answer.advice]))
                return answer, ""
            case Failed(message, answer):
                return answer, message
            case _:
                pass
    raise AssertionError("every stream of events has an end")


def _show_sources(answer: Answer) -> None:
    say("")
    for sentence in answer.sentences:
        if sentence.support != "supported":
            say(f"  {sentence.support}: {sentence.text} ({sentence.reason})")
    for n, hit in enumerate(answer.hits, 1):
        say(f"  [{n}] {shapes.reference(hit.article)}")


def _done(as_json: bool, **what: str) -> None:
    if as_json:
        print_json(what)
    else:
        say(", ".join(f"{verb} {name}" for verb, name in what.items()))
