"""Question sets: JSON lists of questions with what answers them, as in tests/questions/."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.documents import Turn
from rag.errors import NothingThere
from rag.evaluating.datasets import language_code
from rag.evaluating.judging import Accept
from rag.evaluating.rows import Row, all_texts, read_list

_EXAMPLE = '{"q": a question, "accept": ...}'


SAMPLE = Path(__file__).parents[2] / "tests" / "questions" / "corpus.json"
"""Questions about the sample library, which only a checkout has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and what is known of its answer.

    `articles` are the ends of the paths of all articles that hold it; without them the right answer is
    none. `history` is the conversation before it.
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
        """Whether the articles hold an answer."""
        return bool(self.articles)

    def holds(self, source: str) -> bool:
        """Whether the article of a file is one that holds the answer."""
        parts = Path(source).parts
        ends = (Path(article).parts for article in self.articles)
        return any(parts[-len(end) :] == end for end in ends)


def read_questions(files: Sequence[Path]) -> list[Asked]:
    """The questions of all files: {"q", "language", "kind", "articles", "accept"}, "id" and "history" too.

    See rag.evaluating.judging.Accept for `accept`; turns of "history" are {"q", "a"}. Raises
    NothingThere, naming file and question, where one cannot be used.
    """
    questions = [
        _question(row, n) for file in files for n, row in enumerate(read_list(file, "question", _EXAMPLE), 1)
    ]
    if not questions:
        raise NothingThere(f"{', '.join(file.name for file in files)}: there is no question in it.")
    return questions


def _question(row: Row, number: int) -> Asked:
    articles, accept = _texts(row, "articles"), _accept(row)
    if bool(articles) != bool(accept):
        raise NothingThere(f'{row.where}: "articles" and "accept" are both filled, or both empty.')
    return Asked(
        id=row.optional("id") or str(number),
        text=row.text("q"),
        language=language_code(row.text("language"), row.where),
        kind=row.optional("kind") or ("same" if articles else "none"),
        articles=articles,
        accept=accept,
        history=_history(row),
        where=row.where,
    )


def _history(row: Row) -> tuple[Turn, ...]:
    turns = row.values.get("history") or []
    try:
        return tuple(Turn(str(turn["q"]), str(turn["a"])) for turn in turns)
    except (TypeError, KeyError) as error:
        raise NothingThere(f'{row.where}: "history" must be a list of {{"q": ..., "a": ...}}.') from error


def _accept(row: Row) -> tuple[tuple[str, ...], ...]:
    alternatives = row.values.get("accept") or []
    spelled = isinstance(alternatives, list) and all(
        _are_texts(groups) and all(_are_texts(group.split("|")) for group in groups)
        for groups in alternatives
    )
    if not spelled:
        raise NothingThere(
            f'{row.where}: "accept" must be a list of alternatives, each a list of groups such as "8|eight".'
        )
    return tuple(map(tuple, alternatives))


def _texts(row: Row, key: str) -> tuple[str, ...]:
    values = row.values.get(key) or []
    if values and not _are_texts(values):
        raise NothingThere(f'{row.where}: "{key}" must be a list of texts.')
    return tuple(values)


def _are_texts(values: Any) -> bool:
    """A list of texts, none of them empty: "" would be in every answer."""
    return isinstance(values, list) and bool(values) and all_texts(values)
