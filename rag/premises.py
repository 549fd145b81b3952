"""What a question takes for granted, looked up: the names and dates in it that the articles do not have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache

from rag.checking import Claim, Verdict, verdicts
from rag.checking.names import name_claims
from rag.documents import Article, Filters, Hit
from rag.refusing import Lacking
from rag.retrieving import Retriever
from rag.store import Store

_LOOKED_UP = frozenset({"name", "day", "month", "year"})
"""Claims of a question that an article which answers it has to have; its figures may be in other words."""
_SPELLED = 0.7
"""How like two spellings are, by difflib, that may mean the same name."""
_NEARER = 0.03
"""Balanced cosine by which a passage outside the filters must be nearer, to be worth a word."""


class Premises:
    """Looks at whole articles: a passage says "he" where its article says who."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self._store, self._retriever = store, retriever

    def absent(self, question: str, language: str, hits: Iterable[Hit]) -> list[Claim]:
        """Names and dates of a question that none of the hits' articles has, in any spelling."""
        ids = dict.fromkeys(hit.article.id for hit in hits)
        articles = [article for i in ids if (article := self._store.ledger.article(i))]
        return _absent_from_all(question, language, articles) if articles else []

    def lacking(self, question: str, language: str, hits: Sequence[Hit], filters: Filters) -> Lacking:
        """What can be said of a question that has no answer; hits are the closest passages, best first."""
        names = [claim.text for claim in self.absent(question, language, hits[:1]) if claim.kind == "name"]
        far = {claim.text for claim in self.absent(question, language, hits)}  # in no other script either
        nowhere = [name for name in names if name in far and not self._store.keywords.mentions(name)]
        return Lacking(
            nowhere=nowhere,
            elsewhere=[name for name in names if name not in nowhere],
            spelled=[known for name in nowhere for known in _spelled(name, hits)],
            filtered=self._nearer_without(question, language, hits, filters),
        )

    def _nearer_without(
        self, question: str, language: str, hits: Sequence[Hit], filters: Filters
    ) -> Hit | None:
        if not filters:
            return None
        best = self._retriever.search(question, 1, language=language)
        near = max((hit.near for hit in hits), default=-1.0)
        return best[0] if best and best[0].near > near + _NEARER else None


def _absent_from_all(question: str, language: str, articles: Sequence[Article]) -> list[Claim]:
    found = [verdict for article in articles for verdict in _looked_up(question, language, article)]
    there = {v.claim.start for v in found if v.status != "absent"}
    lacking = {v.claim.start: v.claim for v in found if v.claim.kind in _LOOKED_UP}
    return [claim for start, claim in sorted(lacking.items()) if start not in there]


@lru_cache(maxsize=64)  # an answer asks of the same articles before and after it is written
def _looked_up(question: str, language: str, article: Article) -> tuple[Verdict, ...]:
    text = f"{article.title}\n{article.text}"
    return tuple(verdicts(question, language, text, article.language, published=article.published))


def _spelled(name: str, hits: Sequence[Hit]) -> list[str]:
    """A name of the passages that is spelled nearly as another."""
    known = {c.text for hit in hits for c in name_claims(hit.passage.text, hit.language)}
    return get_close_matches(name, known, n=1, cutoff=_SPELLED)
