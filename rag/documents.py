"""The nouns: what an article, a passage, a hit, a citation and an answer are, and the events of answering.

All is frozen: an answer keeps the passages it was made from, whatever happens to the library afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Support = Literal["supported", "partly", "unsupported"]
"""What the check of a sentence against its cited passages found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleInfo:
    """An article without its text: what a list, a citation or a hit needs to name it.

    `id` is the first 16 hex digits of the SHA-256 of `source`, so it outlives edits; `source` is the
    path or address that the article was read from, with its place in a file of several
    ("a.zip!/x.html", "b.csv#3"); `language` an ISO 639-1 code; `outlet` who published it, `author` who
    wrote it and `url` where on the web it stands, where that is known.
    """

    id: str
    source: str
    title: str
    language: str
    published: date | None = None
    outlet: str | None = None
    author: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(ArticleInfo):
    """An article, cleaned: `text` is its body alone, without the title, paragraphs apart by a blank line."""

    text: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """What did not become an article, a file or a part of one, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells whether a file has changed: SHA-256 of its bytes, size, modification time."""

    digest: str
    size: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article: `article.text[start:end] == text`, always.

    `start` and `end` count characters (code points) of the article's text; `ordinal` counts the
    article's passages from 0. `language` is its own where that is not the article's, "" else.
    """

    article_id: str
    ordinal: int
    start: int
    end: int
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which articles are searched: those that pass every filter that is set.

    `languages` are ISO 639-1 codes. `since` and `until` are days, both included; an article without a
    date passes neither. `sources` are outlets, or parts of a path or address, whatever their case.
    """

    languages: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.languages or self.since or self.until or self.sources)


@dataclass(frozen=True, slots=True)
class Why:
    """What a hit's score is made of: `dense + balance + keyword`, or `rerank` where one is set.

    `dense` is the cosine as the model gives it; `balance` what is put right for the passage's language;
    `keyword` what the question's words in the passage are worth. See rag.fusing.
    """

    dense: float
    balance: float
    keyword: float
    rerank: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a question found; `score` orders hits, larger is better.

    `near` is the balanced cosine (-1 to 1), `words` the share of the question's words that it holds (0 to
    1), weighted by how rare they are. `copies` are other articles, newest first, with the same passage.
    """

    passage: Passage
    article: ArticleInfo
    score: float
    near: float = 0.0
    words: float = 0.0
    why: Why | None = None
    copies: tuple[ArticleInfo, ...] = ()

    @property
    def outlets(self) -> tuple[str, ...]:
        """Who reports it, each outlet once: the article's, then those of its copies."""
        named = (article.outlet or article.source for article in (self.article, *self.copies))
        return tuple(dict.fromkeys(named))

    @property
    def language(self) -> str:
        """The language that the passage is in: a quotation may be in another one than its article."""
        return self.passage.language or self.article.language

    @property
    def titled(self) -> str:
        """The passage under its article's title: who "he" is, the title often says."""
        return f"{self.article.title}\n{self.passage.text}".strip()


@dataclass(frozen=True, slots=True)
class Citation:
    """A mark in the answer's text: `text[start:end]` is the mark, `n` the passage it names, from 1."""

    n: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, without its marks, and what it rests on.

    `citations` are passage numbers of this answer, from 1; `added` tells that the marks are ours,
    found by matching, not the model's; `reason` says in English what is missing, where something is.
    """

    text: str
    citations: tuple[int, ...] = ()
    support: Support = "unsupported"
    added: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds from the question to the hits, to the first word, and to the end."""

    retrieve_ms: float = 0.0
    first_token_ms: float | None = None
    total_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and the answer it had: what a follow-up can lean on."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer with all that it was made from.

    `hits[n - 1]` is passage n, as the marks number them; `unused` are those found and not read, best
    first. `found` is False for "not in your articles". `text` leaves unsupported sentences out; `sentences`
    has them all. `searched` is the question that was searched, where a follow-up was made whole; `advice`
    says what the closest passages do not tell and what may help, in the question's language. `interrupted`
    is empty for a whole answer, else what cut it short. `thinking` is what a thinking model wrote before
    it answered, never part of `text`. `warnings` are for the reader, in English.
    """

    question: str
    language: str
    text: str
    found: bool
    hits: tuple[Hit, ...]
    model: str
    sentences: tuple[Sentence, ...] = ()
    thinking: str = ""
    timings: Timings = field(default_factory=Timings)
    prompt_tokens: int | None = None
    interrupted: str = ""
    warnings: tuple[str, ...] = ()
    searched: str = ""
    advice: tuple[str, ...] = ()
    unused: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Rephrased:
    """A follow-up, made whole: the question that is searched."""

    question: str


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The hits, numbered as the answer will cite them, and those not read: drawn before the first word."""

    hits: tuple[Hit, ...]
    unused: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class Loading:
    """The model is being loaded into memory, which takes a while the first time; `over`: now it is there."""

    over: bool = False


@dataclass(frozen=True, slots=True)
class Prompted:
    """What the model is asked: role and content of each message; `options` limit what it reads and writes."""

    messages: tuple[tuple[str, str], ...]
    options: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Thinking:
    """A piece of a thinking model's thoughts."""

    text: str


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the answer's text; its marks read [n], each whole, each naming a hit."""

    text: str


@dataclass(frozen=True, slots=True)
class Rereading:
    """What was written does not stand: all tokens are void, and the model writes on, unseen."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The whole text anew, in place of all tokens before: a number, or its language, was put right."""

    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The sentences of the finished answer with their citations and support."""

    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """The end: a whole answer."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class NotFound:
    """The end: the articles do not hold it. `answer.hits` are the closest passages."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Failed:
    """The end: something broke. `message` is for the reader; `answer` keeps what was written."""

    message: str
    answer: Answer


Progressed = Rephrased | Retrieved | Loading | Prompted | Thinking | Token | Rereading | Rewritten | Checked
Event = Progressed | Answered | NotFound | Failed
"""What `Library.ask` yields: Retrieved (a follow-up is Rephrased before), Loading where the model is not in
memory, Prompted, then Thinking and Token, seldom Rewritten, or Rereading and Prompted again, then Checked,
and one of the three ends."""
