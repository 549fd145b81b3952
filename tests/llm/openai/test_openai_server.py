"""The list of an OpenAI-compatible server's models, and what is told where it fails."""

from __future__ import annotations

import time

import pytest
from chat_asking import ask, client_of, generator
from chat_models import FAULTS, ChatModel
from chat_server import ChatServer
from ollama_asking import ANSWER, PROMPT, done, text, unused_port

from rag.errors import (
    BylineError,
    EngineUnavailable,
    GenerationError,
    Interrupted,
    ModelMissing,
    PromptTooLong,
)
from rag.events import Loading
from rag.llm import openai_server
from rag.llm.generator import Text
from rag.llm.openai_endpoint import Endpoint
from rag.llm.openai_server import OpenAIServer

KEY = "sk-a-key"


def listed(*models: ChatModel) -> list[tuple[object, ...]]:
    with ChatServer(list(models)) as server:
        client = client_of(server)
        found = [(m.name, m.context, m.parameters, m.quantisation, m.loaded) for m in client.models()]
        assert client.trouble is None
        client.close()
    return found


def test_models_are_listed_with_what_their_server_says_of_them() -> None:
    assert listed(
        ChatModel("small", context=2048),
        ChatModel("Qwen/Qwen3-4B-FP8", engine="vllm", context=40_960),
        ChatModel("meta-llama/Llama-3.1-8B-Instruct", engine="sglang", context=131_072),
        ChatModel("gpt-mini", engine=""),
    ) == [
        ("small", 2048, "630M", "Q4_K_M", True),
        ("Qwen/Qwen3-4B-FP8", 40_960, "4B", "", True),
        ("meta-llama/Llama-3.1-8B-Instruct", 131_072, "8B", "", True),
        ("gpt-mini", None, "", "", True),
    ]


def test_lm_studio_states_contexts_at_an_address_of_its_own() -> None:
    assert listed(
        ChatModel("qwen3-8b", engine="studio", context=32_768),
        ChatModel("nomic-v1.5", engine="studio", context=2048),
    ) == [("qwen3-8b", 32_768, "8B", "4bit", False)]


def test_models_that_do_not_chat_and_names_that_cannot_be_shown_are_left_out() -> None:
    odd = ["text-embedding-3-small", "bge-reranker-v2", "whisper-1", "a\nb", "x" * 301, ""]
    assert listed(ChatModel("chat"), *(ChatModel(name) for name in odd))[1:] == []


def test_a_server_is_local_or_another_machine(server: ChatServer) -> None:
    (model,) = (m for m in client_of(server).models() if m.name == "small")
    assert (model.runtime, model.server, model.remote) == ("openai", server.host, False)
    assert Endpoint("http://gpu-box:8000/v1").is_local is False


def test_the_key_is_sent_with_every_request() -> None:
    with ChatServer(key=KEY) as server:
        client = client_of(server, KEY)
        assert text(ask(client, "small")) == ANSWER
        for path in ("/v1/models", "/v1/chat/completions", "/tokenize", "/apply-template"):
            assert set(server.keys(path)) == {KEY}


def trouble_of(client: OpenAIServer) -> str:
    assert client.models() == []
    assert client.trouble is not None
    return str(client.trouble)


def test_a_wrong_key_is_reported_and_not_shown() -> None:
    with ChatServer(key=KEY) as server:
        told = trouble_of(client_of(server, "sk-wrong"))
    assert told == f"The model server at {server.url} rejects the key. Correct BYLINE_OPENAI_KEY."


def test_a_server_that_is_down_is_reported_with_its_address() -> None:
    url = f"http://127.0.0.1:{unused_port()}"
    told = trouble_of(OpenAIServer(Endpoint(f"{url}/v1")))
    assert told == (
        f"No model server answers at {url} (BYLINE_OPENAI_URL). Start it, or correct the address."
    )


def test_an_address_of_something_else_is_reported(server: ChatServer) -> None:
    told = trouble_of(OpenAIServer(Endpoint(f"{server.url}/elsewhere")))
    assert "Is it an OpenAI-compatible server (BYLINE_OPENAI_URL)?" in told


def test_a_server_that_hangs_is_reported(server: ChatServer) -> None:
    server.hung = True
    assert "does not respond" in trouble_of(client_of(server, request_timeout=0.2))


def test_a_server_that_is_too_busy_to_answer_keeps_its_models(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_server, "LIST_TTL_S", 0)
    client = client_of(server, request_timeout=0.2)
    before = client.models()
    server.hung = True
    assert client.models() == before != []
    assert "does not respond" in str(client.trouble)
    server.stop()
    assert trouble_of(client).startswith("No model server answers")


def test_the_list_is_not_asked_for_with_every_question(server: ChatServer, client: OpenAIServer) -> None:
    for _ in range(5):
        client.models()
    assert [request.path for request in server.requests] == ["/v1/models"]


@pytest.mark.parametrize(
    ("fault", "error", "told"),
    [
        ("gone", ModelMissing, "does not have the model fault-gone. Choose another one."),
        ("limited", EngineUnavailable, 'accepts no more requests for now: "Rate limit reached".'),
        ("crash", EngineUnavailable, 'reports an error: "CUDA error: device-side assert".'),
        ("busy", EngineUnavailable, 'is overloaded or still starting: "no slot is free".'),
        ("proxy", EngineUnavailable, 'is overloaded or still starting: "502".'),
        ("toolong", PromptTooLong, 'too long for fault-toolong: "request (9030 tokens) exceeds'),
        ("toolong-vllm", PromptTooLong, "maximum context length is 2048 tokens"),
        ("toolong-studio", PromptTooLong, "greater than the context length"),
        ("refused", EngineUnavailable, 'reports an error: "Input should be a valid list".'),
        ("error", Interrupted, 'reports an error: "the engine has died".'),
        ("toolong-stream", PromptTooLong, "Cannot truncate the prompt"),
        ("reset", Interrupted, "The connection to the model server at"),
        ("hangup", Interrupted, "The connection to the model server at"),
        ("unfinished", Interrupted, "closed the connection before fault-unfinished had finished."),
        ("garbage", Interrupted, "sent a response that Byline cannot read."),
        ("odd", Interrupted, "sent a response that Byline cannot read."),
        ("silent", Interrupted, "does not respond."),
        ("mute", EngineUnavailable, "does not respond."),
    ],
)
def test_each_kind_of_failure_is_reported_plainly(
    fault: str, error: type[GenerationError], told: str
) -> None:
    with ChatServer([ChatModel(f"fault-{fault}", fault=fault)]) as server:
        client = client_of(server, first_timeout=0.5, stream_timeout=0.3)
        stream = generator(client, f"fault-{fault}").stream(PROMPT, 200)
        written = []
        with pytest.raises(error) as caught:
            written.extend(stream)  # keeps what came before
        assert told in str(caught.value)
        has_text = any(isinstance(piece, Text) for piece in written)
        assert has_text == (fault not in FAULTS and fault != "mute")


def test_a_server_that_stops_in_the_middle_of_an_answer_is_reported(
    server: ChatServer, client: OpenAIServer
) -> None:
    server.chat_models["small"].reply, server.delay = "word " * 500, 0.01
    stream = generator(client, "small").stream(PROMPT, 900)
    next(piece for piece in stream if isinstance(piece, Text))
    server.stop()
    with pytest.raises(Interrupted, match="was lost"):
        list(stream)
    with pytest.raises(EngineUnavailable, match="No model server answers"):
        ask(client, "small")


def test_what_a_server_says_is_one_short_line_without_the_key() -> None:
    said = f"Bad key {KEY}\n\x1b[31m" + "x" * 900
    refused = openai_server.Refusal(500, said)
    told = str(openai_server.byline_error(refused, Endpoint("http://a:1/v1", KEY), "m"))
    assert KEY not in told and "\n" not in told and "\x1b" not in told and len(told) < 400


def test_a_model_that_is_being_loaded_is_waited_for(
    server: ChatServer, client: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_server, "LOAD_POLL_S", 0.01)
    server.still_loading = 3
    pieces = ask(client, "small")
    assert [piece for piece in pieces if isinstance(piece, Loading)] == [Loading()] * 3 + [Loading(over=True)]
    assert text(pieces) == ANSWER
    monkeypatch.setattr(openai_server, "MAX_LOAD_S", 0)
    server.still_loading = 3
    with pytest.raises(EngineUnavailable, match="still loading its model"):
        ask(client, "small")


@pytest.mark.parametrize("knows", [{"max_tokens", "temperature"}, {"max_completion_tokens"}])
def test_a_strict_server_is_asked_without_extensions_and_at_once_the_next_time(knows: set[str]) -> None:
    knows = knows | {"model", "messages", "stream"}
    with ChatServer([ChatModel("strict", engine="", knows=knows)]) as server:
        client = client_of(server)
        for _ in range(2):
            pieces = ask(client, "strict")
            assert text(pieces) == ANSWER
            assert done(pieces).logprobs == ()
        tried = [body.keys() - {"_key"} == knows for body in server.sent("/v1/chat/completions")]
    assert tried[-2:] == [True, True] and not any(tried[:-2])


def test_an_error_in_mid_answer_does_not_write_the_answer_again() -> None:
    with ChatServer([ChatModel("m", fault="error")]) as server:
        with pytest.raises(BylineError):
            ask(client_of(server), "m")
        assert len(server.sent("/v1/chat/completions")) == 1


def test_leaving_a_silent_server_takes_a_moment(server: ChatServer, client: OpenAIServer) -> None:
    server.queue_s = 30
    stream = generator(client, "small").stream(PROMPT, 50)
    began = time.monotonic()
    next(stream)
    stream.close()
    assert server.hung_up.wait(5)
    assert time.monotonic() - began < 5
