"""Builds the sets of swaps within the passage from the YAML files beside this script.

python bench/in_passage.py writes rag/evaluation/questions/in_passage_tune.json and in_passage_sealed.json.
Each sentence is paired with the passage in its own language and, for the invented articles, with two others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parent
QUESTIONS = ROOT / "rag" / "evaluation" / "questions"
LANGUAGES = ("en", "fr", "zh", "vi", "ru")
KINDS = {
    "d": "day",
    "m": "month",
    "y": "year",
    "n": "number",
    "a": "amount",
    "p": "percent",
    "N": "name",
    "t": "time",
}
CLAIM = re.compile(r"\[([dmynapNt]):([^\]]+)\]")
FRONT = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)


def pair(
    name: str, marked: str, language: str, passage: str, passage_language: str, published: str
) -> dict[str, Any]:
    claims = []
    for match in CLAIM.finditer(marked):
        text, *swaps = match[2].split("|")
        claims.append({"kind": KINDS[match[1]], "text": text, "swaps": swaps})
    text = CLAIM.sub(lambda match: match[2].split("|")[0], marked)
    for claim in claims:
        assert text.count(claim["text"]) == 1, (claim["text"], text)
    return {
        "id": name,
        "text": text,
        "language": language,
        "passage": passage.strip(),
        "passage_language": passage_language,
        "published": published,
        "claims": claims,
    }


def invented(file: str) -> Iterator[dict[str, Any]]:
    for topic in yaml.safe_load((HERE / file).read_text("utf-8")):
        for place, language in enumerate(LANGUAGES):
            for n, marked in enumerate(topic["sentences"][language], 1):
                others = [LANGUAGES[(place + step + n) % 5] for step in (0, 2)]
                for other in dict.fromkeys([language, *others]):
                    name = f"{topic['id']}-{language}{n}-{other}"
                    passage = topic["passage"][other]
                    yield pair(name, marked, language, passage, other, str(topic["published"]))


def of_corpus(part: str) -> Iterator[dict[str, Any]]:
    for row in yaml.safe_load((HERE / "in_passage_corpus.yaml").read_text("utf-8")):
        text = (ROOT / "corpus" / row["article"]).read_text("utf-8")
        head = yaml.safe_load(FRONT.match(text)[1])  # type: ignore[index]
        body = FRONT.sub("", text)
        for language, sentences in row.get(part, {}).items():
            for n, marked in enumerate(sentences, 1):
                name = f"{Path(row['article']).stem}-{language}{n}"
                passage = f"{head['title']}\n{body.strip()}"
                yield pair(name, marked, language, passage, head["language"], str(head["published"]))


def main() -> None:
    for part in ("tune", "sealed"):
        rows = [*invented(f"in_passage_{part}.yaml"), *of_corpus(part)]
        swaps = sum(len(claim["swaps"]) for row in rows for claim in row["claims"])
        text = json.dumps(rows, ensure_ascii=False, indent=1)
        (QUESTIONS / f"in_passage_{part}.json").write_text(text + "\n", "utf-8")
        print(f"{part}: {len(rows)} sentences, {swaps} swaps")


if __name__ == "__main__":
    main()
