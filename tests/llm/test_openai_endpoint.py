"""The addresses and keys of OpenAI-compatible servers, as people write them."""

from __future__ import annotations

import pytest

from rag.errors import SettingsError
from rag.llm.openai_endpoint import endpoints
from rag.settings import Settings


@pytest.mark.parametrize(
    ("written", "url", "label", "local"),
    [
        ("127.0.0.1:8000", "http://127.0.0.1:8000/v1", "127.0.0.1:8000", True),
        ("http://localhost:1234/v1/", "http://localhost:1234/v1", "localhost:1234", True),
        ("http://0.0.0.0:8080", "http://127.0.0.1:8080/v1", "127.0.0.1:8080", True),
        ("http://[::1]:8080", "http://[::1]:8080/v1", "[::1]:8080", True),
        ("gpu-box:8000", "http://gpu-box:8000/v1", "gpu-box:8000", False),
        (
            "https://api.example.org/v1/chat/completions",
            "https://api.example.org/v1",
            "api.example.org",
            False,
        ),
        ("https://example.org/llm/v1", "https://example.org/llm/v1", "example.org/llm", False),
        ("https://example.org/openai", "https://example.org/openai", "example.org/openai", False),
    ],
)
def test_an_address_is_taken_as_people_write_it(written: str, url: str, label: str, local: bool) -> None:
    (endpoint,) = endpoints(written)
    assert (endpoint.url, endpoint.label, endpoint.is_local) == (url, label, local)


def test_without_the_setting_there_is_no_server() -> None:
    assert endpoints("", "a-key") == endpoints(" , ") == []
    assert Settings().openai_url == ""


def test_one_key_is_for_all_servers_and_several_are_one_for_each() -> None:
    assert [e.key for e in endpoints("a:1, b:2", "k")] == ["k", "k"]
    assert [(e.label, e.key) for e in endpoints("a:1, b:2,", "k, ")] == [("a:1", "k"), ("b:2", "")]
    assert [e.key for e in endpoints("a:1")] == [""]
    with pytest.raises(SettingsError, match="number of keys 3, of servers 2"):
        endpoints("a:1,b:2", "k,l,m")


@pytest.mark.parametrize("written", ["ftp://a:1", "http://", "http://a:port", "http://a b:1", "a:99999"])
def test_what_is_no_address_is_named(written: str) -> None:
    with pytest.raises(SettingsError, match="BYLINE_OPENAI_URL") as caught:
        endpoints(f"a:1,{written}")
    assert written in str(caught.value)


def test_a_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BYLINE_OPENAI_KEY", "sk-hidden")
    assert "sk-hidden" not in repr(Settings.load())
    assert "sk-hidden" not in repr(endpoints("a:1", "sk-hidden"))
    with pytest.raises(SettingsError) as caught:
        endpoints("a:1", "sk-hidden é")
    assert "hidden" not in str(caught.value)
