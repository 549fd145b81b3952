from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from itertools import islice

import pytest
from ollama_models import SHRUNK, ServedModel
from ollama_server import OllamaServer

from rag.errors import (
    BylineError,
    EngineUnavailable,
    FetchError,
    Interrupted,
    ModelMissing,
    PromptTooLong,
    SettingsError,
)
from rag.generating import Done, Message, Model, Piece, Text, Thought
from rag.generating.ollama import Ollama
from rag.generating.ollama_names import is_name, is_pullable, plain, server_url
from rag.progress import Progress

PROMPT = [
    Message("system", "You answer questions from the passages of news articles."),
    Message(
        "user",
        "[2] The depot\nThe tram depot closed in 1994. A museum moved in.\n\n"
        "[1] The harbour\nThe harbour opened on Monday. The works cost 42 million crowns.\n\n"
        "Question: When did the harbour open?",
    ),
]
ANSWER = "The harbour opened on Monday [1]. The works cost 42 million crowns [1]."


@pytest.fixture
def server() -> Iterator[OllamaServer]:
    with OllamaServer() as running:
        yield running


@pytest.fixture
def client(server: OllamaServer) -> Iterator[Ollama]:
    opened = Ollama(server.host, patience=0.3)
    yield opened
    opened.close()


def model(client: Ollama, name: str) -> Model:
    return next(model for model in client.models() if model.name == name)


def ask(client: Ollama, name: str, prompt: list[Message] = PROMPT, most: int = 200) -> list[Piece]:
    return list(client.generator(model(client, name)).stream(prompt, most))


def text(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Text))


def thoughts(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces if isinstance(piece, Thought))


def done(pieces: list[Piece]) -> Done:
    assert isinstance(pieces[-1], Done)
    assert sum(isinstance(piece, Done) for piece in pieces) == 1
    return pieces[-1]


def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:8080", "http://127.0.0.1:8080"),
        (":8080", "http://127.0.0.1:8080"),
        ("example.org", "http://example.org:11434"),
        ("example.org:8080", "http://example.org:8080"),
        ("http://example.org", "http://example.org"),
        ("HTTPS://example.org/", "https://example.org"),
        ("https://example.org:8443/ollama/", "https://example.org:8443/ollama"),
        (" '10.0.0.7' ", "http://10.0.0.7:11434"),
        ("::1", "http://[::1]:11434"),
        ("[::]:8080", "http://[::1]:8080"),
        ("http://0.0.0.0:11434", "http://127.0.0.1:11434"),
    ],
)
def test_every_form_of_ollama_host_is_understood(host: str, url: str) -> None:
    assert server_url(host) == url


@pytest.mark.parametrize("host", ["ftp://example.org", "example.org:port", "http://[::1", "a b:1"])
def test_an_impossible_host_is_named(host: str) -> None:
    with pytest.raises(SettingsError, match="OLLAMA_HOST cannot be used") as caught:
        Ollama(host)
    assert host in str(caught.value)


def test_a_model_is_listed_with_what_the_picker_shows(client: Ollama) -> None:
    writer = model(client, "writer:1.5b")
    assert (writer.runtime, writer.size, writer.parameters) == ("ollama", 986_061_892, "1.54B")
    assert (writer.quantisation, writer.context, writer.loaded) == ("Q4_K_M", 32_768, False)
    assert len(writer.digest) == 64


def test_an_older_server_is_asked_for_what_its_list_lacks(
    server: OllamaServer, client: Ollama
) -> None:
    assert model(client, "second:latest").context == 32_768
    client.models()
    assert len(server.sent("/api/show")) == 1  # once for a model, not at each listing


def test_only_models_that_write_on_this_server_are_listed(
    server: OllamaServer, client: Ollama
) -> None:
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
    assert time.perf_counter() - started < 1


def test_another_server_on_the_port_is_no_models(server: OllamaServer) -> None:
    assert Ollama(f"http://{server.host}/elsewhere").models() == []


def test_a_proxy_is_not_asked_for_this_machine(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port()}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert text(ask(Ollama(server.host), "writer:1.5b")) == ANSWER


def test_an_answer_streams_word_by_word_and_says_how_much_was_read(client: Ollama) -> None:
    pieces = ask(client, "writer:1.5b")
    assert text(pieces) == ANSWER
    assert len(pieces) > 10
    end = done(pieces)
    assert end.prompt_tokens is not None and 40 < end.prompt_tokens < 100
    assert (end.cut, end.prompt_cut) == (False, False)


def test_the_server_is_asked_to_write_greedily_in_a_context_that_holds_it_all(
    server: OllamaServer, client: Ollama
) -> None:
    ask(client, "writer:1.5b", most=150)
    sent = server.sent("/api/chat")[0]
    assert sent["options"] == {"temperature": 0, "num_ctx": 4096, "num_predict": 150}
    assert [message["role"] for message in sent["messages"]] == ["system", "user"]
    assert sent["messages"][1]["content"] == PROMPT[1].content


def test_the_context_grows_in_steps_so_that_the_model_is_not_loaded_anew(
    server: OllamaServer, client: Ollama
) -> None:
    sizes = []
    for words in (50, 200, 400, 4000):
        ask(client, "writer:1.5b", [Message("user", "harbour " * words)])
        sizes.append(server.sent("/api/chat")[-1]["options"]["num_ctx"])
    assert sizes[:3] == [4096] * 3
    assert sizes[3] > 2 * 4000  # two tokens a word
    assert sizes[3] % 4096 == 0


def test_the_context_never_exceeds_the_models_own(server: OllamaServer, client: Ollama) -> None:
    server.models["small:1b"] = ServedModel("small:1b", context=2048)
    ask(client, "small:1b")
    assert server.sent("/api/chat")[0]["options"]["num_ctx"] == 2048


def test_a_prompt_that_cannot_fit_is_not_sent(server: OllamaServer, client: Ollama) -> None:
    server.models["small:1b"] = ServedModel("small:1b", context=2048)
    with pytest.raises(PromptTooLong, match="small:1b takes 2048"):
        ask(client, "small:1b", [Message("user", "harbour " * 3000)])
    assert server.sent("/api/chat") == []


def test_an_answer_that_reaches_its_limit_is_marked(client: Ollama) -> None:
    pieces = ask(client, "writer:1.5b", most=4)
    assert done(pieces).cut
    assert ANSWER.startswith(text(pieces))


@pytest.mark.parametrize("name", ["thinker:4b", "inline:1b", "opened:1b"])
def test_thoughts_are_no_part_of_the_answer(client: Ollama, name: str) -> None:
    pieces = ask(client, name)
    assert text(pieces) == ANSWER
    assert thoughts(pieces).strip() == "The last passage says it."


def test_a_thinking_model_has_room_to_think_but_not_to_ramble(
    server: OllamaServer, client: Ollama
) -> None:
    pieces = ask(client, "thinker:4b", most=8)
    assert server.sent("/api/chat")[0]["options"]["num_predict"] > 1000
    assert thoughts(pieces).strip() == "The last passage says it."
    assert done(pieces).cut
    assert 0 < len(text(pieces)) < len(ANSWER)


def test_closing_the_stream_hangs_up(server: OllamaServer, client: Ollama) -> None:
    server.models["writer:1.5b"].reply = "word " * 2000
    server.delay = 0.005
    stream = client.generator(model(client, "writer:1.5b")).stream(PROMPT, 4000)
    assert text(list(islice(stream, 3))) == "word word word"
    stream.close()  # type: ignore[attr-defined]
    assert server.hung_up.wait(2)


TROUBLE = [
    ("gone", ModelMissing, "has no model fault-gone:1b any more. Pull it, or pick another one."),
    ("busy", EngineUnavailable, 'is busy: "server busy, please try again. maximum'),
    ("memory", EngineUnavailable, "more system memory (5.6 GiB) than is available"),
    ("toolong", PromptTooLong, "too long for fault-toolong:1b"),
    ("error", Interrupted, 'gave up on fault-error:1b: "llama runner process has terminated'),
    ("errorfirst", EngineUnavailable, "unexpected EOF"),
    ("reset", Interrupted, "broke. Ask again."),
    ("hangup", Interrupted, "broke. Ask again."),
    ("unfinished", Interrupted, "hung up before fault-unfinished:1b had finished. Ask again."),
    ("garbage", Interrupted, "is unreadable"),
    ("odd", Interrupted, "is unreadable"),
    ("silent", Interrupted, "is silent. Ask again later, or pick a smaller model."),
    ("mute", EngineUnavailable, "is silent. Ask again later, or pick a smaller model."),
    ("load", Interrupted, "has only loaded fault-load:1b. Ask again."),
]


@pytest.mark.parametrize(("fault", "kind", "message"), TROUBLE, ids=[case[0] for case in TROUBLE])
def test_a_failure_says_in_one_line_what_happened_and_what_to_do(
    client: Ollama, fault: str, kind: type[BylineError], message: str
) -> None:
    written = []
    with pytest.raises(kind) as caught:
        for piece in client.generator(model(client, f"fault-{fault}:1b")).stream(PROMPT, 200):
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
        list(client.generator(writer).stream(PROMPT, 200))
    assert str(caught.value) == (
        f"No Ollama server answers at http://{server.host}. Start Ollama, or pick another model."
    )


def test_a_server_that_stops_in_mid_answer_leaves_what_was_written(
    server: OllamaServer, client: Ollama
) -> None:
    server.models["writer:1.5b"].reply = "word " * 500
    server.delay = 0.005
    stream = client.generator(model(client, "writer:1.5b")).stream(PROMPT, 1000)
    assert text(list(islice(stream, 3))) == "word word word"
    server.stop()
    with pytest.raises(Interrupted, match=r"broke\. Ask again"):
        list(stream)


def test_a_model_that_disappears_is_named(server: OllamaServer, client: Ollama) -> None:
    generator = client.generator(model(client, "writer:1.5b"))
    del server.models["writer:1.5b"]
    with pytest.raises(ModelMissing, match=r"no model writer:1\.5b any more"):
        list(generator.stream(PROMPT, 200))


LONG = [Message("user", "[1] The harbour\n" + "The harbour opened on Monday. " * 60)]


def test_a_prompt_that_was_cut_in_silence_is_told(server: OllamaServer, client: Ollama) -> None:
    end = done(ask(client, "fault-shrunk:1b", LONG))
    assert end.prompt_cut
    assert end.prompt_tokens is not None and end.prompt_tokens < SHRUNK
    assert server.sent("/api/chat")[0]["options"]["num_ctx"] == 4096  # which it has ignored


def test_a_prompt_that_fills_the_whole_context_was_cut(client: Ollama) -> None:
    assert done(ask(client, "fault-full:1b", LONG)).prompt_cut


def test_a_server_that_leaves_out_what_it_had_cached_raises_no_alarm(client: Ollama) -> None:
    end = done(ask(client, "fault-cached:1b", LONG))
    assert end.prompt_tokens == 1
    assert not end.prompt_cut


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
    assert [(report.done, report.total) for report in seen] == [(0, 100), (100, 100), (125, 150)]
    assert {(report.label, report.unit) for report in seen} == {("Pulling fresh:1b", "bytes")}
    assert text(ask(client, "fresh:1b")) == ANSWER


@pytest.mark.parametrize(
    ("report", "message"),
    [
        (
            {"error": "pull model manifest: file does not exist"},
            'fresh:1b: "pull model manifest: file does not exist". Check the name',
        ),
        ({"status": "pulling manifest"}, "stopped before fresh:1b was whole. Pull it again"),
    ],
)
def test_a_pull_that_fails_is_told(
    server: OllamaServer, client: Ollama, report: dict[str, str], message: str
) -> None:
    server.pulls = [{"status": "pulling manifest"}, report]
    with pytest.raises(FetchError) as caught:
        client.pull("fresh:1b")
    assert message in str(caught.value)


def test_pulling_from_no_server_is_told() -> None:
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


def test_models_come_from_known_registries_only() -> None:
    for name in ("qwen2.5:1.5b", "user/model", "hf.co/user/Model-GGUF:Q4_K_M", "llama3.2"):
        assert is_pullable(name)
    assert not is_pullable("registry.example:5000/user/model:1b")
    assert is_name("registry.example:5000/user/model:1b")  # but one that is there can be used


def test_what_a_server_says_is_shown_in_one_short_line() -> None:
    assert plain("a\x1b[31m\r\nb\u202e  c") == "a [31m b c"
    assert len(plain("x" * 5000)) == 200
