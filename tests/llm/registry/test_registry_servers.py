"""Models of OpenAI-compatible servers among the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chat_asking import client_of
from chat_models import ChatModel
from chat_server import ChatServer
from engines import Loader
from ollama_models import ServedModel
from ollama_server import OllamaServer
from registry_asking import ask

from rag.errors import EngineUnavailable, NotPermitted
from rag.llm.ollama import Ollama
from rag.llm.openai_endpoint import Endpoint
from rag.llm.openai_models import model_of
from rag.llm.registry import Models


@pytest.fixture
def others() -> Iterator[tuple[ChatServer, ChatServer]]:
    with (
        ChatServer([ChatModel("big"), ChatModel("amber", reply="From the first server.")]) as first,
        ChatServer([ChatModel("big", reply="From the second.")]) as second,
    ):
        yield first, second


def with_servers(folder: Path, ollama: OllamaServer, *servers: ChatServer) -> Models:
    clients = [client_of(server) for server in servers]
    return Models(folder, Ollama(ollama.host), 4096, 2, Loader(), servers=clients)


def test_models_of_another_server_come_last_and_names_stay_unique(
    folder: Path, server: OllamaServer, others: tuple[ChatServer, ChatServer]
) -> None:
    models = with_servers(folder, server, others[0])
    names = [model.name for model in models.list()]
    assert names == ["amber", "birch", "writer:1.5b", "second:latest", "big", f"amber@{others[0].host}"]
    assert ask(models, f"amber@{others[0].host}") == "From the first server."
    assert ask(models, "amber") == "amber " * 10


def test_with_several_servers_each_name_has_its_servers_whoever_answers(
    folder: Path, server: OllamaServer, others: tuple[ChatServer, ChatServer]
) -> None:
    models = with_servers(folder, server, *others)
    first, second = (f"big@{other.host}" for other in others)
    assert [m.name for m in models.list() if m.server in (others[0].host, others[1].host)][::2] == [
        first,
        second,
    ]
    assert ask(models, second) == "From the second."
    assert models.find("big").name == first
    others[0].stop()
    opened = with_servers(folder, server, *others)
    assert [model.name for model in opened.list()][-1] == second
    with pytest.raises(EngineUnavailable, match="No model server answers") as caught:
        opened.find(first)
    assert second in str(caught.value)


def test_a_model_of_another_server_is_not_deleted_from_here(
    folder: Path, server: OllamaServer, others: tuple[ChatServer, ChatServer]
) -> None:
    models = with_servers(folder, server, others[0])
    with pytest.raises(NotPermitted, match=f"big belongs to the model server at {others[0].host}"):
        models.remove("big")
    assert models.digest("big") == ""
    assert models.licence(models.find("big")) == ""


def test_a_wrong_key_is_reported_where_the_model_is_asked_for(folder: Path, server: OllamaServer) -> None:
    with ChatServer([ChatModel("big")], key="right") as other:
        models = with_servers(folder, server, other)
        assert [model.name for model in models.list()][-1] == "second:latest"
        assert len(models.troubles()) == 1
        with pytest.raises(EngineUnavailable, match="rejects the key"):
            models.find("big")


def test_without_the_setting_no_server_is_asked(models: Models) -> None:
    assert models.troubles() == []
    assert {model.runtime for model in models.list()} == {"embedded", "ollama"}


def test_a_server_on_another_machine_is_marked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    entry = {"id": "big", "max_model_len": 4096}
    assert model_of(entry, Endpoint("http://gpu-box:8000/v1")).remote
    assert not model_of(entry, Endpoint("http://localhost:8000/v1")).remote
    with OllamaServer([ServedModel("writer:1.5b")]) as served:
        (local,) = Ollama(served.host).models()
        monkeypatch.setattr(Ollama, "is_local", False)
        (remote,) = Ollama(served.host).models()
    assert (local.remote, remote.remote) == (False, True)
    assert local.server == served.host
