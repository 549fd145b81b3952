"""The page to add articles: drop files, paste addresses or a text, watch, stop, read the report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from rag.added import Added
from rag.addresses import is_address
from rag.documents import Skipped
from rag.ingesting import Report
from rag.library import Library
from rag.reading import SUFFIXES
from rag.ui import feeds, masthead, messages, resources, setup
from rag.ui.escaping import plain
from rag.ui.strings import Strings

_FILES, _TEXT = "adding-files", "adding-text"
_SHOWN = 50
"""Skipped ones that are listed; the others are counted."""


def page(library: Library, s: Strings) -> None:
    """Draw the page."""
    errand = resources.adding()
    masthead.draw(s)
    with st.container(key="adding"):
        st.markdown(f"## {s.adding_title}")
        st.markdown(plain(s.adding_more))
        if errand.running:
            setup.watched(errand, s.adding_working, s)
            st.button(s.stop, key="adding-stop", icon=":material/stop:", on_click=errand.stop.set)
        else:
            _form(library, s)
            _ended(s)
        feeds.section(library, s)
        _skipped(library, s)


def _form(library: Library, s: Strings) -> None:
    with st.form(key="adding-form", clear_on_submit=True):
        types = sorted(suffix.removeprefix(".") for suffix in SUFFIXES)
        st.file_uploader(s.adding_files, type=types, accept_multiple_files=True, key=_FILES)
        st.text_area(s.adding_text, placeholder=s.adding_text_more, key=_TEXT, height=140)
        st.form_submit_button(s.adding_start, type="primary", on_click=_begin, args=(library,))


def _begin(library: Library) -> None:
    """Keep what was given, and have it brought in. A callback: the form is emptied afterwards."""
    text = str(st.session_state.get(_TEXT) or "").strip()
    files = st.session_state.get(_FILES) or []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    addresses = lines if lines and all(map(is_address, lines)) else []
    kept = Added(library.settings.data / "added")
    paths = [kept.keep(file.name, file.getvalue()) for file in files]
    if text and not addresses:
        paths.append(kept.keep_text(text))
    if paths or addresses:
        bring_in(library, paths, addresses)


def bring_in(library: Library, paths: Sequence[Path], addresses: Sequence[str]) -> None:
    """Have files and pages brought in, in the background."""
    resources.adding().begin(lambda tell, stop: library.intake.ingest(paths, tell, stop, addresses))


def _ended(s: Strings) -> None:
    """What the last errand did, or why it could not."""
    errand = resources.adding()
    if errand.error is not None:
        with st.container(key="job-error"):
            st.markdown(f"**{s.cannot_work}** {plain(messages.told(errand.error, s) or s.unexpected)}")
    elif errand.result is not None:
        with st.container(key="adding-report"):
            st.markdown(plain(told(errand.result, s)))


def told(report: Report, s: Strings) -> str:
    """A report in a line; what did not happen is left out."""
    counts = (
        (s.report_added, report.added),
        (s.report_updated, report.updated),
        (s.report_unchanged, report.unchanged),
        (s.report_removed, report.removed),
        (s.report_skipped, len(report.skipped)),
    )
    parts = [text.format(n) for text, n in counts if n] or [s.report_nothing]
    return " · ".join([*parts, *[s.report_stopped] * report.stopped])


def _skipped(library: Library, s: Strings) -> None:
    left = [one for one, _ in library.intake.skipped()]
    if not left:
        return
    with st.expander(s.report_skipped.format(len(left)), key="adding-skipped"):
        st.html(masthead.table(s.skipped_why, _rows(left[:_SHOWN], s)))
        if not resources.adding().running:
            st.button(s.skipped_retry, key="adding-retry", on_click=_again, args=(library,))


def _rows(skipped: Sequence[Skipped], s: Strings) -> dict[str, str]:
    return {one.source: messages.told(one.reason, s) for one in skipped}


def _again(library: Library) -> None:
    resources.adding().begin(library.intake.retry)
