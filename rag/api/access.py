"""What the sender of a request may see."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from rag.errors import NotAllowed
from rag.types import Filters

Json = dict[str, Any]
_SCORES = {"score", "why"}


@dataclass(frozen=True, slots=True)
class Access:
    """The articles that a request may see: those of `collections`, None for all.

    With `groups` they are only those that members of these groups may see.
    """

    collections: tuple[str, ...] | None = None
    groups: tuple[str, ...] | None = None

    @property
    def limited(self) -> bool:
        """Whether some articles may not be seen."""
        return self.collections is not None or self.groups is not None

    def bounded(self, filters: Filters = Filters()) -> Filters:
        """Return filters that nothing outside this access passes."""
        return replace(filters, within=self.collections, groups=self.groups)

    def told(self, described: Json) -> Json:
        """Return JSON of passages; without scores where they would tell how common words are elsewhere."""
        if not self.limited:
            return described
        return {name: None if name in _SCORES else self._within(value) for name, value in described.items()}

    def _within(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._within(one) for one in value]
        return self.told(value) if isinstance(value, dict) else value

    def require_all(self) -> None:
        """Raise NotAllowed for a key that is limited to collections or groups."""
        if self.limited:
            raise NotAllowed("key_limited")


_current: ContextVar[Access] = ContextVar("access")


def grant(access: Access) -> None:
    """Set the access of this request; called by the guard alone."""
    _current.set(access)


def current() -> Access:
    """Return the access of this request. Raises LookupError if no guard has let it in."""
    return _current.get()
