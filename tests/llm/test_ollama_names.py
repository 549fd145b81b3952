from __future__ import annotations

import pytest

from rag.errors import SettingsError
from rag.llm.ollama import Ollama
from rag.llm.ollama_names import is_name, is_pullable, plain, server_url


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


def test_models_come_from_known_registries_only() -> None:
    for name in ("qwen2.5:1.5b", "user/model", "hf.co/user/Model-GGUF:Q4_K_M", "llama3.2"):
        assert is_pullable(name)
    assert not is_pullable("registry.example:5000/user/model:1b")
    assert is_name("registry.example:5000/user/model:1b")  # but one that is there can be used


def test_what_a_server_says_is_shown_in_one_short_line() -> None:
    assert plain("a\x1b[31m\r\nb\u202e  c") == "a [31m b c"
    assert len(plain("x" * 5000)) == 200
