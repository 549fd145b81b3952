from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from rag.cli.main import app
from rag.service.api_keys import ApiKeys


def run(folder: Path, *command: str) -> str:
    done = CliRunner().invoke(app, ["keys", *command, "--data", str(folder)])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_key_is_shown_once_listed_by_name_and_revoked(tmp_path: Path) -> None:
    shown = run(tmp_path, "new", "assistant").splitlines()
    found = ApiKeys(tmp_path).find(shown[0])
    assert found is not None and found.collections is None
    listed = run(tmp_path, "list")
    assert listed.startswith("assistant · all articles") and shown[0] not in listed
    assert json.loads(run(tmp_path, "list", "--json"))[0]["collections"] is None
    assert run(tmp_path, "revoke", "assistant") == "revoked assistant\n"
    assert run(tmp_path).startswith("No keys.")
