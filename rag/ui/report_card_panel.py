"""A language model's report card: made in the background, drawn as a chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import streamlit as st

from rag.evaluation import card_job, report_charts
from rag.evaluation.question_sets import SAMPLE
from rag.evaluation.report_card import CardReport
from rag.evaluation.report_tables import RATES
from rag.library import Library
from rag.locales.message import verbatim
from rag.progress import OnProgress, Progress
from rag.ui import app_state, formatting, model_picker, notice_page, setup_page
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

_MODEL, _COUNT = "card-model", "card-count"
_COUNTS = (10, 25, 78)
"""Numbers of questions to choose from; the whole set has 78. Not fitted."""


def draw(library: Library, s: Strings) -> None:
    """Draw the form or the progress, and the last card."""
    st.caption(plain(s.report_card.more))
    job = app_state.report_card_job()
    if job.running:
        setup_page.draw_live_progress(job, s.report_card.working, s)
        st.button(s.page.stop, key="card-stop", icon=":material/stop:", on_click=job.stop.set)
    elif SAMPLE.is_file():
        _form(library, s)
    else:
        st.caption(plain(s.report_card.missing))
    if job.error is not None:
        notice_page.failure(job.error, s, "report-card")
    elif job.stop.is_set() and not job.running:
        st.caption(plain(s.report_card.stopped))
    _last(library, s)


def _form(library: Library, s: Strings) -> None:
    names = [model.name for model in model_picker.models()] or [library.default_model()]
    if st.session_state.get(_MODEL) not in names:
        wanted = app_state.report_card_job().about or library.default_model()
        st.session_state[_MODEL] = wanted if wanted in names else names[0]
    with st.container(key="card-bar", horizontal=True, vertical_alignment="bottom"):
        st.selectbox(s.models.model, names, key=_MODEL, format_func=str)
        st.segmented_control(s.report_card.questions, _COUNTS, key=_COUNT, default=_COUNTS[0], required=True)
        st.button(s.report_card.start, key="card-go", type="primary", on_click=partial(_begin, library, s))


def _begin(library: Library, s: Strings) -> None:
    model, count = str(st.session_state[_MODEL]), int(st.session_state[_COUNT])

    def report_step(on_progress: OnProgress, progress: Progress) -> None:
        label = s.report_card.working if progress.total == count else s.setup.indexing
        on_progress(replace(progress, label=verbatim(label)))

    app_state.report_card_job().begin(
        lambda on_progress, stop: card_job.make(
            library, model, count, partial(report_step, on_progress), stop
        ),
        model,
    )


def _last(library: Library, s: Strings) -> None:
    card = card_job.last(library)
    if card is None:
        st.caption(plain(s.report_card.none))
        return
    with st.container(key="card"):
        words = _words(card.report, s)
        if report_charts.can_draw():
            st.image(_picture(card.report, words), width="content")
        else:
            st.markdown(_list(card.report, words))
        st.caption(plain(s.report_card.made.format(date=formatting.day(card.made.date(), s))))


@st.cache_data(max_entries=10, show_spinner=False)
def _picture(report: CardReport, words: report_charts.CardWords) -> str:
    """Render the card as SVG; cached by card and language."""
    return report_charts.svg(report_charts.card_chart(report, words))


def _list(report: CardReport, words: report_charts.CardWords) -> str:
    """Format the card's shares as text, for an installation without the packages that draw."""
    shares: Mapping[str, object] = report["overall"]
    known = {words.rates[key]: share for key in RATES if isinstance(share := shares.get(key), float)}
    rows = [f"- {plain(name)}: {share:.2f}" for name, share in known.items()]
    return "\n".join([plain(words.title), "", *rows, "", *map(plain, words.caption)])


def _words(report: CardReport, s: Strings) -> report_charts.CardWords:
    overall = report["overall"]
    asked = s.report_card.asked.format(
        questions=formatting.number(overall["questions"], s),
        articles=formatting.number(report["index"]["articles"], s),
    )
    first, whole = overall["first_word_ms"], overall["answer_ms"]
    times = []
    if first is not None and whole is not None:
        times = [
            s.report_card.times.format(first=formatting.seconds(first, s), whole=formatting.seconds(whole, s))
        ]
    return report_charts.CardWords(
        title=s.report_card.of.format(model=report["model"]["name"]),
        share=s.report_card.share,
        rates={name: getattr(s.report_card, f"rate_{name}") for name in RATES},
        caption=[asked, *times],
    )
