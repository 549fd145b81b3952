"""Vectors are moved to servers and back: nothing is lost, whatever interrupts it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from chroma_run import ChromaRun
from examples import write

from rag.errors import ServerAway
from rag.ingestion.ingester import Ingester
from rag.retrieval.retriever import Retriever
from rag.store.article_embedding import Embedding
from rag.store.chroma_servers import FOLDER_ONLY, ChromaServers
from rag.store.shard_moves import MovedShard, ShardMoves
from rag.store.store import Store
from rag.testing import HashEmbedder

pytestmark = pytest.mark.slow  # a Chroma server

EMBEDDER = HashEmbedder()
NOBODY = "http://127.0.0.1:9"
COUNT = 24
IN_SHARD = 10


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A library of three shards in its folder, closed."""
    texts = {f"q{n}": f"Quay {n}\n\nThe crane on quay{n} was mended." for n in range(COUNT)}
    folder = write(tmp_path / "articles", **texts)
    with closing(Store(tmp_path / "data", EMBEDDER, shard=IN_SHARD)) as store:
        Ingester(store, EMBEDDER).run([folder])
    return tmp_path / "data"


@pytest.fixture
def opened(data: Path, chroma: ChromaRun) -> Iterator[Store]:
    store = Store(data, EMBEDDER, shard=IN_SHARD, servers=chroma.servers)
    yield store
    store.close()


def assert_whole(store: Store, *places: str) -> None:
    assert set(store.shard_places.servers().values()) == set(places)
    assert store.missing_vectors() == {}
    assert store.ledger.pending() == []
    (best, *_) = Retriever(store, EMBEDDER).search("Which crane was mended on quay7?", 3, language="en")
    assert best.article.title == "Quay 7"


def move(data: Path, to: ChromaServers) -> list[MovedShard]:
    with closing(Store(data, EMBEDDER, shard=IN_SHARD, servers=to)) as store:
        result = ShardMoves(store, to.addresses).run()
        assert_whole(store, *(to.addresses or [""]))
        return result


def test_a_library_goes_to_a_server_and_comes_back(data: Path, chroma: ChromaRun) -> None:
    there = move(data, chroma.servers)
    assert sum(one.vectors for one in there) == COUNT
    assert not (data / "vectors").exists()
    back = move(data, FOLDER_ONLY)
    assert {one.shard for one in back} == {"en-0", "en-1", "en-2"}
    assert move(data, FOLDER_ONLY) == []


@pytest.mark.parametrize("step", range(4))
def test_a_move_that_ends_in_the_middle_is_completed(
    opened: Store, chroma: ChromaRun, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    target = opened.placed.at(chroma.address)
    where = [
        (target, "upsert"),
        (target, "flush"),
        (opened.shard_places, "place"),
        (opened.placed.folder, "drop"),
    ]
    with monkeypatch.context() as patch:
        patch.setattr(*where[step], killed)
        with pytest.raises(Killed):
            ShardMoves(opened, chroma.servers.addresses).run()
    assert opened.missing_vectors() == {}, "before it is completed, too"
    ShardMoves(opened, chroma.servers.addresses).run()
    assert_whole(opened, chroma.address)
    assert opened.placed.folder.index.shards() == []


def test_a_server_under_another_name_keeps_its_vectors(data: Path, chroma: ChromaRun) -> None:
    move(data, chroma.servers)
    renamed = ChromaServers((chroma.address.replace("127.0.0.1", "localhost"),))
    move(data, renamed)


def test_a_server_that_has_moved_is_known_by_its_vectors(data: Path, chroma: ChromaRun) -> None:
    move(data, chroma.servers)
    with closing(Store(data, EMBEDDER, shard=IN_SHARD, servers=chroma.servers)) as store:
        for shard in store.shard_places.servers():
            store.shard_places.place(shard, NOBODY)  # where it was before it was moved
    move(data, chroma.servers)


def test_nothing_is_moved_to_a_server_that_is_away(data: Path) -> None:
    nobody = ChromaServers((NOBODY,))
    with closing(Store(data, EMBEDDER, shard=IN_SHARD, servers=nobody)) as store:
        with pytest.raises(ServerAway, match=NOBODY):
            ShardMoves(store, nobody.addresses).run()
        assert_whole(store, "")


def test_shards_on_a_server_that_is_away_stay_unless_they_are_given_up(data: Path, chroma: ChromaRun) -> None:
    with closing(Store(data, EMBEDDER, shard=IN_SHARD, servers=chroma.servers)) as store:
        store.shard_places.place("en-1", NOBODY)
        stayed = {
            one.shard: str(one.why) for one in ShardMoves(store, chroma.servers.addresses).run() if one.why
        }
        assert NOBODY in stayed.pop("en-1") and not stayed
        assert store.shard_places.servers()["en-1"] == NOBODY
        assert store.ledger.pending() == []
        ShardMoves(store, chroma.servers.addresses, anew=True).run()
        store.recover(Embedding(EMBEDDER.embed_passages))
        assert_whole(store, chroma.address)
