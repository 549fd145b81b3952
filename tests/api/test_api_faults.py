"""A library that is empty, cannot be opened, or breaks off."""

from __future__ import annotations

from pathlib import Path

import pytest
from api_examples import QUESTION, ApiLibrary, app_of, client_of
from starlette.testclient import TestClient

from rag.errors import LibraryBusy, LibraryDamaged
from rag.library import Library

ASKED = {"messages": [{"role": "user", "content": QUESTION}]}


def test_an_empty_library_answers_that_it_found_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ApiLibrary(tmp_path) as library:
        client = client_of(library, monkeypatch)
        told = client.post("/v1/chat/completions", json=ASKED).json()
        assert told["byline"]["outcome"] == "not_found" and told["choices"][0]["message"]["content"]
        assert client.post("/api/search", json={"question": QUESTION}).json()["passages"] == []
        assert client.get("/api/articles").json()["count"] == 0


@pytest.mark.parametrize("error", [LibraryDamaged("damaged", why="torn"), LibraryBusy("busy", folder="f")])
@pytest.mark.parametrize("stream", [False, True])
def test_a_library_that_cannot_be_opened_is_told_and_tried_again(
    served: ApiLibrary, monkeypatch: pytest.MonkeyPatch, error: Exception, stream: bool
) -> None:
    opens = iter([error, served])

    def open_library() -> Library:
        opened = next(opens)
        if isinstance(opened, Exception):
            raise opened
        return opened

    client = client_of(served, monkeypatch)
    client = TestClient(app_of(served, opens=open_library), "http://127.0.0.1", client=("127.0.0.1", 1))
    refused = client.post("/v1/chat/completions", json={**ASKED, "stream": stream})
    assert refused.status_code == 503 and refused.json()["error"]["code"] == error.message.code
    assert client.post("/v1/chat/completions", json=ASKED).status_code == 200


@pytest.mark.parametrize("path", ["/v1/models", "/api/collections"])
def test_an_error_of_our_own_shows_no_traceback(
    served: ApiLibrary, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def break_off() -> Library:
        raise ZeroDivisionError("a mistake of ours")

    client = client_of(served, monkeypatch)
    client = TestClient(
        app_of(served, opens=break_off),
        "http://127.0.0.1",
        client=("127.0.0.1", 1),
        raise_server_exceptions=False,
    )
    broken = client.get(path)
    assert broken.status_code == 500 and "mistake" not in broken.text and "error" in broken.json()
