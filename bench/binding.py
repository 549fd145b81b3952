"""Fits the weights with which a claim is bound to its clause: rag/verification/binding.json.

python bench/binding.py [--write] measures the evidence for the best rival of every claim of
in_passage_tune.json (as it is, and with each swap) and of claims.json (as it is), and fits one logistic
regression for figures and one for names, in the passage's language and in another.
The intercept is lowered so that at most FALSE_SHARE of the true claims is accused. Shares are
cross-validated: each article of in_passage_tune.json is left out once, claims.json in eight parts.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from rag.evaluation.claim_pairs import Pair, read_pairs
from rag.evaluation.logistic import fit_logistic
from rag.verification.binding import Binding
from rag.verification.facts import Facts, extract

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT / "rag" / "evaluation" / "questions"
TARGET = ROOT / "rag" / "verification" / "binding.json"
FALSE_SHARE = {"figure own": 0.005, "figure other": 0.004, "name own": 0.004, "name other": 0.002}
MARGIN = {"figure": 0.0, "name": 1.0}
"""Lowers the intercept further: names are few in the set, and accused where they are but the topic."""
FEATURES = [
    "score difference over all weight",
    "score difference over the rival's score",
    "claim's score over all weight",
    "intercept",
]
Row = dict[str, Any]


def rows_of(pair: Pair, text: str, swapped: tuple[int, int] | None) -> Iterator[Row]:
    """The evidence on each claim of a sentence; of the swapped one only, where one is."""
    facts = Facts(pair.passage, pair.passage_language, pair.published)
    claims = extract(text, pair.language)

    binding = Binding(facts, claims, facts.look_up(claims), None, None)
    for one in binding.lookups:
        if swapped and not (one.span[0] < swapped[1] and swapped[0] < one.span[1]):
            continue
        evidence = binding.evidence(one) if one.verdict.status == "held" else None
        yield {
            "case": binding.case(one),
            "label": int(swapped is not None),
            "topic": pair.id.rpartition("-")[0].split("-")[0] if swapped or pair.claims else pair.id,
            "id": pair.id,
            "claim": text[one.span[0] : one.span[1]],
            "x": evidence.features if evidence else None,
        }


def collected() -> list[Row]:
    found: list[Row] = []
    for name in ("in_passage_tune", "claims"):
        for pair in read_pairs([QUESTIONS / f"{name}.json"]):
            found += [{**row, "set": name} for row in rows_of(pair, pair.text, None)]
            for claim in pair.claims if name == "in_passage_tune" else ():
                for swap in claim.swaps:
                    span = (claim.start, claim.start + len(swap))
                    found += [{**row, "set": name} for row in rows_of(pair, pair.swapped(claim, swap), span)]
    return found


def _part(row: Row) -> str:
    """The article that a row is of; one of eight parts of claims.json."""
    return str(sum(map(ord, row["topic"])) % 8) if row["set"] == "claims" else str(row["topic"])


def fit(rows: list[Row], case: str) -> tuple[list[float], str]:
    chosen = [row for row in rows if row["case"] == case]
    known = np.array([row["x"] is not None for row in chosen])
    x = np.array([row["x"] or [0.0] * (len(FEATURES) - 1) for row in chosen])
    y = np.array([row["label"] for row in chosen])
    parts = np.array([_part(row) for row in chosen])
    score = np.full(len(chosen), -99.0)
    for part in sorted(set(parts)):
        w = fit_logistic(x[known & (parts != part)], y[known & (parts != part)])
        here = known & (parts == part)
        score[here] = x[here] @ w[:-1] + w[-1]
    share = FALSE_SHARE[case]
    threshold = float(np.quantile(score[y == 0], 1 - share))
    w = fit_logistic(x[known], y[known])
    intercept = float(w[-1]) - max(threshold, -1.0) - MARGIN[case.split(maxsplit=1)[0]]
    row = [round(float(value), 3) for value in (*w[:-1], intercept)]
    noticed = float(np.mean(score[y == 1] > threshold))
    return (
        row,
        f"{case:14} {sum(y)} swaps: {noticed:.2f} noticed at {share}",
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    rows = collected()
    weights = {}
    for case in sorted({row["case"] for row in rows}):
        weights[case], line = fit(rows, case)
        print(line)
    if parser.parse_args().write:
        TARGET.write_text(json.dumps({"features": FEATURES, "weights": weights}, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
