"""`python -m rag eval`: index a data set, ask its questions, print figures. The JSON is a contract."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from rag.cli.console import AsJson, Data, print_json, progress, settings_of
from rag.errors import NothingThere, NotPermitted
from rag.evaluation import folder_library, report_charts, report_tables
from rag.evaluation.claim_pairs import read_pairs
from rag.evaluation.claim_swaps import ClauseCheck, evaluate_claims
from rag.evaluation.cross_lingual_search import evaluate_retrieval
from rag.evaluation.dataset_index import IndexFacts, indexed
from rag.evaluation.datasets import Dataset
from rag.evaluation.examined_library import examined
from rag.evaluation.extraction_quality import evaluate_reading, read_labels
from rag.evaluation.headline_search import evaluate_headlines
from rag.evaluation.news_data import read_news
from rag.evaluation.parallel_data import read_parallel
from rag.evaluation.question_sets import SAMPLE, read_questions
from rag.evaluation.ranking import Ranker
from rag.evaluation.replay import replay, replay_tables
from rag.evaluation.report_card import evaluate_card
from rag.evaluation.rgb_data import MEASURES, PASSAGES_PER_QUESTION, measure_of, read_rgb
from rag.evaluation.rgb_measures import evaluate_answers
from rag.library import Library, conversations_of
from rag.progress import OnProgress, ignore
from rag.settings import Settings

if TYPE_CHECKING:
    from altair import HConcatChart

R = TypeVar("R")

eval_app = typer.Typer(
    help="Measure how well Byline finds passages, answers questions and verifies answers.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Keep = Annotated[Path | None, typer.Option("--keep", help="Keep the index in this folder, and reuse it.")]
Picture = Annotated[Path | None, typer.Option("--picture", help="Draw the figures: a .svg or .png file.")]
Save = Annotated[Path | None, typer.Option("--save", help="Write the JSON to this file as well.")]
LanguageLimit = Annotated[
    int | None, typer.Option("--limit", min=1, help="Only the first N questions of each language.")
]

QuestionLimit = Annotated[int | None, typer.Option("--limit", min=1, help="Only the first N questions.")]

_PAIRS = SAMPLE.with_name("claims.json")


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
    limit: LanguageLimit = None,
    as_json: AsJson = False,
) -> None:
    """Cross-lingual retrieval: parallel passages and questions in several languages."""
    report_charts.check_picture(picture)
    dataset = read_parallel(passages, questions, languages.split(",")).limited(limit)
    report = _search_report(dataset, keep, evaluate_retrieval)
    _show(report, report_tables.retrieval_tables(report), save, as_json=as_json)
    _draw(report, report_charts.retrieval_chart, picture)


@eval_app.command("headlines")
def _headlines(
    files: Annotated[
        list[Path], typer.Argument(help='JSONL: {"id", "lang", "title", "text", "date", "url"}')
    ],
    keep: Keep = None,
    picture: Picture = None,
    save: Save = None,
    limit: LanguageLimit = None,
    as_json: AsJson = False,
) -> None:
    """Known-item retrieval: find each news article by its headline, or by a sentence of its second half."""
    report_charts.check_picture(picture)
    dataset = read_news(files).limited(limit)
    report = _search_report(dataset, keep, evaluate_headlines)
    _show(report, report_tables.headlines_tables(report), save, as_json=as_json)
    _draw(report, report_charts.headlines_chart, picture)


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
    limit: QuestionLimit = None,
    as_json: AsJson = False,
) -> None:
    """Make a model's report card: right answers, citations, refusals and speed."""
    report_charts.check_picture(picture)
    settings = Settings.load()
    files, articles = _sample(settings) if not questions and not folder else (questions, folder)
    if not files or not articles:
        raise NothingThere("card_needs_both")
    question_list = read_questions(files)[:limit]
    with progress() as on_progress, examined(settings, keep) as library:
        examined_model = library.model(model)
        index = folder_library.index(library, articles, on_progress)
        folder_library.check_articles(library, question_list)
        report = evaluate_card(question_list, library, examined_model, index, on_progress)
    _show(report, report_tables.card_tables(report), save, as_json=as_json)
    _draw(report, report_charts.card_chart, picture)


@eval_app.command("answers")
def _answers(
    rgb: Annotated[Path, typer.Option("--rgb", help="A JSONL file of RGB: zh_refine, zh_int, en_fact ...")],
    noise: Annotated[float, typer.Option(help="Share of passages without the answer; 1: all.")] = 0.0,
    measure: Annotated[
        str | None, typer.Option(help=f"{', '.join(MEASURES)}; by default that of the file.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="The model that answers.")] = None,
    prompt_tokens: Annotated[int, typer.Option(min=100, help="Token budget of the passages.")] = 1500,
    save: Save = None,
    limit: QuestionLimit = None,
    as_json: AsJson = False,
) -> None:
    """RGB (Chen et al. 2024): answers from noisy, scattered or false passages."""
    items = read_rgb(rgb)[:limit]
    rgb_measure = measure_of(items, noise, measure)
    settings = Settings.load().model_copy(
        update={"passages": PASSAGES_PER_QUESTION, "prompt_tokens": prompt_tokens}
    )
    with progress() as on_progress, examined(settings) as library:
        report = evaluate_answers(
            items, rgb.name, rgb_measure, noise, library, library.model(model), on_progress
        )
    _show(report, report_tables.answers_tables(report), save, as_json=as_json)


@eval_app.command("claims")
def _claims(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help='JSON: [{"id", "text", "language", "passage", "passage_language", "claims"}]'),
    ] = None,
    misses: Annotated[
        bool, typer.Option("--misses", help="List the values missed and the sentences flagged.")
    ] = False,
    save: Save = None,
    as_json: AsJson = False,
) -> None:
    """Measure the check of figures, dates and names: false values noticed, true sentences flagged."""
    if not files and not _PAIRS.is_file():
        raise NothingThere("sample_sentences_missing")
    pairs = read_pairs(files or [_PAIRS])
    report = evaluate_claims(pairs, ClauseCheck())
    _show(report, report_tables.claims_tables(report, misses=misses), save, as_json=as_json)


@eval_app.command("reading")
def _reading(
    folder: Annotated[
        Path | None,
        typer.Argument(
            help="The folder of saved pages and documents, with a labels.json.", show_default=False
        ),
    ] = None,
    save: Save = None,
    as_json: AsJson = False,
) -> None:
    """Text extraction from saved pages and documents: text, title, date and language."""
    if folder is None:
        raise NothingThere("sample_pages_missing")
    with progress() as on_progress:
        report = evaluate_reading(folder, read_labels(folder), on_progress)
    _show(report, report_tables.reading_tables(report), save, as_json=as_json)


@eval_app.command("replay")
def _replay(
    model: Annotated[
        str | None, typer.Option(help="The model that answers now; each answer's own, if none.")
    ] = None,
    good: Annotated[bool, typer.Option("--good", help="Answers rated good instead of bad.")] = False,
    list_only: Annotated[bool, typer.Option("--list", help="Only list the answers.")] = False,
    data: Data = None,
    save: Save = None,
    as_json: AsJson = False,
) -> None:
    """Ask the questions of rated answers again; show old and new answers."""
    settings = settings_of(data)
    if list_only:  # needs no open library, so the app may be running
        with conversations_of(settings) as conversations:
            report = replay(conversations, None, None, good, ignore)
    else:
        with progress() as on_progress, Library.open(settings) as library:
            report = replay(library.conversations, library.ask, model, good, on_progress)
    _show(report, replay_tables(report), save, as_json=as_json)


def _search_report(
    dataset: Dataset, keep: Path | None, evaluate: Callable[[Dataset, Ranker, IndexFacts, OnProgress], R]
) -> R:
    """Index a data set, rank its documents for every question, and evaluate the rankings."""
    with progress() as on_progress, indexed(dataset, Settings.load(), keep, on_progress) as index:
        return evaluate(dataset, Ranker(index.library.search, index.keys), index.facts, on_progress)


def _draw(report: R, chart: Callable[[R], HConcatChart], picture: Path | None) -> None:
    """Save a report's chart if `picture` names a file."""
    if picture:
        report_charts.save(chart(report), picture)


def _sample(settings: Settings) -> tuple[list[Path], list[Path]]:
    """Return the sample questions and the folder of the sample library, which only a checkout has."""
    if not SAMPLE.is_file():
        raise NothingThere("sample_questions_missing")
    return [SAMPLE], [settings.corpus]


def _show(
    report: Mapping[str, Any], tables: Iterable[Table | str], save: Path | None, *, as_json: bool
) -> None:
    """Print a report as JSON or as tables, and save it if `save` names a file."""
    if save:
        try:
            save.parent.mkdir(parents=True, exist_ok=True)
            save.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
        except OSError as error:
            raise NotPermitted("file_not_saved", path=save, why=error.strerror) from error
    if as_json:
        print_json(report)
        return
    console = Console(highlight=False, markup=False)
    for part in tables:
        console.print(part)
