"""The command line on people: who may see a collection, keys for a group, and the audit log."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path

import pytest
from people_examples import ADA, newsroom, view
from typer.testing import CliRunner

from rag.cli import audit_command, collection_commands
from rag.cli.main import app
from rag.service.api_keys import ApiKeys


def test_access_is_set_shown_and_audited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*command: str) -> str:
        done = CliRunner().invoke(app, [*command, "--data", str(tmp_path)])
        assert done.exit_code == 0, done.output
        return done.output

    with newsroom(tmp_path) as library:
        for module in (collection_commands, audit_command):
            monkeypatch.setattr(module, "open_library", lambda _: nullcontext(library))
        assert (
            run("collections", "access", "Ports", "--group", "b", "--group", "c")
            == "ports · 1 article · only b, c\n"
        )
        assert not view(library, ADA).overview().articles
        assert json.loads(run("collections", "access", "ports", "--json"))["groups"] == ["b", "c"]
        assert run("collections", "access", "ports", "--everybody") == "ports · 1 article\n"
        told = json.loads(run("audit", "--json", "--last", "2"))
        assert [(one["person"], one["about"]) for one in told] == [
            ("command line", "ports: b, c"),
            ("command line", "ports: –"),
        ]
        assert "command line · access changed · ports: –" in run("audit")
    run("keys", "new", "desk", "--group", "a")
    (key,) = ApiKeys(tmp_path).all()
    assert key.groups == ("a",) and "of group a" in run("keys")
