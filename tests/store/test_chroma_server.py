"""A library whose vectors are on a Chroma server, which may be away, or no Chroma server at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from chroma_run import ChromaRun
from examples import write

from rag.errors import SettingsError
from rag.ingestion.ingester import Ingester
from rag.retrieval.explanation import Explainer
from rag.retrieval.retriever import Retriever
from rag.settings import Settings
from rag.store import chroma_server, server_vectors
from rag.store.article_embedding import Embedding
from rag.store.chroma_connection import _DATABASES
from rag.store.chroma_servers import ChromaServers, chroma_servers
from rag.store.store import Store
from rag.testing import HashEmbedder
from rag.text.splitter import split
from rag.types import Article, Filters

pytestmark = pytest.mark.slow  # a Chroma server

EMBEDDER = HashEmbedder()
NOBODY = "http://127.0.0.1:9"
QUESTION = "Who is the harbour master?"
HARBOUR = "The harbour opens again"


@pytest.fixture
def served(tmp_path: Path, articles: Path, chroma: ChromaRun) -> Iterator[Store]:
    """The three articles, with their vectors on the server."""
    store = Store(tmp_path / "data", EMBEDDER, servers=chroma.servers)
    Ingester(store, EMBEDDER).run([articles])
    yield store
    store.close()


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that was away is asked again by the next search."""
    monkeypatch.setattr(server_vectors, "RETRY_S", 0.0)


def best(store: Store) -> str:
    found = Retriever(store, EMBEDDER).search(QUESTION, 3, language="en")
    return found[0].article.title if found else ""


def test_nothing_of_the_vectors_is_in_the_data_folder(
    served: Store, chroma: ChromaRun, tmp_path: Path
) -> None:
    assert best(served) == HARBOUR
    assert set(served.shard_places.servers().values()) == {chroma.address}
    assert served.missing_vectors() == {}
    assert served.notice() is None
    assert not (tmp_path / "data" / "vectors").exists()


def test_a_library_is_found_again_by_the_next_process(
    served: Store, chroma: ChromaRun, tmp_path: Path
) -> None:
    served.close()
    with closing(Store(tmp_path / "data", EMBEDDER, servers=chroma.servers)) as store:
        assert best(store) == HARBOUR
        assert store.ledger.pending() == []
    with closing(Store(tmp_path / "data", EMBEDDER)) as store:  # the setting is gone, the ledger knows
        assert store.missing_vectors() == {}
        assert store.notice() is None


def test_two_libraries_on_one_server_are_apart(served: Store, chroma: ChromaRun, tmp_path: Path) -> None:
    folder = write(tmp_path / "others", other="Another harbour\n\nThe harbour master of the other library.")
    with closing(Store(tmp_path / "other", EMBEDDER, servers=chroma.servers)) as other:
        Ingester(other, EMBEDDER).run([folder])
        assert best(other) == "Another harbour"
        assert served.missing_vectors() == other.missing_vectors() == {}


def test_another_model_begins_anew_and_leaves_nothing_behind(
    served: Store, chroma: ChromaRun, tmp_path: Path, articles: Path
) -> None:
    served.remove_files(list(served.files.stamps()))
    served.close()
    smaller = HashEmbedder()
    smaller.name = "smaller"
    with closing(Store(tmp_path / "data", smaller, servers=chroma.servers)) as store:
        Ingester(store, smaller).run([articles])
        assert store.missing_vectors() == {}
        name = store.ledger.meta("chroma") or ""
        assert [one for one in databases(store, chroma) if one.startswith(name[:-1])] == [name]


def databases(store: Store, chroma: ChromaRun) -> list[str]:
    connection = store.placed.at(chroma.address)._server.connection
    return [one["name"] for one in connection._json("GET", f"{_DATABASES}?limit=10000")]


def test_a_shard_that_another_client_deletes_and_makes_anew_is_searched(
    served: Store, chroma: ChromaRun
) -> None:
    index = served.placed.at(chroma.address).index
    handle = index._collections["en-0"]
    index._client.delete_collection(handle.name)
    assert best(served) == HARBOUR, "by its words"
    again = index._client.get_or_create_collection(handle.name, embedding_function=None)
    again.upsert(ids=["7"], embeddings=EMBEDDER.embed_passages(["seven"]))
    assert set(index.vectors("en-0", [7])) == {7}, "the handle is that of the new collection"


def test_while_the_server_is_away_words_find_and_nothing_is_lost(
    served: Store, chroma: ChromaRun, tmp_path: Path, at_once: None
) -> None:
    chroma.kill()
    try:
        assert best(served) == HARBOUR
        assert chroma.address in str(served.notice())
        assert served.ledger.pending() == [], "a server that is away is no damage"
        explained = Explainer(served, Retriever(served, EMBEDDER)).explain(
            *(QUESTION, "harbour.txt", 3), language="en", filters=Filters()
        )
        (vectors,) = (step.detail for step in explained.steps if step.name == "vectors")
        assert chroma.address in vectors and "repair" not in vectors
        assert explained.lost_at is None, "it is found by its words"
        folder = write(tmp_path / "new", lock="Locks\n\nOdile keeps sluices open.")
        report = Ingester(served, EMBEDDER).run([folder])
        assert report.added == 1
        assert len(served.ledger.pending()) == 1
        served.remove_files([str(folder / "lock.txt")])
        report = Ingester(served, EMBEDDER).run([folder])
        assert served.missing_vectors() == {}, "nothing can be said of it"
    finally:
        chroma.start()
    assert best(served) == HARBOUR
    assert "waiting" in str(served.notice()), "the background services see by it that there is work"
    served.recover(Embedding(EMBEDDER.embed_passages))
    assert served.notice() is None
    assert served.ledger.pending() == served.ledger.pending_deletions() == []
    assert served.missing_vectors() == {}


def test_a_server_that_hangs_is_left_alone_and_loses_nothing(
    served: Store, chroma: ChromaRun, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma_server, "_SEARCH_TIMEOUT", httpx.Timeout(0.5))
    for _ in range(2):
        chroma.pause()
        began = time.monotonic()
        try:
            assert best(served) == HARBOUR
            assert time.monotonic() - began < 30, "a search does not wait as long as a write"
            assert "does not respond" in str(served.notice())
        finally:
            chroma.go_on()
        served.placed.settle()
        assert served.notice() is None
    assert served.ledger.pending() == [], "the shard was only slow, and is not made anew"
    assert served.missing_vectors() == {}


def test_a_search_finds_what_is_nearest_in_all_shards_of_a_server(tmp_path: Path, chroma: ChromaRun) -> None:
    texts = [f"The crane on quay{n} was mended." for n in range(12)]
    articles = [Article(id=t, source=f"/{t}", title="", language="en", text=t) for t in texts]
    with closing(Store(tmp_path / "data", EMBEDDER, shard=3, servers=chroma.servers)) as store:
        store.put([(one, split(one), one.source) for one in articles], Embedding(EMBEDDER.embed_passages))
        among = store.shards(Filters())["en"]
        assert len(among) == 4
        for text in texts:
            asked = EMBEDDER.embed_passages([text])[0]
            (found,) = store.nearest(among, asked, 1).values()
            assert float(found @ asked) == pytest.approx(1.0)


@contextmanager
def stub(status: int, body: str) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (401, "Unauthorized", "BYLINE_CHROMA_TOKEN"),
        (403, '{"error": "Forbidden"}', "BYLINE_CHROMA_TOKEN"),
        (503, "<html>no server is available</html>", "proxy"),
        (200, "<html>hello</html>", "is not a Chroma server"),
        (200, '{"ok": true}', "is not a Chroma server"),
        (404, "nothing here", "is not a Chroma server"),
        (200, '"0.6.3"', "0.6.3"),
    ],
)
def test_what_is_wrong_with_a_server_is_told(
    tmp_path: Path, articles: Path, status: int, body: str, told: str
) -> None:
    with (
        stub(status, body) as address,
        closing(Store(tmp_path / "data", EMBEDDER, servers=ChromaServers((address,), "secret"))) as store,
    ):
        Ingester(store, EMBEDDER).run([articles])
        assert best(store) == HARBOUR, "by its words"
        assert told in str(store.notice()) and "secret" not in str(store.notice())
        assert len(store.ledger.pending()) == 3


def test_articles_taken_in_under_a_mistyped_address_are_completed_once_it_is_right(
    tmp_path: Path, articles: Path, chroma: ChromaRun
) -> None:
    with closing(Store(tmp_path / "data", EMBEDDER, servers=ChromaServers((NOBODY,)))) as store:
        Ingester(store, EMBEDDER).run([articles])
        assert NOBODY in str(store.notice())
    with closing(Store(tmp_path / "data", EMBEDDER, servers=chroma.servers)) as store:
        store.recover(Embedding(EMBEDDER.embed_passages))
        assert store.missing_vectors() == {} and store.ledger.pending() == []


def test_one_server_of_two_that_is_away_takes_only_its_own_shards_with_it(
    tmp_path: Path, chroma: ChromaRun
) -> None:
    folder = write(
        tmp_path / "articles",
        en="The harbour opens again\n\nThe harbour master is Ines.",
        fr="Le port rouvre\n\nLe capitaine du port est une femme, et la ville en est fière.",
    )
    servers = ChromaServers((chroma.address, NOBODY))
    with closing(Store(tmp_path / "data", EMBEDDER, servers=servers)) as store:
        Ingester(store, EMBEDDER).run([folder])
        places = store.shard_places.servers()
        assert sorted(places.values()) == sorted(servers.addresses)
        (waiting,) = store.ledger.with_ids(store.ledger.pending())
        assert places[f"{waiting.language}-0"] == NOBODY


@pytest.mark.parametrize("text", ["ftp://x", "http://", "a b:80"])
def test_an_address_that_is_none_is_told(text: str) -> None:
    with pytest.raises(SettingsError, match="BYLINE_CHROMA"):
        chroma_servers(Settings(chroma=text))


def test_addresses_are_read_as_people_write_them() -> None:
    servers = chroma_servers(Settings(chroma="host:8000, https://b.example/one/ ,http://host:8000"))
    assert servers.addresses == ("http://host:8000", "https://b.example/one")


def test_a_test_that_ends_the_server_takes_none_of_the_next_with_it(
    shared_chroma: ChromaRun, request: pytest.FixtureRequest
) -> None:
    shared_chroma.kill()
    assert request.getfixturevalue("chroma").process.poll() is None
