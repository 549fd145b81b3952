"""Small data sets for the tests of `eval`, and a search that finds what it is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from examples import hit

from rag.evaluation.ranking import Ranker
from rag.library import Library
from rag.llm.configured import models_of
from rag.settings import Settings
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Filters, Hit

PASSAGES = [
    {
        "id": "lantern",
        "en": "The lantern of Cape Orsay was lit by keeper Mabel Thorne.\nIt burns *whale* oil, [1] and <nothing> else.",
        "fr": "La lanterne du cap Orsay fut allumée par la gardienne Mabel Thorne.",
        "zh": "奥赛角的灯塔由守塔人梅布尔点亮。",
    },
    {
        "id": "orchard",
        "en": "Nine hundred pear trees grow in the orchard behind the monastery.",
        "fr": "Neuf cents poiriers poussent dans le verger derrière le monastère.",
        "zh": "修道院后面的果园里种着九百棵梨树。",
    },
    {
        "id": "ferry",
        "en": "The ferry crosses the strait twice a day and carries forty lorries.",
        "fr": "Le traversier franchit le détroit deux fois par jour avec quarante camions.",
        "zh": "渡轮每天两次穿越海峡,运载四十辆卡车。",
    },
]
QUESTIONS = [
    {
        "id": "q1",
        "passage": "orchard",
        "q": {
            "en": "How many pear trees grow in the orchard?",
            "fr": "Combien de poiriers poussent dans le verger ?",
            "zh": "果园里种着多少棵梨树?",
        },
    },
    {
        "id": "q2",
        "passage": "ferry",
        "q": {
            "en": "How many lorries does the ferry carry across the strait?",
            "fr": "Combien de camions le traversier porte-t-il dans le détroit ?",
            "zh": "渡轮运载多少辆卡车?",
        },
    },
]


def jsonl(path: Path, rows: Sequence[Any]) -> Path:
    """Write rows, one a line; a string is written as it is."""
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def opener(embedder: HashEmbedder | None = None) -> Callable[[Settings], Library]:
    """What opens libraries with a quick embedder."""
    quick = embedder or HashEmbedder()
    return lambda settings: Library(settings, Store(settings.data, quick), quick, models_of(settings))


def ranker_of(found: Mapping[tuple[str, tuple[str, ...]], Sequence[str]]) -> Ranker:
    """A ranker whose search finds articles by the question and the languages it is held to."""

    def search(question: str, k: int, filters: Filters) -> list[Hit]:
        return [hit("A passage.", title=key) for key in found.get((question, filters.languages), ())][:k]

    keys = {key for row in found.values() for key in row}
    return Ranker(search, {f"/{key}.txt": key for key in keys})
