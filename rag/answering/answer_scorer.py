"""The answer scorer: the probability that a passage answers a question, from the embedder's token states.

A passage can be similar to a question and not hold its answer. So each passage token is scored as an answer
by its context and by its type. The hidden states of the embedding model give both across languages: middle
layers align words of the same meaning (Jalili Sabet, Dufter, Yvon and Schütze 2020, SimAlign, arXiv
2004.08728), and a low-rank bilinear product matches the type asked for, such as a year.

- Coverage: for each question token the best cosine in the passage, reduced by the distance to the scored
  token (as DrQA's aligned question embedding, Chen, Fisch, Weston and Bordes 2017, arXiv 1704.00051).
- Similarity: the token's own best cosine with the question; an answer seldom repeats the question.
- Type: the bilinear product of the token with the question's attention-weighted mean.

A linear layer and a small network combine these features; "no answer" has a score of its own (as in SQuAD
2.0: Rajpurkar, Jia and Liang 2018, arXiv 1806.03822). `answer_scorer.npz` holds the weights, trained by
bench/evidence.py on 40 of XQuAD's 48 articles (CC BY-SA 4.0), and each language's mean state for mean
centring. It fits one embedding model only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import numpy as np

from rag.embedding.token_states import Array, TokenStates

DECAYS = (0.0, 0.01, 0.04)
"""Reductions of a cosine per token of distance. Trained with the weights."""
TYPE_LAYER = 1
"""Index, among the states, of the layer used for types."""
TYPE_DIVISOR = 4
"""Divisor of that layer's states, as in training."""


@dataclass(frozen=True, slots=True)
class AnswerScore:
    """The probability that a passage answers a question, and the span of its best token.

    The span is (0, 0) where the passage has no token. `logits`, shape (tokens,), compare each token with "no
    answer"; `spans` are the tokens' spans.
    """

    probability: float
    start: int
    end: int
    logits: Array = field(default_factory=lambda: np.zeros(0, np.float32), compare=False)
    spans: Sequence[tuple[int, int]] = field(default=(), compare=False)

    def max_logit(self, start: int, end: int) -> float:
        """Return the highest logit of a token that overlaps a span; the lowest of all where none does."""
        tokens = self._tokens_in(start, end)
        return float(self.logits[tokens].max() if tokens else self.logits.min(initial=0.0))

    def tokens(self, start: int, end: int) -> list[tuple[int, int, float]]:
        """Return the tokens that overlap a span: start and end, within the span, and logit."""
        return [
            (max(self.spans[i][0], start), min(self.spans[i][1], end), float(self.logits[i]))
            for i in self._tokens_in(start, end)
        ]

    def _tokens_in(self, start: int, end: int) -> list[int]:
        return [i for i, (s, e) in enumerate(self.spans) if s < end and e > start]


class AnswerScorer:
    """Scores passages as answers to questions. Thread safe where `tokens` is."""

    def __init__(
        self,
        tokens: Callable[[Sequence[str], bool], Sequence[TokenStates]],
        weights: Mapping[str, Array] | None = None,
    ) -> None:
        """`tokens` returns the token states of texts; its second argument is True for questions."""
        self._tokens = tokens
        self._weights = weights or load_weights()

    def score(self, question: str, language: str, passages: Sequence[tuple[str, str]]) -> list[float]:
        """Return the probability that each passage (text, language) answers the question."""
        return [score.probability for score in self.find(question, language, passages)]

    def find(self, question: str, language: str, passages: Sequence[tuple[str, str]]) -> list[AnswerScore]:
        """As `score`, with the logit and span of each token."""
        if not passages:
            return []
        (question_tokens,) = self._tokens([question], True)
        passage_tokens = self._tokens([text for text, _ in passages], False)
        languages = [passage_language for _, passage_language in passages]
        return [
            self._score_tokens(question_tokens, language, tokens, passage_language)
            for tokens, passage_language in zip(passage_tokens, languages, strict=True)
        ]

    def _score_tokens(
        self, question: TokenStates, language: str, passage: TokenStates, passage_language: str
    ) -> AnswerScore:
        if not question.spans or not passage.spans:
            return AnswerScore(0.0, 0, 0)
        weights = self._weights
        centred_question = question.states - mean(weights, "question", language)
        centred_passage = passage.states - mean(weights, "passage", passage_language)
        scores = token_scores(weights, centred_question, centred_passage, language != passage_language)
        return _answer_score(scores, passage, float(weights["null"]))


def _answer_score(scores: Array, passage: TokenStates, null: float) -> AnswerScore:
    """Return the probability against `null`, the score of "no answer", with the tokens' logits."""
    probability = 1 / (1 + np.exp(np.clip(null - _log_sum_exp(scores), -50, 50)))
    return AnswerScore(float(probability), *passage.spans[int(scores.argmax())], scores - null, passage.spans)


def _log_sum_exp(scores: Array) -> float:
    top = scores.max()
    return float(top + np.log(np.exp(scores - top).sum()))


def load_weights() -> dict[str, Array]:
    """Return the trained weights by name."""
    with files("rag.answering").joinpath("answer_scorer.npz").open("rb") as file, np.load(file) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def mean(weights: Mapping[str, Array], side: str, language: str) -> Array:
    """Return the mean state of a language, shape (layers, 1, hidden); that of all languages where unknown."""
    known = weights.get(f"{side}.{language}", weights[f"{side}."])
    return known[:, None, :]


def token_scores(weights: Mapping[str, Array], question: Array, passage: Array, crossing: bool) -> Array:
    """Return the score of each of the passage's tokens, shape (n,).

    The states, shapes (layers, m, hidden) and (layers, n, hidden), are mean-centred; `crossing` is True
    where the two languages differ.
    """
    cosines = np.matmul(_unit(question), _unit(passage).transpose(0, 2, 1))
    question, passage = question[TYPE_LAYER] / TYPE_DIVISOR, passage[TYPE_LAYER] / TYPE_DIVISOR
    attention = _softmax(question @ weights["w"][0] + weights["w.b"])
    asked_type = weights["A"] @ (_softmax(question @ weights["a"][0] + weights["a.b"]) @ question)
    columns = [attention @ coverage(layer, decay) for layer in cosines for decay in DECAYS]
    columns += [layer.max(axis=0) for layer in cosines]
    columns.append(np.full(len(passage), float(crossing), np.float32))
    columns.append(passage @ weights["B"].T @ asked_type / np.float32(np.sqrt(len(asked_type))))
    columns.append(passage @ weights["b"][0] + weights["b.b"])
    features = (np.stack(columns, axis=1) - weights["mu"]) / weights["sd"]
    hidden = np.maximum(features @ weights["net.0"].T + weights["net.0.b"], 0)
    scores = features @ weights["line"][0] + weights["line.b"]
    return np.asarray(scores + hidden @ weights["net.1"][0] + weights["net.1.b"], np.float32)


def coverage(cosines: Array, decay: float) -> Array:
    """For each question token and passage position the best cosine, less `decay` per token of distance.

    Shape (m, n), as the cosines.
    """
    loss = np.arange(cosines.shape[1], dtype=np.float32) * np.float32(decay)
    before = np.maximum.accumulate(cosines + loss, axis=1) - loss
    after = np.maximum.accumulate((cosines - loss)[:, ::-1], axis=1)[:, ::-1] + loss
    return np.asarray(np.maximum(before, after), np.float32)


def _unit(states: Array) -> Array:
    lengths = np.linalg.norm(states, axis=-1, keepdims=True)
    return np.asarray(states / np.maximum(lengths, 1e-6), np.float32)


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum(), np.float32)
