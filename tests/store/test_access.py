"""Which articles of restricted collections somebody finds, lists and counts: those of their groups."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from examples import BRIDGE, HARBOUR, LIBRARY, write

from rag.errors import NothingThere
from rag.ingestion.intake import Intake
from rag.retrieval.retriever import Retriever
from rag.store.article_list import ArticleQuery
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.types import Filters, article_id
from rag.web.address_policy import AddressPolicy
from rag.web.fetcher import Fetcher

A, B, BOTH, NONE = ("a",), ("b",), ("a", "b"), ()


@pytest.fixture
def intake(store: Store, embedder: HashEmbedder) -> Intake:
    return Intake(store, embedder, Fetcher(AddressPolicy("")))


def seen(store: Store, groups: tuple[str, ...] | None) -> set[str]:
    """The file names of what people in these groups find; the list of articles has the same."""
    filters = Filters(groups=groups)
    hits = Retriever(store, HashEmbedder()).search("harbour", 9, language="en", filters=filters)
    found = {Path(info.source).stem for hit in hits for info in (hit.article, *hit.copies)}
    listed = store.listing.page(ArticleQuery(filters=filters), 9)
    assert {Path(info.source).stem for one in listed for info in (one.article, *one.copies)} == found
    return found


def test_an_article_of_restricted_collections_is_seen_by_members_of_one_of_them_wherever_else_it_is(
    store: Store, intake: Intake, tmp_path: Path
) -> None:
    folder = write(tmp_path / "articles", harbour=HARBOUR, library=LIBRARY, bridge=BRIDGE)
    intake.ingest([folder])
    ids = {path.stem: article_id(str(path)) for path in folder.iterdir()}
    for name, members in {"A": ["harbour"], "B": ["harbour", "bridge"], "Open": [*ids]}.items():
        store.collections.add(name, [ids[member] for member in members])
    everything = {*ids}
    assert seen(store, NONE) == everything, "nothing is restricted yet"
    store.collections.restrict("a", ["a"])
    assert store.collections.restrict("B", ["b", " b "]).groups == ("b",)
    (tmp_path / "articles" / "mirror.txt").write_text(HARBOUR, encoding="utf-8")
    intake.ingest([folder])
    assert seen(store, None) == everything | {"mirror"}
    assert [seen(store, groups) for groups in (NONE, A, B, BOTH)] == [
        {"library", "mirror"},
        {"library", "mirror", "harbour"},
        everything | {"mirror"},
        everything | {"mirror"},
    ]
    listed = store.collections.all(Filters(groups=A))
    assert [(one.name, one.articles) for one in listed] == [("A", 1), ("Open", 2)]
    for wanted in (Filters(groups=A, collections=("B",)), Filters(groups=A, collections=("gone",))):
        with pytest.raises(NothingThere, match=r"A, Open\.$"):
            store.collections.resolved(wanted)
    store.collections.restrict("B", [])
    store.collections.delete("A")
    assert seen(store, NONE) == everything | {"mirror"}


def test_a_file_that_goes_into_a_restricted_collection_is_never_seen_outside_it(
    store: Store, intake: Intake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.collections.add("A", [])
    store.collections.restrict("A", A)
    package = tmp_path / "package.zip"
    monkeypatch.setattr(intake, "_collect", lambda *_: None)  # only what happens as they are written
    for texts in ({"harbour": HARBOUR}, {"harbour": HARBOUR, "library": LIBRARY}):
        with zipfile.ZipFile(package, "w") as files:
            for name, text in texts.items():
                files.writestr(f"{name}.txt", text)
        intake.ingest([package], collection="a" if len(texts) == 1 else "")
        assert seen(store, NONE) == set() and seen(store, A) == {*texts}, "also what a new version adds"


@pytest.mark.parametrize("sql", ["UPDATE audit SET person = 'nobody'", "DELETE FROM audit"])
def test_the_audit_log_can_only_grow(store: Store, sql: str) -> None:
    store.audit.record("ada", "article opened", ["1", "2"])
    store.audit.record("ben", "sign-in")
    with pytest.raises(Exception, match="append-only"), store._database.transaction() as db:
        db.execute(sql)
    told = [(one.person, one.action, one.about) for one in store.audit.entries()]
    assert told == [("ada", "article opened", "1"), ("ada", "article opened", "2"), ("ben", "sign-in", "")]
    assert [one.person for one in store.audit.entries(1)] == ["ben"]


def test_a_link_leads_to_its_conversation_until_it_is_revoked(store: Store) -> None:
    link = store.shares.share("one")
    assert store.shares.share("one") == store.shares.link("one") == link
    assert (store.shares.conversation(link), store.shares.conversation("x")) == ("one", "")
    store.shares.revoke("one")
    assert store.shares.conversation(link) == store.shares.link("one") == "" != store.shares.share("one")
