"""The page of models: who sees how a download or a deletion ended."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from chat_asking import client_of
from chat_models import ChatModel
from chat_server import ChatServer
from engines import Loader, gguf
from ollama_asking import unused_port
from ollama_models import ServedModel
from ollama_server import OllamaServer
from streamlit.testing.v1 import AppTest

from rag.downloads.inventory import Inventory
from rag.llm.ollama import Ollama
from rag.llm.openai_endpoint import Endpoint
from rag.llm.openai_server import OpenAIServer
from rag.llm.registry import Models
from rag.settings import Settings
from rag.ui import app_state, model_picker
from rag.ui.app_state import DownloadResult
from rag.ui.jobs import CancellableJob
from rag.ui.strings import strings

pytestmark = pytest.mark.slow  # a server on this machine, and threads


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with OllamaServer([ServedModel("writer:1.5b")]) as running:
        yield running


@pytest.fixture
def library(tmp_path: Path, server: OllamaServer, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """As much of a library as the page needs; downloads are those of this test."""
    gguf(tmp_path, "amber")
    settings = Settings(models=tmp_path)
    models = Models(tmp_path, Ollama(server.host), 4096, 2, Loader())
    job = CancellableJob[DownloadResult]()
    monkeypatch.setattr(app_state, "download_job", lambda: job)
    monkeypatch.setattr(app_state, "may_manage", lambda: True)
    monkeypatch.setattr(app_state, "forget_models", lambda: None)
    inventory = Inventory(models, settings, lambda: 1000)
    return SimpleNamespace(inventory=inventory, settings=settings, models=models, may_manage=True)


def session(library: SimpleNamespace) -> AppTest:
    def script(library) -> None:  # type: ignore[no-untyped-def]  # runs as a file of its own
        from rag.ui import models_page
        from rag.ui.strings import strings

        models_page.page(library, strings("en"))

    return AppTest.from_function(script, args=(library,), default_timeout=60).run()


def text(page: AppTest) -> str:
    assert not page.exception
    drawn = "\n".join(part.value for part in [*page.markdown, *page.caption])
    return re.sub(r"\\|\u2060", "", drawn)  # what keeps Markdown from reading names


def fetch(page: AppTest, name: str) -> None:
    page.text_input(key="models-name").input(name)
    next(button for button in page.button if button.label == "Download" and "form" in button.form_id).click()
    page.run()
    end = time.monotonic() + 30
    while app_state.download_job().running and time.monotonic() < end:
        time.sleep(0.01)
    page.run()


def delete(page: AppTest, *names: str) -> None:
    page.session_state["models-delete"] = list(names)
    page.run()


def test_a_failed_fetch_and_a_failed_deletion_are_both_reported(
    library: SimpleNamespace, server: OllamaServer
) -> None:
    server.pulls = [{"status": "pulling manifest"}, {"error": "file does not exist"}]
    page = session(library)
    fetch(page, "nope:1b")
    assert "could not download nope:1b" in text(page)
    delete(page, "amber", "gone:1b")
    told = text(page)
    assert "could not download nope:1b" in told
    assert "“amber” was deleted." in told and 'no model "gone:1b"' in told


def test_what_failed_is_reported_to_the_session_that_did_it(
    library: SimpleNamespace, server: OllamaServer
) -> None:
    server.pulls = [{"status": "pulling manifest"}, {"error": "file does not exist"}]
    mine, other = session(library), session(library)
    fetch(mine, "nope:1b")
    assert "could not download nope:1b" in text(mine.run())
    assert "could not download" not in text(other.run())
    assert "could not download" not in text(session(library))


def test_the_best_model_of_the_hub_that_fits_this_machine_is_recommended(library: SimpleNamespace) -> None:
    library.inventory = Inventory(library.models, library.settings, lambda: 2_000_000_000)
    drawn = text(session(library))
    assert "only the default model" in drawn
    (marked,) = [line for line in drawn.splitlines() if "the best of these" in line]
    before = drawn.splitlines()[drawn.splitlines().index(marked) - 1]
    assert before.strip() == "hf:unsloth/Qwen3.5-2B-GGUF:Q4_K_M"


def test_a_model_of_the_hub_can_be_named_though_no_ollama_runs(
    library: SimpleNamespace, server: OllamaServer
) -> None:
    server.stop()
    page = session(library)
    fetch(page, "hf:nonsense")
    assert "names no model of the hub" in text(page)


def test_a_model_on_another_machine_is_reported_and_so_is_a_silent_server(
    library: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ChatServer([ChatModel("big", engine="vllm")]) as far:
        monkeypatch.setattr(Endpoint, "is_local", False)
        silent = OpenAIServer(Endpoint(f"http://127.0.0.1:{unused_port()}/v1"))
        servers = [client_of(far), silent]
        models = Models(library.settings.models, Ollama("127.0.0.1:9"), 4096, 2, Loader(), servers=servers)
        library.inventory = Inventory(models, library.settings, lambda: 1000)
        shown = text(session(library))
        (big,) = [model for model in models.list() if model.remote]
    assert f"Not on this machine: {far.host}. If you choose one of the models there, your question" in shown
    assert "No model server answers at http://127.0.0.1:" in shown
    assert (
        model_picker.describe(big, strings("en"))
        == f"your text is sent to {far.host} · 8,192 tokens · loaded"
    )


def test_without_another_machine_nothing_is_said_to_leave(library: SimpleNamespace) -> None:
    assert "Not on this machine" not in text(session(library))
    (served,) = [model for model in library.models.list() if model.runtime == "ollama"]
    assert "sent to" not in model_picker.describe(served, strings("en"))
    assert "Ollama · your text is sent to" in model_picker.describe(
        replace(served, remote=True), strings("en")
    )
