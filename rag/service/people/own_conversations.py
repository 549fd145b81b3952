"""The conversations and comparisons of a person, and those that others share with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from rag.conversations import Conversation, ConversationMatch, Conversations, Exchange, Head, Reader
from rag.conversations.comparison import Comparison, Comparisons
from rag.conversations.redaction import articles_of, redacted
from rag.conversations.summaries import Trouble
from rag.errors import NothingThere
from rag.service.people.view import View
from rag.store.shares import Shares
from rag.text.letters import plain_letters
from rag.types import AnswerStyle, Filters


class OwnConversations(Conversations):
    """A person's conversations; see SeenList. Of those from before people signed in nobody's are shown.

    Answers are shown without what the person may no longer see.
    """

    def __init__(self, everything: Conversations, shares: Shares, view: View) -> None:
        self._all, self._shares, self._view = everything, shares, view

    @property
    def trouble(self) -> Trouble | None:
        """See Conversations."""
        return self._all.trouble

    @property
    def aside(self) -> Path | None:
        """See Conversations."""
        return self._all.aside

    @property
    def restored(self) -> datetime | None:
        """See Conversations."""
        return self._all.restored

    def busy(self) -> frozenset[str]:
        """See Conversations."""
        return frozenset(id for id in self._all.busy() if self._owned(id))

    def get(self, id: str | None) -> Conversation | None:
        """See Conversations."""
        self._view.person.require()
        found = self._owned(id)
        if found:
            self._read_by_me(found)
        return found

    def new(self, style: AnswerStyle = AnswerStyle(), person: str | None = None) -> Conversation:  # noqa: ARG002
        """See Conversations."""
        self._view.person.require()
        made = self._all.new(style, self._view.person.id)
        self._read_by_me(made)
        return made

    def heads(self, limit: int = -1, person: str | None = None) -> list[Head]:  # noqa: ARG002
        """See Conversations."""
        self._view.person.require()
        return self._all.heads(limit, self._view.person.id)

    def search(self, text: str, person: str | None = None) -> list[ConversationMatch]:  # noqa: ARG002
        """See Conversations; only what is shown of an answer is found."""
        self._view.person.require()
        found = self._all.search(text, self._view.person.id)
        return [match for match in found if self._is_shown(match, text)] if self._view.bounds else found

    def shared(self, link: str) -> Conversation | None:
        """Return a copy of the conversation that a link leads to, to be read; None if there is none."""
        self._view.person.require()
        found = self._all.get(self._shares.conversation(link)) if link else None
        if found is None or found.head.deleted:
            return None
        return found.copy_for(Reader(shown=partial(shown_to_another, self._view)))

    def link(self, id: str) -> str:
        """Return the link of one of the person's conversations; "" where it is not shared."""
        return self._shares.link(self._mine(id))

    def share(self, id: str) -> str:
        """Return the link of one of the person's conversations; make one if it has none."""
        self._view.record("conversation shared", [self._mine(id)])
        return self._shares.share(id)

    def revoke(self, id: str) -> None:
        """Let the link of one of the person's conversations lead nowhere."""
        self._shares.revoke(self._mine(id))

    def _read_by_me(self, conversation: Conversation) -> None:
        conversation.reader = Reader(partial(self._asked, conversation.id), partial(shown, self._view))

    def _asked(self, conversation: str, filters: Filters) -> Filters:
        """Return the filters of a question within the person's bounds."""
        bounded = self._view.bounded(filters)
        self._view.record("question", [conversation])
        return bounded

    def _mine(self, id: str) -> str:
        if self.get(id) is None:
            raise NothingThere("no_such_conversation", id=id)
        return id

    def _owned(self, id: str | None) -> Conversation | None:
        found = self._all.get(id)
        return found if found and found.head.person == self._view.person.id else None

    def _is_shown(self, match: ConversationMatch, text: str) -> bool:
        """Tell whether a match is one of the title or of an answer as it is shown."""
        words = plain_letters(text).split()
        conversation = self.get(match.head.id)
        said = [f"{one.question}\n{one.text}" for one in (conversation.all if conversation else ())]
        places = map(plain_letters, [match.head.title, *said])
        return any(all(word in place for word in words) for place in places)


class OwnComparisons(Comparisons):
    """A person's comparisons, as long as they see the same part of the library; see SeenList."""

    def __init__(self, everything: Comparisons, view: View) -> None:
        self._all, self._view = everything, view

    def get(self, id: str) -> Comparison | None:
        """See Comparisons."""
        found = self._all.get(id)
        if not found or found.person != self._view.person.id or found.filters.bounds != self._view.bounds:
            return None
        return found

    def begin(
        self,
        question: str,
        language: str,
        models: Sequence[str],
        filters: Filters = Filters(),
        person: str | None = None,  # noqa: ARG002
    ) -> Comparison:
        """See Comparisons."""
        self._view.record("question")
        return self._all.begin(question, language, models, self._view.bounded(filters), self._view.person.id)


def shown(view: View, exchange: Exchange, *, whole: bool = True) -> Exchange:
    """Return what a person is shown of an exchange; all of it if nothing is hidden from them."""
    if not view.bounds:
        return exchange
    seen = {*view.seen(articles_of(exchange) | {*exchange.filters.articles})}
    collections = {one.name for one in view.collections.all(view.bounds)}
    return redacted(exchange, seen, collections, whole=whole)


def shown_to_another(view: View, exchange: Exchange) -> Exchange:
    """Return what a person is shown of an exchange of somebody else, who may have seen more."""
    asker = exchange.filters.groups
    sees_as_much = asker is not None and {*asker} <= {*view.person.groups}
    return shown(view, replace(exchange, rating=None), whole=sees_as_much)
