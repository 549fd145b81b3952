"""Measures how often a passage is told to negate a question's premise (rag/verification/polarity.py).

python bench/premises.py PASSAGES QUESTIONS [PREMISES] prints, of XQuAD's questions in each language, how many
are told to be negated by the sentence with the answer and its neighbours: none should be. PREMISES has JSON
lines {"question", "language", "passage", "passage_language", "denied"}; the same is printed of them.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rag.text.sentences import sentence_spans
from rag.verification.analysed_text import AnalysedText
from rag.verification.polarity import denied

LANGUAGES = ("en", "zh", "vi", "ru")


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def around(text: str, language: str, answer: str) -> str:
    """Return the sentence with the answer, the one before, and the one after; "" without the answer."""
    at = text.find(answer)
    spans = list(sentence_spans(text, language))
    n = next((n for n, (start, end) in enumerate(spans) if start <= at < end), None)
    return "" if n is None else text[spans[max(0, n - 1)][0] : spans[min(len(spans) - 1, n + 1)][1]]


def xquad(passages: Path, questions: Path) -> Iterator[tuple[str, str, str, str, str]]:
    texts = {row["id"]: row for row in rows_of(passages)}
    for row in rows_of(questions):
        for code in LANGUAGES:
            if passage := around(texts[row["passage"]][code], code, row["a"][code]):
                yield f"XQuAD {code}", row["q"][code], code, passage, code


def written(path: Path) -> Iterator[tuple[str, str, str, str, str]]:
    for row in rows_of(path):
        kind = "denied" if row["denied"] else "true"
        across = "across" if row["language"] != row["passage_language"] else "same"
        yield f"{kind} {across}", row["question"], row["language"], row["passage"], row["passage_language"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("passages", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("premises", type=Path, nargs="?")
    options = parser.parse_args()
    rows = [*xquad(options.passages, options.questions)]
    rows += written(options.premises) if options.premises else []
    total, told = Counter[str](), Counter[str]()
    for kind, question, language, passage, passage_language in rows:
        total[kind] += 1
        told[kind] += bool(
            denied([AnalysedText(question, language)], AnalysedText(passage, passage_language))
        )
    for kind, n in total.items():
        print(f"{kind}: {told[kind]} of {n}")


if __name__ == "__main__":
    main()
