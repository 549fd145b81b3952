"""Measures how often the answering sentence is among the quotations that are shown before any model writes.

python bench/quotations.py [QUESTIONS.json ARTICLES_FOLDER]

By default the report card's questions about the sample library. A quotation counts where it has half of the
four-letter sequences of the question's `note`, which is the answering sentence of the article, or contains an
accepted answer. Follow-ups are left out.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
import unicodedata
from collections import defaultdict
from importlib.resources import files
from pathlib import Path
from statistics import median
from typing import Any

from rag.evaluation.judgement import accepted
from rag.events import Retrieved
from rag.library import Library
from rag.settings import Settings
from rag.types import SHOWN_QUOTES

MIN_SHARE = 0.5
"""Share of the note's four-letter sequences from which a text has it. Not fitted."""


def main() -> None:
    settings = Settings.load()
    sample = files("rag.evaluation") / "questions" / "corpus.json"
    questions, articles = (Path(given) for given in sys.argv[1:3] or (str(sample), settings.corpus))
    rows = [row for row in json.loads(questions.read_text("utf-8")) if row["articles"] and not row["history"]]
    results, times = defaultdict[str, list[list[bool]]](list), list[float]()
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(settings.model_copy(update={"data": Path(folder)})) as library,
    ):
        library.ingest([articles])
        library.search("?")
        for row in rows:
            began = time.perf_counter()
            event = retrieved(library, row["q"])
            times.append(1000 * (time.perf_counter() - began))
            results[row["kind"]].append(judged(event, row))
    for kind, outcomes in results.items():
        first, shown, prompt, found = (sum(column) for column in zip(*outcomes, strict=True))
        print(f"{kind}, {len(outcomes)}: first {first}, shown {shown}, in the prompt {prompt}, found {found}")
    print(f"milliseconds to the quotations: median {median(times):.0f}, longest {max(times):.0f}")


def retrieved(library: Library, question: str) -> Retrieved:
    """The event with the quotations; the answer is not generated."""
    events = library.ask(question)
    for event in events:
        if isinstance(event, Retrieved):
            return event
    raise AssertionError("no passages")


def judged(event: Retrieved, row: dict[str, Any]) -> list[bool]:
    """Whether the first quotation, one that is shown, a passage read, and a passage found has the answer."""
    found = (*event.hits, *event.unused)
    shown = [found[q.n - 1].passage.text[q.start : q.end] for q in event.quotes[:SHOWN_QUOTES]]
    has = [_holds(text, row) for text in shown]
    read = [_holds(hit.passage.text, row) for hit in found]
    return [any(has[:1]), any(has), any(read[: len(event.hits)]), any(read)]


def _holds(text: str, row: dict[str, Any]) -> bool:
    wanted = _sequences(row["note"])
    return len(wanted & _sequences(text)) >= MIN_SHARE * len(wanted) or accepted(text, row["accept"])


def _sequences(text: str) -> set[str]:
    letters = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())
    return {letters[i : i + 4] for i in range(len(letters) - 3)}


if __name__ == "__main__":
    main()
