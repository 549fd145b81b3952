"""What an Ollama server and its models may be called. All of it comes from outside."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

import httpx

from rag.errors import SettingsError

_NAME = re.compile(
    r"(?!.*\.\.)(?=.{1,300}\Z)"
    r"(?:(?:(?P<host>\w[\w.-]*(?::\d+)?)/)?\w[\w.-]*/)?\w[\w.-]*(?::\w[\w.-]*)?",
    re.ASCII,
)
"""[[HOST[:PORT]/]NAMESPACE/]MODEL[:TAG]"""

_REGISTRIES = (None, "registry.ollama.ai", "hf.co", "huggingface.co")


def is_name(name: str) -> bool:
    """Whether a model can be called so."""
    return _NAME.fullmatch(name) is not None


def is_pullable(name: str) -> bool:
    """Whether a name is one to pull by: that of a model in a registry of good repute.

    Any other registry could make a server before 0.35 write anywhere (CVE-2026-103663).
    """
    match = _NAME.fullmatch(name)
    return match is not None and match["host"] in _REGISTRIES


def plain(text: str, most: int = 200) -> str:
    """Other people's text as one printable line of at most `most` characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def titled(licence: str) -> str:
    """The title of a licence's text: its first line, with a line that only names the version."""
    first, *more = [plain(line, 60) for line in licence.splitlines() if line.strip()][:2] or [""]
    version = re.match(r"Version [\d.]+", more[0]) if more else None
    return f"{first}, {version[0]}" if version else first


def server_url(host: str) -> str:
    """The address that a value of OLLAMA_HOST names, in any of the forms that Ollama takes.

    Where a server listens on all addresses, a client asks this machine. Raises SettingsError.
    """
    scheme, mark, rest = host.strip().strip("\"'").rpartition("://")
    if rest.count(":") > 1 and "[" not in rest:
        rest = f"[{rest}]"
    try:
        parts = urlsplit(f"{scheme or 'http'}://{rest}")
        port = parts.port or ({"http": 80, "https": 443}[scheme.lower()] if mark else 11434)
        name = parts.hostname or "127.0.0.1"
        if not re.fullmatch(r"[\w.:%-]+", name):
            raise ValueError(name)
        name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(name, name)
        name = f"[{name}]" if ":" in name else name
        return str(httpx.URL(f"{parts.scheme}://{name}:{port}{parts.path.rstrip('/')}"))
    except (ValueError, KeyError, httpx.InvalidURL) as error:
        raise SettingsError(
            f'OLLAMA_HOST cannot be used: "{plain(host)}" is no address. Write HOST:PORT.'
        ) from error


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's own."""
    return is_this_machine(httpx.URL(url).host)


def is_this_machine(host: str) -> bool:
    """Whether a host, by name or number, can only be this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
