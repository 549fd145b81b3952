"""A person who has signed in: their groups, their role, and until when the sign-in is valid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from rag.errors import NotAllowed
from rag.settings import Settings

Role = Literal["reader", "editor", "admin"]
"""`reader`: asks, keeps, and rates their own answers; `editor`: also adds, corrects and removes articles;
`admin`: also sees every article, and changes models, access and keys."""
_RANKS: dict[Role, int] = {"reader": 0, "editor": 1, "admin": 2}
_NEEDED: dict[Role, str] = {"reader": "needs_reader", "editor": "needs_editor", "admin": "needs_admin"}
_NAMES = ("name", "preferred_username", "email")
"""Claims that a person is called by, the first that there is."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person who has signed in; `id` stays the same, `expires` is None where the proxy sees to that."""

    id: str
    name: str
    groups: tuple[str, ...] = ()
    role: Role = "reader"
    expires: datetime | None = None

    @property
    def expired(self) -> bool:
        """Whether the sign-in is no longer valid."""
        return self.expires is not None and datetime.now(UTC) >= self.expires

    def may(self, role: Role) -> bool:
        """Tell whether the person has a role, or one above it."""
        return _RANKS[self.role] >= _RANKS[role]

    def require(self, role: Role = "reader") -> None:
        """Raise NotAllowed unless the person has a role, or one above it, and is still signed in."""
        if self.expired:
            raise NotAllowed("sign_in_expired")
        if not self.may(role):
            raise NotAllowed(_NEEDED[role])


def person_of_claims(claims: Mapping[str, Any], settings: Settings) -> Person | None:
    """Return the person of an ID token's claims; None if they name nobody, or no time of expiry."""
    subject, expires = claims.get("sub"), claims.get("exp")
    if not subject or not isinstance(expires, int | float):
        return None
    groups = _names(claims.get(settings.groups_claim))
    called = [str(claims[claim]) for claim in _NAMES if claims.get(claim)]
    id = " ".join(str(part) for part in (claims.get("iss"), subject) if part)  # subjects are an issuer's own
    until = datetime.fromtimestamp(expires, UTC)
    return Person(id, (called or [str(subject)])[0], groups, _role(groups, settings), until)


def person_of_headers(headers: Mapping[str, str], settings: Settings) -> Person | None:
    """Return the person whom a proxy's headers name, None for nobody."""
    name = (headers.get(settings.user_header) or "").strip()
    groups = _names(headers.get(settings.groups_header))
    return Person(name, name, groups, _role(groups, settings)) if name else None


def _names(given: Any) -> tuple[str, ...]:
    """Return names that are separated by commas, or a list."""
    each: Iterable[Any] = given.split(",") if isinstance(given, str) else given or ()
    if not isinstance(each, Iterable):
        return ()
    return tuple(dict.fromkeys(name for one in each if (name := str(one).strip())))


def _role(groups: Iterable[str], settings: Settings) -> Role:
    theirs = set(groups)
    if theirs.intersection(_names(settings.admins)):
        return "admin"
    return "editor" if theirs.intersection(_names(settings.editors)) else "reader"
