"""The model picker: every model there is, with its size, its quantisation and where it runs."""

from __future__ import annotations

import streamlit as st

from rag.conversations import Conversation
from rag.errors import BylineError
from rag.generating import Model
from rag.library import Library
from rag.ui import messages, resources, wording
from rag.ui.escaping import plain
from rag.ui.strings import Strings

KEY = "model"


def chosen(library: Library, conversation: Conversation | None) -> str:
    """The model to ask: the one picked here, else the conversation's last, else the default."""
    picked = st.session_state.get(KEY)
    asked = conversation.model if conversation else None
    return str(picked or asked or library.default_model())


def draw(library: Library, conversation: Conversation | None, s: Strings) -> None:
    """The button that names the model and opens the list. Picking ends nothing that runs."""
    name = chosen(library, conversation)
    there, trouble = _models()
    names = [model.name for model in there] or [name]
    if name not in names:
        name = library.default_model() if library.default_model() in names else names[0]
    if st.session_state.get(KEY) != name:
        st.session_state[KEY] = name
    with st.popover(plain(name), key="picker", type="tertiary"):
        st.caption(plain(s.picker_more))
        captions = [plain(describe(model, s)) for model in there] or None
        st.radio(s.model, names, format_func=plain, captions=captions, key=KEY)
        if trouble:
            st.caption(plain(s.models_unknown.format(reason=messages.told(trouble, s))))


def describe(model: Model, s: Strings) -> str:
    """Where it runs, size, quantisation, context: "Ollama · 1.12 GB · Q4_K_M · 32,768 tokens · loaded"."""
    known = [
        s.in_ollama if model.runtime == "ollama" else s.in_this_app,
        wording.size(model.size, s) if model.size else "",
        model.quantisation,
        s.tokens.format(n=wording.number(model.context, s)) if model.context else "",
        s.loaded if model.loaded else "",
    ]
    return " · ".join(part for part in known if part)


def models() -> list[Model]:
    """The models that can be picked; none where they cannot be listed."""
    return _models()[0]


def _models() -> tuple[list[Model], str]:
    try:
        return resources.models(), ""
    except BylineError as error:
        return [], str(error)
