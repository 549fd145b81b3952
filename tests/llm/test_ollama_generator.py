from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

import pytest
from ollama_asking import ANSWER, PROMPT, ask, done, model, text, thoughts
from ollama_models import SHRUNK, ServedModel
from ollama_server import OllamaServer

from rag.errors import EngineUnavailable, PromptTooLong
from rag.events import Loading
from rag.llm import ollama_loading
from rag.llm.generator import ChatMessage, Piece, Text
from rag.llm.ollama import Ollama
from rag.llm.ollama_generator import OllamaGenerator

pytestmark = pytest.mark.slow  # a server on this machine, and waiting


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
        ask(client, "writer:1.5b", [ChatMessage("user", "harbour " * words)])
        sizes.append(server.sent("/api/chat")[-1]["options"]["num_ctx"])
    assert sizes[:3] == [4096] * 3
    assert sizes[3] > 2 * 4000  # two tokens a word
    assert sizes[3] % 4096 == 0


def test_the_context_never_exceeds_the_models_own(server: OllamaServer, client: Ollama) -> None:
    server.models["small:1b"] = ServedModel("small:1b", context=2048)
    ask(client, "small:1b")
    assert server.sent("/api/chat")[0]["options"]["num_ctx"] == 2048


@pytest.mark.parametrize("name", ["writer:1.5b", "thinker:4b"])
def test_how_sure_the_model_was_of_each_token_of_its_answer_is_reported(client: Ollama, name: str) -> None:
    pieces = ask(client, name)
    tokens = [piece for piece in pieces if isinstance(piece, Text)]
    assert done(pieces).logprobs == (-0.25,) * len(tokens)  # none of a thought's


def test_thoughts_that_the_model_writes_inline_tell_nothing_of_its_answer(
    server: OllamaServer, client: Ollama
) -> None:
    server.models["opened:1b"].sure = -0.5
    logprobs = done(ask(client, "opened:1b")).logprobs
    assert set(logprobs) == {-0.5}
    assert 10 < len(logprobs) < 30


def test_a_server_that_does_not_tell_how_sure_it_was_is_none_the_worse(client: Ollama) -> None:
    pieces = ask(client, "second:latest")
    assert text(pieces) == ANSWER
    assert done(pieces).logprobs == ()


def test_how_fast_a_prompt_was_read_is_reported_unless_the_server_had_it_in_its_cache(client: Ollama) -> None:
    harbour, mill = ([ChatMessage("user", f"The {word} opened. " * 60)] for word in ("harbour", "mill"))
    speeds = [done(ask(client, "writer:1.5b", prompt)).prompt_speed for prompt in (harbour, harbour, mill)]
    assert speeds[0] == pytest.approx(speeds[2], rel=0.3)
    assert 500 < (speeds[0] or 0) < 3000  # some 300 tokens in 0.34 s
    assert speeds[1] is None


def test_a_prompt_of_a_few_tokens_tells_no_speed(client: Ollama) -> None:
    assert done(ask(client, "writer:1.5b", [ChatMessage("user", "Hello?")])).prompt_speed is None


def test_a_prompt_that_cannot_fit_is_not_sent(server: OllamaServer, client: Ollama) -> None:
    server.models["small:1b"] = ServedModel("small:1b", context=2048)
    with pytest.raises(PromptTooLong, match="small:1b takes 2,048"):
        ask(client, "small:1b", [ChatMessage("user", "harbour " * 3000)])
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


def test_a_thinking_model_has_room_to_think_but_not_to_ramble(server: OllamaServer, client: Ollama) -> None:
    pieces = ask(client, "thinker:4b", most=8)
    assert server.sent("/api/chat")[0]["options"]["num_predict"] > 1000
    assert thoughts(pieces).strip() == "The last passage says it."
    assert done(pieces).cut
    assert 0 < len(text(pieces)) < len(ANSWER)


def test_closing_the_stream_hangs_up(server: OllamaServer, client: Ollama) -> None:
    server.models["writer:1.5b"].reply = "word " * 2000
    server.delay = 0.005
    stream = OllamaGenerator(client, model(client, "writer:1.5b")).stream(PROMPT, 4000)
    assert text(list(islice(stream, 4))) == "word word word"
    stream.close()  # type: ignore[attr-defined]
    assert server.hung_up.wait(2)


LONG = [ChatMessage("user", "[1] The harbour\n" + "The harbour opened on Monday. " * 60)]


def test_a_prompt_that_was_cut_in_silence_is_reported(server: OllamaServer, client: Ollama) -> None:
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


def slow(server: OllamaServer, client: Ollama, seconds: float) -> Iterator[Piece]:
    server.models["writer:1.5b"].load_s = seconds
    return OllamaGenerator(client, model(client, "writer:1.5b")).stream(PROMPT, 200)


def test_a_model_that_loads_longer_than_the_server_may_be_silent_is_waited_for(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ollama_loading, "POLL_INTERVAL_S", 0.05)
    pieces = list(slow(server, Ollama(server.host, stream_timeout=0.3), 1))
    waits = [piece for piece in pieces if isinstance(piece, Loading)]
    assert len(waits) > 5  # progress
    assert [wait.over for wait in waits] == [False] * (len(waits) - 1) + [True]
    assert text(pieces) == ANSWER
    assert len(server.loads()) == 1
    assert server.loads()[0]["options"] == server.sent("/api/chat")[0]["options"]  # not loaded anew


def test_a_caller_within_an_event_loop_is_served(client: Ollama) -> None:
    async def caller() -> str:
        return text(ask(client, "writer:1.5b"))

    with ThreadPoolExecutor() as pool:  # a browser test's loop may run in this thread
        assert pool.submit(lambda: asyncio.run(caller())).result() == ANSWER


def test_a_load_is_stopped_by_closing_the_stream(
    server: OllamaServer, client: Ollama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ollama_loading, "POLL_INTERVAL_S", 0.05)
    stream = slow(server, client, 60)
    assert next(stream) == Loading()
    stream.close()  # type: ignore[attr-defined]
    assert server.hung_up.wait(5)
    assert server.running() == []


def test_a_server_that_hangs_while_it_loads_is_not_waited_for(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ollama_loading, "POLL_INTERVAL_S", 0.05)
    stream = slow(server, Ollama(server.host, stream_timeout=0.3, request_timeout=0.1), 60)
    assert next(stream) == Loading()
    server.hung = True
    with pytest.raises(EngineUnavailable, match="is not responding"):
        list(stream)


def test_a_load_that_the_server_forgot_is_given_up(
    server: OllamaServer, client: Ollama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ollama_loading, "POLL_INTERVAL_S", 0.05)
    monkeypatch.setattr(ollama_loading, "MAX_UNLISTED_S", 0.2)
    monkeypatch.setattr(server, "running", list)
    with pytest.raises(EngineUnavailable, match="is not responding"):
        list(slow(server, client, 60))
