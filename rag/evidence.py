"""Whether a passage answers a question: what stands outside the language model. Pure, but for one file.

A passage can be near to a question and not hold its answer. So each of its tokens is asked: does what
the question says stand around it, and is it such a thing as the question asks for? The states of some
of the embedding model's layers tell both, across languages as well: middle layers lay words of the same
meaning together (Jalili Sabet, Dufter, Yvon and Schütze 2020, SimAlign, arXiv 2004.08728), and a
low-rank product of a question's state and a token's says "a year is asked, this is a year".

- Cover: for each question token its best cosine in the passage, less something for each token that lies
  between (as DrQA's aligned question, Chen, Fisch, Weston and Bordes 2017, arXiv 1704.00051, but near).
- Likeness: the token's own best cosine with the question; an answer seldom repeats the question.
- Type: the low-rank product; the question's state is a mean that is weighted by learned attention.

Where an answer is given, a passage counts for it only as far as one of the answer's own words stands in
the passage at such a place: by the cosine of their states, so in any language and spelling.

A line and a small net of these make a token's score, and "no answer" has a score of its own (as in
SQuAD 2.0: Rajpurkar, Jia and Liang 2018, arXiv 1806.03822). `evidence.npz` holds what was learned, by
bench/evidence.py on 40 of XQuAD's 48 articles (CC BY-SA 4.0), and the mean state of each language, which is
taken away first. It fits one embedding model only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

FADING = (0.0, 0.01, 0.04)
"""By how much a cosine counts less for each token that lies between."""
_STRICT = 12.0
"""What a place loses where a word of the answer has a cosine of 0 with it; 6 and 20 part nearly as well."""
_STEM = 5
"""Letters in which two words must agree to be the same; shorter ones must be equal."""
_WORD = re.compile(r"\d+|[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]{2,}")
_TYPE = 1
"""The layer, by its place among the states, whose states tell what is asked and what is said."""
_SCALE = 4
"""The states of that layer are divided by it, as they were in training."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's tokens, without the model's own and without the prefix.

    `states`, shape (layers, tokens, hidden), are what the embedding model holds of them in each of the
    layers that `evidence.npz` was made for; `spans` where each begins and ends in the text.
    """

    states: Array
    spans: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Found:
    """How likely a passage answers a question, 0 to 1, and the token that most likely does.

    `start` and `end` are its place in the passage; 0 and 0 where the passage has no token. `logits`, shape
    (tokens,), are above 0 where a token answers rather than nothing does; `spans` are the tokens' places.
    """

    chance: float
    start: int
    end: int
    logits: Array = field(default_factory=lambda: np.zeros(0, np.float32), compare=False)
    spans: Sequence[tuple[int, int]] = field(default=(), compare=False)

    def within(self, start: int, end: int) -> float:
        """The highest logit of a token in a stretch of the passage; the lowest of all where it has none."""
        there = [i for i, (s, e) in enumerate(self.spans) if s < end and e > start]
        return float(self.logits[there].max() if there else self.logits.min(initial=0.0))


class Evidence:
    """Looks for a question's answer in passages. Thread safe where `tokens` is."""

    def __init__(
        self,
        tokens: Callable[[Sequence[str], bool], Sequence[Tokens]],
        weights: Mapping[str, Array] | None = None,
    ) -> None:
        """`tokens` makes the tokens of texts; its second argument says whether these are questions."""
        self._tokens = tokens
        self._weights = weights or load_weights()

    def score(
        self, question: str, language: str, passages: Sequence[tuple[str, str]], answer: str = ""
    ) -> list[float]:
        """How likely each passage, a text with its language, answers the question: from 0 to 1.

        With an `answer`, which is in the question's language: how likely it answers with that.
        """
        return [found.chance for found in self.find(question, language, passages, answer)]

    def find(
        self, question: str, language: str, passages: Sequence[tuple[str, str]], answer: str = ""
    ) -> list[Found]:
        """The same, each with the place where the answer most likely stands."""
        if not passages:
            return []
        (asked,) = self._tokens([question], True)
        *said, told = self._tokens([*(text for text, _ in passages), answer], False)
        own = _own(told, answer, question) if answer else None
        return [
            self._look(asked, language, one, other, own)
            for one, (_, other) in zip(said, passages, strict=True)
        ]

    def _look(self, asked: Tokens, language: str, said: Tokens, other: str, own: Array | None) -> Found:
        if not asked.spans or not said.spans or (own is not None and not len(own)):
            return Found(0.0, 0, 0)
        weights = self._weights
        questions = asked.states - mean(weights, "question", language)
        passages = said.states - mean(weights, "passage", other)
        scores = token_scores(weights, questions, passages, language != other)
        if own is not None:
            told = _unit(own - mean(weights, "passage", language)[_TYPE])
            scores = scores - _STRICT * (1 - (told @ _unit(passages[_TYPE]).T).max(axis=0))
            return _found(float(scores.max()), scores, said, float(weights["null"]))
        return _found(_sum(scores), scores, said, float(weights["null"]))


def _found(score: float, scores: Array, said: Tokens, null: float) -> Found:
    chance = 1 / (1 + np.exp(np.clip(null - score, -50, 50)))
    return Found(float(chance), *said.spans[int(scores.argmax())], scores - null, said.spans)


def _sum(scores: Array) -> float:
    """Of what may answer, each weighing as the power of its score: the logarithm of that."""
    top = scores.max()
    return float(top + np.log(np.exp(scores - top).sum()))


def _own(told: Tokens, answer: str, question: str) -> Array:
    """The states, shape (k, hidden), of the answer's words that the question does not have."""
    known = {_stem(word) for word in _WORD.findall(question)}
    places = [m.span() for m in _WORD.finditer(answer) if _stem(m[0]) not in known]
    new = [n for n, (s, e) in enumerate(told.spans) if any(s < end and e > start for start, end in places)]
    return np.asarray(told.states[_TYPE][new], np.float32)


def _stem(word: str) -> str:
    """A word's first letters, plain; a number whole."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    return plain if plain.isdigit() else plain.replace("đ", "d")[:_STEM]


def load_weights() -> dict[str, Array]:
    """What was learned, by name."""
    with files("rag").joinpath("evidence.npz").open("rb") as file, np.load(file) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def mean(weights: Mapping[str, Array], side: str, language: str) -> Array:
    """What the states hold of their language, shape (layers, 1, hidden); the mean of all where unknown."""
    known = weights.get(f"{side}.{language}", weights[f"{side}."])
    return known[:, None, :]


def token_scores(weights: Mapping[str, Array], question: Array, passage: Array, crossing: bool) -> Array:
    """The score of each of the passage's tokens, shape (n,).

    States, shapes (layers, m, hidden) and (layers, n, hidden), come without their language; `crossing`
    says that the languages are two.
    """
    shared = np.matmul(_unit(question), _unit(passage).transpose(0, 2, 1))
    asked, said = question[_TYPE] / _SCALE, passage[_TYPE] / _SCALE
    heed = _softmax(asked @ weights["w"][0] + weights["w.b"])
    goal = weights["A"] @ (_softmax(asked @ weights["a"][0] + weights["a.b"]) @ asked)
    columns = [heed @ cover(layer, fading) for layer in shared for fading in FADING]
    columns += [layer.max(axis=0) for layer in shared]
    columns.append(np.full(len(said), float(crossing), np.float32))
    columns.append(said @ weights["B"].T @ goal / np.float32(np.sqrt(len(goal))))
    columns.append(said @ weights["b"][0] + weights["b.b"])
    features = (np.stack(columns, axis=1) - weights["mu"]) / weights["sd"]
    inner = np.maximum(features @ weights["net.0"].T + weights["net.0.b"], 0)
    scores = features @ weights["line"][0] + weights["line.b"]
    return np.asarray(scores + inner @ weights["net.1"][0] + weights["net.1.b"], np.float32)


def cover(cosines: Array, fading: float) -> Array:
    """For each question token and each place the best cosine, less `fading` for each token between.

    Of shape (m, n), as the cosines are.
    """
    way = np.arange(cosines.shape[1], dtype=np.float32) * np.float32(fading)
    before = np.maximum.accumulate(cosines + way, axis=1) - way
    behind = np.maximum.accumulate((cosines - way)[:, ::-1], axis=1)[:, ::-1] + way
    return np.asarray(np.maximum(before, behind), np.float32)


def _unit(states: Array) -> Array:
    lengths = np.linalg.norm(states, axis=-1, keepdims=True)
    return np.asarray(states / np.maximum(lengths, 1e-6), np.float32)


def _softmax(scores: Array) -> Array:
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum(), np.float32)
