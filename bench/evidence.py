"""Trains the answer scorer: which token of a passage answers a question, or that none does.

python bench/evidence.py xquad/passages.jsonl xquad/questions.jsonl [--steps 1400] [--out FILE.npz]

Rows: {"id": "article-number", "en", "zh"...} and {"id", "passage", "q": {"en"...}, "a": {"en"...}}.
Trained on 40 of XQuAD's 48 articles in six languages (Artetxe, Ruder and Yogatama 2020, arXiv 1910.11856,
CC BY-SA 4.0); the figures at the end are of the other 8. The embedding model is frozen. About 26,000 weights
are trained: the question's attention and type, the linear part and the small network. Each language's mean
states are measured on all articles; those of French, which XQuAD lacks, on
rag/embedding/parallel_sentences.json.

An example is a question with sentences of a passage: those with the answer, whose tokens are the target;
or the passage without them, or another passage of the article, where the target is "no answer". Question and
passage are in two languages more often than in one.

The weights in the repository come from an earlier form of this script, which was limited by time instead of
steps and used the model before quantisation: a rerun gives slightly different ones.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import numpy as np
import torch
from evidence_data import KINDS, LANGUAGES, Example, Quiz
from torch import Tensor, nn

from rag.answering.answer_scorer import DECAYS, TYPE_DIVISOR, TYPE_LAYER, coverage, token_scores
from rag.embedding.onnx import LAYERS
from rag.embedding.token_states import Array

HIDDEN, RANK, INNER, BATCH, RATE = 384, 32, 32, 16, 2e-3
COLUMNS = len(LAYERS) * (len(DECAYS) + 1) + 3
"""Features of a token: coverage and similarity in each layer; cross-lingual or not; type; the token."""


class Scorer(nn.Module):
    """The trainable form of `rag.answering.answer_scorer.token_scores`."""

    def __init__(self) -> None:
        super().__init__()
        self.w, self.a, self.b = (nn.Linear(HIDDEN, 1) for _ in range(3))
        self.A, self.B = (nn.Linear(HIDDEN, RANK, bias=False) for _ in range(2))
        self.net = nn.Sequential(nn.Linear(COLUMNS, INNER), nn.ReLU(), nn.Linear(INNER, 1))
        self.line = nn.Linear(COLUMNS, 1)
        self.null = nn.Parameter(torch.tensor(3.0))
        self.drop = nn.Dropout(0.3)
        self.mu, self.sd = (nn.Parameter(torch.ones(COLUMNS), requires_grad=False) for _ in range(2))

    def columns(self, example: Example) -> Tensor:
        """Compute the features; shape (n, COLUMNS)."""
        q, p = torch.from_numpy(example.question), torch.from_numpy(example.passage)
        unit = nn.functional.normalize
        shared = unit(q, dim=2, eps=1e-6) @ unit(p, dim=2, eps=1e-6).transpose(1, 2)
        near = np.stack([coverage(layer, decay) for layer in shared.numpy() for decay in DECAYS])
        asked, said = q[TYPE_LAYER] / TYPE_DIVISOR, self.drop(p[TYPE_LAYER] / TYPE_DIVISOR)
        heed = torch.softmax(self.w(self.drop(asked))[:, 0], 0)
        goal = self.A(torch.softmax(self.a(asked)[:, 0], 0) @ self.drop(asked))
        covers = torch.einsum("i,fit->ft", heed, torch.from_numpy(near))
        crossing = torch.full((1, len(said)), float(example.crossing))
        kind = (self.B(said) @ goal)[None] / math.sqrt(RANK)
        return torch.cat([covers, shared.amax(dim=1), crossing, kind, self.b(said).T]).T

    def scale(self, examples: Sequence[Example]) -> None:
        """Standardise the features once, with wider scales for those that change in training."""
        with torch.no_grad():
            found = torch.cat([self.eval().columns(example) for example in examples])
        self.mu.copy_(found.mean(0))
        self.sd.copy_(found.std(0) + torch.tensor([1e-3] * (COLUMNS - 2) + [0.3] * 2))
        self.train()

    def loss(self, example: Example) -> Tensor:
        """Compute the negative log-likelihood of the answer's tokens, or of "no answer"."""
        features = (self.columns(example) - self.mu) / self.sd
        scores = self.line(features)[:, 0] + self.net(features)[:, 0]
        right = torch.logsumexp(scores[list(example.answer)], 0) if example.answer else self.null
        return torch.logsumexp(torch.cat([self.null[None], scores]), 0) - right

    def weights(self) -> dict[str, Array]:
        """Return the weights by their names in `rag.answering.answer_scorer`."""
        return {
            name.replace("net.2", "net.1").replace(".weight", "").replace(".bias", ".b"): weight.numpy()
            for name, weight in self.state_dict().items()
        }


def learn(quiz: Quiz, steps: int) -> Scorer:
    """Train with Adam; the rate warms up for 50 steps and then decays to almost 0."""
    torch.manual_seed(0)
    rng, model = Random(0), Scorer()
    model.scale([quiz.draw(rng) for _ in range(100)])
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.02)
    losses: list[float] = []
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 50) * max(0.02, 1 - step / steps)
        loss = torch.stack([model.loss(quiz.draw(rng)) for _ in range(BATCH)]).mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        if len(losses) in {steps, *range(100, steps, 100)}:
            print(f"step {len(losses)}: loss {np.mean(losses[-100:]):.3f}", flush=True)
    return model


def area(right: Sequence[float], wrong: Sequence[float]) -> float:
    """Compute the AUC; ties count half."""
    return float(np.mean(np.sign(np.subtract.outer(right, wrong)) / 2 + 0.5))


def report(quiz: Quiz, weights: Mapping[str, Array]) -> None:
    """Print the figures on the held-out articles, scored by rag.answering.answer_scorer."""
    rng = Random(5)
    for name, crossing in (("same language", False), ("across", True)):
        scores: dict[str, list[float]] = {kind: [] for kind in KINDS}
        for row in quiz.held:
            language = rng.choice(LANGUAGES)
            asked = rng.choice([one for one in LANGUAGES if one != language]) if crossing else language
            for kind, found in scores.items():
                if example := quiz.example(row, asked, language, kind, rng):
                    tokens = token_scores(weights, example.question, example.passage, crossing)
                    found.append(float(np.logaddexp.reduce(tokens) - weights["null"]))
        areas = [f"{kind} {area(scores['answer'], scores[kind]):.3f}" for kind in ("left out", "elsewhere")]
        print(f"{name}, {len(quiz.held)} questions, AUC against the answer: {', '.join(areas)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("xquad", type=Path, nargs=2, metavar=("PASSAGES", "QUESTIONS"))
    parser.add_argument("--steps", type=int, default=1400, help="of 16 examples each")
    parser.add_argument("--limit", type=int, default=48, help="articles that are read, to try the script")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parents[1] / "rag" / "answering" / "answer_scorer.npz"
    )
    options = parser.parse_args()
    rows = [[json.loads(line) for line in path.read_text("utf-8").splitlines()] for path in options.xquad]
    torch.set_num_threads(1)  # the matrices are small
    quiz = Quiz(rows[0], rows[1], options.limit)
    weights = learn(quiz, options.steps).weights() | quiz.means
    stored = {k: v.astype("f4" if k in ("null", "mu", "sd") else "f2") for k, v in weights.items()}
    np.savez_compressed(options.out, **stored)  # type: ignore[arg-type]
    report(quiz, {name: weight.astype(np.float32) for name, weight in stored.items()})


if __name__ == "__main__":
    main()
