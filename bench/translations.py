"""Measures how many true translations are told to differ, and how many changed figures are noticed.

    python bench/translations.py FILE.jsonl [--every 10]

Each line of the file is an object with a text by language (ISO 639-1), all translations of each other, as
XQuAD's paragraphs are. Of every tenth text each pair of languages is compared as it is, then with one number
of the translation changed, then with it dropped. Without a file: the parallel sentences of rag/embedding,
four at a time.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from itertools import permutations
from pathlib import Path

from rag.locales.catalogue import LOCALES
from rag.text.sentences import sentences
from rag.verification.translations import Discrepancy, discrepancies

ROOT = Path(__file__).parents[1]
NUMBER = re.compile(r"(?<![\d.,])\d+(?![\d.,])")
Text = dict[str, str]


def bundled() -> list[Text]:
    """The parallel sentences that the means of languages are measured on, four a text."""
    rows = json.loads((ROOT / "rag/embedding/parallel_sentences.json").read_text("utf-8"))["statements"]
    fours = [rows[at : at + 4] for at in range(0, len(rows), 4)]
    return [{code: " ".join(row[code] for row in four) for code in LOCALES} for four in fours]


def compared(text: Text, ours: str, theirs: str, chance: random.Random) -> Counter[str]:
    """Compare a pair of languages: true, with a number changed, with it dropped."""
    counts = Counter(sentences=len(sentences(text[theirs], theirs)))
    true = discrepancies(text[ours], ours, text[theirs], theirs) or ()
    counts["told to differ"] = len(true)
    if numbers := list(NUMBER.finditer(text[theirs])):
        number = chance.choice(numbers)
        for kind, instead in (("changed", str(int(number[0]) + chance.choice([1, 3, 7]))), ("dropped", "")):
            other = text[theirs][: number.start()] + instead + text[theirs][number.end() :]
            found = discrepancies(text[ours], ours, other, theirs) or ()
            counts[kind] += 1
            counts[f"{kind}, noticed"] += _tells_more(found, true)
    return counts


def _tells_more(found: tuple[Discrepancy, ...], true: tuple[Discrepancy, ...]) -> bool:
    known = {(one.missing, one.added) for one in true}
    return any((one.missing, one.added) not in known for one in found)


def main() -> None:
    """Print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--every", type=int, default=10)
    given = parser.parse_args()
    texts = bundled()
    if given.file:
        lines = given.file.read_text("utf-8").splitlines()[:: given.every]
        texts = [{code: t for code, t in json.loads(line).items() if code in LOCALES} for line in lines]
    total, chance = Counter[str](), random.Random(1)
    for text in texts:
        for ours, theirs in permutations(sorted(text), 2):
            total += compared(text, ours, theirs, chance)
    print(json.dumps(total))


if __name__ == "__main__":
    main()
