"""Which passages are taken for copies: reprints and later versions of real news, and all other pairs.

    .venv/bin/python bench/copies.py --news ../shared/data/news

Each article is reprinted: an agency's line in front, every fifth sentence left out, figures changed.
Recall is the share of the reprint's passages that are recognised in the original. Of the originals alone
every pair of articles that have a passage in common is counted: mistakes, or what a site puts under
all its articles.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

from rag.copies import SAME, containment, shingles
from rag.documents import Article
from rag.splitting import split


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--news", type=Path, default=Path("../shared/data/news"))
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
        recalled += sum(any(containment(text, one) >= SAME for one in mine) for text in other)
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
            if same >= SAME and passages[other][0] != n:
                found[passages[other][0], n] = same
    return [(one, other, round(same, 2)) for (one, other), same in found.items()]


if __name__ == "__main__":
    main()
