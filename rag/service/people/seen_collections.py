"""The collections that a person may see. What lets more people see an article is left to admins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rag.errors import NothingThere
from rag.service.people.view import View
from rag.store.article_collections import Collection, Collections, collection_named
from rag.types import Filters


class SeenCollections(Collections):
    """Collections within a person's view; see SeenList. Only admins are told the groups of a collection."""

    def __init__(self, everything: Collections, view: View) -> None:
        self._all, self._view = everything, view

    def all(self, filters: Filters = Filters()) -> list[Collection]:
        """See Collections."""
        found = self._all.all(self._view.bounded(filters))
        return found if self._view.person.may("admin") else [replace(one, groups=()) for one in found]

    def articles(self, collection: str) -> list[str]:
        """See Collections."""
        return self._view.seen(self._all.articles(self._known(collection)))

    def resolved(self, filters: Filters) -> Filters:
        """See Collections."""
        return self._all.resolved(self._view.bounded(filters))

    def checked(self, name: str) -> str:
        """See Collections. Raises NothingThere also for the name of one that is hidden."""
        name = self._all.checked(name)
        if collection_named(name, self._all.all()) and not collection_named(name, self.all()):
            raise NothingThere("collection_exists", name=name)
        return name

    def add(self, collection: str, article_ids: Iterable[str]) -> Collection:
        """See Collections. What is restricted goes into another restricted one by admins only."""
        name, ids = self.checked(collection), self._view.require("editor", article_ids)
        existing = collection_named(name, self._all.all())
        if existing and existing.groups and self._restricted_elsewhere(existing.name, ids):
            self._view.person.require("admin")
        if existing and existing.groups:
            self._view.record("access changed", (f"{name}: + {id}" for id in ids))
        return self._all.add(name, ids)

    def discard(self, collection: str, article_ids: Iterable[str]) -> Collection:
        """See Collections; of a restricted one by admins only."""
        name, ids = self._changeable(collection), self._view.require("editor", article_ids)
        self._view.record("access changed", (f"{name}: - {id}" for id in ids))
        return self._all.discard(name, ids)

    def rename(self, collection: str, to: str) -> Collection:
        """See Collections."""
        self._view.person.require("editor")
        return self._all.rename(self._known(collection), self._all.checked(to))

    def delete(self, collection: str) -> None:
        """See Collections; a restricted one by admins only."""
        name = self._changeable(collection)
        self._view.record("access changed", [f"{name}: deleted"])
        self._all.delete(name)

    def restrict(
        self,
        collection: str,
        groups: Iterable[str],
        person: str = "",  # noqa: ARG002
    ) -> Collection:
        """See Collections; by admins only."""
        self._view.person.require("admin")
        return self._all.restrict(collection, groups, self._view.person.id)

    def _changeable(self, name: str) -> str:
        """Return the stored name of a collection whose articles may become visible to all."""
        known = self._known(name)
        restricted = any(one.groups for one in self._all.all() if one.name == known)
        self._view.person.require("admin" if restricted else "editor")
        return known

    def _known(self, name: str, filters: Filters = Filters()) -> str:
        (known,) = self._all.resolved(self._view.bounded(replace(filters, collections=(name,)))).collections
        return known

    def _restricted_elsewhere(self, name: str, ids: list[str]) -> bool:
        """Tell whether one of these articles, or a copy, is restricted, and not by this collection."""
        others = self._all.with_copies(ids) - set(self._all.articles(name))
        return others != self._all.seen(others, Filters(groups=()))
