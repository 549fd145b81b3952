"""Measures the check of drafts: altered sentences of tests/drafts that are named, true ones that are accused.

    python bench/drafts.py DATA [tune] [held] [--each]

DATA is a data folder with the sample library. An altered sentence counts as named where the altered value is
told to differ and the article's value is one of the right ones.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from pathlib import Path

import numpy as np

from rag.drafts.checked_draft import CheckedSentence
from rag.evaluation.logistic import wilson
from rag.library import Library
from rag.settings import Settings

FOLDER = Path(__file__).parents[1] / "tests" / "drafts"
Row = dict[str, str]


def rows_of(half: str) -> list[Row]:
    """The sentences of a half, with what is wrong in them."""
    with (FOLDER / f"{half}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def judged(row: Row, found: CheckedSentence) -> str:
    """What came of a sentence."""
    if row["kind"] in ("true", "absent"):
        return "accused" if found.finding == "differs" else found.finding
    for one in found.deviations:
        altered = one.said in row["wrong"] or row["wrong"] in one.said
        if altered and any(right in one.instead or one.instead in right for right in row["right"].split("|")):
            return "named"
    return {"differs": "told, not named", "confirmed": "confirmed"}.get(found.finding, "missed")


def proportion(title: str, hits: int, n: int) -> str:
    low, high = wilson(hits, n)
    return f"{title}: {hits} of {n} ({low:.2f} to {high:.2f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("halves", nargs="*", default=["tune"])
    parser.add_argument("--each", action="store_true")
    given = parser.parse_args()
    with Library.open(Settings.load(given.data)) as library:
        library.search("?")
        for half in given.halves:
            measured(library, half, given.each)


def measured(library: Library, half: str, each: bool) -> None:
    """Print the figures of a half."""
    counts, seconds = Counter[tuple[str, str]](), []
    for row in rows_of(half):
        began = time.perf_counter()
        (found,) = library.check_draft(row["sentence"])
        seconds.append(time.perf_counter() - began)
        outcome = judged(row, found)
        counts[row["kind"], outcome] += 1
        if each:
            print(f"{row['kind']:10} {outcome:15} {row['sentence']}")
            for one in found.deviations:
                print(f"    {one.said!r} / {one.instead!r} (right: {row['right']})")
            for backing in found.backings:
                print(f"    “{backing.text}”")
    kinds = Counter(row["kind"] for row in rows_of(half))
    altered = [kind for kind in kinds if kind not in ("true", "absent")]
    print(f"{half}: {dict(sorted(counts.items()))}")
    named = sum(counts[kind, "named"] for kind in altered)
    print(proportion("altered, named", named, sum(kinds[kind] for kind in altered)))
    for kind in altered:
        print("  " + proportion(kind, counts[kind, "named"], kinds[kind]))
    for kind in ("true", "absent"):
        print(proportion(f"{kind}, accused", counts[kind, "accused"], kinds[kind]))
        print("  " + proportion("confirmed", counts[kind, "confirmed"], kinds[kind]))
    print(f"seconds a sentence: median {np.median(seconds):.2f}, longest {max(seconds):.2f}")


if __name__ == "__main__":
    main()
