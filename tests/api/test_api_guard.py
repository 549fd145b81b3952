"""Who may come in: programs of this machine, and keys; no page in a browser."""

from __future__ import annotations

from typing import Any

import pytest
from api_examples import ApiLibrary, app_of, client_of
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from rag.service.api_keys import ApiKeys


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8501"}, 200),
        ({"Host": "[::1]:8501"}, 200),
        ({"Authorization": "Bearer none"}, 200),  # OpenAI's client always sends a key
        ({"Origin": "http://127.0.0.1:8501"}, 200),
        ({"Host": "evil.example:8501"}, 401),  # a name that was bound to this machine
        ({"Host": "127.0.0.1.evil.example"}, 401),
        ({"Host": "localhost.evil.example"}, 401),
        ({"Host": "evil@127.0.0.1"}, 401),
        ({"Origin": "http://evil.example"}, 401),
        ({"Origin": "http://127.0.0.1:9000"}, 401),
        ({"Origin": "null"}, 401),
        ({"Sec-Fetch-Site": "cross-site"}, 401),
        ({"Sec-Fetch-Site": "same-site"}, 401),
        ({"X-Forwarded-For": "192.0.2.1"}, 401),
        ({"Forwarded": "for=192.0.2.1"}, 401),
        ({"Authorization": "Bearer byline-wrong"}, 401),
        ({"Authorization": "bearer  byline-wrong"}, 401),
    ],
)
def test_without_a_key_only_a_program_of_this_machine_comes_in(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    answered = client.get("/v1/models", headers=headers)
    assert answered.status_code == status, answered.text
    if status == 401:
        assert "python -m rag keys new" in answered.json()["error"]["message"]
        assert answered.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/v1/models", "/api/jobs", "/mcp"])
def test_no_web_socket_opens(client: TestClient, path: str) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(path):
        pass


def test_another_machine_needs_a_key(served: ApiLibrary, client: TestClient) -> None:
    other = TestClient(app_of(served), "http://127.0.0.1:8501", client=("192.0.2.7", 50000))
    assert other.get("/v1/models").status_code == 401


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/api/search", "/api/ingest", "/mcp"])
def test_what_a_page_may_send_unasked_is_not_read(client: TestClient, path: str, kind: str) -> None:
    answered = client.post(path, content=b'{"question": "a"}', headers={"Content-Type": kind})
    assert answered.status_code == 415 and "application/json" in answered.text


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/api/search", "/mcp"])
@pytest.mark.parametrize("declared", [True, False])
def test_a_huge_body_is_refused(client: TestClient, path: str, declared: bool) -> None:
    body = b"x" * ((10 << 20) + 1)
    content: Any = body if declared else (body[i : i + 100_000] for i in range(0, len(body), 100_000))
    answered = client.post(path, content=content, headers={"Content-Type": "application/json"})
    assert answered.status_code == 413 and "10 MB" in answered.text


@pytest.mark.parametrize(
    ("setting", "address", "keyless", "keyed"),
    [
        ("loopback", "127.0.0.1", 200, 200),
        ("loopback", "::1", 200, 200),
        ("loopback", "0.0.0.0", 403, 403),
        ("loopback", "", 403, 403),
        ("on", "127.0.0.1", 401, 200),
        ("on", "0.0.0.0", 401, 200),
        ("off", "127.0.0.1", 403, 403),
    ],
)
def test_the_setting_says_where_the_api_is_served(
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
    served: ApiLibrary,
    setting: str,
    address: str,
    keyless: int,
    keyed: int,
) -> None:
    key = ApiKeys(tmp_path).create("program")
    client = client_of(served, monkeypatch, address=address, api=setting, data=str(tmp_path))
    headers = {"Authorization": f"Bearer {key}"}
    assert client.get("/v1/models").status_code == keyless
    assert client.get("/v1/models", headers=headers).status_code == keyed
    if 200 in (keyed, keyless):
        ApiKeys(tmp_path).revoke("program")
        assert client.get("/v1/models", headers=headers).status_code == 401, "at once"
