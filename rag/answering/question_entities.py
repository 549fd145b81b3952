"""Question entities: the names and dates of a question that the articles do not contain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from itertools import chain

from rag.answering.refusals import Diagnosis
from rag.retrieval.retriever import Retriever
from rag.store.store import Store
from rag.types import Article, Filters, Hit
from rag.verification.claims import Claim, Verdict
from rag.verification.facts import Facts, extract

REQUIRED_KINDS = frozenset({"name", "day", "month", "year"})
"""Kinds of claims that an article must contain to answer; other figures may be worded differently."""
MIN_SPELLING_RATIO = 0.7
"""difflib ratio of two spellings from which one is suggested for the other. Not fitted."""
MIN_COSINE_GAIN = 0.03
"""Gain in mean-centred cosine from which a passage outside the filters is mentioned. Not fitted."""


class QuestionEntities:
    """Looks entities up in complete articles, because a passage may only say "he"."""

    def __init__(self, store: Store, retriever: Retriever) -> None:
        self._store, self._retriever = store, retriever

    def absent(self, question: str, language: str, hits: Iterable[Hit]) -> list[Claim]:
        """Return the names and dates of a question that no article of the hits contains, in any spelling."""
        articles = self._articles(hits)
        return _absent_from_all(question, language, articles) if articles else []

    def has_telling_name(self, question: str, language: str, hits: Iterable[Hit]) -> bool:
        """Tell whether some, but not all, articles of the hits contain a name of the question."""
        seen: dict[int, set[str]] = {}
        of_each = (_verdicts(question, language, article) for article in self._articles(hits))
        for verdict in chain.from_iterable(of_each):
            if verdict.claim.kind == "name":
                seen.setdefault(verdict.claim.start, set()).add(verdict.status)
        return any({"held", "absent"} <= statuses for statuses in seen.values())

    def _articles(self, hits: Iterable[Hit]) -> list[Article]:
        return self._store.ledger.with_ids(hit.article.id for hit in hits)

    def diagnose(self, question: str, language: str, hits: Sequence[Hit], filters: Filters) -> Diagnosis:
        """Find why no answer may have been confirmed; hits are the closest passages, best first."""
        names = [claim.text for claim in self.absent(question, language, hits) if claim.kind == "name"]
        bounded = bool(filters.bounds)  # other articles' words do not decide what is said
        unknown = [name for name in names if bounded or not self._store.keywords.mentions(name)]
        return Diagnosis(
            unrecognised=names,
            spelled=[similar for name in unknown for similar in _similar_name(name, hits)],
            filtered=self._closer_unfiltered(question, language, hits, filters),
        )

    def _closer_unfiltered(
        self, question: str, language: str, hits: Sequence[Hit], filters: Filters
    ) -> Hit | None:
        """Return the best passage without the filters, within the bounds, where it is closer than all."""
        if filters == filters.bounds:
            return None
        best = self._retriever.search(question, 1, language=language, filters=filters.bounds)
        near = max((hit.near for hit in hits), default=-1.0)
        return best[0] if best and best[0].near > near + MIN_COSINE_GAIN else None


def _absent_from_all(question: str, language: str, articles: Sequence[Article]) -> list[Claim]:
    verdicts = [verdict for article in articles for verdict in _verdicts(question, language, article)]
    present = {verdict.claim.start for verdict in verdicts if verdict.status != "absent"}
    required = {v.claim.start: v.claim for v in verdicts if v.claim.kind in REQUIRED_KINDS}
    return [claim for start, claim in sorted(required.items()) if start not in present]


@lru_cache(maxsize=64)  # the same articles are checked before and after generation
def _verdicts(question: str, language: str, article: Article) -> tuple[Verdict, ...]:
    text = f"{article.title}\n{article.text}"
    facts = Facts(text, article.language, article.published)
    return tuple(facts.presence(extract(question, language)))


def _similar_name(name: str, hits: Sequence[Hit]) -> list[str]:
    """Return the passages' name with the most similar spelling; [] where none is similar enough."""
    extracted = [extract(hit.passage.text, hit.language) for hit in hits]
    known = {text.name_claim(span).text for text in extracted for span in text.names}
    return get_close_matches(name, known, n=1, cutoff=MIN_SPELLING_RATIO)
