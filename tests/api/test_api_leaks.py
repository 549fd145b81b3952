"""What a key may not see reaches it on no path: each test fails where its check is taken out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from api_examples import ApiLibrary, client_of
from conversing import until
from examples import HARBOUR, write
from starlette.testclient import TestClient

from rag.llm.generator import ChatMessage, Done, Piece, Text
from rag.sample_questions import sample_questions
from rag.service.api_keys import ApiKeys
from rag.testing import Scripted
from rag.types import Filters

pytest.importorskip("fastapi")
pytest.importorskip("mcp")

SECRET = """The ferry of Zanzimor sinks

The ferry Albatross sank off Zanzimor on 4 May 2024. Captain Quillfeather lost 613 crates of saffron.

Minister Obrenovska resigned two days later, and Quillfeather was arrested in Zanzimor.

Clerk Ida Brendau saw it.
"""
TOLD = ("zanzimor", "quillfeather", "obrenovska", "albatross", "saffron")
"""What only the secret article says."""


class Telling(Scripted):
    """A model that writes all that it has read."""

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        yield Text(" ".join(message.content for message in messages))
        yield Done(prompt_tokens=10)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiLibrary]:
    with ApiLibrary(tmp_path_factory.mktemp("leaks")) as opened:
        opened.add("ports", harbour=HARBOUR)
        opened.add("secret", ferry=SECRET)
        opened.add("hidden", mirror=HARBOUR)  # an exact copy, elsewhere
        opened.scripted.generate = Telling
        yield opened


@pytest.fixture
def limited(library: ApiLibrary, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A program whose key is for the ports."""
    keys = ApiKeys(library.settings.data)
    key = keys.create("ports", ["ports"])
    yield client_of(library, monkeypatch, key)
    keys.revoke("ports")


@pytest.fixture
def every(library: ApiLibrary, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A program that may see all."""
    return client_of(library, monkeypatch)


def ids(client: TestClient) -> dict[str, str]:
    return {one["title"]: one["id"] for one in client.get("/api/articles").json()["articles"]}


def chat(client: TestClient, question: str, *earlier: str) -> str:
    roles = ("user", "assistant")
    said = [{"role": roles[n % 2], "content": text} for n, text in enumerate([*earlier, question])]
    return client.post("/v1/chat/completions", json={"model": "byline", "messages": said}).text


def search(client: TestClient, question: str, **more: Any) -> str:
    return client.post("/api/search", json={"question": question, **more}).text


def tool(client: TestClient, name: str, **arguments: Any) -> str:
    call = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": name, "arguments": arguments},
    }
    headers = {"Accept": "application/json, text/event-stream"}
    return client.post("/mcp", json=call, headers=headers).text


def stream(client: TestClient, question: str) -> str:
    said = [{"role": "user", "content": question}]
    return client.post(
        "/v1/chat/completions", json={"model": "byline", "messages": said, "stream": True}
    ).text


CAPTAIN = "What did the captain of the ship lose off the coast?"
Ask = Callable[[TestClient], str]
PATHS: dict[str, Ask] = {
    "search": lambda c: search(c, "a captain, a ferry and a minister", k=50),
    "search in the other collection": lambda c: search(c, "a captain and a ferry", collections=["secret"]),
    "chat": lambda c: chat(c, CAPTAIN),
    "stream": lambda c: stream(c, CAPTAIN),
    "ask": lambda c: c.post("/api/ask", json={"question": CAPTAIN}).text,
    "how many": lambda c: chat(c, "Which articles are there?"),
    "newest": lambda c: chat(c, "What are the newest articles?"),
    "misspelled name": lambda c: chat(c, "What did Quillfeathr lose?").replace("Quillfeathr", ""),
    "article list": lambda c: c.get("/api/articles").text,
    "article list by words": lambda c: c.get("/api/articles?words=minister").text,
    "mcp search": lambda c: tool(c, "search", question="a captain, a ferry and a minister"),
    "mcp ask": lambda c: tool(c, "ask", question=CAPTAIN),
}


@pytest.mark.parametrize("path", PATHS)
def test_no_word_of_another_collection_comes_out(limited: TestClient, every: TestClient, path: str) -> None:
    told = PATHS[path](limited).casefold()
    assert not [word for word in (*TOLD, "mirror", "secret.", "hidden") if word in told]
    assert [word for word in (*TOLD, "secret") if word in PATHS[path](every).casefold()], (
        "there is something to leak"
    )


def test_an_article_is_opened_by_its_id_only_within_the_key(limited: TestClient, every: TestClient) -> None:
    known = ids(every)
    ferry = known["The ferry of Zanzimor sinks"]
    assert every.get(f"/api/articles/{ferry}").status_code == 200
    refused, unknown = (limited.get(f"/api/articles/{id}") for id in (ferry, "0" * 16))
    assert refused.status_code == 404
    assert refused.text.replace(ferry, "") == unknown.text.replace("0" * 16, ""), "as if it were not there"
    assert "Quillfeather" not in tool(limited, "open_article", id=ferry)
    assert "Quillfeather" in tool(every, "open_article", id=ferry)
    assert 'passages":[]' in search(limited, "a captain", articles=[ferry]).replace(" ", "")


def test_counts_are_of_what_the_key_sees(limited: TestClient, every: TestClient) -> None:
    assert (limited.get("/api/articles").json()["count"], every.get("/api/articles").json()["count"]) == (
        1,
        2,
    )
    hello = [json.loads(chat(one, "Hello!"))["byline"] for one in (limited, every)]
    assert "1 article" in hello[0]["answer"] and "2" not in hello[0]["answer"]
    assert "2 articles" in hello[1]["answer"]


def test_only_the_keys_collections_are_listed(limited: TestClient, every: TestClient) -> None:
    assert [one["name"] for one in limited.get("/api/collections").json()] == ["ports"]
    assert [one["name"] for one in every.get("/api/collections").json()] == ["hidden", "ports", "secret"]
    told = [tool(client, "list_collections") for client in (limited, every)]
    assert ["secret" in one for one in told] == [False, True]


def test_copies_elsewhere_are_not_named(limited: TestClient, every: TestClient) -> None:
    for client, copies in ((limited, 0), (every, 1)):
        (found,) = json.loads(search(client, "the harbour of Kestrel Bay", k=1))["passages"]
        (listed,) = client.get("/api/articles?words=harbour").json()["articles"]
        assert len(found["copies"]) == len(listed["copies"]) == copies
        assert found["reported_by"] == copies + 1


def test_a_copy_is_shown_as_itself_where_the_first_one_may_not_be_seen(
    library: ApiLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ApiKeys(library.settings.data)
    client = client_of(library, monkeypatch, keys.create("hidden", ["hidden"]))
    (listed,) = client.get("/api/articles").json()["articles"]
    assert listed["source"].endswith("mirror.txt") and not listed["copies"]
    keys.revoke("hidden")


def test_a_word_elsewhere_does_not_change_how_far_a_passage_fits(library: ApiLibrary) -> None:
    asked = [f"the harbour of Kestrel Bay {word}" for word in ("Obrenovska", "Obrenovskb")]
    first, other = (library.search(one, 1, Filters(within=("ports",)))[0].words for one in asked)
    assert first == other > 0


@pytest.mark.parametrize("path", ["search", "chat", "stream", "ask", "mcp search", "mcp ask"])
def test_scores_which_tell_how_common_words_are_elsewhere_are_kept_back(
    limited: TestClient, every: TestClient, path: str
) -> None:
    scored = re.compile(r'"score\\?": ?[\d.]|"dense\\?"')
    assert not scored.search(PATHS[path](limited)) and scored.search(PATHS[path](every))


def test_a_refusal_does_not_tell_whether_a_name_is_elsewhere(limited: TestClient, every: TestClient) -> None:
    def advice(client: TestClient, name: str) -> str:
        return str(json.loads(chat(client, f"When was {name} arrested?"))["byline"]["advice"]).replace(
            name, "X"
        )

    assert advice(limited, "Obrenovska") == advice(limited, "Obrenovskb")
    assert advice(limited, "Ida Brendau") == advice(limited, "Ida Brondau") != "[]"
    harbour = json.loads(chat(limited, "Who lost the crates of saffron?"))["byline"]["advice"]
    assert not [word for word in TOLD if word in str(harbour).casefold()]


def test_a_list_does_not_tell_whether_words_are_elsewhere(limited: TestClient, every: TestClient) -> None:
    def kind(client: TestClient, phrase: str) -> str:
        return str(json.loads(chat(client, f"Which articles mention {phrase}?"))["byline"]["kind"])

    assert kind(every, "crates of saffron") == "library"
    assert kind(limited, "crates of saffron") == kind(limited, "crates of pepper")


def test_no_question_about_other_articles_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = sample_questions()[0]
    with ApiLibrary(tmp_path) as library:
        library.add("ports", harbour=HARBOUR)
        place = library.settings.corpus / sample.article
        write(place.parent, **{place.stem: SECRET}).joinpath(f"{place.stem}.txt").rename(place)
        library.add("secret")
        key = ApiKeys(library.settings.data).create("ports", ["ports"])
        offers = [
            json.loads(chat(client_of(library, monkeypatch, key), "Hello!"))["byline"]["offers"]
            for key in (key, "")
        ]
    assert sample.question in offers[1] and offers[0] and sample.question not in offers[0]


def test_an_unknown_collection_is_told_with_those_of_the_key_alone(
    limited: TestClient, every: TestClient
) -> None:
    refused = [search(limited, "a", collections=[name]) for name in ("secret", "gone")]
    assert refused[0].replace("secret", "") == refused[1].replace("gone", ""), "as if it were not there"
    assert "ports" in refused[0] and "secret" in search(every, "a", collections=["gone"])


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/conversations", None),
        ("GET", "/api/conversations/{conversation}", None),
        ("POST", "/api/conversations", {"question": "a"}),
        ("POST", "/api/conversations/{conversation}", {"question": "a"}),
        ("GET", "/api/jobs", None),
        ("GET", "/api/jobs/x", None),
        ("DELETE", "/api/jobs/x", None),
        ("POST", "/api/ingest", {"addresses": ["http://127.0.0.1:1/"]}),
        ("PUT", "/api/ingest/a.txt", None),
    ],
)
def test_conversations_jobs_and_ingestion_need_a_key_for_all(
    library: ApiLibrary, limited: TestClient, every: TestClient, method: str, path: str, body: Any
) -> None:
    begun = every.post("/api/conversations", json={"question": CAPTAIN}).json()
    until(lambda: not library.conversations.busy())
    headers = {"Content-Type": "application/octet-stream" if method == "PUT" else "application/json"}
    content = b"" if body is None else json.dumps(body).encode()
    refused = limited.request(method, path.format(conversation=begun["id"]), content=content, headers=headers)
    assert refused.status_code == 403 and "limited to collections" in refused.json()["error"]


def test_a_key_for_a_collection_that_is_gone_sees_nothing(
    library: ApiLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ApiKeys(library.settings.data)
    client = client_of(library, monkeypatch, keys.create("gone", ["gone"]))
    assert client.get("/api/articles").json() == {"count": 0, "articles": []}
    assert client.get("/api/collections").json() == []
    assert json.loads(search(client, "the harbour"))["passages"] == []
    keys.revoke("gone")
