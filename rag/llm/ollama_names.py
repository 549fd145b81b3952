"""Names of model servers and of Ollama's models, which are untrusted input."""

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

_TRUSTED_REGISTRIES = (None, "registry.ollama.ai", "hf.co", "huggingface.co")


def is_name(name: str) -> bool:
    """Tell whether a string is a valid model name."""
    return _NAME.fullmatch(name) is not None


def is_pullable(name: str) -> bool:
    """Tell whether a name is valid and in a trusted registry.

    Any other registry can make a server before 0.35 write to arbitrary paths (CVE-2026-103663).
    """
    match = _NAME.fullmatch(name)
    return match is not None and match["host"] in _TRUSTED_REGISTRIES


def plain(text: str, max_length: int = 200) -> str:
    """Return untrusted text as one printable line of at most `max_length` characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= max_length else line[: max_length - 1] + "…"


def licence_title(licence: str) -> str:
    """Return the title of a licence: its first line, and the version that the second line names."""
    first, *more = [plain(line, 60) for line in licence.splitlines() if line.strip()][:2] or [""]
    version = re.match(r"Version [\d.]+", more[0]) if more else None
    return f"{first}, {version[0]}" if version else first


def server_url(host: str) -> str:
    """Return the URL for a value of OLLAMA_HOST, in any form that Ollama accepts. Raises SettingsError."""
    scheme, separator, rest = host.strip().strip("\"'").rpartition("://")
    if rest.count(":") > 1 and "[" not in rest:
        rest = f"[{rest}]"
    try:
        parts = urlsplit(f"{scheme or 'http'}://{rest}")
        port = parts.port or ({"http": 80, "https": 443}[scheme.lower()] if separator else 11434)
        name = url_host(parts.hostname or "127.0.0.1")
        return str(httpx.URL(f"{parts.scheme}://{name}:{port}{parts.path.rstrip('/')}"))
    except (ValueError, KeyError, httpx.InvalidURL) as error:
        raise SettingsError("ollama_host", host=plain(host)) from error


def url_host(host: str) -> str:
    """Return a host in the form of a URL: IPv6 in brackets, a server's wildcard address as loopback.

    Raises ValueError where it is no host.
    """
    if not re.fullmatch(r"[\w.:%-]+", host):
        raise ValueError(host)
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{host}]" if ":" in host else host


def is_loopback(url: str) -> bool:
    """Tell whether a URL's host is a loopback address."""
    return is_this_machine(httpx.URL(url).host)


def is_this_machine(host: str) -> bool:
    """Tell whether a host is localhost or a loopback address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
