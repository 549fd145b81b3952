"""Without the extra `api`, /v1 works and the others say what to install; nothing is imported at start."""

from __future__ import annotations

import subprocess
import sys

import pytest
from api_examples import ApiLibrary, client_of


@pytest.mark.parametrize(("path", "missing"), [("/api/articles", "fastapi"), ("/mcp", "mcp")])
def test_what_is_not_installed_is_told(
    served: ApiLibrary, monkeypatch: pytest.MonkeyPatch, path: str, missing: str
) -> None:
    for module in [name for name in sys.modules if name.startswith(("rag.api.rest", "rag.api.mcp"))]:
        monkeypatch.delitem(sys.modules, module)
    for module in [name for name in sys.modules if name.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, missing, None)
    client = client_of(served, monkeypatch)
    answered = client.post(path, json={}) if path == "/mcp" else client.get(path)
    assert answered.status_code == 501, answered.text
    assert 'pip install "byline[api]"' in answered.json()["error"]
    assert client.get("/v1/models").status_code == 200


def test_the_pages_start_imports_nothing_of_the_api_but_its_routes() -> None:
    check = (
        "import sys, app; new = [m for m in sys.modules if m.partition('.')[0] in ('fastapi', 'mcp', 'openai')];"
        "print(new, sorted(m for m in sys.modules if m.startswith('rag.')))"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("[] ")
    assert "rag.api.routes" in done.stdout
    assert "rag.library" not in done.stdout and "rag.api.application" not in done.stdout
