"""Which models there are and can be had; fetching and deleting them."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from chat_asking import client_of
from chat_models import ChatModel
from chat_server import ChatServer
from engines import Loader, gguf
from ollama_models import ServedModel, pulled
from ollama_server import OllamaServer

from rag import memory
from rag.downloads.inventory import Inventory
from rag.downloads.model_catalogue import CATALOGUE
from rag.errors import DiskFull, EngineUnavailable, FetchError, ModelMissing
from rag.llm.ollama import Ollama
from rag.llm.registry import Models
from rag.progress import Progress, ignore
from rag.settings import DEFAULT_MODEL, Settings

pytestmark = pytest.mark.slow  # needs a local server

APACHE = "\n                                 Apache License\n                           Version 2.0, January 2004\n"
FREE = 4_000_000_000


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with OllamaServer([ServedModel("writer:1.5b", licence=APACHE), ServedModel("bare:1b")]) as running:
        yield running


@pytest.fixture
def inventory(tmp_path: Path, server: OllamaServer) -> Iterator[Inventory]:
    models = Models(tmp_path, Ollama(server.host), 4096, 2, Loader())
    yield Inventory(models, Settings(models=tmp_path), lambda: FREE)
    models.close()


def names(inventory: Inventory) -> list[str]:
    return [model.name for model in inventory.installed()]


def test_licences_are_reported_where_they_are_known(inventory: Inventory, tmp_path: Path) -> None:
    gguf(tmp_path, DEFAULT_MODEL)
    gguf(tmp_path, "amber")
    licences = {model.name: model.licence for model in inventory.installed()}
    assert licences == {
        DEFAULT_MODEL: "Apache-2.0",
        "amber": "",
        "writer:1.5b": "Apache License, Version 2.0",
        "bare:1b": "",
    }


def test_what_can_be_had_is_what_is_not_there(inventory: Inventory, tmp_path: Path) -> None:
    known = [entry.name for entry in CATALOGUE if entry.kind == "language"]
    assert [entry.name for entry in inventory.offered()] == known
    entry = next(entry for entry in CATALOGUE if entry.name == DEFAULT_MODEL)
    with (tmp_path / entry.files[0].name).open("wb") as file:
        file.truncate(entry.size)
    assert DEFAULT_MODEL not in [entry.name for entry in inventory.offered()]


def test_models_in_memory_make_room(inventory: Inventory, server: OllamaServer) -> None:
    assert inventory.free_memory(inventory.installed()) == {"embedded": FREE, "ollama": FREE}
    server.loaded["writer:1.5b"] = 4096
    room = FREE + memory.needed(server.models["writer:1.5b"].size)
    assert inventory.free_memory(inventory.installed()) == {"embedded": room, "ollama": room}


def test_a_model_of_another_server_makes_no_room(tmp_path: Path) -> None:
    with ChatServer([ChatModel("big")]) as other:
        models = Models(tmp_path, Ollama("127.0.0.1:9"), 4096, 2, servers=[client_of(other)])
        inventory = Inventory(models, Settings(models=tmp_path), lambda: FREE)
        (big,) = inventory.installed()
        assert big.loaded and big.size
        assert inventory.free_memory([big])["embedded"] == FREE
    assert inventory.troubles() == []


def test_the_memory_of_another_machine_is_unknown(tmp_path: Path) -> None:
    models = Models(tmp_path, Ollama("192.0.2.7:11434"), 4096, 2)
    room = Inventory(models, Settings(models=tmp_path), lambda: FREE).free_memory([])
    assert room == {"embedded": FREE, "ollama": None}
    assert not Inventory(models, Settings(models=tmp_path), lambda: None).free_memory([])["embedded"]


def test_a_model_is_pulled_with_progress(inventory: Inventory, server: OllamaServer) -> None:
    server.pulls = pulled(1000)
    seen: list[Progress] = []
    assert inventory.fetch("fresh:1b", seen.append, threading.Event())
    assert "fresh:1b" in names(inventory)
    assert seen[-1].done == seen[-1].total == 1000


def test_a_pull_that_is_cancelled_hangs_up_and_leaves_no_model(
    inventory: Inventory, server: OllamaServer
) -> None:
    server.pulls, server.delay, stop = pulled(1000, 200), 0.02, threading.Event()

    def tell(progress: Progress) -> None:
        if progress.done >= 50:
            stop.set()

    assert not inventory.fetch("fresh:1b", tell, stop)
    assert server.hung_up.wait(5)
    server.delay = 0
    assert "fresh:1b" not in names(inventory)
    assert inventory.fetch("fresh:1b", ignore, threading.Event())
    assert "fresh:1b" in names(inventory)


@pytest.mark.parametrize("fault", ["reset", "hangup", "unfinished"])
def test_a_pull_that_is_cut_off_is_reported_with_what_to_do(
    inventory: Inventory, server: OllamaServer, fault: str
) -> None:
    server.pulls, server.pull_fault = pulled(), fault
    with pytest.raises(FetchError, match=r"fresh:1b.*again.*resume"):
        inventory.fetch("fresh:1b")
    assert "fresh:1b" not in names(inventory)


def test_a_server_without_space_is_reported(inventory: Inventory, server: OllamaServer) -> None:
    full = {"error": "write /models/blobs/sha256-ef0e9f2a9dd7-partial: no space left on device"}
    server.pulls = [*pulled()[:4], full]
    with pytest.raises(DiskFull, match="Free some space, then download fresh:1b again"):
        inventory.fetch("fresh:1b")


def test_a_wrong_name_is_never_sent(inventory: Inventory, server: OllamaServer) -> None:
    with pytest.raises(FetchError, match="is not a model that can be downloaded"):
        inventory.fetch("evil.example/a/b:1")
    assert server.sent("/api/pull") == []


def test_no_server_is_reported(inventory: Inventory, server: OllamaServer) -> None:
    assert inventory.is_ollama_running()
    server.stop()
    assert not inventory.is_ollama_running()
    with pytest.raises(EngineUnavailable, match="No Ollama server answers"):
        inventory.fetch("fresh:1b")


def test_a_model_is_deleted_though_it_is_in_memory(inventory: Inventory, server: OllamaServer) -> None:
    server.loaded["writer:1.5b"] = 4096
    inventory.remove("writer:1.5b")
    assert names(inventory) == ["bare:1b"]
    with pytest.raises(ModelMissing):
        inventory.remove("writer:1.5b")


def test_a_model_of_the_catalogue_without_room_on_the_disk_is_reported(
    inventory: Inventory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0))  # type: ignore[attr-defined]
    with pytest.raises(DiskFull, match="free some space"):
        inventory.fetch(DEFAULT_MODEL, ignore, threading.Event())
