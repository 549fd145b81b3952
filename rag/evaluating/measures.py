"""Rankings → figures, by ir-measures (https://ir-measur.es), which asks trec_eval and MS MARCO's script."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

Figures = dict[str, float]
"""Values between 0 and 1 by the name of the measure, four digits."""
Rankings = Mapping[str, Sequence[str]]
"""Keys of documents, best first, by the key of the question."""

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
"""ir-measures' names. Hit: the share of questions that have an answer among the first k. Recall: the
share of a question's answers that are among the first k, on average."""


def measure(rankings: Rankings, answers: Mapping[str, Collection[str]], *names: str) -> Figures:
    """The named measures over all questions in `answers`; one without a ranking found nothing."""
    from ir_measures import calc_aggregate, parse_measure

    measures = {name: parse_measure(_NAMES[name]) for name in names}
    relevant = {question: dict.fromkeys(keys, 1) for question, keys in answers.items()}
    run = {question: _scores(rankings.get(question, ())) for question in answers}
    found = calc_aggregate(measures.values(), relevant, run)
    return {name: round(float(found[of]), 4) for name, of in measures.items()}


def averaged(rows: Collection[Figures]) -> Figures:
    """The mean of each measure, every row counting the same."""
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: round(sum(row[name] for row in rows) / len(rows), 4) for name in names}


def _scores(ranking: Sequence[str]) -> dict[str, float]:
    """Scores that bring documents into their order: ir-measures takes no ranks."""
    return {key: float(-rank) for rank, key in enumerate(ranking)}
