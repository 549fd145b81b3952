"""`python -m rag eval`: reads a data set, builds a library of it, prints figures. Its JSON is a contract."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from rag.console import AsJson, print_json, progress
from rag.errors import NotPermitted
from rag.evaluating import charts, tables
from rag.evaluating.headlines import evaluate_headlines
from rag.evaluating.indexing import indexed
from rag.evaluating.news import read_news
from rag.evaluating.parallel import read_parallel
from rag.evaluating.ranking import Ranker
from rag.evaluating.retrieval import evaluate_retrieval
from rag.settings import Settings

eval_app = typer.Typer(
    help="Measure how well Byline finds what is there.", no_args_is_help=True, rich_markup_mode=None
)

Keep = Annotated[Path | None, typer.Option("--keep", help="Keep the index in this folder, and use it again.")]
Picture = Annotated[Path | None, typer.Option("--picture", help="Draw the figures: a .svg or .png file.")]
Save = Annotated[Path | None, typer.Option("--save", help="Write the JSON to this file as well.")]
Limit = Annotated[
    int | None, typer.Option("--limit", min=1, help="Only the first N questions of each language.")
]


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
    with progress() as shown, indexed(dataset, Settings.load(), keep, shown) as index:
        ranker = Ranker(index.library.search, index.keys)
        report = evaluate_retrieval(dataset, ranker, index.facts, shown)
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
    with progress() as shown, indexed(dataset, Settings.load(), keep, shown) as index:
        ranker = Ranker(index.library.search, index.keys)
        report = evaluate_headlines(dataset, ranker, index.facts, shown)
    _give(report, tables.headlines_tables(report), save, as_json=as_json)
    if picture:
        charts.save(charts.headlines_chart(report), picture)


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
