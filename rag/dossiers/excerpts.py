"""The sentences of passages as they may be quoted, and their nearness to a subject."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from rag.dossiers.subject import Subject
from rag.retrieval.retriever import Retriever, Vector
from rag.text.sentences import sentence_spans, trimmed
from rag.types import Hit
from rag.verification.clauses import HAN_PRONOUNS, PRONOUNS

MIN_LETTERS = 12
"""Letters of the shortest sentence that is quoted; a Chinese character counts three. Not fitted."""
CONTENT_WEIGHT = 0.7
"""Weight of the cosine to a subject without its names, beside that to the whole. Set on 49 subjects of the
sample library."""
_ENDED = re.compile(r"[.!…。！；;][\"'”’»」』)）]*$")
_BULLET = re.compile(r"(?:[-*•–—]|\(?\d{1,2}[.)、．])\s*")
_OPENS_LOWER = re.compile(r"\W*[a-zà-ÿа-яё]")
_DEMONSTRATIVES = (
    r"This|These|That|Those|The (?:two|latter|former)|Ce|Cet|Cette|Ces|Это|Эт[аио]т?|Последн\w{2}|"
    r"Điều (?:này|đó)|Đó|Đây|Trong đó"
)
_REFERS_BACK = re.compile(rf"(?:{PRONOUNS}|{_DEMONSTRATIVES})\b(?! [A-ZĐ])|[{HAN_PRONOUNS}这那]")
"""Opens a sentence that cannot be read without the one before."""
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence, with the one before where it refers to that: `hit.passage.text[start:end]`."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words on one line, without a bullet."""
        said = " ".join(self.hit.passage.text[self.start : self.end].split())
        bullet = _BULLET.match(said)
        return said[bullet.end() :] if bullet else said

    @property
    def is_item(self) -> bool:
        """Whether it is an item of a list."""
        return bool(_BULLET.match(self.hit.passage.text[self.start : self.end].lstrip()))

    @property
    def is_sentence(self) -> bool:
        """Whether it ends as a sentence does."""
        return bool(_ENDED.search(self.text))


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """An excerpt, its nearness to the subject (-1 to 1), and its mean-centred vector."""

    excerpt: Excerpt
    near: float
    vector: Vector


def quotable(hits: Iterable[Hit]) -> list[Excerpt]:
    """The whole sentences and list items of passages; what several passages have comes once.

    Headings, questions and fragments are left out.
    """
    found = [Excerpt(hit, start, end) for hit in hits for start, end in _apart(list(_spans(hit)))]
    unique = {one.text.casefold(): one for one in reversed(found)}
    return list(reversed(unique.values()))


def lead_of(hit: Hit) -> str:
    """The text of a passage before its first list item."""
    lines = hit.passage.text.splitlines()
    return "\n".join(takewhile(lambda line: not _BULLET.match(line.lstrip()), lines))


def scored(excerpts: Sequence[Excerpt], subject: Subject, retriever: Retriever) -> list[Scored]:
    """Embed excerpts and compare them with a subject: as a whole, and with what is not a name in it.

    `near` is the weighted mean of both cosines, because names alone make any sentence near that has them.
    """
    if not excerpts:
        return []
    vectors = retriever.sentence_vectors([(one.text, one.hit.language) for one in excerpts])
    near = vectors @ retriever.question_vector(subject.text, subject.language)
    if content := subject.content:
        without_names = vectors @ retriever.question_vector(content.text, content.language)
        near = (1 - CONTENT_WEIGHT) * near + CONTENT_WEIGHT * without_names
    return [Scored(one, float(n), v) for one, n, v in zip(excerpts, near, vectors, strict=True)]


def _spans(hit: Hit) -> Iterator[tuple[int, int]]:
    text, before = hit.passage.text, None
    for span in sentence_spans(text, hit.language):
        start, end = trimmed(text, *span)
        said = text[start:end]
        if not _ENDED.search(said) and not _BULLET.match(said):
            before = None
            continue
        joined = before is not None and _REFERS_BACK.match(said) and "\n" not in text[before:start].strip()
        if _is_whole(said) and not said.endswith(("?", "？")):
            yield before if joined and before is not None else start, end
        before = start


def _apart(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans that no following one contains."""
    for n, (start, end) in enumerate(spans):
        if n + 1 == len(spans) or spans[n + 1][0] != start:
            yield start, end


def _is_whole(said: str) -> bool:
    size = sum(3 if _HAN.match(c) else 1 for c in said if c.isalpha())
    return size >= MIN_LETTERS and not _OPENS_LOWER.match(said)
