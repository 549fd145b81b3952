"""Questions among chosen articles: whole ones are read where they fit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from answering_examples import answering
from examples import HARBOUR

from rag.answering.query import Request
from rag.events import Retrieved
from rag.store.store import Store
from rag.testing import HashEmbedder, Scripted
from rag.types import Filters, Hit

ORCHARD = "The orchard\n\n" + "\n\n".join(
    f"In year {n} the orchard of Kestrel Bay gave {n + 20} baskets of pears, and the pickers were paid by"
    f" the basket. The harbour bought {n + 3} of them for the ships that lay at its quay in autumn of year {n}."
    for n in range(1, 6)
)
QUESTION = "What did the works in the harbour of Kestrel Bay cost?"


@pytest.fixture(scope="module")
def store(index: Callable[..., Store]) -> Store:
    long = ORCHARD.replace("orchard", "vineyard") + "\n\n" + "A line about the harbour and its ships. " * 90
    return index(harbour=HARBOUR, orchard=ORCHARD, vineyard=long)


def read(store: Store, *titles: str) -> tuple[Hit, ...]:
    """The passages that the model reads among articles of these titles; at most one of others."""
    ids = tuple(info.id for info in store.ledger.articles(9) if info.title in titles)
    assert len(ids) == len(titles)
    pipeline = answering(store, HashEmbedder(), Scripted("42 million crowns."), passages=1)
    events = pipeline.answer(Request(QUESTION, "en", "scripted", filters=Filters(articles=ids)))
    return next(event.hits for event in events if isinstance(event, Retrieved))


def test_chosen_articles_are_read_whole_where_they_fit(store: Store) -> None:
    hits = read(store, "The orchard", "The harbour opens again")
    passages = store.ledger.passages_of({hit.article.id for hit in hits})
    assert len(hits) == len(passages) > 3
    assert {hit.passage for hit in hits} == {stored.passage for stored in passages}


def test_those_that_do_not_fit_are_searched_for_the_best_passages(store: Store) -> None:
    assert len(read(store, "The vineyard")) == 1
    assert len(read(store, "The vineyard", "The harbour opens again")) == 1
