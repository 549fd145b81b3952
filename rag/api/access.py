"""What the sender of a request may see."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from rag.errors import BylineError
from rag.types import Filters

Json = dict[str, Any]
_SCORES = {"score", "why"}


class NotAllowed(BylineError):
    """The key of a request does not allow it."""


@dataclass(frozen=True, slots=True)
class Access:
    """The articles that a request may see: those of `collections`, None for all."""

    collections: tuple[str, ...] | None = None

    def bounded(self, filters: Filters = Filters()) -> Filters:
        """Return filters that nothing outside this access passes."""
        return replace(filters, within=self.collections)

    def told(self, described: Json) -> Json:
        """Return JSON of passages; without scores where they would tell how common words are elsewhere."""
        if self.collections is None:
            return described
        return {name: None if name in _SCORES else self._within(value) for name, value in described.items()}

    def _within(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._within(one) for one in value]
        return self.told(value) if isinstance(value, dict) else value

    def require_all(self) -> None:
        """Raise NotAllowed for a key that is limited to collections."""
        if self.collections is not None:
            raise NotAllowed("key_limited")


_current: ContextVar[Access] = ContextVar("access")


def grant(access: Access) -> None:
    """Set the access of this request; called by the guard alone."""
    _current.set(access)


def current() -> Access:
    """Return the access of this request. Raises LookupError if no guard has let it in."""
    return _current.get()
