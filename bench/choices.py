"""Ablates the scoring of retrieval: the same candidates, scored in several ways.

python bench/choices.py KEPT QUESTIONS.jsonl --languages en,zh,vi,ru [--every 1]

KEPT is the folder of `python -m rag eval retrieval ... --keep KEPT`. For each way: how often each version
of the right passage is among the first 20 (mean, worst pair of languages); how often the first hit is
right; the same among passages in other languages only, and within the first 5; and "scattered", where every
passage exists in one language only, which is how most libraries are.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import mean

import numpy as np

from rag.embedding.language_means import Vector
from rag.library import Library
from rag.retrieval.fusion import Candidates, FusionWeights, fuse
from rag.retrieval.retriever import Retriever
from rag.settings import Settings

Score = Callable[[Candidates], Vector]
WAYS: dict[str, Score] = {
    "dense, as the model gives it": lambda found: found.dense,
    "balanced": lambda found: fuse(found, FusionWeights(0, 0, 0)).total,
    "balanced, keywords": lambda found: fuse(found, FusionWeights(own=0, lead=0)).total,
    "balanced, keywords within a language": lambda found: fuse(found, FusionWeights(own=1, lead=0)).total,
    "balanced, keywords mostly within": lambda found: fuse(found, FusionWeights(lead=0)).total,
    "balanced, calibrated": lambda found: fuse(found, FusionWeights(0, 0)).total,
    "all, as Byline does it": lambda found: fuse(found).total,
    "all, keywords half as much": lambda found: fuse(found, FusionWeights(keywords=0.6)).total,
    "all, keywords twice": lambda found: fuse(found, FusionWeights(keywords=2.4)).total,
    "all, the whole lead taken off": lambda found: fuse(found, FusionWeights(lead=1)).total,
}


class RankedQuestion:
    """A question with its candidates, and the data set's row of each candidate."""

    def __init__(self, language: str, right: str, found: Candidates, rows: Sequence[str]) -> None:
        self.language, self.right, self.found, self.rows = language, right, found, np.array(rows)

    def first(self, score: Score, kept: Vector | None = None) -> list[tuple[str, str]]:
        """Rank rows with their language, without repetition; only candidates in `kept`."""
        keep = np.ones(len(self.rows), bool) if kept is None else kept
        if not keep.any():
            return []
        found = self.found
        part = Candidates(
            range(int(keep.sum())),
            found.languages[keep],
            found.near[keep],
            found.dense[keep],
            found.words[keep],
        )
        order = np.argsort(-score(part), kind="stable")
        pairs = zip(self.rows[keep][order], found.languages[keep][order], strict=True)
        return list(dict.fromkeys((str(row), str(language)) for row, language in pairs))


def ask(kept: Path, questions: Path, languages: Sequence[str], every: int) -> Iterator[RankedQuestion]:
    """Search for the candidates of every question in every language."""
    rows = [json.loads(line) for line in questions.read_text("utf-8").splitlines()][::every]
    with Library.open(Settings.load(kept / "library")) as library:
        store, retriever = library._store, library._retriever
        assert isinstance(retriever, Retriever)
        for row in rows:
            for language in languages:
                found = retriever.candidates(row["q"][language], 20, language=language)
                assert found
                known = store.ledger.passages(found.numbers)
                owners = [Path(known[number].article.source).stem for number in found.numbers]
                yield RankedQuestion(language, row["passage"], found, owners)


def figures(asked: Sequence[RankedQuestion], score: Score, languages: Sequence[str]) -> str:
    """Format one line of the table."""
    share: dict[tuple[str, str], list[bool]] = {}
    first, other1, other5, alone1, alone5 = (list[bool]() for _ in range(5))
    for one in asked:
        hits = one.first(score)
        first.append(hits[0][0] == one.right)
        for language in languages:
            share.setdefault((one.language, language), []).append((one.right, language) in hits[:20])
        others = [row for row, _ in one.first(score, one.found.languages != one.language)]
        other1.append(one.right in others[:1])
        other5.append(one.right in others[:5])
        homes = np.array([languages[sum(map(ord, row)) % len(languages)] for row in one.rows])
        scattered = [row for row, _ in one.first(score, one.found.languages == homes)]
        alone1.append(one.right in scattered[:1])
        alone5.append(one.right in scattered[:5])
    cells = [mean(cell) for cell in share.values()]
    values = [mean(cells), min(cells), *(mean(v) for v in (first, other1, other5, alone1, alone5))]
    return " | ".join(f"{value:.3f}" for value in values)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("kept", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--languages", default="en,zh,vi,ru")
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    languages = options.languages.split(",")
    asked = list(ask(options.kept, options.questions, languages, options.every))
    print("| | share of versions | worst | hit@1 | others hit@1 | hit@5 | scattered hit@1 | hit@5 |")
    print("|---|---|---|---|---|---|---|---|")
    for name, score in WAYS.items():
        print(f"| {name} | {figures(asked, score, languages)} |", flush=True)


if __name__ == "__main__":
    main()
