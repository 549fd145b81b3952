"""Who looks at the page: sign-in, sign-out, and the page of somebody who has not signed in."""

from __future__ import annotations

import streamlit as st

from rag.errors import BylineError
from rag.service.people.person import Person, person_of_claims, person_of_headers
from rag.settings import Settings
from rag.ui import app_state, notice_page, page_header
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings


def visitor() -> tuple[Settings | None, Person | None]:
    """Return the settings where people sign in, else None; and who has, None for nobody."""
    try:
        settings = app_state.settings()
    except BylineError:  # the page tells
        return None, None
    return (settings, person(settings)) if settings.sign_in else (None, None)


def person(settings: Settings) -> Person | None:
    """Return the person who has signed in in this browser, None for nobody; the sign-in may have expired."""
    if settings.sign_in == "proxy":
        return person_of_headers(dict(st.context.headers), settings)
    known = st.user.to_dict()
    return person_of_claims(known, settings) if known.get("is_logged_in") else None


def page(settings: Settings, known: Person | None, s: Strings) -> None:
    """Draw all that somebody sees who has not signed in, or whose sign-in has expired."""
    page_header.draw(s)
    with st.container(key="sign-in"):
        notice_page.heading(s.people.title, s.people.expired if known else s.people.more)
        if settings.sign_in == "oidc":
            st.button(s.people.sign_in, type="primary", on_click=st.login)
        else:
            st.markdown(plain(s.people.at_proxy))


def draw_person(settings: Settings, known: Person, s: Strings) -> None:
    """Draw the person's name, and a button or link to sign out."""
    st.caption(plain(s.people.signed_in_as.format(name=known.name)))
    if settings.sign_in == "oidc":
        st.button(s.people.sign_out, key="sign-out", type="tertiary", on_click=st.logout)
    elif settings.sign_out:
        st.link_button(s.people.sign_out, settings.sign_out, type="tertiary")
