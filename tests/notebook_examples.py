"""Exchanges with parts that can be kept in a notebook."""

from __future__ import annotations

from dataclasses import replace

from ui_examples import ARTICLE, CITED, answer, hit

from rag.conversations import Exchange
from rag.events import Answered
from rag.types import Quote, Sentence

OPENED = "The harbour opened in March."


SHIPS = "Two ships came 🚢 in."


def answered(**more: object) -> Exchange:
    quote = Quote(1, 0, len(OPENED), 2.0)
    return Exchange(id="x1", question="When?", model="small").after(Answered(answer(quotes=(quote,), **more)))


def timeline() -> Exchange:
    """Two dated entries, the second told by another article, too."""
    other = replace(ARTICLE, id="a2", title="Ships", outlet="Le Quai")
    hits = (hit(), hit(article=other))
    at = CITED.index(SHIPS)
    spans = ((1, 0, len(OPENED)), (1, at, at + len(SHIPS)), (2, at, at + len(SHIPS)))
    told = answer(
        f"Two entries.\n- 9 Mar 2025 · “{OPENED}” — Quay News [1]\n- ~ Apr 2025 · “{SHIPS}” — Quay News [1][2]",
        sentences=(Sentence(OPENED, (1,), "supported"), Sentence(SHIPS, (1, 2), "supported")),
        quotes=tuple(Quote(n, a, b, 1.0) for n, a, b in spans),
        kind="timeline",
    )
    return Exchange(id="x2", question="A timeline?", model="").after(
        Answered(replace(told, hits=hits, model=""))
    )
