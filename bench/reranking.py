"""Measures reranking: right article first and among the first three, MRR, and the cost.

python bench/reranking.py QUESTIONS.json... --folder FOLDER... [--reranker MODEL]

Questions are those of rag/evaluation/questions that stand alone and have an answer. Orders: search score;
answer scorer; both, as for the prompt; MODEL, any sentence-transformers CrossEncoder. The answer scorer uses
layers of the embedding model and was trained on XQuAD: it is no general reranker.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

from rag.answering.answer_scorer import AnswerScorer
from rag.answering.answerability import Answerability
from rag.embedding.onnx import OnnxEmbedder
from rag.embedding.token_states import TokenStateReader
from rag.evaluation.examined_library import ExaminedLibrary, examined
from rag.evaluation.folder_library import check_articles, index
from rag.evaluation.question_sets import EvalQuestion, read_questions
from rag.retrieval.reranker import Reranker
from rag.retrieval.retriever import MAX_RERANKED
from rag.settings import Settings
from rag.types import Hit

Order = Callable[[EvalQuestion, Sequence[Hit]], Sequence[Hit]]
"""Reorders the hits of a question, best first."""


@dataclass
class Seen:
    """For each question: the rank of the first hit from a right article (0: none), and milliseconds."""

    places: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def row(self, name: str) -> str:
        """Format a row of the table."""
        first, three = (mean(0 < place <= most for place in self.places) for most in (1, 3))
        rank = mean(1 / place if place else 0 for place in self.places)
        return f"| {name} | {first:.2f} | {three:.2f} | {rank:.2f} | {median(self.times):.0f} ms |"


def orders(library: ExaminedLibrary, reranker: Reranker | None) -> dict[str, Order]:
    """Return the orders by name."""
    embedder = library._embedder
    assert isinstance(embedder, OnnxEmbedder)
    answerability = Answerability(AnswerScorer(TokenStateReader(embedder)))

    def alone(asked: EvalQuestion, hits: Sequence[Hit]) -> Sequence[Hit]:
        texts = [(f"{hit.article.title}\n{hit.passage.text}", hit.article.language) for hit in hits]
        return sorted_by(
            AnswerScorer(TokenStateReader(embedder)).score(asked.text, asked.language, texts), hits
        )

    def both(asked: EvalQuestion, hits: Sequence[Hit]) -> Sequence[Hit]:
        return [one.hit for one in answerability.rank([asked.text], asked.language, hits)]

    def read_again(asked: EvalQuestion, hits: Sequence[Hit]) -> Sequence[Hit]:
        assert reranker
        texts = [f"{hit.article.title}\n{hit.passage.text}" for hit in hits]
        return sorted_by(reranker.scores(asked.text, texts), hits)

    found: dict[str, Order] = {"as searched": lambda _, hits: hits, "evidence": alone, "both": both}
    return {**found, reranker.name: read_again} if reranker else found


def sorted_by(scores: Sequence[float], hits: Sequence[Hit]) -> list[Hit]:
    return [hits[i] for i in sorted(range(len(hits)), key=lambda i: -scores[i])]


def place(asked: EvalQuestion, hits: Sequence[Hit]) -> int:
    return next((n for n, hit in enumerate(hits, 1) if asked.holds(hit.article.source)), 0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--folder", type=Path, nargs="+", required=True)
    parser.add_argument("--reranker", default="")
    options = parser.parse_args()
    reranker = Reranker(options.reranker) if options.reranker else None
    asked = [q for q in read_questions(options.questions) if q.answerable and not q.history]
    with examined(Settings.load()) as library:
        index(library, options.folder)
        check_articles(library, asked)
        by = orders(library, reranker)
        seen = {name: Seen() for name in by}
        for question in asked:
            hits = library.search(question.text, MAX_RERANKED)
            for name, order in by.items():
                began = time.perf_counter()
                seen[name].places.append(place(question, order(question, hits)))
                seen[name].times.append((time.perf_counter() - began) * 1000)
    print(f"{len(asked)} questions, the first {MAX_RERANKED} passages of each\n")
    print("| order | right article first | among the first 3 | MRR | added |\n|---|---|---|---|---|")
    for name, row in seen.items():
        print(row.row(name))


if __name__ == "__main__":
    main()
