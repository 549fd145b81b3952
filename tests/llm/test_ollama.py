from __future__ import annotations

import time
from itertools import islice

import pytest
from ollama_asking import ANSWER, PROMPT, ask, model, text, unused_port
from ollama_models import ServedModel
from ollama_server import OllamaServer

from rag.errors import BylineError, EngineUnavailable, FetchError, Interrupted, ModelMissing, PromptTooLong
from rag.llm.ollama import Ollama
from rag.llm.ollama_generator import OllamaGenerator
from rag.progress import Progress

pytestmark = pytest.mark.slow  # a server on this machine


def test_a_model_is_listed_with_what_the_picker_shows(client: Ollama) -> None:
    writer = model(client, "writer:1.5b")
    assert (writer.runtime, writer.size, writer.parameters) == ("ollama", 986_061_892, "1.54B")
    assert (writer.quantisation, writer.context, writer.loaded) == ("Q4_K_M", 32_768, False)
    assert len(writer.digest) == 64


def test_an_older_server_is_asked_for_what_its_list_lacks(server: OllamaServer, client: Ollama) -> None:
    assert model(client, "second:latest").context == 32_768
    client.models()
    assert len(server.sent("/api/show")) == 1  # once for a model, not at each listing


def test_only_models_that_write_on_this_server_are_listed(server: OllamaServer, client: Ollama) -> None:
    server.models["embedder-old:latest"] = ServedModel(
        "embedder-old:latest", capabilities=("embedding",), old=True
    )
    server.models["big-cloud:latest"] = ServedModel("big-cloud:latest", remote="https://ollama.com")
    server.models["evil\x1b[2J"] = ServedModel("evil\x1b[2J")
    names = {model.name for model in client.models()}
    assert {"writer:1.5b", "second:latest", "thinker:4b"} <= names
    assert not names & {"embedder:latest", "embedder-old:latest", "big-cloud:latest", "evil\x1b[2J"}


def test_a_model_that_was_asked_is_listed_as_loaded(client: Ollama) -> None:
    ask(client, "writer:1.5b")
    assert [model.name for model in client.models() if model.loaded] == ["writer:1.5b"]


def test_no_server_is_no_models_at_once() -> None:
    started = time.perf_counter()
    assert Ollama(f"127.0.0.1:{unused_port()}").models() == []
    assert time.perf_counter() - started < 5


def test_another_server_on_the_port_is_no_models(server: OllamaServer) -> None:
    assert Ollama(f"http://{server.host}/elsewhere").models() == []


def test_a_proxy_is_not_asked_for_this_machine(server: OllamaServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert text(ask(Ollama(server.host), "writer:1.5b")) == ANSWER


TROUBLE = [
    ("gone", ModelMissing, "no longer has the model fault-gone:1b. Download it, or choose another one."),
    ("busy", EngineUnavailable, 'is busy: "server busy, please try again. maximum'),
    ("memory", EngineUnavailable, "more system memory (5.6 GiB) than is available"),
    ("toolong", PromptTooLong, "too long for fault-toolong:1b"),
    ("error", Interrupted, 'could not run fault-error:1b: "llama runner process has terminated'),
    ("errorfirst", EngineUnavailable, "unexpected EOF"),
    ("reset", Interrupted, "was lost. Try again."),
    ("hangup", Interrupted, "was lost. Try again."),
    ("unfinished", Interrupted, "closed the connection before fault-unfinished:1b had finished. Ask again."),
    ("garbage", Interrupted, "Byline cannot read"),
    ("odd", Interrupted, "Byline cannot read"),
    ("silent", Interrupted, "is not responding. Try again later, restart Ollama, or choose a smaller model."),
    (
        "mute",
        EngineUnavailable,
        "is not responding. Try again later, restart Ollama, or choose a smaller model.",
    ),
    ("load", Interrupted, "loaded fault-load:1b, but did not answer. Ask again."),
]


@pytest.mark.parametrize(("fault", "kind", "message"), TROUBLE, ids=[case[0] for case in TROUBLE])
def test_a_failure_says_in_one_line_what_happened_and_what_to_do(
    server: OllamaServer, client: Ollama, fault: str, kind: type[BylineError], message: str
) -> None:
    hasty = Ollama(server.host, stream_timeout=0.3) if fault in ("silent", "mute") else client
    written = []
    with pytest.raises(kind) as caught:
        for piece in OllamaGenerator(hasty, model(client, f"fault-{fault}:1b")).stream(PROMPT, 200):
            written.append(piece)
    assert type(caught.value) is kind
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    kept = text(written)
    assert ANSWER.startswith(kept)
    assert bool(kept) == (kind is Interrupted and fault != "load")
    assert text(ask(client, "writer:1.5b")) == ANSWER  # and the next question works


def test_a_server_that_is_not_there_is_named(server: OllamaServer, client: Ollama) -> None:
    writer = model(client, "writer:1.5b")
    server.stop()
    with pytest.raises(EngineUnavailable) as caught:
        list(OllamaGenerator(client, writer).stream(PROMPT, 200))
    assert str(caught.value) == (
        f"No Ollama server answers at http://{server.host}."
        " Start Ollama (its app, or `ollama serve`), then try again."
    )


def test_a_server_that_stops_in_mid_answer_leaves_what_was_written(
    server: OllamaServer, client: Ollama
) -> None:
    server.models["writer:1.5b"].reply = "word " * 500
    server.delay = 0.005
    stream = OllamaGenerator(client, model(client, "writer:1.5b")).stream(PROMPT, 1000)
    assert text(list(islice(stream, 4))) == "word word word"
    server.stop()
    with pytest.raises(Interrupted, match=r"was lost\. Try again"):
        list(stream)


def test_a_model_that_disappears_is_named(server: OllamaServer, client: Ollama) -> None:
    generator = OllamaGenerator(client, model(client, "writer:1.5b"))
    del server.models["writer:1.5b"]
    with pytest.raises(ModelMissing, match=r"no longer has the model writer:1\.5b"):
        list(generator.stream(PROMPT, 200))


def test_pulling_reports_bytes_over_all_layers(server: OllamaServer, client: Ollama) -> None:
    server.pulls = [
        {"status": "pulling manifest"},
        {"status": "pulling a", "digest": "sha256:a", "total": 100},
        {"status": "pulling a", "digest": "sha256:a", "total": 100, "completed": 100},
        {"status": "pulling b", "digest": "sha256:b", "total": 50, "completed": 25},
        {"status": "verifying sha256 digest"},
        {"status": "success"},
    ]
    seen: list[Progress] = []
    client.pull("fresh:1b", seen.append)
    done = [(report.done, report.total) for report in seen]
    assert list(dict.fromkeys(done)) == [(0, 0), (0, 100), (100, 100), (125, 150)]
    labels = {(str(report.label), report.unit) for report in seen}
    assert labels == {("Downloading fresh:1b", "bytes"), ("Verifying fresh:1b", "bytes")}
    assert text(ask(client, "fresh:1b")) == ANSWER


@pytest.mark.parametrize(
    ("report", "message"),
    [
        (
            {"error": "pull model manifest: file does not exist"},
            'fresh:1b: "pull model manifest: file does not exist". Check the name',
        ),
        (
            {
                "error": 'pull model manifest: Get "https://registry.ollama.ai/v2/library/fresh/manifests/1b":'
                " dial tcp: lookup registry.ollama.ai: no such host"
            },
            "cannot reach the network",
        ),
        ({"status": "pulling manifest"}, "stopped before fresh:1b was complete. Download it again"),
    ],
)
def test_a_pull_that_fails_is_reported(
    server: OllamaServer, client: Ollama, report: dict[str, str], message: str
) -> None:
    server.pulls = [{"status": "pulling manifest"}, report]
    with pytest.raises(FetchError) as caught:
        client.pull("fresh:1b")
    assert message in str(caught.value)


def test_pulling_from_no_server_is_reported() -> None:
    with pytest.raises(EngineUnavailable, match="No Ollama server answers"):
        Ollama(f"127.0.0.1:{unused_port()}").pull("fresh:1b")


def test_a_model_is_removed_once(server: OllamaServer, client: Ollama) -> None:
    client.remove("writer:1.5b")
    assert "writer:1.5b" not in {model.name for model in client.models()}
    with pytest.raises(ModelMissing, match=r"writer:1\.5b"):
        client.remove("writer:1.5b")


BAD_NAMES = ["", "../../etc/x", "a/../b", "a b", "a\nb", "/abs", "x:", "name:tag/../x", "é", "-x"]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_is_none_is_never_sent(server: OllamaServer, client: Ollama, name: str) -> None:
    with pytest.raises(FetchError):
        client.pull(name)
    with pytest.raises(ModelMissing):
        client.remove(name)
    assert server.requests == []


def test_a_server_that_is_too_busy_to_answer_keeps_its_models(server: OllamaServer) -> None:
    hasty = Ollama(server.host, request_timeout=0.5)
    known = hasty.models()
    server.hung = True
    assert known and hasty.models() == known
    server.hung = False
    hasty.close()
