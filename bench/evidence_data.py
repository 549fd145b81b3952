"""XQuAD's questions and passages with token states, and examples sampled from them; see evidence.py."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.answering.answer_scorer import mean
from rag.embedding.onnx import OnnxEmbedder
from rag.embedding.token_states import Array, TokenStateReader
from rag.settings import DEFAULT_EMBEDDER, Settings

LANGUAGES = ("en", "zh", "vi", "ru", "de", "es")
KINDS = {"answer": 0.45, "left out": 0.3, "elsewhere": 0.25}
"""Sampling rates: with the answer; without its sentences; another passage of the article."""
_END = re.compile(r"[.!?](?=\s|$)|[。！？]")

Row = dict[str, Any]
Versions = dict[str, "Read"]
"""A text by language."""
Spans = Sequence[tuple[int, int]]
Means = dict[str, Array]
"""By language, or "question.en" and so on: shape (layers, hidden)."""


@dataclass(frozen=True, slots=True)
class Read:
    """A text with its tokens: their states, shape (layers, n, hidden), and their spans."""

    text: str
    states: NDArray[np.float16]
    spans: Spans

    def sentences(self) -> list[tuple[int, int]]:
        """Split into ranges of tokens, at plain sentence ends: abbreviations only shift a window."""
        found, first = [], 0
        for end in [*(match.end() for match in _END.finditer(self.text)), len(self.text)]:
            last = first
            while last < len(self.spans) and self.spans[last][1] <= end:
                last += 1
            if last > first:
                found.append((first, last))
            first = last
        return found

    def tokens_of(self, words: str) -> list[list[int]]:
        """Return the token indices of each occurrence of the words."""
        spans = [match.span() for match in re.finditer(re.escape(words), self.text)] if words else []
        places = ([n for n, (s, e) in enumerate(self.spans) if e > a and s < b] for a, b in spans)
        return [place for place in places if place]


@dataclass(frozen=True, slots=True)
class Example:
    """Mean-centred states, shape (layers, tokens, hidden), and the passage's answer tokens."""

    question: Array
    passage: Array
    crossing: bool
    answer: Sequence[int]


class Quiz:
    """XQuAD's questions and passages with their states, and the split by article."""

    def __init__(self, passages: Sequence[Row], questions: Sequence[Row], limit: int) -> None:
        """Hold out a sixth of `limit` articles, in a fixed random order."""
        articles = sorted({article(row["id"]) for row in passages})
        Random(1).shuffle(articles)
        articles = articles[:limit]
        held = articles[: max(1, len(articles) // 6)]
        asked = [row for row in questions if article(row["passage"]) in articles]
        self.held = [row for row in asked if article(row["passage"]) in held]
        self.train = [row for row in asked if row not in self.held]
        chosen = [row for row in passages if article(row["id"]) in articles]
        tokens = TokenStateReader(OnnxEmbedder(Settings.load().models / DEFAULT_EMBEDDER))
        self.questions = {row["id"]: read(tokens, row["q"], True, LANGUAGES) for row in asked}
        self.passages = {row["id"]: read(tokens, row, False, LANGUAGES) for row in chosen}
        self.means = measure("question", self.questions.values(), tokens)
        self.means |= measure("passage", self.passages.values(), tokens)

    def example(self, row: Row, asked: str, said: str, kind: str, rng: Random) -> Example | None:
        """Build an example of a kind from a question and a passage in two languages; None if impossible."""
        name = row["passage"]
        if kind == "elsewhere":
            name = rng.choice([p for p in self.passages if article(p) == article(name) and p != name])
        question, passage = self.questions[row["id"]][asked], self.passages[name][said]
        answer, places = kind == "answer", passage.tokens_of(row["a"][said])
        sentences = passage.sentences()
        holding = {n for n, (s, e) in enumerate(sentences) for place in places for t in place if s <= t < e}
        starts = [n for n in range(len(sentences)) if (n in holding) == answer]
        if bool(places) == (kind == "elsewhere") or not starts:
            return None
        starts, barred = (starts[:1], set()) if answer else (starts, holding)
        start, end = window(sentences, starts, barred, rng.randint(50, 120), rng)
        right = [t - start for place in places if start <= place[0] and place[-1] < end for t in place]
        if end - start < 4 or (answer and not right):
            return None
        q = question.states.astype(np.float32) - mean(self.means, "question", asked)
        p = passage.states[:, start:end].astype(np.float32) - mean(self.means, "passage", said)
        return Example(q, p, asked != said, right if answer else [])

    def draw(self, rng: Random) -> Example:
        """Sample a training example."""
        while True:
            row, language = rng.choice(self.train), rng.choice(LANGUAGES)
            asked = language if rng.random() < 0.4 else rng.choice(LANGUAGES)
            (kind,) = rng.choices(list(KINDS), list(KINDS.values()))
            if example := self.example(row, asked, language, kind, rng):
                return example


def article(passage: str) -> str:
    """Return the article's id of a passage's id."""
    return passage.split("-", maxsplit=1)[0]


def window(sentences: Spans, starts: list[int], barred: set[int], size: int, rng: Random) -> tuple[int, int]:
    """Choose sentences around one of `starts`, about `size` tokens, none of them `barred`."""
    first = last = rng.choice(starts)
    while True:
        ways = [n for n in (first - 1, last + 1) if 0 <= n < len(sentences) and n not in barred]
        ways = [n for n in ways if sentences[max(last, n)][1] - sentences[min(first, n)][0] <= size]
        if not ways:
            start = sentences[first][0]
            return start, min(sentences[last][1], start + size + 40)
        n = rng.choice(ways)
        first, last = min(first, n), max(last, n)


def read(
    tokens: TokenStateReader, row: Mapping[str, str], question: bool, languages: Sequence[str]
) -> Versions:
    """Compute a text's states in several languages, as float16: XQuAD would need more than 1 GB otherwise."""
    texts = [row[language].lstrip("\ufeff") for language in languages]
    found = zip(languages, texts, tokens(texts, question), strict=True)
    return {name: Read(text, one.states.astype(np.float16), one.spans) for name, text, one in found}


def measure(side: str, rows: Iterable[Versions], tokens: TokenStateReader) -> Means:
    """Compute the mean states of each language, of French, and of all under "", for questions or passages.

    French is placed relative to the others as in parallel_sentences.json.
    """
    parallel, asked = (
        json.loads(files("rag.embedding").joinpath("parallel_sentences.json").read_bytes()),
        side == "question",
    )
    same = parallel["questions" if asked else "statements"]
    known, shifts = middles(rows), middles(read(tokens, row, asked, (*LANGUAGES, "fr")) for row in same)
    known["fr"] = shifts["fr"] + np.mean([known[name] - shifts[name] for name in LANGUAGES], axis=0)
    known[""] = np.asarray(np.mean(list(known.values()), axis=0), np.float32)
    return {f"{side}.{name}": middle for name, middle in known.items()}


def middles(rows: Iterable[Versions]) -> Means:
    """Average the texts' mean states by language; shape (layers, hidden)."""
    kept = [{name: one.states.mean(axis=1, dtype=np.float32) for name, one in row.items()} for row in rows]
    return {name: np.asarray(np.mean([row[name] for row in kept], axis=0)) for name in kept[0]}
