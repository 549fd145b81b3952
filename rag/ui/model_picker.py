"""The model picker: every available model with size, quantisation and runtime."""

from __future__ import annotations

import streamlit as st

from rag.conversations import Conversation
from rag.errors import BylineError
from rag.library import Library
from rag.llm.generator import Model
from rag.locales.message import Message, render
from rag.ui import app_state, formatting
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

KEY, _GONE = "model", "model-gone"
"""Session keys: the picked model; a picked one that is no longer available, until another is picked."""


def chosen(library: Library, conversation: Conversation | None) -> str:
    """Return the name of the model to ask: the picked one, else the conversation's last, else the default."""
    picked = st.session_state.get(KEY)
    last = conversation.model if conversation else None
    return str(picked or last or library.default_model())


def draw(library: Library, conversation: Conversation | None, s: Strings) -> None:
    """Draw the button and the list. Picking a model does not stop a running answer."""
    name = chosen(library, conversation)
    available, error = _models()
    names = [model.name for model in available] or [name]
    if name not in names:
        st.session_state[_GONE] = name
        name = library.default_model() if library.default_model() in names else names[0]
    remote = next((model for model in available if model.name == name and model.remote), None)
    with st.popover(plain(name), key="picker", type="tertiary"):
        st.caption(plain(s.models.picker_more))
        captions = [plain(describe(model, s)) for model in available] or None
        # Not by st.session_state: Streamlit drops a value that is set where the next run starts before it was
        # sent. The browser then picks the first model, and sends that with the next question.
        index = names.index(name)
        st.radio(s.models.model, names, index, plain, KEY, captions=captions, on_change=_forget_gone)
        if error:
            st.caption(plain(s.models.unknown.format(reason=render(error, s.language))))
        for trouble in library.inventory.troubles():
            st.caption(plain(render(trouble, s.language)))
    gone = st.session_state.get(_GONE, "")
    if gone and gone not in names:
        st.caption(plain(s.models.gone.format(model=gone, instead=name)), width="content")
    if remote:
        st.caption(plain(s.models.sent_to.format(server=remote.server)), width="content")


def _forget_gone() -> None:
    st.session_state.pop(_GONE, None)


def describe(model: Model, s: Strings) -> str:
    """Describe a model: "Ollama · 1.12 GB · Q4_K_M · 32,768 tokens · loaded"."""
    known = [
        where(model, s),
        formatting.size(model.size, s) if model.size else "",
        model.quantisation,
        s.models.tokens.format(n=formatting.number(model.context, s)) if model.context else "",
        s.models.loaded if model.loaded else "",
        s.models.thinks if model.thinks else "",
    ]
    return " · ".join(part for part in known if part)


def where(model: Model, s: Strings) -> str:
    """Return a text on where a model runs, with a warning where texts are sent to another machine."""
    sent = s.models.sent_to.format(server=model.server) if model.remote else ""
    match model.runtime:
        case "embedded":
            return s.models.in_this_app
        case "ollama":
            return " · ".join(filter(None, (s.models.in_ollama, sent)))
        case "openai":
            return sent or s.models.on_server.format(server=model.server)


def models() -> list[Model]:
    """List the available models; empty where they cannot be listed."""
    return _models()[0]


def _models() -> tuple[list[Model], Message | None]:
    try:
        return app_state.models(), None
    except BylineError as error:
        return [], error.message
