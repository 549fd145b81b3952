"""The notebooks of a person. Kept copies are shown without what the person may no longer see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from rag.errors import NothingThere
from rag.locales.message import Message, render
from rag.notebooks.entries import Entry, KeptSource, Notebook, NotebookHead
from rag.notebooks.notebooks import Notebooks
from rag.service.people.view import View
from rag.types import ArticleInfo


class OwnNotebooks(Notebooks):
    """A person's notebooks; see SeenList. An id of another's notebook or entry is an unknown one."""

    def __init__(self, everything: Notebooks, view: View) -> None:
        self._all, self._view, self._me = everything, view, view.person.id

    @property
    def aside(self) -> Path | None:
        """See Notebooks."""
        return self._all.aside

    @property
    def restored(self) -> datetime | None:
        """See Notebooks."""
        return self._all.restored

    def all(self, person: str | None = None) -> list[NotebookHead]:  # noqa: ARG002
        """See Notebooks."""
        self._view.person.require()
        return self._all.all(self._me)

    def read(self, id: str) -> Notebook:
        """See Notebooks."""
        found = self._all.read(self._mine(id))
        return replace(found, entries=tuple(map(self._shown, found.entries)))

    def origins(self, id: str) -> set[str]:
        """See Notebooks."""
        return self._all.origins(self._mine(id))

    def new(self, name: str, person: str | None = None) -> str:  # noqa: ARG002
        """See Notebooks."""
        self._view.person.require()
        return self._all.new(name, self._me)

    def rename(self, id: str, name: str) -> None:
        """See Notebooks."""
        self._all.rename(self._mine(id), name)

    def delete(self, id: str, *, undo: bool = False) -> None:
        """See Notebooks."""
        self._all.delete(self._mine(id), undo=undo)

    def use(self, id: str) -> None:
        """See Notebooks."""
        self._all.use(self._mine(id))

    def into(self, id: str, default_name: str, person: str | None = None) -> str:  # noqa: ARG002
        """See Notebooks."""
        self._view.person.require()
        return self._all.into(id, default_name, self._me)

    def keep(self, notebook: str, entry: Entry) -> None:
        """See Notebooks."""
        self._all.keep(self._mine(notebook), entry)

    def let_go(self, notebook: str, origin: str) -> None:
        """See Notebooks."""
        self._all.let_go(self._mine(notebook), origin)

    def note(self, notebook: str, id: str, text: str, after: str = "") -> None:
        """See Notebooks."""
        self._all.note(self._mine(notebook), id, text, after)

    def edit(self, id: str, text: str, bases: Sequence[str], fork: str) -> None:
        """See Notebooks."""
        self._all.edit(self._my_entry(id), text, bases, fork)

    def move(self, id: str, before: str = "") -> None:
        """See Notebooks."""
        self._all.move(self._my_entry(id), before)

    def remove(self, id: str, *, undo: bool = False) -> None:
        """See Notebooks."""
        self._all.remove(self._my_entry(id), undo=undo)

    def _mine(self, id: str) -> str:
        self._view.person.require()
        if self._all.owner(id) != self._me:
            raise NothingThere("no_notebook")
        return id

    def _my_entry(self, id: str) -> str:
        self._view.person.require()
        if self._all.owner(entry=id) != self._me:
            raise NothingThere("no_notebook_entry")
        return id

    def _shown(self, entry: Entry) -> Entry:
        seen = {*self._view.seen(source.article.id for source in entry.sources)}
        if all(source.article.id in seen for source in entry.sources):
            return entry
        sources = tuple(one if one.article.id in seen else _hidden(entry.language) for one in entry.sources)
        notice = render(Message.of("partly_hidden"), entry.language)
        return replace(entry, text=notice, label="", sources=sources, sentences=())


def _hidden(language: str) -> KeptSource:
    title = render(Message.of("hidden_article"), language)
    article = ArticleInfo(id="", source="", title=title, language=language)
    return KeptSource(article=article, start=0, end=0, text="")
