from __future__ import annotations

import random
import threading
from itertools import islice
from pathlib import Path

import pytest
from engines import Loader, gguf
from ollama_models import ServedModel
from ollama_server import OllamaServer
from registry_asking import PROMPT, ask

from rag.errors import BylineError, EngineUnavailable, ModelMissing, NotPermitted
from rag.llm.generator import ChatMessage, Text
from rag.llm.ollama import Ollama
from rag.llm.registry import Models
from rag.settings import Settings


def test_embedded_models_are_listed_first_then_those_of_the_server(models: Models) -> None:
    listed = [(model.name, model.runtime, model.quantisation) for model in models.list()]
    assert listed == [
        ("amber", "embedded", "Q4_K_M"),
        ("birch", "embedded", "Q4_K_M"),
        ("writer:1.5b", "ollama", "Q4_K_M"),
        ("second:latest", "ollama", "Q4_K_M"),
    ]


def test_the_list_shows_what_is_in_memory(models: Models) -> None:
    assert not any(model.loaded for model in models.list())
    ask(models, "birch")
    ask(models, "writer:1.5b")
    assert [model.name for model in models.list() if model.loaded] == ["birch", "writer:1.5b"]


def test_an_engine_that_has_ended_is_loaded_again(models: Models, loader: Loader) -> None:
    ask(models, "birch")
    loader.engines[0].alive = False
    assert not any(model.loaded for model in models.list())
    assert ask(models, "birch") == "birch " * 10
    assert [engine.closed for engine in loader.engines] == [True, False]


def test_models_of_one_name_can_both_be_picked(server: OllamaServer, models: Models) -> None:
    server.models["amber"] = ServedModel("amber", reply="From the server.")
    names = [model.name for model in models.list()]
    assert names.count("amber") == 1 and "ollama:amber" in names
    assert models.find("amber").runtime == "embedded"
    assert ask(models, "ollama:amber") == "From the server."
    models.remove("ollama:amber")
    assert "ollama:amber" not in [model.name for model in models.list()]
    assert models.find("amber").runtime == "embedded"


def test_a_server_model_is_found_with_prefix_and_without_latest(models: Models) -> None:
    for name in ("second", "second:latest", "ollama:second", "ollama:second:latest"):
        assert models.find(name).name == "second:latest"


def test_a_model_that_is_missing_is_reported_with_those_there_are(models: Models) -> None:
    with pytest.raises(ModelMissing) as caught:
        models.generator("cedar")
    assert str(caught.value) == (
        'There is no model "cedar". Models on this machine: amber, birch, writer:1.5b, second:latest.'
    )


def test_a_server_that_is_down_is_reported_with_how_to_start_it(
    folder: Path, server: OllamaServer, models: Models
) -> None:
    server.stop()
    for attempt in (models.generator, models.remove):
        with pytest.raises(EngineUnavailable) as caught:
            attempt("writer:1.5b")
        assert str(caught.value) == (
            f'The model "writer:1.5b" cannot be used now. No Ollama server answers at http://{server.host}.'
            " Start Ollama (its app, or `ollama serve`), then try again. Other models: amber, birch."
        )


@pytest.mark.slow
def test_a_server_that_hangs_is_reported_as_such(server: OllamaServer, models: Models) -> None:
    server.hung = True
    with pytest.raises(EngineUnavailable, match=r"is not responding.*restart Ollama"):
        models.remove("writer:1.5b")
    assert models.find("amber").runtime == "embedded"


def test_with_no_models_at_all_it_is_told_how_to_get_one(tmp_path: Path, server: OllamaServer) -> None:
    server.stop()
    with pytest.raises(EngineUnavailable, match="`python -m rag setup` downloads one"):
        Models(tmp_path / "absent", Ollama(server.host), 4096, None).find("amber")


def test_a_model_is_loaded_once_for_all_questions(models: Models, loader: Loader) -> None:
    generator = models.generator("amber")
    assert loader.engines == []  # picking costs nothing
    assert generator.count_tokens(PROMPT) == 1
    assert ask(models, "amber") == ask(models, "amber") == "amber " * 10
    assert loader.open() == ["amber"]
    assert loader.asked == [(4096, 2)]


def test_switching_keeps_one_model_in_memory(models: Models, loader: Loader) -> None:
    for name in ("amber", "birch", "amber", "writer:1.5b", "amber"):
        assert ask(models, name)
        assert len(loader.open()) == 1
    assert [engine.model.name for engine in loader.engines] == ["amber", "birch", "amber"]


def test_an_answer_is_finished_though_another_model_was_picked(models: Models, loader: Loader) -> None:
    answer = models.generator("amber").stream(PROMPT, 50)
    begun = list(islice(answer, 3))
    assert ask(models, "birch") == "birch " * 10
    assert loader.open() == ["amber", "birch"]
    assert len(begun) + len(list(answer)) == 11
    assert loader.open() == ["birch"]


def test_a_stopped_answer_lets_its_model_go(models: Models, loader: Loader) -> None:
    answer = models.generator("amber").stream(PROMPT, 50)
    next(answer)
    ask(models, "birch")
    answer.close()  # type: ignore[attr-defined]
    assert loader.open() == ["birch"]


def test_a_generator_outlives_a_switch(models: Models, loader: Loader) -> None:
    amber = models.generator("amber")
    list(amber.stream(PROMPT, 50))
    ask(models, "birch")
    assert len(list(amber.stream(PROMPT, 50))) == 11
    assert loader.open() == ["amber"]


@pytest.mark.slow
def test_many_readers_with_two_models_never_meet_a_closed_engine(models: Models, loader: Loader) -> None:
    answers: list[tuple[str, str]] = []

    def read(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(20):
            name = dice.choice(["amber", "birch"])
            answers.append((name, ask(models, name)))

    threads = [threading.Thread(target=read, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 80
    assert all(answer == f"{name} " * 10 for name, answer in answers)
    assert len(loader.open()) == 1


def test_a_model_that_does_not_load_is_reported_and_the_next_question_works(
    models: Models, loader: Loader
) -> None:
    loader.fails = True
    with pytest.raises(EngineUnavailable, match="amber could not be loaded"):
        ask(models, "amber")
    loader.fails = False
    assert ask(models, "amber") == "amber " * 10


def test_a_file_that_was_replaced_is_loaded_anew(models: Models, loader: Loader, folder: Path) -> None:
    ask(models, "amber")
    with (folder / "amber.gguf").open("ab") as file:
        file.write(b"another version")
    ask(models, "amber")
    assert [engine.closed for engine in loader.engines] == [True, False]


def test_a_file_that_disappears_is_reported(models: Models, folder: Path) -> None:
    ask(models, "amber")
    (folder / "amber.gguf").unlink()
    with pytest.raises(ModelMissing, match='no model "amber"'):
        ask(models, "amber")


def test_removing_an_embedded_model_deletes_its_file_and_frees_its_memory(
    models: Models, loader: Loader, folder: Path
) -> None:
    ask(models, "amber")
    models.remove("amber")
    assert [file.name for file in folder.iterdir()] == ["birch.gguf"]
    assert loader.open() == []
    with pytest.raises(ModelMissing):
        models.remove("amber")


def test_removing_a_model_in_parts_deletes_them_all(models: Models, folder: Path) -> None:
    for part in (1, 2, 3):
        gguf(folder, f"cedar-0000{part}-of-00003")
    models.remove("cedar-00001-of-00003")
    assert sorted(file.name for file in folder.iterdir()) == ["amber.gguf", "birch.gguf"]


def test_a_file_that_cannot_be_deleted_is_reported(models: Models, folder: Path) -> None:
    (folder / "cedar.gguf").mkdir()
    with pytest.raises(NotPermitted, match=r"cedar\.gguf cannot be deleted"):
        models.remove("cedar")


def test_the_server_pulls_and_removes_its_own(server: OllamaServer, models: Models) -> None:
    server.pulls = [{"status": "success"}]
    models.pull("ollama:fresh:1b")
    assert ask(models, "fresh:1b").startswith("The harbour opened on Monday [1].")
    models.remove("fresh:1b")
    assert "fresh:1b" not in server.models


def test_without_a_server_the_embedded_models_work(server: OllamaServer, models: Models) -> None:
    server.stop()
    assert [model.name for model in models.list()] == ["amber", "birch"]
    assert ask(models, "amber") == "amber " * 10


def test_closing_frees_the_memory(models: Models, loader: Loader) -> None:
    ask(models, "amber")
    models.close()
    assert loader.open() == []


@pytest.mark.model
def test_two_real_models_answer_in_turn(server: OllamaServer) -> None:
    folder = Settings.load().models
    files = sorted(folder.glob("*.gguf"), key=lambda file: file.stat().st_size)[:2]
    if len(files) < 2:
        pytest.skip(f"needs two GGUF files in {folder}")
    models = Models(folder, Ollama(server.host), 1024, 1)
    question = [ChatMessage("user", f"{PROMPT[0].content}\n\nOn which day did the harbour open?")]
    try:
        for file in reversed(files):
            pieces = list(models.generator(file.stem).stream(question, 20))
            assert "Monday" in "".join(piece.text for piece in pieces if isinstance(piece, Text))
            assert [model.name for model in models.list() if model.loaded] == [file.stem]
    finally:
        models.close()


def test_the_digest_of_a_model_that_was_used_outlives_its_server(
    server: OllamaServer, models: Models
) -> None:
    models.generator("writer:1.5b")
    server.stop()
    assert models.digest("writer:1.5b") == ServedModel("writer:1.5b").digest
    with pytest.raises(BylineError):
        models.digest("second:latest")
