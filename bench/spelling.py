"""Measures how many misspelled names are mended, and how many right words are touched.

    python bench/spelling.py [--folder corpus] [--each 4] [--seed 1]

Names are the words of at least five letters, of Latin or Cyrillic script, that stand with a capital inside a
sentence of the library. Each gets `--each` random edits (a letter dropped, added, replaced, or swapped with
the next). "In the index as it is" are those that a search finds without mending: Russian words are searched
without their endings. Right words are those of the questions in tests/text/question_languages.tsv,
rag/evaluation/questions and rag/sample_questions.json, and the names of countries in CLDR; touched ones are
printed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import string
import tempfile
from collections import Counter
from pathlib import Path

from babel import Locale

from rag.ingestion.ingester import Ingester
from rag.retrieval.spelling import MIN_LETTERS, Spelling
from rag.store.store import Store
from rag.testing import HashEmbedder

ROOT = Path(__file__).parents[1]
CYRILLIC = "абвгдежзиклмнопрстуфхцчшщыьэюя"
WORD = re.compile(r"[^\W\d_]+")
INSIDE = re.compile(r"(?<=[a-zà-ÿа-я,] )[A-ZÀ-ÞА-Я][^\W\d_]+")


def names(store: Store) -> list[str]:
    """The names of a library, each once."""
    texts = (article.text for i in store.ledger.articles(-1) if (article := store.ledger.article(i.id)))
    found = dict.fromkeys(name for text in texts for name in INSIDE.findall(text))
    return [name for name in found if len(name) >= MIN_LETTERS and name.lower() != name]


def misspelled(name: str, random: random.Random) -> str:
    """A name with one random edit."""
    at, letters = random.randrange(len(name)), CYRILLIC if name[1] > "\u0400" else string.ascii_lowercase
    letter = random.choice(letters)
    edits = [name[:at] + name[at + 1 :], name[:at] + letter + name[at:], name[:at] + letter + name[at + 1 :]]
    if at + 1 < len(name):
        edits.append(name[:at] + name[at + 1] + name[at] + name[at + 2 :])
    return random.choice(edits)


def right_words() -> dict[str, list[str]]:
    """Words of questions, and names of countries in four languages, spelled rightly."""
    asked = (ROOT / "tests/text/question_languages.tsv").read_text("utf-8")
    for path in [*(ROOT / "rag/evaluation/questions").glob("*.json"), ROOT / "rag/sample_questions.json"]:
        asked += " ".join(re.findall(r'"(?:q|question)": *"([^"]+)"', path.read_text("utf-8")))
    named = " ".join(name for code in ("en", "fr", "vi", "ru") for name in Locale(code).territories.values())
    return {
        "words of questions": _long(WORD.findall(asked)),
        "names of countries": _long(WORD.findall(named)),
    }


def _long(words: list[str]) -> list[str]:
    return sorted({word for word in words if len(word) >= MIN_LETTERS})


def main() -> None:
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, default=ROOT / "corpus")
    parser.add_argument("--each", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), HashEmbedder())
        Ingester(store, HashEmbedder()).run([given.folder])
        measure(store, given.each, random.Random(given.seed))
        store.close()


def measure(store: Store, each: int, chance: random.Random) -> None:
    """Measure on the names of a library, and on words that are right."""
    spelling, ends = Spelling(store), Counter[str]()
    for name in names(store):
        for _ in range(each):
            wrong = misspelled(name, chance)
            ends[end(spelling, wrong, name)] += 1
    print(json.dumps({"misspelled names": sum(ends.values()), **ends}))
    for kind, words in right_words().items():
        touched = {word: found[0].known for word in words if (found := spelling.mended(word, ""))}
        print(
            json.dumps(
                {kind: len(words), "touched": len(touched), "share": round(len(touched) / len(words), 4)}
            )
        )
        print(json.dumps(touched, ensure_ascii=False))


def end(spelling: Spelling, wrong: str, name: str) -> str:
    """What becomes of a misspelled name: mended, mended to another, or left."""
    found = spelling.mended(wrong, "")
    if not found:
        return "left" if spelling.is_unknown(wrong, "") else "in the index as it is"
    known = found[0].known
    return "mended" if known[:4].lower() == name[:4].lower() else "mended to another"


if __name__ == "__main__":
    main()
