"""Whose word is taken on who a person is: that of an OpenID provider, or of a proxy before the app."""

from __future__ import annotations

from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from rag.errors import SettingsError
from rag.llm.ollama_names import is_this_machine
from rag.settings import Settings


def check_sign_in(settings: Settings, address: str) -> None:
    """Raise SettingsError if people cannot sign in safely; `address` is what the server listens at."""
    if settings.sign_in == "oidc" and not find_spec("authlib"):
        raise SettingsError("setting_package", name="BYLINE_SIGN_IN", package="Authlib")
    if settings.sign_in != "proxy":
        return
    if not settings.proxies.strip() and not is_this_machine(address):
        raise SettingsError("proxies_unknown", address=address or "0.0.0.0")
    try:
        _networks(settings.proxies)
    except ValueError as error:
        raise SettingsError("setting", name="BYLINE_PROXIES", why=error) from error


def is_proxy(peer: str, settings: Settings) -> bool:
    """Tell whether a request comes from a proxy whose headers are believed.

    Without a list of them it is: the app then serves this machine alone, see `check_sign_in`.
    """
    if not settings.proxies.strip():
        return True
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in _networks(settings.proxies))


def _networks(text: str) -> list[IPv4Network | IPv6Network]:
    return [ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip()]
