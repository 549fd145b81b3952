"""Format reports as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from rag.evaluation.claim_swaps import ClaimsReport, PairOutcome, Shares, missed
from rag.evaluation.cross_lingual_search import RetrievalReport
from rag.evaluation.dataset_index import IndexFacts
from rag.evaluation.extraction_quality import TARGETS as READING_TARGETS
from rag.evaluation.extraction_quality import ReadingReport
from rag.evaluation.headline_search import HeadlinesReport
from rag.evaluation.measures import Figures
from rag.evaluation.ranking import SearchTimes
from rag.evaluation.report_card import TARGETS, CardReport, CardScores
from rag.evaluation.rgb_measures import AnswersReport

MAX_SKIPPED_LISTED = 5
"""Maximum number of skipped documents listed. Not fitted."""
RATES = {
    "right": "right",
    "cited_rightly": "cited rightly",
    "refused_rightly": "refused rightly",
    "wrongly_refused": "wrongly refused",
    "in_language": "in the question's language",
}
"""Labels of the shares of a report card."""
_READING_LABELS = {
    "text": "text, token F1",
    "title": "title",
    "date": "date",
    "language": "language",
}
"""Labels of the figures of text extraction."""
_RGB_LABELS = {
    "noise": "noise robustness",
    "rejection": "negative rejection",
    "integration": "information integration",
    "counterfactual": "counterfactual robustness",
}
"""Labels of RGB's measures, as in the paper."""


def retrieval_tables(report: RetrievalReport) -> Iterator[Table | str]:
    """Format the share matrix, the measures by language, and facts about index and search."""
    data, found, others = report["data"], report["all_languages"], report["other_languages"]
    yield f"in each language {counted(data['passages'], 'passage')}, {counted(data['questions'], 'question')}"
    yield from _index_lines(report["index"])
    share = {code: {**row, "mean": sum(row.values()) / len(row)} for code, row in found["share"].items()}
    yield from _table("Each version of the right passage among the first 20 articles", "question", share)
    worst = found["share_worst"]
    yield (
        f"mean {found['share_mean']:.3f}, worst {worst['value']:.3f}"
        f" ({worst['question']} question, {worst['passage']} passage)"
    )
    yield from _table(
        "All languages in one index", "question", {**found["by_language"], "mean": found["mean"]}
    )
    if others:
        rows = {**others["by_language"], "mean": others["mean"]}
        yield from _table("Only passages in other languages than the question's", "question", rows)
    yield _search_line(report["search"])


def headlines_tables(report: HeadlinesReport) -> Iterator[Table | str]:
    """Format the measures by language, and facts about index and search."""
    data = report["data"]
    for code, asked in data["asked"].items():
        kinds = f"{counted(asked['titles'], 'title')} and {counted(asked['sentences'], 'sentence')}"
        yield f"{code}: {counted(asked['articles'], 'article')}, asked for by {kinds}"
    yield f"with a title that another has too: {counted(data['repeated_titles'], 'article')}"
    yield from _index_lines(report["index"])
    yield from _table(
        "Title, or sentence, to its article", "language", {**report["by_language"], "mean": report["mean"]}
    )
    yield _search_line(report["search"])


def card_tables(report: CardReport) -> Iterator[Table | str]:
    """Format the shares with their targets, the times, and both by language and kind."""
    overall = report["overall"]
    yield f"{report['model']['name']}, {counted(overall['questions'], 'question')}"
    yield from _index_lines(report["index"])
    if report["failed"]:
        yield f"the engine failed at {counted(report['failed'], 'question')}; they count as wrong"
    table = _columns("", "share", "target")
    for key, name in RATES.items():
        sign = "at most" if key == "wrongly_refused" else "at least"
        target = f"{sign} {TARGETS[key]:.2f}" if key in TARGETS else ""
        table.add_row(name, _share(overall[key]), target)  # type: ignore[literal-required]
    table.add_row("citations on an article with the answer", _share(overall["citation_precision"]), "")
    yield table
    yield times_line(overall)
    if report["peak_memory_mb"] is not None:
        yield f"Peak memory {report['peak_memory_mb']:,.0f} MB"
    for corner, rows in (("language", report["by_language"]), ("kind", report["by_kind"])):
        yield f"\nBy {corner} of the question"
        yield _share_table(corner, rows)
        yield _time_table(corner, rows)


def answers_tables(report: AnswersReport) -> Iterator[Table | str]:
    """Format RGB's figures and the times."""
    data, asked = report["data"], report["answers"]
    yield (
        f"{report['model']['name']}, {data['file']}: {_RGB_LABELS[data['measure']]} "
        f"at noise {data['noise']:g}, {counted(len(asked), 'question')}, {data['passages']} passages each"
    )
    if data["left_out"]:
        yield f"without a passage, and left out: {counted(data['left_out'], 'question')}"
    if report["failed"]:
        yield f"the engine failed at {counted(report['failed'], 'question')}; they count as answered wrongly"
    table = _columns("", "share")
    for name, value in report["figures"].items():
        table.add_row(name.replace("_", " "), _share(value))
    yield table
    first, whole, tokens = (report["medians"][key] for key in ("first_word_ms", "answer_ms", "prompt_tokens"))
    yield f"Medians: first word {_ms(first)}, whole answer {_ms(whole)}, prompt {_round(tokens)} tokens"


def claims_tables(report: ClaimsReport, *, misses: bool) -> Iterator[Table | str]:
    """Format the shares by kind and languages; with `misses`, also each missed value and flagged sentence."""
    overall = report["overall"]
    counts = (counted(overall[key], key[:-1]) for key in ("sentences", "claims", "swaps"))
    yield f"{', '.join(counts)}; a check takes {report['sentence_ms']} ms (median)"
    passages = {f"{name} language": row for name, row in report["by_passage"].items()}
    yield _claims_table("passage", {**passages, "all": overall})
    yield _claims_table("kind", report["by_kind"])
    yield _claims_table("languages", report["by_languages"])
    if misses:
        yield "\n".join(_misses(report))


def times_line(overall: CardScores) -> str:
    """Summarise a reader's waiting times in a sentence."""
    return (
        f"First word: median {_ms(overall['first_word_ms'])}, p90 {_ms(overall['first_word_p90_ms'])}; "
        f"whole answer: {_ms(overall['answer_ms'])}; "
        f"{_round(overall['tokens_per_second'], 1)} tokens/s; "
        f"prompt {_round(overall['prompt_tokens'])} tokens"
    )


def counted(n: int, noun: str) -> str:
    """Format a count with its noun in the right number."""
    return f"{n:,} {noun}{'s' * (n != 1)}"


def _table(title: str, corner: str, rows: Mapping[str, Figures]) -> Iterator[Table | str]:
    """Yield a heading and its table separately, because rich wraps a title to the table's width."""
    yield f"\n{title}"
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    table = _columns(corner, *columns)
    for name, row in rows.items():
        table.add_row(name, *_figures(row, columns))
    yield table


def _figures(row: Figures, columns: Sequence[str]) -> Iterator[str]:
    for name in columns:
        yield f"{row[name]:.3f}" if name in row else ""


def _index_lines(facts: IndexFacts) -> Iterator[str]:
    made = "kept from before" if facts["reused"] else f"indexed in {facts['seconds']:,.1f} s"
    counts = f"{counted(facts['articles'], 'article')}, {counted(facts['passages'], 'passage')}"
    yield f"{counts}, {made}, {facts['embedder']}"
    if skipped := facts["skipped"]:
        yield f"what did not become an article: {counted(len(skipped), 'document')}"
        for one in skipped[:MAX_SKIPPED_LISTED]:
            yield f"  {one['source']}: {one['reason']}"


def _search_line(times: SearchTimes) -> str:
    return (
        f"a search for {times['hits']} passages: median {times['median_ms']:.1f} ms,"
        f" p95 {times['p95_ms']:.1f} ms ({times['searches']:,} timed)"
    )


def reading_tables(report: ReadingReport) -> Iterator[Table | str]:
    """Format the figures with their targets, those of trafilatura, and the errors."""
    overall = report["overall"]
    yield f"{counted(overall['articles'], 'article')} in saved pages and documents"
    table = _columns("", "all", "target", "pages", "trafilatura alone")
    for key, name in _READING_LABELS.items():
        row = (report[of][key] for of in ("overall", "pages", "trafilatura"))  # type: ignore[literal-required]
        own, pages, other = (f"{value:.3f}" for value in row)
        alone = "" if key == "language" else other  # trafilatura reports none
        table.add_row(name, own, f"{READING_TARGETS[key]:.2f}", pages, alone)
    table.add_row("days invented", *(str(report[of]["invented"]) for of in ("overall",)), "0",
                  str(report["pages"]["invented"]), str(report["trafilatura"]["invented"]))  # fmt: skip
    yield table
    for corner, rows in (("kind", report["by_kind"]), ("language", report["by_language"])):
        table = _columns(corner, "articles", *_READING_LABELS.values())
        for key, figures in rows.items():
            shares = (f"{figures[name]:.3f}" for name in _READING_LABELS)  # type: ignore[literal-required]
            table.add_row(key, str(figures["articles"]), *shares)
        yield table
    for one in report["wrong"]:
        yield "; ".join(f"{name} {said}" for name, said in one.items())


def _columns(*names: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for n, name in enumerate(names):
        table.add_column(name, justify="right" if n else "left")
    return table


def _share_table(corner: str, rows: Mapping[str, CardScores]) -> Table:
    table = _columns(corner, "n", "right", "cited", "refused", "wrongly refused", "language")
    for name, row in rows.items():
        table.add_row(name, str(row["questions"]), *(_share(row[key]) for key in RATES))  # type: ignore[literal-required]
    return table


def _time_table(corner: str, rows: Mapping[str, CardScores]) -> Table:
    table = _columns(corner, "first word", "p90", "whole answer", "tokens/s", "prompt tokens")
    for name, row in rows.items():
        times = map(_ms, (row["first_word_ms"], row["first_word_p90_ms"], row["answer_ms"]))
        table.add_row(name, *times, _round(row["tokens_per_second"], 1), _round(row["prompt_tokens"]))
    return table


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value / 1000:.1f} s"


def _round(value: float | None, digits: int = 0) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _claims_table(corner: str, rows: Mapping[str, Shares]) -> Table:
    table = _columns(corner, "swaps", "noticed", "sentences acc.", "claims", "accused", "unknown", "unseen")
    for name, row in rows.items():
        shares = (row["accused_claims"], row["unknown_claims"], row["unseen_claims"])
        sentences = _share(row["accused_sentences"])
        swaps = str(row["swaps"]), _share(row["noticed"])
        table.add_row(name, *swaps, sentences, str(row["claims"]), *map(_share, shares))
    return table


def _misses(report: ClaimsReport) -> Iterator[str]:
    """Yield a line for each wrongly flagged sentence and each false value that was not noticed."""
    for one in report["pairs"]:
        if one["accused"]:
            yield f"accused  {_languages(one)}  {', '.join(one['accused'])}  in: {one['text']}"
    for one, claim, swap in missed(report):
        yield f"missed  {_languages(one)}  {claim['kind']}: {claim['text']} → {swap['text']} ({swap['said']})"


def _languages(one: PairOutcome) -> str:
    return f"{one['id']} {one['language']}-{one['passage_language']}"
