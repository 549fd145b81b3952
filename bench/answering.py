"""Measures the time to the first word and to the whole answer, and peak memory, on uncached prompts.

python bench/answering.py [QUESTIONS.json] [--data DIR] [--model NAME]

Without QUESTIONS.json, a list of {"q": ...}, it asks the sample library (`python -m rag setup`).
Every question is a new prompt, so that only the one-line role can come from the engine's cache.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from statistics import median

from rag.events import Answered, Failed, NotFound, Retrieved, Token, Unconfirmed
from rag.library import Library
from rag.settings import Settings

QUESTIONS = [
    "When did Vietnam and Russia hold their fourth defence dialogue?",
    "Qui a reçu le vice-ministre russe de la Défense à Hanoï ?",
    "加拿大和越南哪一年建交?",
    "Bệnh viện dã chiến của Việt Nam đóng ở đâu tại Nam Sudan?",
    "Сколько команд Вьетнам отправил на Армейские игры 2019 года?",
    "越南和中国的陆地边界有多长?",
    "What is the ADMM-Plus?",
    "Combien de documents ont été signés à Sotchi ?",
    "Кто руководит Тропическим центром?",
    "Khi nào Đông Timor gia nhập ASEAN?",
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--model")
    options = parser.parse_args()
    questions = (
        [row["q"] for row in json.loads(options.questions.read_text("utf-8"))]
        if options.questions
        else QUESTIONS
    )
    began = time.perf_counter()
    with Library.open(Settings.load(options.data)) as library:
        print(f"library opened in {time.perf_counter() - began:.1f} s")
        name = options.model or library.default_model()
        library.warm_up()
        rows = [measure(library, question, name) for question in dict.fromkeys(questions)]
    report(name, [row for row in rows if row])


def measure(library: Library, question: str, model: str) -> tuple[float, ...] | None:
    """Time one question: milliseconds to the passages, first word and end, of the check; prompt tokens.

    None where the model writes nothing.
    """
    began, passages, written = time.perf_counter(), 0.0, 0.0
    for event in library.ask(question, model=model):
        if isinstance(event, Retrieved):
            passages = (time.perf_counter() - began) * 1000
        elif isinstance(event, Token):
            written = (time.perf_counter() - began) * 1000
        elif isinstance(event, Failed):
            sys.exit(event.message)
        elif isinstance(event, Answered | Unconfirmed | NotFound):
            timings = event.answer.timings
            print(f"  {timings.total_ms / 1000:5.1f} s  {question}  ->  {event.answer.text}")
            if timings.first_token_ms is not None:
                check = timings.total_ms - written
                tokens = event.answer.prompt_tokens or 0
                return passages, timings.first_token_ms, timings.total_ms, check, tokens
    return None


def report(model: str, rows: list[tuple[float, ...]]) -> None:
    print(f"\n{model}, {len(rows)} fresh prompts, medians (slowest):")
    for name, values in zip(
        ("passages", "first word", "whole answer", "check"), zip(*rows, strict=True), strict=False
    ):
        print(f"  {name:<14}{median(values) / 1000:6.2f} s  ({max(values) / 1000:.2f})")
    print(f"  {'prompt':<14}{median(row[4] for row in rows):6.0f} tokens")
    own, engine = (
        resource.getrusage(of).ru_maxrss for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    peak = own + engine
    print(f"  {'peak memory':<14}{peak / (1 << 20 if sys.platform != 'darwin' else 1 << 30):6.2f} GB")


if __name__ == "__main__":
    main()
