"""Filters of stored exchanges, of this version and of earlier ones."""

from __future__ import annotations

import json

from rag.conversations import Exchange
from rag.conversations.exchange import from_json, to_json
from rag.types import Filters


def test_chosen_articles_and_collections_are_stored_and_an_earlier_exchange_had_none() -> None:
    filters = Filters(languages=("fr",), articles=("a1", "b2"), collections=("Water",))
    exchange = Exchange(id="e", question="When?", model="small", filters=filters, state="answered")
    record = to_json(exchange)
    assert from_json(record) == exchange
    earlier = json.loads(record)
    earlier["filters"] = {"languages": ["fr"], "since": None, "until": None, "sources": []}
    assert from_json(json.dumps(earlier)).filters == Filters(languages=("fr",))
