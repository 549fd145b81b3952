"""`python -m rag eval`: reads a data set, builds a library of it, prints figures. Its JSON is a contract."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from rag.checking import verdicts
from rag.console import AsJson, Data, print_json, progress, settings_of
from rag.errors import NothingThere, NotPermitted
from rag.evaluating import charts, folders, tables
from rag.evaluating.card import evaluate_card
from rag.evaluating.datasets import Dataset
from rag.evaluating.examined import examined
from rag.evaluating.headlines import evaluate_headlines
from rag.evaluating.indexing import IndexFacts, indexed
from rag.evaluating.news import read_news
from rag.evaluating.pairs import read_pairs
from rag.evaluating.parallel import read_parallel
from rag.evaluating.perturbing import evaluate_claims
from rag.evaluating.questions import SAMPLE, read_questions
from rag.evaluating.ranking import Ranker
from rag.evaluating.reading import evaluate_reading, read_labels
from rag.evaluating.replaying import replay, replay_tables
from rag.evaluating.retrieval import evaluate_retrieval
from rag.evaluating.rgb import MEASURES, PASSAGES, measure_of, read_rgb
from rag.evaluating.robustness import evaluate_answers
from rag.library import Library, conversations_of
from rag.progress import OnProgress, ignore
from rag.settings import Settings

R = TypeVar("R")

eval_app = typer.Typer(
    help="Measure how well Byline finds what is there, and answers from it.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Keep = Annotated[Path | None, typer.Option("--keep", help="Keep the index in this folder, and use it again.")]
Picture = Annotated[Path | None, typer.Option("--picture", help="Draw the figures: a .svg or .png file.")]
Save = Annotated[Path | None, typer.Option("--save", help="Write the JSON to this file as well.")]
Limit = Annotated[
    int | None, typer.Option("--limit", min=1, help="Only the first N questions of each language.")
]

First = Annotated[int | None, typer.Option("--limit", min=1, help="Only the first N questions.")]

_QUESTIONS = Path(__file__).parents[2] / "tests" / "questions"
_SAVED = _QUESTIONS.parent / "saved" / "make.py"
_PAIRS = _QUESTIONS / "claims.json"


@eval_app.command("retrieval")
def _retrieval(
    passages: Annotated[Path, typer.Option("--passages", help='JSONL: {"id", "en": text, "zh": text, ...}')],
    questions: Annotated[
        Path, typer.Option("--questions", help='JSONL: {"id", "passage", "q": {"en": question, ...}}')
    ],
    languages: Annotated[str, typer.Option("--languages", help="Codes with commas.")] = "en,zh,vi,ru",
    keep: Keep = None,
    picture: Picture = None,
    save: Save = None,
    limit: Limit = None,
    as_json: AsJson = False,
) -> None:
    """The same passages and questions in several languages: is the right passage found in each?"""
    charts.check_picture(picture)
    dataset = read_parallel(passages, questions, languages.split(",")).limited(limit)
    report = _ranked(dataset, keep, evaluate_retrieval)
    _give(report, tables.retrieval_tables(report), save, as_json=as_json)
    if picture:
        charts.save(charts.retrieval_chart(report), picture)


@eval_app.command("headlines")
def _headlines(
    files: Annotated[
        list[Path], typer.Argument(help='JSONL: {"id", "lang", "title", "text", "date", "url"}')
    ],
    keep: Keep = None,
    picture: Picture = None,
    save: Save = None,
    limit: Limit = None,
    as_json: AsJson = False,
) -> None:
    """News articles in one index: is each found by its headline, or a sentence of its second half?"""
    charts.check_picture(picture)
    dataset = read_news(files).limited(limit)
    report = _ranked(dataset, keep, evaluate_headlines)
    _give(report, tables.headlines_tables(report), save, as_json=as_json)
    if picture:
        charts.save(charts.headlines_chart(report), picture)


@eval_app.command("card")
def _card(
    model: Annotated[str | None, typer.Argument(help="A language model; the default one, if none.")] = None,
    questions: Annotated[
        list[Path] | None,
        typer.Option(help='JSON: [{"q", "language", "kind", "articles", "accept", "history"}]; repeatable.'),
    ] = None,
    folder: Annotated[
        list[Path] | None, typer.Option(help="The articles that they are about; repeatable.")
    ] = None,
    keep: Keep = None,
    picture: Picture = None,
    save: Save = None,
    limit: First = None,
    as_json: AsJson = False,
) -> None:
    """A model's report card: is it right, does it cite and refuse rightly, how fast is it?"""
    charts.check_picture(picture)
    settings = Settings.load()
    files, articles = _sample(settings) if not questions and not folder else (questions, folder)
    if not files or not articles:
        raise NothingThere("Name both, the questions and their articles: --questions FILE.json --folder DIR.")
    asked = read_questions(files)[:limit]
    with progress() as shown, examined(settings, keep) as library:
        chosen = library.model(model)
        index = folders.index(library, articles, shown)
        folders.check_articles(library, asked)
        report = evaluate_card(asked, library, chosen, index, shown)
    _give(report, tables.card_tables(report), save, as_json=as_json)
    if picture:
        charts.save(charts.card_chart(report), picture)


@eval_app.command("answers")
def _answers(
    rgb: Annotated[Path, typer.Option("--rgb", help="A JSONL file of RGB: zh_refine, zh_int, en_fact ...")],
    noise: Annotated[float, typer.Option(help="Share of the passages that do not answer; 1: all.")] = 0.0,
    measure: Annotated[
        str | None, typer.Option(help=f"{', '.join(MEASURES)}; else what the rows are made for.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="The model that answers.")] = None,
    prompt_tokens: Annotated[int, typer.Option(min=100, help="Token budget of the passages.")] = 1500,
    save: Save = None,
    limit: First = None,
    as_json: AsJson = False,
) -> None:
    """RGB (Chen et al. 2024): is it right, or refused, where passages are noisy, scattered or wrong?"""
    items = read_rgb(rgb)[:limit]
    wanted = measure_of(items, noise, measure)
    settings = Settings.load().model_copy(update={"passages": PASSAGES, "prompt_tokens": prompt_tokens})
    with progress() as shown, examined(settings) as library:
        report = evaluate_answers(items, rgb.name, wanted, noise, library, library.model(model), shown)
    _give(report, tables.answers_tables(report), save, as_json=as_json)


@eval_app.command("claims")
def _claims(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help='JSON: [{"id", "text", "language", "passage", "passage_language", "claims"}]'),
    ] = None,
    misses: Annotated[bool, typer.Option("--misses", help="List what was missed and what accused.")] = False,
    save: Save = None,
    as_json: AsJson = False,
) -> None:
    """The check of an answer's figures, dates and names: are false ones noticed, true ones left alone?"""
    if not files and not _PAIRS.is_file():
        raise NothingThere("The sample sentences are not here: name a file of yours, eval claims FILE.json.")
    pairs = read_pairs(files or [_PAIRS])
    report = evaluate_claims(pairs, verdicts)
    _give(report, tables.claims_tables(report, misses=misses), save, as_json=as_json)


@eval_app.command("reading")
def _reading(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Saved pages and documents with a labels.json; Byline's own, if none."),
    ] = None,
    save: Save = None,
    as_json: AsJson = False,
) -> None:
    """Saved pages and documents: is what comes in the article alone, with its title, day and language?"""
    with TemporaryDirectory(prefix="byline-saved-") as made, progress() as shown:
        where = folder or _saved(Path(made))
        report = evaluate_reading(where, read_labels(where), shown)
    _give(report, tables.reading_tables(report), save, as_json=as_json)


@eval_app.command("replay")
def _replay(
    model: Annotated[
        str | None, typer.Option(help="The model that answers now; each answer's own, if none.")
    ] = None,
    good: Annotated[bool, typer.Option("--good", help="What was rated good, instead of bad.")] = False,
    list_only: Annotated[bool, typer.Option("--list", help="Only list them: nothing is asked.")] = False,
    data: Data = None,
    save: Save = None,
    as_json: AsJson = False,
) -> None:
    """What readers rated down in the page, asked again: the old answer and today's side by side."""
    settings = settings_of(data)
    if list_only:  # needs no library, so the app may be running
        report = replay(conversations_of(settings), None, None, good, ignore)
    else:
        with progress() as shown, Library.open(settings) as library:
            report = replay(library.conversations, library.ask, model, good, shown)
    _give(report, replay_tables(report), save, as_json=as_json)


def _ranked(
    dataset: Dataset, keep: Path | None, evaluate: Callable[[Dataset, Ranker, IndexFacts, OnProgress], R]
) -> R:
    """Index a data set and ask its questions."""
    with progress() as shown, indexed(dataset, Settings.load(), keep, shown) as index:
        return evaluate(dataset, Ranker(index.library.search, index.keys), index.facts, shown)


def _sample(settings: Settings) -> tuple[list[Path], list[Path]]:
    """The sample questions, which only a checkout has, and the sample library."""
    if not SAMPLE.is_file():
        raise NothingThere(
            "The sample questions are not here: name yours, --questions FILE.json --folder DIR."
        )
    return [SAMPLE], [settings.corpus]


def _saved(folder: Path) -> Path:
    """Byline's own set, which a program makes that only a checkout has, in a folder."""
    if not _SAVED.is_file():
        raise NothingThere("The sample pages are not here: name a folder of yours with a labels.json.")
    subprocess.run([sys.executable, str(_SAVED), str(folder)], check=True, stdout=subprocess.DEVNULL)
    return folder


def _give(
    report: Mapping[str, Any], shown: Iterable[Table | str], save: Path | None, *, as_json: bool
) -> None:
    """Print a report, as JSON or as tables, and save it where that is asked for."""
    if save:
        try:
            save.parent.mkdir(parents=True, exist_ok=True)
            save.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
        except OSError as error:
            raise NotPermitted(f"{save} cannot be written: {error.strerror}. Name another file.") from error
    if as_json:
        print_json(report)
        return
    console = Console(highlight=False, markup=False)
    for part in shown:
        console.print(part)
