"""Fits the weights of rag/drafts/contest.json, by which a draft's values are compared with a passage's.

    python bench/contest.py [--write]

Each true sentence of in_passage_tune.json and claims.json is taken as it is, with each false value, and with
its passage without the sentences that have the value. Where a passage has the claimed value, false values
said of something else are told from true ones; where it has not, the right value of an altered sentence from
all values of passages that lack it. Shares are cross-validated in eight parts by article.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from rag.answering.answer_scorer import AnswerScorer
from rag.answering.verifier import ClauseVectors
from rag.drafts.contest import Contest, PassageComparer
from rag.drafts.windows import Window
from rag.embedding.language_means import measure_language_means
from rag.embedding.load import load_embedder
from rag.embedding.onnx import OnnxEmbedder
from rag.embedding.token_states import TokenStateReader
from rag.evaluation.claim_pairs import ListedClaim, Pair, read_pairs
from rag.evaluation.logistic import fit_logistic
from rag.settings import Settings
from rag.text.sentences import sentence_spans
from rag.types import ArticleInfo
from rag.verification.facts import Facts, extract

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "rag" / "evaluation" / "questions"
TARGET = ROOT / "rag" / "drafts" / "contest.json"
SETS = ("in_passage_tune", "claims")
FEATURES = {
    "held": ["share", "gap", "near", "noun", "name"],
    "absent": [
        *("near", "sentence gap", "share", "gap", "logit", "noun"),
        *("name", "lacking", "held", "shared parts", "across"),
    ],
}
PARTS, RIDGE = 8, 1.0
Row = dict[str, Any]
Span = tuple[int, int]


def reader() -> PassageComparer:
    embedder = load_embedder(Settings.load())
    assert isinstance(embedder, OnnxEmbedder)
    means = measure_language_means(embedder)
    vectors = ClauseVectors(
        lambda texts, language: means.centre_passages(
            embedder.embed_passages(texts), [language] * len(texts)
        ),
        30_000,
    )
    return PassageComparer(vectors, AnswerScorer(TokenStateReader(embedder, 300)))


def rows_of(
    given: PassageComparer, pair: Pair, text: str, passage: str, label: str, right: list[Span]
) -> Iterator[Row]:
    """A row for each rival of each claim; of the altered or left-out one only, where there is one."""
    facts = Facts(passage, pair.passage_language, pair.published)
    window = Window(
        ArticleInfo(id="", source="", title="", language=facts.language), facts.language, 0, passage
    )
    contest = Contest(extract(text, pair.language), facts, window.pieces, given)
    for claim in contest.contested():
        if claim.rival is None:
            continue
        for rival, case, values in contest.features(claim.span):
            yield {
                "claim": (pair.id, text, claim.span, label),
                "span": claim.span,
                "label": label,
                "case": case,
                "values": values,
                "right": label == "altered"
                and any(a <= rival.start + 1 and rival.start < b for a, b in right),
                "part": zlib.crc32(pair.id.split("-")[0].encode()) % PARTS,
            }


def collected() -> list[Row]:
    found: list[Row] = []
    given = reader()
    for pair in read_pairs([QUESTIONS / f"{name}.json" for name in SETS]):
        found += rows_of(given, pair, pair.text, pair.passage, "true", [])
        for claim in pair.claims:
            span = claim.start, claim.start + len(claim.text)
            right = places(pair, claim)
            for swap in claim.swaps:
                altered = rows_of(given, pair, pair.swapped(claim, swap), pair.passage, "altered", right)
                found += about(altered, (claim.start, claim.start + len(swap)))
            rest = without(pair, right)
            if right and rest:
                found += about(rows_of(given, pair, pair.text, rest, "left out", []), span)
    return found


def about(rows: Iterator[Row], span: Span) -> Iterator[Row]:
    return (row for row in rows if row["span"][0] < span[1] and span[0] < row["span"][1])


def places(pair: Pair, claim: ListedClaim) -> list[Span]:
    """Where the passage has a true claim's value."""
    facts = Facts(pair.passage, pair.passage_language, pair.published)
    contest = Contest(
        extract(pair.text, pair.language), facts, [], PassageComparer(ClauseVectors(_no_vectors), None)
    )
    end = claim.start + len(claim.text)
    held = [one for one in contest.held() if one[0][0] < end and claim.start < one[0][1]]
    return [place for _, there in held for place in there]


def _no_vectors(texts: Any, _: str) -> Any:
    return np.zeros((len(texts), 1), np.float32)


def without(pair: Pair, right: list[Span]) -> str:
    """The passage without the sentences that have a value; "" where nothing is left."""
    spans = sentence_spans(pair.passage, pair.passage_language)
    kept = [(a, b) for a, b in spans if not any(a <= start < b for start, _ in right)]
    return " ".join(pair.passage[a:b] for a, b in kept)


def fit(rows: list[Row], case: str) -> dict[str, float]:
    """The weights of a case; prints the shares at several thresholds."""
    names = FEATURES[case]
    chosen = [row for row in rows if row["case"] == case]
    x = np.array([[row["values"][name] for name in names] for row in chosen])
    y = np.array([row["right"] for row in chosen], float)
    part = np.array([row["part"] for row in chosen])
    score = np.zeros(len(chosen))
    for n in range(PARTS):
        weights = _fitted(x[part != n], y[part != n])
        score[part == n] = x[part == n] @ weights[:-1] + weights[-1]
    best: dict[Any, tuple[float, Row]] = {}
    for value, row in zip(score, chosen, strict=True):
        best[row["claim"]] = max(best.get(row["claim"], (value, row)), (value, row), key=lambda one: one[0])
    report(list(best.values()), case)
    return dict(zip([*names, "intercept"], map(float, np.round(_fitted(x, y), 3)), strict=True))


def _fitted(x: Any, y: Any) -> Any:
    mean, deviation = x.mean(0), x.std(0) + 1e-6
    weights = fit_logistic((x - mean) / deviation, y, RIDGE)
    raw = weights[:-1] / deviation
    return np.append(raw, weights[-1] - (raw * mean).sum())


def report(best: list[tuple[float, Row]], case: str) -> None:
    honest = "true" if case == "held" else "left out"
    altered = [(value, row["right"]) for value, row in best if row["label"] == "altered"]
    others = [value for value, row in best if row["label"] == honest]
    print(f"{case}: {len(altered)} altered, {len(others)} {honest}")
    for least in (-1.0, -0.5, -0.2, 0.0, 0.3, 1.0):
        named = np.mean([value > least and right for value, right in altered])
        print(f"  {least:5}: named {named:.2f}, told wrongly {np.mean([v > least for v in others]):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true")
    rows = collected()
    weights = {case: fit(rows, case) for case in FEATURES}
    if parser.parse_args().write:
        TARGET.write_text(json.dumps(weights, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
