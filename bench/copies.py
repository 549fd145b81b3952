"""Measures near-duplicate detection: recall on synthetic reprints of real news, and false pairs.

    .venv/bin/python bench/copies.py --news FOLDER

A reprint has an agency's line in front, every fifth sentence left out, and changed figures. Recall is
the share of its passages that are recognised in the original. Among the originals, every pair of articles
with a common passage is counted: an error, or boilerplate of the site.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

from rag.retrieval.near_duplicates import MIN_CONTAINMENT, containment, shingles
from rag.text.splitter import split
from rag.types import Article


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--news", type=Path, default=Path("data/news"))
    parser.add_argument("--limit", type=int, default=300, help="articles of each language")
    options = parser.parse_args()
    for file in sorted(options.news.glob("*.jsonl")):
        rows = [json.loads(line) for line in file.open(encoding="utf-8")][: options.limit]
        print(file.stem, *measured(rows, file.stem))


def measured(rows: list[dict[str, str]], language: str) -> list[str]:
    passages, recalled, reprinted = [], 0, 0
    for n, row in enumerate(rows):
        mine = pieces(f"{n}", row["text"], language)
        other = pieces(f"{n}", reprint(row["text"], n), language)
        passages += [(n, text) for text in mine]
        recalled += sum(any(containment(text, one) >= MIN_CONTAINMENT for one in mine) for text in other)
        reprinted += len(other)
    wrong = false_pairs(passages)
    right = f"recall {recalled / reprinted:.3f} of {reprinted} passages"
    return [
        right,
        f"of {len(passages)} passages {len(wrong)} pairs of two articles taken for one:",
        *map(str, wrong[:5]),
    ]


def pieces(key: str, text: str, language: str) -> list[str]:
    return [p.text for p in split(Article(id=key, source=key, title="", language=language, text=text))]


def reprint(text: str, n: int) -> str:
    parts = re.split(r"(?<=[.!?。！？])", text)
    kept = [part for i, part in enumerate(parts) if (i + n) % 5 or len(parts) < 5]
    changed = re.sub(r"\d+", lambda m: str(int(m[0][:9]) + 1), "".join(kept))
    return f"(Agency) - {changed}"


def false_pairs(passages: list[tuple[int, str]]) -> list[tuple[int, int, float]]:
    holding = defaultdict(list)
    for at, (_, text) in enumerate(passages):
        for shingle in shingles(text):
            holding[shingle].append(at)
    found = {}
    for at, (n, text) in enumerate(passages):
        shared = Counter(other for shingle in shingles(text) for other in holding[shingle] if other < at)
        for other, _ in shared.most_common(20):
            same = containment(text, passages[other][1])
            if same >= MIN_CONTAINMENT and passages[other][0] != n:
                found[passages[other][0], n] = same
    return [(one, other, round(same, 2)) for (one, other), same in found.items()]


if __name__ == "__main__":
    main()
