"""A language model's report card: made in the background, drawn as a picture, the last one kept."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from rag.evaluating import carding, charts
from rag.evaluating.card import CardReport
from rag.evaluating.questions import SAMPLE
from rag.evaluating.tables import RATES
from rag.library import Library
from rag.progress import OnProgress, Progress
from rag.ui import messages, picker, resources, setup, wording
from rag.ui.escaping import plain
from rag.ui.strings import Strings

_MODEL, _COUNT = "card-model", "card-count"
_COUNTS = (10, 25, 78)
"""Questions to choose from; there are 78."""


def draw(library: Library, s: Strings) -> None:
    """Making one, or how far it is; the last one."""
    st.caption(plain(s.card_more))
    errand = resources.card()
    if errand.running:
        setup.watched(errand, s.card_working, s)
        st.button(s.stop, key="card-stop", icon=":material/stop:", on_click=errand.stop.set)
    elif SAMPLE.is_file():
        _form(library, s)
    else:
        st.caption(plain(s.card_missing))
    if errand.error is not None:
        with st.container(key="job-error"):
            st.markdown(f"**{s.cannot_work}** {plain(messages.told(errand.error, s) or s.unexpected)}")
    elif errand.stop.is_set() and not errand.running:
        st.caption(plain(s.card_stopped))
    _last(library, s)


def _form(library: Library, s: Strings) -> None:
    names = [model.name for model in picker.models()] or [library.default_model()]
    if st.session_state.get(_MODEL) not in names:
        wanted = resources.card().about or library.default_model()
        st.session_state[_MODEL] = wanted if wanted in names else names[0]
    with st.container(key="card-bar", horizontal=True, vertical_alignment="bottom"):
        st.selectbox(s.model, names, key=_MODEL, format_func=str)
        st.segmented_control(s.card_questions, _COUNTS, key=_COUNT, default=_COUNTS[0], required=True)
        st.button(s.card_start, key="card-go", type="primary", on_click=partial(_begin, library, s))


def _begin(library: Library, s: Strings) -> None:
    model, count = str(st.session_state[_MODEL]), int(st.session_state[_COUNT])

    def told(tell: OnProgress, progress: Progress) -> None:
        label = s.card_working if progress.total == count else s.indexing
        tell(replace(progress, label=label))

    resources.card().begin(
        lambda tell, stop: carding.make(library, model, count, partial(told, tell), stop), model
    )


def _last(library: Library, s: Strings) -> None:
    card = carding.last(library)
    if card is None:
        st.caption(plain(s.card_none))
        return
    with st.container(key="card"):
        st.image(_picture(card.report, _words(card.report, s)), width="content")
        st.caption(plain(s.card_made.format(date=wording.day(card.made.date(), s))))


@st.cache_data(max_entries=10, show_spinner=False)
def _picture(report: CardReport, words: charts.CardWords) -> str:
    """The card as SVG, drawn once for each card and language."""
    return charts.svg(charts.card_chart(report, words))


def _words(report: CardReport, s: Strings) -> charts.CardWords:
    overall = report["overall"]
    asked = s.card_asked.format(
        questions=wording.number(overall["questions"], s),
        articles=wording.number(report["index"]["articles"], s),
    )
    first, whole = overall["first_word_ms"], overall["answer_ms"]
    times = []
    if first is not None and whole is not None:
        times = [s.card_times.format(first=wording.seconds(first, s), whole=wording.seconds(whole, s))]
    return charts.CardWords(
        title=s.card_of.format(model=report["model"]["name"]),
        share=s.card_share,
        rates={name: getattr(s, f"rate_{name}") for name in RATES},
        caption=[asked, *times],
    )
