"""Compute an article's digest: its central sentences, and its names, dates and figures, as spans. Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import log, sqrt

from rag.dossiers.quotable_spans import QuotableSpan, quotable_spans
from rag.text.pronouns import LANGUAGES
from rag.text.stems import stems
from rag.types import Article, Hit, Passage
from rag.verification.analysed_text import AnalysedText
from rag.verification.claims import Span
from rag.verification.moments import moments
from rag.verification.names.name_extraction import VIETNAMESE_SURNAMES
from rag.verification.names.phonetics import fold
from rag.verification.names.word_lists import Name, is_title, words_of

KEY_SENTENCES = 3
"""Number of key sentences of a digest. Not fitted."""
MIN_SENTENCES = 6
"""Minimum number of sentences of an article with key sentences; a shorter one is its own digest. Not
fitted."""
MAX_CHARACTERS = 20_000
"""Maximum number of characters read, from an article's beginning. Not fitted."""
MAX_LISTED = 8
"""Maximum number of names of one kind, dates, or figures in a digest. Not fitted."""
LEAD_WEIGHT = 1.5
"""Factor on the centrality of the first sentence, where news reports state what matters most. Not fitted."""
_HYPHENATED = re.compile(r"[-‑][^\W\d_]+")
"""The end of a name whose second part is not capitalised: Jae-myung."""
_WITH_UNIT = ("amount", "percent")


@dataclass(frozen=True, slots=True)
class Digest:
    """Spans of an article's text: key sentences, dates and figures in order; names by frequency.

    `others` are names that may or may not be a person's.
    """

    sentences: tuple[Span, ...] = ()
    people: tuple[Span, ...] = ()
    organisations: tuple[Span, ...] = ()
    places: tuple[Span, ...] = ()
    others: tuple[Span, ...] = ()
    dates: tuple[Span, ...] = ()
    figures: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestedArticle:
    """An article with its digest."""

    article: Article
    digest: Digest


@lru_cache(maxsize=1024)
def gist(article: Article) -> str:
    """Return the first key sentence of an article on one line, else its first sentence; "" without any."""
    spans = key_sentences(article) or [(one.start, one.end) for one in _sentences(article)]
    return " ".join(article.text[slice(*spans[0])].split()) if spans else ""


@lru_cache(maxsize=256)
def digest(article: Article) -> Digest:
    """Compute an article's digest."""
    text = article.text[:MAX_CHARACTERS]
    analysed = AnalysedText(text, article.language)
    named: dict[str, list[Name]] = {}
    for name in analysed.names:
        named.setdefault(_kind(name, article), []).append(name)
    dated = moments(analysed.folded.text, analysed.figures)
    days = [analysed.folded.span(one.start, one.parts[-1].end) for one in dated if one.months]
    figures = [analysed.span(one) for one in analysed.figures if one.kind in _WITH_UNIT]
    return Digest(
        sentences=key_sentences(article),
        people=_most_frequent(text, named.get("person", ())),
        organisations=_most_frequent(text, named.get("organisation", ())),
        places=_most_frequent(text, named.get("place", ())),
        others=_most_frequent(text, named.get("other", ())),
        dates=_different(text, days),
        figures=_different(text, (span for span in figures if any(map(str.isdigit, text[slice(*span)])))),
    )


@lru_cache(maxsize=1024)
def key_sentences(article: Article) -> tuple[Span, ...]:
    """Return the spans of the sentences that share most with the others, in their order.

    The score is the degree centrality over cosines of TF-IDF weighted stems (LexRank, Erkan and Radev 2004,
    without the random walk), times the root of the number of stems, because short sentences say little. Each
    sentence taken lowers the score of similar ones.
    """
    found = _sentences(article)
    if len(found) < MIN_SENTENCES:
        return ()
    vectors = _weighted([_stems(one.text, article.language) for one in found])
    likeness = [[_cosine(one, other) for other in vectors] for one in vectors]
    scores = [(sum(row) - 1) * sqrt(len(vector)) for row, vector in zip(likeness, vectors, strict=True)]
    scores[0] *= LEAD_WEIGHT
    taken: list[int] = []
    while len(taken) < KEY_SENTENCES:
        left = [n for n in range(len(found)) if n not in taken]
        taken.append(
            max(left, key=lambda n: scores[n] * (1 - max((likeness[n][m] for m in taken), default=0)))
        )
    return tuple((found[n].start, found[n].end) for n in sorted(taken))


def _sentences(article: Article) -> list[QuotableSpan]:
    text = article.text[:MAX_CHARACTERS]
    whole = Hit(Passage(article.id, 0, 0, len(text), text), article, score=0.0)
    return [one for one in quotable_spans([whole]) if one.is_sentence and not one.is_item]


def _stems(text: str, language: str) -> set[str]:
    return stems(text, language if language in LANGUAGES else "en")


def _weighted(sentences: list[set[str]]) -> list[dict[str, float]]:
    """Return the sentences' stems, weighted by inverse sentence frequency, as vectors of length 1."""
    counts = Counter(stem for sentence in sentences for stem in sentence)
    rows = []
    for sentence in sentences:
        row = {stem: log(1 + len(sentences) / counts[stem]) for stem in sentence}
        length = sqrt(sum(weight * weight for weight in row.values())) or 1.0
        rows.append({stem: weight / length for stem, weight in row.items()})
    return rows


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(weight * other[stem] for stem, weight in one.items() if stem in other)


def _kind(name: Name, article: Article) -> str:
    """Return the kind of a name: "person", "organisation", "place" or "other"; "" for a guess."""
    if name.mention and name.mention.implied:  # "Korean"
        return ""
    if name.mention:
        kinds = _name_kinds()["gazetteer"].items()
        return next((kind for kind, keys in kinds if name.mention.keys.intersection(keys)), "place")
    if any(len(word) > 1 and word.isupper() for word in name.words) or _is_organisation(
        name, article.language
    ):
        return "organisation"
    if name.guessed or name.opening or not name.sure or len(name.words) < 2:
        return ""
    return "person" if _is_person(name, article) else "other"


def _is_organisation(name: Name, language: str) -> bool:
    if any(len(word) > 1 and word.isupper() for word in name.words):
        return True
    listed = _name_kinds()["organisation words"].get(language, ())
    if language == "vi":
        return name.words[0].casefold() in listed
    return any(fold(word).startswith(listed) for word in name.words)


def _is_person(name: Name, article: Article) -> bool:
    """Tell whether a name begins with a given name or a Vietnamese surname, or follows a title."""
    first, before = fold(name.words[0]), article.text[: name.start].split()[-1:]
    if first in words_of("given", "") or (first in VIETNAMESE_SURNAMES and len(name.words) > 2):
        return True
    return any(is_title(fold(word.strip(".")), article.language) for word in before)


@cache
def _name_kinds() -> dict[str, dict[str, tuple[str, ...]]]:
    """name_kinds.json: keys of the gazetteer that are not places; how words for organisations begin."""
    rows = json.loads((files("rag.dossiers") / "name_kinds.json").read_text("utf-8"))
    words = {
        language: tuple(map(fold, text.split())) for language, text in rows["organisation words"].items()
    }
    words["vi"] = tuple(rows["organisation words"]["vi"].split())
    return {"gazetteer": rows["gazetteer"], "organisation words": words}


def _most_frequent(text: str, names: Iterable[Name]) -> tuple[Span, ...]:
    """Return the first span of each name, most frequent first."""
    first: dict[str, Span] = {}
    counts: Counter[str] = Counter()
    for name in names:
        key = min(name.mention.keys) if name.mention else fold(text[name.start : name.end])
        rest = _HYPHENATED.match(text, name.end)
        first.setdefault(key, (name.start, rest.end() if rest else name.end))
        counts[key] += 1
    return tuple(first[key] for key, _ in counts.most_common(MAX_LISTED))


def _different(text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the first MAX_LISTED spans of different wording."""
    first: dict[str, Span] = {}
    for start, end in spans:
        first.setdefault(text[start:end], (start, end))
    return tuple(first.values())[:MAX_LISTED]
