"""The server talks to Byline's own page only, and no page may frame it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator

import pytest
from running import RunningApp

pytestmark = pytest.mark.slow  # starts the app


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    with RunningApp(tmp_path_factory.mktemp("own") / "library") as running:
        yield running


OWN = "http://127.0.0.1:{port}"
TABLE = [
    ("127.0.0.1:{port}", OWN, True),
    ("localhost:{port}", "http://localhost:{port}", True),
    ("127.0.0.1:{port}", None, False),
    ("localhost:{port}", None, False),
    ("127.0.0.1:{port}", "http://127.0.0.1:9", False),
    ("127.0.0.1:{port}", "http://127.0.0.1", False),
    ("127.0.0.1:{port}", "http://localhost:{port}", False),
    ("localhost:{port}", "http://localhost:9", False),
    ("127.0.0.1:{port}", "http://0.0.0.0:{port}", False),
    ("127.0.0.1:{port}", "http://evil.example", False),
    ("127.0.0.1:{port}", "http://127.0.0.1:{port}.evil.example", False),
    ("127.0.0.1:{port}", "http://evil@127.0.0.1:{port}", False),
    ("127.0.0.1:{port}", "null", False),
    ("127.0.0.1:{port}", "file://", False),
    ("evil.example:{port}", "http://evil.example:{port}", False),
    ("evil.example:{port}", OWN, False),
]
"""Host, Origin, and whether a WebSocket is accepted."""


@pytest.mark.parametrize(("host", "origin", "accepted"), TABLE)
def test_a_websocket_is_accepted_from_its_own_address_only(
    app: RunningApp, host: str, origin: str | None, accepted: bool
) -> None:
    headers = {
        "Host": host.format(port=app.port),
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    if origin is not None:
        headers["Origin"] = origin.format(port=app.port)
    connection = http.client.HTTPConnection("127.0.0.1", app.port, timeout=20)
    connection.request("GET", "/_stcore/stream", headers=headers)
    assert connection.getresponse().status == (101 if accepted else 403)
    connection.close()


@pytest.mark.parametrize("path", ["/", "/articles", "/_stcore/health", "/nowhere.js"])
def test_no_page_may_frame_it(app: RunningApp, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", app.port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.getheader("Content-Security-Policy") == "frame-ancestors 'none'"
    assert answer.getheader("X-Frame-Options") == "DENY"
    connection.close()
