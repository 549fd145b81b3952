"""Addresses and keys of OpenAI-compatible servers, from BYLINE_OPENAI_URL and BYLINE_OPENAI_KEY."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from rag.errors import SettingsError
from rag.llm.ollama_names import is_loopback, plain, url_host

_VERSION = "/v1"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server. "/chat/completions" is appended to `url`; `key` is the bearer token, "" for none."""

    url: str
    key: str = field(default="", repr=False)

    @property
    def root(self) -> str:
        """The URL that a server's own endpoints, such as "/tokenize", are appended to."""
        return self.url.removesuffix(_VERSION)

    @property
    def label(self) -> str:
        """The host, port and path, by which users tell servers apart."""
        return self.root.partition("://")[2]

    @property
    def is_local(self) -> bool:
        """Whether the server runs on this machine."""
        return is_loopback(self.url)


def endpoints(urls: str, keys: str = "") -> list[Endpoint]:
    """Parse the settings, which are comma-separated lists.

    A single key serves all servers; several are matched to the servers in order. Raises SettingsError.
    """
    addresses = list(dict.fromkeys(_url(part.strip()) for part in urls.split(",") if part.strip()))
    tokens = [_key(part.strip()) for part in keys.split(",")] if addresses else []
    if len(tokens) == 1:
        tokens *= len(addresses)
    if len(tokens) != len(addresses):
        raise SettingsError("openai_keys", keys=len(tokens), urls=len(addresses))
    return [Endpoint(url, key) for url, key in zip(addresses, tokens, strict=True)]


def _url(address: str) -> str:
    """Return an address with http and /v1 where scheme and path are missing. Raises SettingsError."""
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        if parts.scheme not in ("http", "https"):
            raise ValueError(address)
        netloc = url_host(parts.hostname or "") + (f":{parts.port}" if parts.port else "")
        path = parts.path.rstrip("/").removesuffix("/chat/completions")
        return str(httpx.URL(f"{parts.scheme}://{netloc}{path or _VERSION}"))
    except (ValueError, httpx.InvalidURL) as error:
        raise SettingsError("openai_url", url=plain(address)) from error


def _key(key: str) -> str:
    """Return a key that can stand in an HTTP header. Raises SettingsError, which does not show the key."""
    if not re.fullmatch(r"[!-~]*", key):
        raise SettingsError("openai_key_odd")
    return key
