from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from examples import BRIDGE, HARBOUR, write
from examples import hit as found

from rag.ingestion.ingester import Ingester
from rag.retrieval.explanation import Explainer
from rag.retrieval.near_duplicates import containment, merge_duplicates
from rag.retrieval.retriever import Retriever
from rag.service import json_output
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Filters

DREDGED = "The harbour of Kestrel Bay opened again on Monday after three years of dredging that cost 42 million crowns."
REPRINT = "KESTREL BAY (Agency) - " + DREDGED.replace("42", "43")
OTHER = "The lighthouse of Ardmore has had a new keeper since Monday, and she has promised to paint it red and white."
ZH = "青石桥于五月一日正式通车,全长八百米,造价两亿元。市长林远出席了通车仪式。"


def test_a_reprint_is_one_hit_and_the_newest_is_shown() -> None:
    old = found(DREDGED, "Old", published=date(2024, 3, 1))
    new = found(REPRINT, "New", published=date(2024, 3, 2))
    undated = found(DREDGED, "Undated")
    hits = merge_duplicates([old, found(OTHER, "Other"), undated, new], 10)
    assert [hit.article.title for hit in hits] == ["New", "Other"]
    assert [copy.title for copy in hits[0].copies] == ["Old", "Undated"]
    assert hits[0].passage.text == REPRINT
    assert hits[1].copies == ()


def test_no_more_than_asked_for_and_copies_of_those_are_still_named() -> None:
    hits = merge_duplicates([found(DREDGED, "A"), found(OTHER, "B"), found(REPRINT, "C")], 1)
    assert [(hit.article.title, [copy.title for copy in hit.copies]) for hit in hits] == [("A", ["C"])]


def test_passages_of_one_article_and_of_other_languages_are_not_copies() -> None:
    assert len(merge_duplicates([found(DREDGED, "A"), found(DREDGED, "A")], 5)) == 2
    assert len(merge_duplicates([found(DREDGED, "A"), found(DREDGED, "B", language="fr")], 5)) == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (DREDGED, REPRINT, True),
        (DREDGED, DREDGED.upper(), True),
        (DREDGED, OTHER, False),
        (ZH, "新华社电 " + ZH[4:], True),
        (ZH, "林远市长昨日出席了红石大桥的通车仪式,大桥全长九百米,连接东西两岸,造价三亿元。", False),
        ("Yes.", "Yes.", False),
        ("", "", False),
    ],
)
def test_what_says_the_same(one: str, other: str, same: bool) -> None:
    assert (containment(one, other) >= 0.5) is same


def test_a_reprint_that_only_another_way_to_ask_finds_is_no_second_hit(
    monkeypatch: pytest.MonkeyPatch, store: Store, embedder: HashEmbedder
) -> None:
    told = {"cost?": [found(DREDGED, "Paper")], "How much?": [found(REPRINT, "Agency")]}
    retriever = Retriever(store, embedder)
    monkeypatch.setattr(retriever, "search", lambda question, *_, **__: told[question])
    (hit,) = retriever.search_all(list(told), 5)
    assert {hit.article.title, *(copy.title for copy in hit.copies)} == {"Paper", "Agency"}


def test_many_hits_are_quick() -> None:
    import time

    hits = [found(f"{OTHER} Number {n % 500} of many that differ in {n} words.", f"{n}") for n in range(2000)]
    began = time.monotonic()
    assert len(merge_duplicates(hits, 1000)) == 1
    assert time.monotonic() - began < 10


def test_a_search_names_who_else_reported_it_until_they_leave(
    store: Store, embedder: HashEmbedder, tmp_path: Path
) -> None:
    reprint = HARBOUR.replace("The harbour opens again", "Harbour open").replace("forty ships", "fifty ships")
    folder = write(tmp_path / "a", one=HARBOUR, two=reprint, bridge=BRIDGE)
    Ingester(store, embedder).run([folder])
    retriever = Retriever(store, embedder)
    hits = retriever.search("dredging of the harbour", 3, language="en")
    (harbour,) = [hit for hit in hits if "dredging" in hit.passage.text]
    assert len(harbour.copies) == 1
    (shape,) = [one for one in json_output.passages(hits) if one["copies"]]
    assert shape["reported_by"] == 2
    explained = Explainer(store, retriever).explain(
        "dredging of the harbour", harbour.copies[0].id, 3, language="en", filters=Filters()
    )
    steps = {step.name: step for step in explained.steps}
    assert "2 articles say the same" in steps["copies"].detail
    assert explained.lost_at is None
    (folder / Path(harbour.copies[0].source).name).unlink()
    Ingester(store, embedder).run([folder])
    hits = retriever.search("dredging of the harbour", 3, language="en")
    assert [hit.copies for hit in hits if "dredging" in hit.passage.text] == [()]
