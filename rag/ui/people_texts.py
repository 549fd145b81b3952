"""The names of the texts about people who sign in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleTexts:
    """Texts of signing in, sharing and access."""

    title: str
    more: str
    expired: str
    sign_in: str
    at_proxy: str
    signed_in_as: str
    sign_out: str
    access: str
    groups: str
    groups_more: str
    share: str
    share_more: str
    make_link: str
    revoke_link: str
    shared: str
    not_shared: str
