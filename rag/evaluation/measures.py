"""Compute ranking measures with ir-measures (https://ir-measur.es), which wraps trec_eval."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

Figures = dict[str, float]
"""Values (0 to 1, four digits) by the name of the measure."""
Rankings = Mapping[str, Sequence[str]]
"""Document keys, best first, by question key."""

HIT_1, HIT_5, HIT_20 = "hit@1", "hit@5", "hit@20"
RECALL_5, RECALL_20 = "recall@5", "recall@20"
MRR, NDCG = "mrr@10", "ndcg@10"

_NAMES = {
    HIT_1: "Success@1",
    HIT_5: "Success@5",
    HIT_20: "Success@20",
    RECALL_5: "R@5",
    RECALL_20: "R@20",
    MRR: "RR@10",
    NDCG: "nDCG@10",
}
"""Names in ir-measures. Hit: share of questions with an answer among the first k. Recall: mean share of
a question's answers among the first k."""


def measure(rankings: Rankings, answers: Mapping[str, Collection[str]], *names: str) -> Figures:
    """Compute measures over all questions in `answers`; a question without a ranking scores 0."""
    from ir_measures import calc_aggregate, parse_measure

    measures = {name: parse_measure(_NAMES[name]) for name in names}
    relevant = {question: dict.fromkeys(keys, 1) for question, keys in answers.items()}
    run = {question: _scores(rankings.get(question, ())) for question in answers}
    found = calc_aggregate(measures.values(), relevant, run)
    return {name: round(float(found[of]), 4) for name, of in measures.items()}


def averaged(rows: Collection[Figures]) -> Figures:
    """Average each measure over the rows (macro average)."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: round(sum(row[name] for row in rows) / len(rows), 4) for name in names}


def _scores(ranking: Sequence[str]) -> dict[str, float]:
    """Turn ranks into descending scores, which ir-measures needs."""
    return {key: float(-rank) for rank, key in enumerate(ranking)}
