"""What a person may see and change of a library now; every part of a PersonalLibrary asks at each call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from rag.errors import NothingThere
from rag.service.people.person import Person, Role
from rag.store.article_collections import Collections
from rag.store.audit_log import Action, AuditLog
from rag.types import Filters


@dataclass(frozen=True, slots=True)
class View:
    """A person's view of a library with these collections."""

    person: Person
    collections: Collections
    audit: AuditLog

    def record(self, action: Action, about: Iterable[str] = ("",)) -> None:
        """Add to the audit log what the person did."""
        self.audit.record(self.person.id, action, about)

    @property
    def bounds(self) -> Filters:
        """The filters that only what the person may see passes; none where nothing is hidden from them.

        Raises NotAllowed once the sign-in has expired.
        """
        self.person.require()
        if self.person.may("admin") or not self.collections.hides_from(self.person.groups):
            return Filters()
        return Filters(groups=self.person.groups)

    def bounded(self, filters: Filters) -> Filters:
        """Return filters within the bounds, whatever bounds they had."""
        return replace(filters, within=None, groups=self.bounds.groups)

    def seen(self, article_ids: Iterable[str]) -> list[str]:
        """Return the ids of articles that the person may see, in their order, also of removed ones."""
        ids, bounds = list(article_ids), self.bounds
        visible = self.collections.seen(ids, bounds) if bounds else {*ids}
        return [one for one in ids if one in visible]

    def sees(self, article_id: str) -> bool:
        """Tell whether the person may see an article."""
        return bool(self.seen([article_id]))

    def require(self, role: Role, article_ids: Iterable[str] = ()) -> list[str]:
        """Return the ids of articles. Raises NotAllowed without the role, NothingThere for one not seen."""
        self.person.require(role)
        ids = list(article_ids)
        visible = {*self.seen(ids)}
        for one in ids:
            if one not in visible:
                raise NothingThere("no_such_article", wanted=one)
        return ids

    @property
    def edits_all(self) -> bool:
        """Whether the person is an editor from whom nothing is hidden."""
        return self.person.may("editor") and not self.bounds

    def require_everything(self, role: Role) -> None:
        """Raise NotAllowed without the role, or where something is hidden from the person."""
        self.person.require(role)
        if self.bounds:
            self.person.require("admin")
