"""Read question sets: JSON lists of questions with accepted answers, as in questions/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.errors import NothingThere
from rag.evaluation.datasets import language_code
from rag.evaluation.json_rows import JsonRow, all_texts, read_list
from rag.evaluation.judgement import Accept
from rag.types import Turn

_EXAMPLE = '{"q": a question, "accept": ...}'


SAMPLE = Path(__file__).parent / "questions" / "corpus.json"
"""Questions about the sample library, whose articles are only in a checkout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvalQuestion:
    """A question with its accepted answers.

    `articles` are the path suffixes of all articles that contain the answer; if empty, the question must be
    refused. `history` is the preceding conversation.
    """

    id: str
    text: str
    language: str
    kind: str
    articles: tuple[str, ...]
    accept: Accept
    history: tuple[Turn, ...]
    where: str

    @property
    def answerable(self) -> bool:
        """Tell whether the articles hold an answer."""
        return bool(self.articles)

    def holds(self, source: str) -> bool:
        """Tell whether the article of a file holds the answer."""
        parts = Path(source).parts
        ends = (Path(article).parts for article in self.articles)
        return any(parts[-len(end) :] == end for end in ends)


def read_questions(files: Sequence[Path]) -> list[EvalQuestion]:
    """Read the questions of all files.

    {"q", "language", "kind", "articles", "accept"}, optionally "id" and "history", a list of {"q", "a"};
    `accept` is a rag.evaluation.judgement.Accept. Raises NothingThere, naming file and question, if
    one is invalid.
    """
    questions = [
        _question(row, n) for file in files for n, row in enumerate(read_list(file, "question", _EXAMPLE), 1)
    ]
    if not questions:
        raise NothingThere("no_questions", files=", ".join(file.name for file in files))
    return questions


def _question(row: JsonRow, number: int) -> EvalQuestion:
    articles, accept = _texts(row, "articles"), _accept(row)
    if bool(articles) != bool(accept):
        raise NothingThere("articles_and_accept", where=row.where)
    return EvalQuestion(
        id=row.optional("id") or str(number),
        text=row.text("q"),
        language=language_code(row.text("language"), row.where),
        kind=row.optional("kind") or ("same" if articles else "none"),
        articles=articles,
        accept=accept,
        history=_history(row),
        where=row.where,
    )


def _history(row: JsonRow) -> tuple[Turn, ...]:
    turns = row.values.get("history") or []
    try:
        return tuple(Turn(str(turn["q"]), str(turn["a"])) for turn in turns)
    except (TypeError, KeyError) as error:
        raise NothingThere("history_field", where=row.where) from error


def _accept(row: JsonRow) -> tuple[tuple[str, ...], ...]:
    alternatives = row.values.get("accept") or []
    spelled = isinstance(alternatives, list) and all(
        _are_texts(groups) and all(_are_texts(group.split("|")) for group in groups)
        for groups in alternatives
    )
    if not spelled:
        raise NothingThere("accept_field", where=row.where)
    return tuple(map(tuple, alternatives))


def _texts(row: JsonRow, key: str) -> tuple[str, ...]:
    values = row.values.get(key) or []
    if values and not _are_texts(values):
        raise NothingThere("field_not_texts", where=row.where, key=key)
    return tuple(values)


def _are_texts(values: Any) -> bool:
    """Tell whether the values are a list of non-empty texts, because every answer contains ""."""
    return isinstance(values, list) and bool(values) and all_texts(values)
