"""What a session tells the audit log: that a person has signed in, and which articles are opened."""

from __future__ import annotations

import streamlit as st

from rag.library import Library
from rag.service.people.person import Person
from rag.service.people.personal_library import PersonalLibrary
from rag.types import Article

_TOLD = "audit-told"
"""Session key of the person and the articles that the log was told of."""


def personal(library: Library, person: Person) -> PersonalLibrary:
    """Return the library as a person sees it; record the sign-in with the first page of a session."""
    seen = PersonalLibrary(library, person)
    if _is_new(person.id):
        seen.signed_in()
    return seen


def record(library: Library, article: Article | None) -> None:
    """Record that an article is shown, once in a session."""
    if article and isinstance(library, PersonalLibrary) and _is_new(article.id):
        library.opened(article.id)


def _is_new(id: str) -> bool:
    told: set[str] = st.session_state.setdefault(_TOLD, set())
    is_new = id not in told
    told.add(id)
    return is_new
