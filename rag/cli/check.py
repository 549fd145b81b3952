"""`python -m rag check`: verify given sentences against given passages, or a draft against the library."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from rag.answering.verifier import ClauseVectors, check_against
from rag.cli.console import AsJson, Data, print_json, say, settings_of, write_file
from rag.drafts import notes
from rag.drafts.checked_draft import CheckedSentence, counts
from rag.embedding.load import load_embedder
from rag.errors import ModelMissing, NothingThere
from rag.evaluation.datasets import language_code
from rag.evaluation.json_rows import JsonRow, read_list
from rag.service import json_output
from rag.service.open_library import open_library
from rag.settings import Settings
from rag.store.kept_means import language_means_of
from rag.types import ArticleInfo, Hit, Passage, Sentence
from rag.verification.support import QuestionText

_EXAMPLE = '{"sentence": a text, "language": "en", "passages": [{"text": ..., "language": "en"}]}'


Rows = Annotated[
    Path | None,
    typer.Argument(help='JSON: [{"sentence", "language", "question"?, "passages": [{"text", "language"}]}]'),
]
Draft = Annotated[
    Path | None, typer.Option("--draft", help="A text whose sentences are looked up in the library.")
]
Save = Annotated[
    Path | None,
    typer.Option("--save", help="With --draft: write it with notes to this Markdown file."),
]


def check(
    file: Rows = None, draft: Draft = None, save: Save = None, data: Data = None, as_json: AsJson = False
) -> None:
    """Check given sentences against given passages, or with --draft a text against the library."""
    if draft is not None:
        _check_draft(draft, save, data, as_json)
        return
    if file is None:
        raise NothingThere("nothing_to_check")
    rows = read_list(file, "sentence", _EXAMPLE)
    vectors = _vectors(Settings.load())
    results = [_result(row, vectors) for row in rows]
    if as_json:
        print_json(results)
        return
    for row, result in zip(rows, results, strict=True):
        reason = f"  ({result['reason']})" if result["reason"] else ""
        typer.echo(f"{result['support']:11} {row.text('sentence')}{reason}")


def _check_draft(file: Path, save: Path | None, data: Path | None, as_json: bool) -> None:
    """Check a draft, print each sentence when it is checked, and save it with notes if asked to."""
    text = _read_text(file)
    with open_library(settings_of(data)) as library:
        found = []
        for one in library.check_draft(text):
            found.append(one)
            if not as_json:
                _print_sentence(one)
        language = library.language_of(text)
    if save is not None:
        write_file(save, notes.with_notes(text, found, language).encode())
    if as_json:
        print_json({"counts": counts(found), "sentences": [json_output.checked_sentence(x) for x in found]})
    else:
        say(notes.summary(found, "en"))


def _read_text(file: Path) -> str:
    """Read a text in UTF-8. Raises NothingThere."""
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text in UTF-8"
        raise NothingThere("file_unreadable", path=file, why=why) from error


def _print_sentence(one: CheckedSentence) -> None:
    say(f"{notes.SIGNS[one.finding] or '·'} {one.finding:11} {' '.join(one.text.split())}")
    for line in notes.differences(one, "en"):
        say(f"    {line}")
    for backing in one.backings:
        say(f"    “{' '.join(backing.text.split())}”\n      {json_output.reference(backing.article)}")


def _vectors(settings: Settings) -> ClauseVectors | None:
    """Return the vectors of clauses; None if the embedding model is not on this machine."""
    try:
        embedder = load_embedder(settings)
    except ModelMissing:
        return None
    means = language_means_of(embedder, settings.models)
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
