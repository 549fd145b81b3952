"""The page that compares models: several answer one question, side by side; the report card of one."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from rag.comparing import LEAST, MOST, Compared, Comparison
from rag.library import Library
from rag.ui import address, answer, carding, drawer, filtering, masthead, picker, wording
from rag.ui.components import component
from rag.ui.escaping import plain
from rag.ui.strings import Strings

POLL = 0.2
"""Seconds between two looks at answers that are being written."""
_VIEW, _MADE, _OPEN = "view", "comparison", "comparison-open"
_QUESTION, _MODELS, _EMPTY = "comparison-question", "comparison-models", "comparison-empty"


def page(library: Library, s: Strings) -> None:
    """Draw the page: models side by side, or the report card of one."""
    masthead.draw(s)
    with st.container(key="compare-page"):
        st.markdown(f"## {s.compare_title}")
        views = {"compare": s.view_side_by_side, "card": s.view_card}
        now = address.value(_VIEW)
        st.session_state["compare-view"] = now if now in views else "compare"
        shown = st.segmented_control(
            s.view,
            list(views),
            key="compare-view",
            format_func=views.__getitem__,
            label_visibility="collapsed",
            required=True,
            on_change=lambda: address.show(_VIEW, [st.session_state["compare-view"]]),
        )
        (carding.draw if shown == "card" else _compare)(library, s)


def _compare(library: Library, s: Strings) -> None:
    """The question, the models to ask, and what they answer."""
    made = library.comparisons.get(address.value(_MADE))
    st.caption(plain(s.compare_more))
    _form(library, made, s)
    if made is not None:
        st.fragment(_answers, run_every=POLL if made.running else None)(made, made.running, s)
        st.fragment(_drawer)(library, made, s)


def _form(library: Library, made: Comparison | None, s: Strings) -> None:
    there = picker.models()
    names = [model.name for model in there]
    if len(names) < LEAST:
        st.caption(plain(s.compare_alone))
        return
    _begin_with(made, names)
    st.text_area(s.compare_question, key=_QUESTION, height=80)
    described = {model.name: f"{model.name} · {picker.describe(model, s)}" for model in there}
    shown = st.pills(
        s.compare_models,
        names,
        selection_mode="multi",
        key=_MODELS,
        format_func=lambda name: plain(described.get(str(name), str(name))),
    )
    lacking = _lacking(len(shown), s)
    with st.container(key="comparison-bar", horizontal=True, vertical_alignment="center"):
        if made is not None and made.running:
            st.button(s.stop, key="comparison-stop", icon=":material/stop:", on_click=made.stop)
        else:
            begin, few = partial(_begin, library), lacking == s.compare_few
            st.button(s.compare_start, key="comparison-go", type="primary", on_click=begin, disabled=few)
        filtering.draw(library, "comparison", s)
        st.caption(plain(lacking))


def _begin_with(made: Comparison | None, names: list[str]) -> None:
    """What the fields hold at first: what is shown, or the first two models."""
    if _MODELS not in st.session_state:
        asked = [one.exchange.model for one in made.answers] if made else []
        st.session_state[_MODELS] = [name for name in asked if name in names] or names[:LEAST]
        st.session_state[_QUESTION] = made.question if made else ""
    chosen = [name for name in st.session_state[_MODELS] if name in names]  # others may have been deleted
    st.session_state[_MODELS] = chosen


def _lacking(count: int, s: Strings) -> str:
    """What keeps a comparison from being made; "" where nothing is known to."""
    if not LEAST <= count <= MOST:
        return s.compare_few
    return s.compare_words if st.session_state.pop(_EMPTY, False) else ""


def _begin(library: Library) -> None:
    question = str(st.session_state.get(_QUESTION) or "").strip()
    models = list(st.session_state.get(_MODELS) or ())
    st.session_state[_EMPTY] = not question
    if question:
        language = library.language_of(question)
        made = library.comparisons.begin(question, language, models, filtering.chosen())
        st.session_state.pop(_OPEN, None)
        address.show(_MADE, [made.id])


def _answers(made: Comparison, polled: bool, s: Strings) -> None:
    component("compare", "sources", "text")(
        key="compare",
        data={"question": made.question, "answers": [payload(one, s) for one in made.answers]},
    )
    if polled and not made.running:
        st.rerun()  # no polling and no stop button any more


def payload(one: Compared, s: Strings) -> dict[str, Any]:
    """What compare.js draws of a model's answer; all of it text."""
    exchange = one.exchange
    shown = answer.payload(exchange, s)
    if exchange.state == "waiting":
        shown["status"] = s.loading if one.loading else s.turn_waiting
    return {**shown, "model": exchange.model, "figures": _figures(one, s)}


def _figures(one: Compared, s: Strings) -> list[dict[str, str]]:
    sentences, figures = one.exchange.sentences, dict[str, str]()
    if one.first_word_ms is not None and one.whole_ms is not None:
        figures[s.figure_first] = wording.seconds(one.first_word_ms, s)
        figures[s.figure_whole] = wording.seconds(one.whole_ms, s)
    if one.tokens_per_second is not None:
        figures[s.figure_speed] = wording.number(round(one.tokens_per_second, 1), s)
    if sentences:
        good = sum(sentence.support == "supported" for sentence in sentences)
        figures[s.figure_supported] = s.version_of.format(n=good, all=len(sentences))
    return [{"name": name, "value": value} for name, value in figures.items()]


def _drawer(library: Library, made: Comparison, s: Strings) -> None:
    """The passage that the reader opened."""
    id, n = st.session_state.get(_OPEN, ("", 0))
    exchange, content = made.exchange(id), None
    if exchange is not None and n in range(1, len(exchange.found) + 1):
        article = library.article(exchange.found[n - 1].article.id)
        content = drawer.payload(exchange, n, article, s) | {"translation": None}
    drawer.mount(f"{id} {n}" if id else "", content, _opened, s.sources, s)


def _opened(asked: dict[str, Any]) -> None:
    match asked:
        case {"do": "open", "id": str(id), "n": int(n)}:
            st.session_state[_OPEN] = (id, n)
        case {"do": "close"}:
            st.session_state.pop(_OPEN, None)
