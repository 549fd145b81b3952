"""Reports as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from rag.evaluating.headlines import HeadlinesReport
from rag.evaluating.indexing import IndexFacts
from rag.evaluating.measures import Figures
from rag.evaluating.ranking import SearchTimes
from rag.evaluating.retrieval import RetrievalReport

_SHOWN = 5
"""Skipped documents that are named."""


def retrieval_tables(report: RetrievalReport) -> Iterator[Table | str]:
    """The share matrix, the measures by language, and the facts around them."""
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
    """The measures by language, and the facts around them."""
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


def counted(n: int, noun: str) -> str:
    """A number and its noun, in the plural where it is not one."""
    return f"{n:,} {noun}{'s' * (n != 1)}"


def _table(title: str, corner: str, rows: Mapping[str, Figures]) -> Iterator[Table | str]:
    """A heading and the table under it; rich would wrap a title to the table's width."""
    yield f"\n{title}"
    columns = list(dict.fromkeys(name for row in rows.values() for name in row))
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(corner)
    for name in columns:
        table.add_column(name, justify="right")
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
        for one in skipped[:_SHOWN]:
            yield f"  {one['source']}: {one['reason']}"


def _search_line(times: SearchTimes) -> str:
    return (
        f"a search for {times['hits']} passages: median {times['median_ms']:.1f} ms,"
        f" p95 {times['p95_ms']:.1f} ms ({times['searches']:,} timed)"
    )
