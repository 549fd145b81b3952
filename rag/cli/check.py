"""`python -m rag check`: verify given sentences against given passages."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from rag.answering.verifier import ClauseVectors, check_against
from rag.cli.console import AsJson, print_json
from rag.embedding.language_means import measure_language_means
from rag.embedding.load import load_embedder
from rag.errors import ModelMissing, NothingThere
from rag.evaluation.datasets import language_code
from rag.evaluation.json_rows import JsonRow, read_list
from rag.settings import Settings
from rag.types import ArticleInfo, Hit, Passage, Sentence
from rag.verification.support import QuestionText

_EXAMPLE = '{"sentence": a text, "language": "en", "passages": [{"text": ..., "language": "en"}]}'


def check(
    file: Annotated[
        Path,
        typer.Argument(
            help='JSON: [{"sentence", "language", "question"?, "passages": [{"text", "language"}]}]'
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Check whether passages support sentences fully, partly or not, and why."""
    rows = read_list(file, "sentence", _EXAMPLE)
    vectors = _vectors(Settings.load())
    results = [_result(row, vectors) for row in rows]
    if as_json:
        print_json(results)
        return
    for row, result in zip(rows, results, strict=True):
        reason = f"  ({result['reason']})" if result["reason"] else ""
        typer.echo(f"{result['support']:11} {row.text('sentence')}{reason}")


def _vectors(settings: Settings) -> ClauseVectors | None:
    """The vectors of clauses; None where the embedding model is not on this machine."""
    try:
        embedder = load_embedder(settings)
    except ModelMissing:
        return None
    means = measure_language_means(embedder)
    return ClauseVectors(
        lambda texts, language: means.centre_passages(embedder.embed_passages(texts), [language] * len(texts))
    )


def _result(row: JsonRow, vectors: ClauseVectors | None) -> dict[str, Any]:
    language = language_code(row.text("language"), row.where)
    question = QuestionText(row.optional("question") or "", language)
    hits = [_hit(row, n, passage) for n, passage in enumerate(_passages(row), 1)]
    sentence = Sentence(row.text("sentence"), tuple(range(1, len(hits) + 1)))
    checked = check_against(sentence, hits, question, vectors)
    return {
        "support": checked.support,
        "reason": str(checked.reason or ""),
        "citations": list(checked.citations),
    }


def _passages(row: JsonRow) -> list[dict[str, Any]]:
    passages = row.values.get("passages")
    if not isinstance(passages, list) or not passages or not all(isinstance(p, dict) for p in passages):
        raise NothingThere("passages_field", where=row.where)
    return passages


def _hit(row: JsonRow, n: int, values: dict[str, Any]) -> Hit:
    passage = JsonRow(f"{row.where}, passage {n}", values)
    day, text = passage.optional("published"), passage.text("text")
    language = language_code(passage.text("language"), passage.where)
    try:
        published = date.fromisoformat(day) if day else None
    except ValueError as error:
        raise NothingThere("published_field", where=passage.where) from error
    article = ArticleInfo(
        id=str(n), source="", title=passage.optional("title") or "", language=language, published=published
    )
    return Hit(passage=Passage(str(n), 0, 0, len(text), text), article=article, score=0.0)
