from __future__ import annotations

from typing import Any

import pytest
from api_examples import QUESTION, ApiLibrary, client_of
from conversing import until
from starlette.testclient import TestClient

pytest.importorskip("fastapi")


def test_an_answer_and_a_search_have_the_command_lines_shape(client: TestClient) -> None:
    told = client.post("/api/ask", json={"question": QUESTION}).json()
    assert told["found"] and told["answer"].startswith("The works cost 42 million")
    found = client.post("/api/search", json={"question": QUESTION, "k": 1}).json()
    assert [one["article"]["title"] for one in found["passages"]] == ["The harbour opens again"]


def test_articles_are_listed_and_opened(client: TestClient) -> None:
    listed = client.get("/api/articles", params={"languages": "zh"}).json()
    assert listed["count"] == 1
    (one,) = listed["articles"]
    assert "林远" in client.get(f"/api/articles/{one['id']}").json()["text"]
    assert [one["name"] for one in client.get("/api/collections").json()] == ["ports", "secret"]


def test_openapi_names_every_path_and_no_page_loads_scripts(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    assert {"/search", "/ask", "/articles", "/articles/{id}", "/ingest", "/jobs", "/conversations"} <= set(
        paths
    )
    assert client.get("/api/docs").status_code == client.get("/api/redoc").status_code == 404


@pytest.mark.parametrize(
    ("request_", "status", "told"),
    [
        (("POST", "/api/search", {"content": b"{"}), 422, "JSON"),
        (("POST", "/api/search", {"json": {}}), 422, "question: Field required."),
        (("POST", "/api/search", {"json": {"question": " "}}), 422, "question: "),
        (("POST", "/api/search", {"json": {"question": "a", "k": 0}}), 422, "k: "),
        (("POST", "/api/search", {"json": {"question": "a", "kk": 1}}), 422, "kk: "),
        (("POST", "/api/search", {"content": b'{"question": "a\\ud800b"}'}), 422, "question"),
        (("POST", "/api/search", {"json": {"question": "a", "since": "2024-02-31"}}), 422, "since: "),
        (("POST", "/api/ask", {"json": {"question": QUESTION, "model": "gone"}}), 404, "gone"),
        (("POST", "/api/ask", {"json": {"question": "a", "collections": ["gone"]}}), 404, "gone"),
        (("GET", "/api/search", {}), 405, "does not take GET"),
        (("GET", "/api/nothing", {}), 404, "/api/openapi.json"),
        (("GET", "/api/articles/nothing", {}), 404, "nothing"),
        (("GET", "/api/jobs/nothing", {}), 404, "nothing"),
        (("GET", "/api/conversations/nothing", {}), 404, "nothing"),
        (("POST", "/api/conversations/nothing", {"json": {"question": "a"}}), 404, "nothing"),
        (("GET", "/api/articles?limit=0", {}), 422, "limit: "),
        (("GET", "/api/articles?since=2024-02-02&until=2024-02-01", {}), 422, "no day"),
        (("GET", "/api/articles?collections=gone", {}), 404, "gone"),
        (("PUT", "/api/ingest/a.txt", {"json": {}}), 415, "application/octet-stream"),
        (("POST", "/api/ingest", {"json": {"addresses": []}}), 422, "addresses: "),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(
    client: TestClient, request_: tuple[str, str, dict[str, Any]], status: int, told: str
) -> None:
    method, path, body = request_
    headers = {"Content-Type": "application/json"} if method == "POST" else {}
    answered = client.request(method, path, headers=headers, **body)
    assert answered.status_code == status, answered.text
    assert told in answered.json()["error"] and answered.json()["code"]


def test_an_uploaded_file_comes_into_its_collection(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with ApiLibrary(tmp_path) as library:
        client = client_of(library, monkeypatch)
        text = "The ferry\n\nThe ferry of Port Hale carries forty lorries a day across the strait."
        begun = client.put(
            "/api/ingest/ferry.txt?collection=boats",
            content=text.encode(),
            headers={"Content-Type": "application/octet-stream"},
        )
        assert begun.status_code == 202, begun.text
        until(lambda: client.get(f"/api/jobs/{begun.json()['id']}").json()["state"] != "running")
        job = client.get("/api/jobs").json()[0]
        assert (job["state"], job["report"]["added"]) == ("done", 1)
        assert client.get("/api/articles?collections=boats").json()["count"] == 1


def test_a_conversation_goes_on_and_is_the_pages_too(served: ApiLibrary, client: TestClient) -> None:
    begun = client.post("/api/conversations", json={"question": QUESTION})
    assert begun.status_code == 202, begun.text
    id = begun.json()["id"]

    def last() -> Any:
        return client.get(f"/api/conversations/{id}").json()["exchanges"][-1]

    until(lambda: last()["state"] == "answered")
    client.post(f"/api/conversations/{id}", json={"question": "Who is the harbour master?"})
    until(lambda: len(client.get(f"/api/conversations/{id}").json()["exchanges"]) == 2)
    until(lambda: last()["state"] in ("answered", "unconfirmed"))
    assert [one["id"] for one in client.get("/api/conversations").json()] == [id]
    assert served.conversations.get(id) is not None
