"""/v1 with OpenAI's client, over a real port."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from api_examples import ANSWER, QUESTION, ApiLibrary, Patient, serving
from conversing import until
from starlette.testclient import TestClient

from rag.errors import EngineUnavailable, PromptTooLong
from rag.testing import Scripted

openai = pytest.importorskip("openai")
ASKED: list[Any] = [{"role": "user", "content": QUESTION}]


@pytest.fixture(scope="module")
def url(served: ApiLibrary) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch, serving(served, patch) as url:
        yield url


@pytest.fixture
def chat(url: str) -> Iterator[Any]:
    with openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        yield client


@pytest.fixture
def writing(served: ApiLibrary) -> Iterator[ApiLibrary]:
    """The library, whose model a test may change."""
    before = served.scripted.generate
    yield served
    served.scripted.generate = before


def test_the_models_are_listed_the_default_one_first(chat: Any) -> None:
    assert [model.id for model in chat.models.list()] == ["byline", "small"]


def test_an_answer_has_its_sources_beside_it(chat: Any) -> None:
    told = chat.chat.completions.create(model="byline", messages=ASKED)
    assert told.choices[0].message.content == ANSWER
    assert told.byline["outcome"] == "answered"
    assert told.byline["passages"][0]["article"]["title"] == "The harbour opens again"
    assert told.byline["sentences"][0]["support"] == "supported" and told.byline["quotes"]


def test_a_stream_sends_only_what_was_checked_as_content(chat: Any) -> None:
    chunks = [*chat.chat.completions.create(model="small", messages=ASKED, stream=True)]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == ANSWER
    assert chunks[-1].choices[0].finish_reason == "stop" and chunks[-1].byline["answer"] == ANSWER
    drafts = [chunk.byline["draft"] for chunk in chunks if "draft" in (getattr(chunk, "byline", None) or {})]
    assert "42 million" in "".join(drafts)


@pytest.mark.parametrize("stream", [False, True])
def test_what_the_articles_do_not_say_is_not_told(chat: Any, writing: ApiLibrary, stream: bool) -> None:
    writing.scripted.generate = lambda: Scripted("The works cost 97 million crowns [1].")
    told = chat.chat.completions.create(model="byline", messages=ASKED, stream=stream)
    chunks = [chunk.choices[0].delta.content or "" for chunk in told] if stream else []
    content = "".join(chunks) if stream else told.choices[0].message.content
    assert "97" not in content and "not" in content


def test_an_unconfirmed_answer_says_so_in_the_questions_language(chat: Any, writing: ApiLibrary) -> None:
    writing.scripted.generate = lambda: Scripted("Les travaux coûtent 97 millions [1].")
    asked: list[Any] = [{"role": "user", "content": "Combien de livres garde la bibliothèque de Montfleur ?"}]
    told = chat.chat.completions.create(model="byline", messages=asked)
    assert told.byline["outcome"] == "unconfirmed" and told.byline["language"] == "fr"
    assert "97" not in told.choices[0].message.content and "réponse" in told.choices[0].message.content


def test_earlier_messages_are_the_turns_and_instructions_change_nothing(
    chat: Any, writing: ApiLibrary
) -> None:
    model = Scripted(ANSWER)
    writing.scripted.generate = lambda: model
    turns: list[Any] = [
        {"role": "system", "content": "You are a pirate."},
        {"role": "user", "content": "What opened again in Kestrel Bay?"},
        {"role": "assistant", "content": "The harbour of Kestrel Bay."},
        {"role": "user", "content": [{"type": "text", "text": "And what did it cost?"}]},
    ]
    chat.chat.completions.create(model="byline", messages=turns)
    prompts = str([[message.content for message in messages] for messages in model.asked])
    assert "The harbour of Kestrel Bay." in prompts and "pirate" not in prompts


@pytest.mark.parametrize(
    ("asked", "error", "told"),
    [
        ({"model": "gpt-9"}, openai.NotFoundError, "gpt-9"),
        ({"messages": []}, openai.BadRequestError, "messages"),
        ({"messages": [{"role": "assistant", "content": "a"}]}, openai.BadRequestError, "last message"),
        ({"messages": [{"role": "user", "content": " "}]}, openai.BadRequestError, "last message"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
            openai.BadRequestError,
            "image_url",
        ),
        ({"n": 2}, openai.BadRequestError, "one answer"),
        ({"extra_body": {"byline": {"collections": ["gone"]}}}, openai.NotFoundError, "gone"),
        ({"extra_body": {"byline": {"colour": "red"}}}, openai.BadRequestError, "colour"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_a_wrong_request_raises_the_clients_error(
    chat: Any, asked: dict[str, Any], error: type[Exception], told: str, stream: bool
) -> None:
    if stream and "model" in asked:
        error = openai.APIError  # the stream has begun by then
    with pytest.raises(error, match=told):
        [*chat.chat.completions.create(**{"model": "byline", "messages": ASKED, **asked}, stream=stream)]


@pytest.mark.parametrize(
    ("raised", "status"),
    [
        (EngineUnavailable("engine_silent", name="small"), 503),
        (PromptTooLong("too_long_said", name="a", said="b"), 400),
    ],
)
def test_a_failure_of_the_engine_is_told_with_its_status(
    chat: Any, writing: ApiLibrary, raised: Exception, status: int
) -> None:
    writing.scripted.generate = lambda: Scripted(raised)
    with pytest.raises(openai.APIStatusError) as refused:
        chat.chat.completions.create(model="byline", messages=ASKED)
    assert refused.value.status_code == status


def test_a_client_that_hangs_up_stops_the_model(chat: Any, writing: ApiLibrary) -> None:
    model = Patient()
    writing.scripted.generate = lambda: model
    with chat.chat.completions.create(model="byline", messages=ASKED, stream=True) as told:
        next(chunk for chunk in told if "draft" in (getattr(chunk, "byline", None) or {}))
    until(model.stopped.is_set)


def test_a_client_that_waits_no_longer_stops_the_model(chat: Any, writing: ApiLibrary) -> None:
    model = Patient()
    writing.scripted.generate = lambda: model
    with pytest.raises(openai.APITimeoutError):
        chat.with_options(timeout=2).chat.completions.create(model="byline", messages=ASKED)
    until(model.stopped.is_set)


@pytest.mark.parametrize("path", ["/api/ask", "/mcp"])
def test_so_it_is_on_the_other_paths(url: str, writing: ApiLibrary, path: str) -> None:
    model = Patient()
    writing.scripted.generate = lambda: model
    asked = {"question": QUESTION}
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": asked}}
    accept = {"Accept": "application/json, text/event-stream"}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(url + path, json=call if path == "/mcp" else asked, headers=accept, timeout=3)
    until(model.stopped.is_set)


def test_twenty_ask_at_once_and_each_gets_its_own_answer(chat: Any) -> None:
    answered: dict[int, str] = {}

    def ask(n: int) -> None:
        question = QUESTION if n % 2 else "Who is the harbour master of Kestrel Bay?"
        told = chat.chat.completions.create(model="byline", messages=[{"role": "user", "content": question}])
        assert told.byline["question"] == question
        answered[n] = told.byline["outcome"]

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answered) == 20 and all(answered[n] == "answered" for n in range(1, 20, 2))


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/v1/chat/completions", b"{", 400),
        ("POST", "/v1/chat/completions", b"[]", 400),
        ("POST", "/v1/chat/completions", b'\xff"', 400),
        ("POST", "/v1/chat/completions", b"[" * 100_000, 400),
        ("GET", "/v1/chat/completions", b"", 405),
        ("POST", "/v1/models", b"{}", 405),
        ("GET", "/v1/nothing", b"", 404),
        ("GET", "/v1", b"", 404),
    ],
)
def test_other_faults_are_json_in_openais_shape(
    client: TestClient, method: str, path: str, body: bytes, status: int
) -> None:
    answered = client.request(method, path, content=body, headers={"Content-Type": "application/json"})
    assert answered.status_code == status, answered.text
    assert answered.json()["error"]["message"] and answered.json()["error"]["code"]
