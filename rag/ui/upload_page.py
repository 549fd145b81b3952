"""The page "Add articles": files, addresses or text; progress, cancel, report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from rag.errors import BylineError
from rag.ingestion.report import Report, Shortened
from rag.ingestion.uploads import UploadFolder
from rag.ingestion.urls import is_address
from rag.library import Library
from rag.locales.message import render
from rag.reading import SUFFIXES
from rag.text.splitter import MAX_PASSAGES
from rag.types import Skipped
from rag.ui import app_state, feeds_panel, formatting, notice_page, page_header, setup_page
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

_FILES, _TEXT = "adding-files", "adding-text"
_FORMS_SENT, _FORM_ERROR = "adding-forms", "adding-failed"
"""Session keys: number of forms sent; why the last one could not be stored."""
MAX_SKIPPED_LISTED = 50
"""Maximum number of skipped files, and of shortened articles, listed; the others are counted."""


def page(library: Library, s: Strings) -> None:
    """Draw the page."""
    job = app_state.ingest_job()
    page_header.draw(s)
    with st.container(key="adding"):
        st.markdown(f"## {s.adding.title}")
        st.markdown(plain(s.adding.more))
        if job.running:
            setup_page.draw_live_progress(job, s.adding.working, s)
            st.button(s.page.stop, key="adding-stop", icon=":material/stop:", on_click=job.stop.set)
        else:
            _form(library, s)
            _result(s)
        feeds_panel.draw(library, s)
        _skipped(library, s)


def _form(library: Library, s: Strings) -> None:
    with st.form(key="adding-form"):
        types = sorted(suffix.removeprefix(".") for suffix in SUFFIXES)
        st.file_uploader(s.adding.files, type=types, accept_multiple_files=True, key=_key(_FILES))
        st.text_area(s.adding.text, placeholder=s.adding.text_more, key=_key(_TEXT), height=140)
        st.form_submit_button(s.adding.start, type="primary", on_click=_begin, args=(library,))
    if (error := st.session_state.get(_FORM_ERROR)) is not None:
        notice_page.failure(error, s, "adding-form")


def _key(name: str) -> str:
    """The key of a field; it changes with each form sent, which empties the field."""
    return f"{name}-{st.session_state.get(_FORMS_SENT, 0)}"


def _begin(library: Library) -> None:
    """Store the input and index it; where it cannot be stored, the form keeps it. A callback."""
    if app_state.ingest_job().running:
        return
    try:
        paths, addresses = _store_input(UploadFolder(library.settings.data / "added"))
    except BylineError as error:
        st.session_state[_FORM_ERROR] = error.message
        return
    st.session_state[_FORM_ERROR] = None
    if paths or addresses:
        st.session_state[_FORMS_SENT] = st.session_state.get(_FORMS_SENT, 0) + 1
        ingest(library, paths, addresses)


def _store_input(folder: UploadFolder) -> tuple[list[Path], list[str]]:
    """Store the form's files and text; return the paths, and the addresses. Raises DiskFull, NotPermitted."""
    text = str(st.session_state.get(_key(_TEXT)) or "").strip()
    files = st.session_state.get(_key(_FILES)) or []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    addresses = lines if lines and all(map(is_address, lines)) else []
    paths = [folder.keep(file.name, file.getvalue()) for file in files]
    if text and not addresses:
        paths.append(folder.keep_text(text))
    return paths, addresses


def ingest(library: Library, paths: Sequence[Path], addresses: Sequence[str]) -> None:
    """Index files and pages in the background."""
    app_state.ingest_job().begin(lambda tell, stop: library.intake.ingest(paths, tell, stop, addresses))


def _result(s: Strings) -> None:
    """Draw the report or the error of the last run."""
    job = app_state.ingest_job()
    if job.error is not None:
        notice_page.failure(job.error, s, "adding")
    elif job.result is not None:
        with st.container(key="adding-report"):
            st.markdown(plain(summary(job.result, s)))
            _list_shares(s.adding.shortened_why, job.result.shortened, s)
            limit = formatting.number(MAX_PASSAGES, s)
            _list_shares(s.adding.overlong_why.format(limit=limit), job.result.overlong, s)


def _list_shares(title: str, articles: Sequence[Shortened], s: Strings) -> None:
    """List articles with the share of each that is missing."""
    if articles:
        rows = {
            one.title or one.source: formatting.percent(one.share, s) for one in articles[:MAX_SKIPPED_LISTED]
        }
        st.html(page_header.table(title, rows))


def summary(report: Report, s: Strings) -> str:
    """Summarise a report in a line, without zero counts."""
    counts = (
        (s.adding.report_added, report.added),
        (s.adding.report_updated, report.updated),
        (s.adding.report_unchanged, report.unchanged),
        (s.adding.report_removed, report.removed),
        (s.adding.report_skipped, len(report.skipped)),
        (s.adding.report_shortened, len(report.shortened)),
        (s.adding.report_overlong, len(report.overlong)),
    )
    parts = [text.format(n) for text, n in counts if n] or [s.adding.report_nothing]
    return " · ".join([*parts, *[s.adding.report_stopped] * report.stopped])


def _skipped(library: Library, s: Strings) -> None:
    skipped = [one for one, _ in library.intake.skipped()]
    if not skipped:
        return
    with st.expander(s.adding.report_skipped.format(len(skipped)), key="adding-skipped"):
        st.html(page_header.table(s.adding.skipped_why, _rows(skipped[:MAX_SKIPPED_LISTED], s)))
        if not app_state.ingest_job().running:
            st.button(s.adding.skipped_retry, key="adding-retry", on_click=_again, args=(library,))


def _rows(skipped: Sequence[Skipped], s: Strings) -> dict[str, str]:
    return {one.source: render(one.reason, s.language) for one in skipped}


def _again(library: Library) -> None:
    app_state.ingest_job().begin(library.intake.retry)
