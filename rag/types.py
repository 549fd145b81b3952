"""The data types: article, passage, hit, citation, sentence and answer.

All are frozen: an answer keeps the passages it was made from, whatever happens to the library afterwards.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from rag.locales.message import Message

Support = Literal["supported", "partly", "unsupported"]
"""How far the cited passages support a sentence."""
Outcome = Literal["answered", "unconfirmed", "not_found"]
"""The outcome of a question: `answered` with sentences that the passages support; `unconfirmed` if relevant
passages were found but no answer was confirmed; `not_found` if none were found."""

BroadForm = Literal["dossier", "timeline", "comparison", "list"]
"""The form of an answer to a broad question: all that the articles say of a subject, its history, several
subjects side by side, or an enumeration as it stands in an article."""

Kind = Literal["content", BroadForm, "library", "greeting", "thanks"]
"""What a question asks for: `content`, a fact of the articles; a form of broad answer; `library`, which
articles there are. A greeting and thanks ask nothing. Only `content` is answered by a model."""

AnswerForm = Literal["", "answer", BroadForm]
"""The form of an answer that a reader chose: `answer` is a short one; "" leaves it to the question."""


AnswerLength = Literal["short", "normal", "long"]
"""How long a reader wants answers: a sentence, one or two, or a paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerStyle:
    """How a reader wants answers written: their length, and instructions on the wording, "" for none."""

    length: AnswerLength = "normal"
    instructions: str = ""


def article_id(source: str) -> str:
    """Return the first 16 hex digits of a source's SHA-256. Raises UnicodeEncodeError for lone surrogates."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleInfo:
    """An article's metadata: what lists, citations and hits show.

    `id` is `article_id(source)`, so it survives edits. `source` is the path
    or URL that the article was read from, with its place in a file that holds several ("a.zip!/x.html",
    "b.csv#3"). `language` is an ISO 639-1 code. `outlet` is the publisher and `url` the article's place on
    the web, if known.
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
    """A cleaned article. `text` is the body without the title; blank lines separate paragraphs."""

    text: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file, or a part of one, that did not become an article, and the reason."""

    source: str
    reason: Message


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line of a file that is not in the article's text, and the step of reading that dropped it.

    Steps: "menu", "date", "notice", "link" and "end" of lines; "title", "hidden", "box" and "page" of HTML
    pages ("caption" in older readings); "margin" of PDFs; "signature" of mail.
    """

    text: str
    step: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of an article: `article.text[start:end] == text`, always.

    `start` and `end` are offsets in code points; `ordinal` numbers the article's passages from 0.
    `language` is set only if it differs from the article's.
    """

    article_id: str
    ordinal: int
    start: int
    end: int
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The articles to search: those that pass every filter that is set.

    `languages` are ISO 639-1 codes. `since` and `until` are inclusive; an article without a date passes
    neither. `sources` are outlets, or parts of a path or URL, compared without case. `articles` are ids;
    an unknown one is of no article. `collections` are names; an article passes in one of them.
    `within` are the collections that the asker may see, None for all articles, and `groups` the groups of the
    asker, None for one who may see all (see rag.store.filter_sql). Unlike the other filters, these two also
    bound advice, counts and suggestions.
    """

    languages: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    within: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None

    def __bool__(self) -> bool:
        return self != Filters()

    @property
    def bounds(self) -> Filters:
        """The filters without what the asker chose."""
        return Filters(within=self.within, groups=self.groups)


@dataclass(frozen=True, slots=True)
class Why:
    """The parts of a hit's score: `dense + balance + keyword`, or `rerank` if a reranker is set.

    `dense` is the embedding model's cosine, `balance` the correction by mean centring per language, and
    `keyword` the keyword score. See rag.retrieval.fusion.
    """

    dense: float
    balance: float
    keyword: float
    rerank: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage; a larger `score` is better.

    `near` is the mean-centred cosine (-1 to 1). `words` is the share of the question's words in the passage
    (0 to 1), weighted by their rarity. `copies` are the other articles with the same passage, newest first.
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
        """The distinct outlets that published the passage: the article's first, then those of its copies."""
        named = (article.outlet or article.source for article in (self.article, *self.copies))
        return tuple(dict.fromkeys(named))

    @property
    def language(self) -> str:
        """The passage's language: a quotation may differ from its article."""
        return self.passage.language or self.article.language

    @property
    def titled(self) -> str:
        """The passage under its article's title, which often resolves its pronouns."""
        return f"{self.article.title}\n{self.passage.text}".strip()


@dataclass(frozen=True, slots=True)
class Citation:
    """A citation mark `text[start:end]` of an answer; `n` is the passage it cites, from 1."""

    n: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, without its marks, and the passages that support it.

    `citations` are passage numbers of this answer, from 1; `added` means that matching
    added the marks, not the model; `reason` says what is missing, None if nothing is.
    """

    text: str
    citations: tuple[int, ...] = ()
    support: Support = "unsupported"
    added: bool = False
    reason: Message | None = None


SHOWN_QUOTES = 3
"""Number of quotes shown for a question. Not fitted."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim quotation of a sentence: `passage.text[start:end]` of passage `n`, from 1.

    `n` counts an answer's `hits` and then its `unused`. `strong` are the spans of the passage's text, within
    the sentence, that most likely answer. A larger `score` is better; it orders the quotes of one question.
    """

    n: int
    start: int
    end: int
    score: float
    strong: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Mended:
    """A misspelled word of a question, and the library's name with the most similar spelling."""

    word: str
    known: str


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds from the question to the hits, to the first token, and to the end."""

    retrieve_ms: float = 0.0
    first_token_ms: float | None = None
    total_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a conversation and its answer, "" if none was found."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer and everything it was made from.

    `hits[n - 1]` is passage n of the citation marks; `unused` are the hits that the model did not read, best
    first. `quotes` are the sentences of both that most likely answer, best first: SHOWN_QUOTES of all
    passages, then the best of each other passage. `kind` is the question's; `offers` are questions that a
    reader may ask next. `mended` are misspelled names that were also searched as the library spells them.
    `text` leaves out unsupported sentences, which `sentences` holds. `searched` is the standalone form of a
    follow-up, "" otherwise. `advice` says what may help if nothing was confirmed. `confidence` is the
    calibrated probability that what the model wrote is right (0 to 1), None if it was not judged.
    `dates` are those of the sentences of a timeline, as far as they are known ("2024-05", "2024-05-02").
    `interrupted` names the error that ended the answer early. `thinking` holds a reasoning model's thoughts,
    which are not part of `text`. `warnings` are for the reader.
    """

    question: str
    language: str
    text: str
    outcome: Outcome
    hits: tuple[Hit, ...]
    model: str
    sentences: tuple[Sentence, ...] = ()
    thinking: str = ""
    timings: Timings = field(default_factory=Timings)
    prompt_tokens: int | None = None
    interrupted: Message | None = None
    warnings: tuple[Message, ...] = ()
    searched: str = ""
    advice: tuple[Message, ...] = ()
    unused: tuple[Hit, ...] = ()
    quotes: tuple[Quote, ...] = ()
    kind: Kind = "content"
    offers: tuple[str, ...] = ()
    mended: tuple[Mended, ...] = ()
    dates: tuple[str, ...] = ()
    confidence: float | None = None

    @property
    def found(self) -> bool:
        """Whether an answer was confirmed."""
        return self.outcome == "answered"
