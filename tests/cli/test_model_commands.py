"""The commands of language models, against a server on the loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from chat_models import ChatModel
from chat_server import ChatServer
from engines import gguf
from ollama_asking import unused_port
from ollama_models import ServedModel
from ollama_server import OllamaServer
from typer.testing import CliRunner, Result

from rag.cli.main import app, main
from rag.settings import DEFAULT_MODEL

MIT = "MIT License\n\nCopyright (c) Somebody\n"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaServer]:
    with OllamaServer([ServedModel("writer:1.5b", licence=MIT)]) as running:
        monkeypatch.setenv("OLLAMA_HOST", running.host)
        monkeypatch.setenv("BYLINE_MODELS", str(tmp_path))
        yield running


def models(*words: str) -> Result:
    return CliRunner().invoke(app, ["models", *words])


def test_the_list_for_programs_has_licences(server: OllamaServer, tmp_path: Path) -> None:
    gguf(tmp_path, DEFAULT_MODEL)
    listed = json.loads(models("--json").stdout)
    licences = {model["name"]: model["licence"] for model in listed}
    assert licences == {DEFAULT_MODEL: "Apache-2.0", "writer:1.5b": "MIT License"}


def test_a_name_is_printed_as_it_is_written(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server.pulls = [{"status": "pulling manifest"}, {"error": "file does not exist"}]
    monkeypatch.setattr("sys.argv", ["byline", "models", "pull", "x:cloud"])
    with pytest.raises(SystemExit):
        main()
    assert 'could not download x:cloud: "file does not exist"' in capsys.readouterr().err


def test_models_of_other_servers_are_listed_with_their_context_and_a_silent_server_is_reported(
    server: OllamaServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ChatServer([ChatModel("big", engine="vllm", context=40_960)]) as other:
        monkeypatch.setenv("BYLINE_OPENAI_URL", f"{other.url}, 127.0.0.1:{unused_port()}")
        printed = models("list")
        (told,) = [model for model in json.loads(models("--json").stdout) if model["runtime"] == "openai"]
    assert f"big@{other.host}  40,960 tokens  openai at {other.host}\n" in printed.stdout
    assert "No model server answers at http://127.0.0.1:" in printed.stderr
    assert (told["context"], told["server"], told["remote"]) == (40_960, other.host, False)
