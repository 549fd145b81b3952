"""Addresses and token of Chroma servers, from BYLINE_CHROMA and BYLINE_CHROMA_TOKEN."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from rag.errors import SettingsError
from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class ChromaServers:
    """The servers on which new shards are put, by address; without any they lie in the data folder.

    `token` is sent to each server, for a proxy before it; "" sends none.
    """

    addresses: tuple[str, ...] = ()
    token: str = field(default="", repr=False)


FOLDER_ONLY = ChromaServers()


def chroma_servers(settings: Settings) -> ChromaServers:
    """Return the servers that the settings name. Raises SettingsError."""
    addresses = dict.fromkeys(_address(part.strip()) for part in settings.chroma.split(",") if part.strip())
    token = settings.chroma_token.get_secret_value().strip()
    if not re.fullmatch(r"[!-~]*", token):
        raise SettingsError("chroma_token_odd")
    return ChromaServers(tuple(addresses), token)


def _address(text: str) -> str:
    """Return an address as scheme://host[:port][/path]. Raises SettingsError."""
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(parts.hostname or "", parts.hostname or "")
        if parts.scheme not in ("http", "https") or not re.fullmatch(r"[\w.:%-]+", host):
            raise ValueError(text)
        netloc = (f"[{host}]" if ":" in host else host) + (f":{parts.port}" if parts.port else "")
    except ValueError as error:
        raise SettingsError("chroma_url", url=text[:200]) from error
    return f"{parts.scheme}://{netloc}{parts.path.rstrip('/')}"
