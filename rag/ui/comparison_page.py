"""The page "Compare models": answers of several models side by side, and the report card."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from rag.conversations.comparison import MAX_MODELS, MIN_MODELS, Compared, Comparison
from rag.library import Library
from rag.ui import (
    answer_view,
    change_job,
    drawer,
    filter_form,
    formatting,
    interface_language,
    left_out_view,
    model_picker,
    opened,
    page_header,
    report_card_panel,
    url_state,
)
from rag.ui.components import component
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

POLL_INTERVAL_S = 0.2
"""Interval at which running answers are polled. Not fitted."""
_VIEW, _COMPARISON = "view", "comparison"
"""Parameters of the address: the view, and the id of the comparison."""
_QUESTION, _MODELS = "comparison-question", "comparison-models"
_EMPTY, _OPEN = "comparison-empty", "comparison-open"
"""Session keys: the fields; whether the question was empty; the open citation."""


def page(library: Library, s: Strings) -> None:
    """Draw the comparison or the report card."""
    page_header.draw(s)
    with st.container(key="compare-page"):
        st.markdown(f"## {s.compare.title}")
        cards = {"card": s.compare.view_card} if library.may_manage else {}
        views = {"compare": s.compare.view_side_by_side} | cards
        now = url_state.value(_VIEW)
        st.session_state["compare-view"] = now if now in views else "compare"
        shown = st.segmented_control(
            s.articles.view,
            list(views),
            key="compare-view",
            format_func=views.__getitem__,
            label_visibility="collapsed",
            required=True,
            on_change=lambda: url_state.set_parameter(_VIEW, [st.session_state["compare-view"]]),
        )
        (report_card_panel.draw if shown == "card" else _compare)(library, s)


def _compare(library: Library, s: Strings) -> None:
    """Draw the form and the answers."""
    comparison = library.comparisons.get(url_state.value(_COMPARISON))
    st.caption(plain(s.compare.more))
    _form(library, comparison, s)
    if comparison is not None:
        st.fragment(_answers, run_every=POLL_INTERVAL_S if comparison.running else None)(
            comparison, comparison.running, s
        )
        st.fragment(_drawer)(library, comparison, s)


def _form(library: Library, comparison: Comparison | None, s: Strings) -> None:
    available = model_picker.models()
    names = [model.name for model in available]
    if len(names) < MIN_MODELS:
        st.caption(plain(s.compare.alone))
        return
    _initialise(comparison, names)
    st.text_area(s.compare.question, key=_QUESTION, height=80)
    described = {model.name: f"{model.name} · {model_picker.describe(model, s)}" for model in available}
    shown = st.pills(
        s.compare.models,
        names,
        selection_mode="multi",
        key=_MODELS,
        format_func=lambda name: plain(described.get(str(name), str(name))),
    )
    obstacle = _obstacle(len(shown), s)
    with st.container(key="comparison-bar", horizontal=True, vertical_alignment="center"):
        if comparison is not None and comparison.running:
            st.button(s.page.stop, key="comparison-stop", icon=":material/stop:", on_click=comparison.stop)
        else:
            begin, too_few = partial(_begin, library), obstacle == s.compare.few
            st.button(s.compare.start, key="comparison-go", type="primary", on_click=begin, disabled=too_few)
        filter_form.draw(library, "comparison", s)
        st.caption(plain(obstacle))


def _initialise(comparison: Comparison | None, names: list[str]) -> None:
    """Initialise the fields with the shown comparison, or with the first models."""
    if _MODELS not in st.session_state:
        previous = [compared.exchange.model for compared in comparison.answers] if comparison else []
        st.session_state[_MODELS] = [name for name in previous if name in names] or names[:MIN_MODELS]
        st.session_state[_QUESTION] = comparison.question if comparison else ""
    chosen = [name for name in st.session_state[_MODELS] if name in names]
    if chosen != st.session_state[_MODELS]:  # models were deleted; setting it always would undo a click
        st.session_state[_MODELS] = chosen


def _obstacle(count: int, s: Strings) -> str:
    """Return why no comparison can start; "" where it can."""
    if not MIN_MODELS <= count <= MAX_MODELS:
        return s.compare.few
    return s.compare.words if st.session_state.pop(_EMPTY, False) else ""


def _begin(library: Library) -> None:
    question = str(st.session_state.get(_QUESTION) or "").strip()
    models = list(st.session_state.get(_MODELS) or ())
    st.session_state[_EMPTY] = not question
    if question:
        language = library.language_of(question, interface_language.current().language)
        comparison = library.comparisons.begin(question, language, models, filter_form.chosen())
        st.session_state.pop(_OPEN, None)
        url_state.set_parameter(_COMPARISON, [comparison.id])


def _answers(comparison: Comparison, polled: bool, s: Strings) -> None:
    component("compare", "sources", "text")(
        key="compare",
        data={
            "question": comparison.question,
            "answers": [payload(compared, s) for compared in comparison.answers],
        },
    )
    if polled and not comparison.running:
        st.rerun()  # redraws without polling and stop button


def payload(compared: Compared, s: Strings) -> dict[str, Any]:
    """Return the data of a model's answer for compare.js: texts only."""
    exchange = compared.exchange
    shown = answer_view.payload(exchange, s)
    if exchange.state == "waiting":
        shown["status"] = s.answer.loading if compared.loading else s.compare.turn_waiting
    return {**shown, "model": exchange.model, "figures": _figures(compared, s)}


def _figures(compared: Compared, s: Strings) -> list[dict[str, str]]:
    sentences, figures = compared.exchange.sentences, dict[str, str]()
    if compared.first_word_ms is not None and compared.whole_ms is not None:
        figures[s.compare.figure_first] = formatting.seconds(compared.first_word_ms, s)
        figures[s.compare.figure_whole] = formatting.seconds(compared.whole_ms, s)
    if compared.tokens_per_second is not None:
        figures[s.compare.figure_speed] = formatting.number(round(compared.tokens_per_second, 1), s)
    if sentences:
        good = sum(sentence.support == "supported" for sentence in sentences)
        figures[s.compare.figure_supported] = s.answer.version_of.format(n=good, all=len(sentences))
    return [{"name": name, "value": value} for name, value in figures.items()]


def _drawer(library: Library, comparison: Comparison, s: Strings) -> None:
    """Draw the open passage."""
    id, n = st.session_state.get(_OPEN, ("", 0))
    exchange, content = comparison.exchange(id), None
    if exchange is not None and n in range(1, len(exchange.found) + 1):
        article = library.article(exchange.found[n - 1].article.id)
        opened.record(library, article)
        content = drawer.payload(exchange, n, article, s) | left_out_view.drawer_data(library, article, s)
        content["translation"] = None
    change_job.draw(s)
    on_act = partial(_act_in_drawer, library)
    drawer.mount(f"{id} {n}" if id else "", content, on_act, s.answer.sources, s)


def _act_in_drawer(library: Library, action: dict[str, Any]) -> None:
    if not drawer.record_open(action, _OPEN):
        left_out_view.act(library, action)
