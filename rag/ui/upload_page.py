"""The page "Add articles": files, addresses or text; progress, cancel, report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from rag.errors import BylineError
from rag.ingestion.uploads import UploadFolder
from rag.ingestion.urls import is_address, normalised
from rag.library import Library
from rag.reading import SUFFIXES
from rag.types import Skipped
from rag.ui import (
    added_report,
    app_state,
    collections_view,
    feeds_panel,
    ingest_run,
    notice_page,
    page_header,
    setup_page,
)
from rag.ui.markdown_escape import plain
from rag.ui.strings import Strings

_FILES, _TEXT, _COLLECTION = "adding-files", "adding-text", "adding-collection"
_FORMS_SENT, _FORM_ERROR = "adding-forms", "adding-failed"
"""Session keys: number of forms sent; why the last one could not be stored."""
_SENT = "adding-sent"
"""Session key of the addresses sent last, until those that failed are back in the form."""
_BARE = re.compile(r"(?=.{4,})[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?(/\S*)?", re.I)
"""An address without its scheme: "www.example.org/news"."""


def page(library: Library, s: Strings) -> None:
    """Draw the page."""
    page_header.draw(s)
    with st.container(key="adding"):
        st.markdown(f"## {s.adding.title}")
        st.markdown(plain(s.adding.more))
        reported = draw_form(library, s)
        if library.sees_all:  # a feed's articles are in no collection
            feeds_panel.draw(library, s)
        _skipped(library, reported, s)


def draw_form(library: Library, s: Strings) -> list[Skipped]:
    """Draw the form and the last report, or the progress; return the skipped sources of the report."""
    job = app_state.ingest_job()
    if not job.running:
        _form(library, s)
        return _result(library, s)
    ingest_run.watch()
    setup_page.draw_live_progress(job, s.adding.working, s)
    st.button(s.page.stop, key="adding-stop", icon=":material/stop:", on_click=job.stop.set)
    return []


def _form(library: Library, s: Strings) -> None:
    _restore_failed()
    with st.form(key="adding-form"):
        types = sorted(suffix.removeprefix(".") for suffix in SUFFIXES)
        st.file_uploader(s.adding.files, type=types, accept_multiple_files=True, key=_key(_FILES))
        st.text_area(s.adding.text, placeholder=s.adding.text_more, key=_key(_TEXT), height=140)
        collections_view.name_field(library, s.adding.collection, s, _key(_COLLECTION))
        st.form_submit_button(s.adding.start, type="primary", on_click=_begin, args=(library,))
    if (error := st.session_state.get(_FORM_ERROR)) is not None:
        notice_page.failure(error, s, "adding-form")


def _key(name: str) -> str:
    """Return the key of a field, which changes with each form sent: this empties the field."""
    return f"{name}-{st.session_state.get(_FORMS_SENT, 0)}"


def _begin(library: Library) -> None:
    """Store the input and index it; where it cannot be stored, the form keeps it. A callback."""
    if app_state.ingest_job().running:
        return
    name = st.session_state.get(_key(_COLLECTION)) or ""
    try:
        collection = library.collections.checked(name) if name else ""
        paths, addresses = _store_input(UploadFolder(library.settings.data / "added"))
    except BylineError as error:
        st.session_state[_FORM_ERROR] = error.message
        return
    st.session_state[_FORM_ERROR] = None
    if paths or addresses:
        st.session_state[_FORMS_SENT] = st.session_state.get(_FORMS_SENT, 0) + 1
        ingest(library, paths, addresses, collection)


def _store_input(folder: UploadFolder) -> tuple[list[Path], list[str]]:
    """Store the form's files and text; return the paths, and the addresses. Raises DiskFull, NotPermitted."""
    text = str(st.session_state.get(_key(_TEXT)) or "").strip()
    files = st.session_state.get(_key(_FILES)) or []
    addresses = _addresses(text)
    paths = [folder.keep(file.name, file.getvalue()) for file in files]
    if text and not addresses:
        paths.append(folder.keep_text(text))
    return paths, addresses


def _addresses(text: str) -> list[str]:
    """Return the addresses, one on each line; none where a line is something else."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    whole = [f"https://{line}" if _BARE.fullmatch(line) else line for line in lines]
    return whole if all(map(is_address, whole)) else []


def ingest(library: Library, paths: Sequence[Path], addresses: Sequence[str], collection: str = "") -> None:
    """Index files and pages in the background, and add them to a collection, if one is named."""
    st.session_state[_SENT] = list(addresses)
    ingest_run.begin(
        lambda on_progress, stop: library.intake.ingest(
            paths, on_progress, stop, addresses, collection=collection
        )
    )


def _restore_failed() -> None:
    """Put addresses that could not be fetched back into the field, once, so that they can be corrected."""
    job, sent = ingest_run.ended(), st.session_state.get(_SENT, [])
    if job is None or not sent:
        return
    st.session_state[_SENT] = []
    skipped = {one.source for one in job.result.skipped} if job.result else set()
    failed = [each for each in sent if job.result is None or normalised(each) in skipped]
    if failed:
        st.session_state[_key(_TEXT)] = "\n".join(failed)


def _result(library: Library, s: Strings) -> list[Skipped]:
    """Draw the report or the error of this session's last run; return the skipped sources."""
    job = ingest_run.ended()
    if job is not None and job.error is not None:
        notice_page.failure(job.error, s, "adding")
    elif job is not None and job.result is not None:
        added_report.draw(library, job.result, s)
        return job.result.skipped
    return []


def _skipped(library: Library, reported: Sequence[Skipped], s: Strings) -> None:
    """List the sources that earlier runs skipped, collapsed."""
    sources = {one.source for one in reported}
    skipped = [one for one, _ in library.intake.skipped() if one.source not in sources]
    if not skipped:
        return
    with st.expander(s.adding.report_skipped.format(len(skipped)), key="adding-skipped"):
        rows = added_report.reasons(skipped[: added_report.MAX_LISTED], s)
        st.html(page_header.table(s.adding.skipped_why, rows))
        if not app_state.ingest_job().running:
            st.button(s.adding.skipped_retry, key="adding-retry", on_click=_retry, args=(library,))


def _retry(library: Library) -> None:
    ingest_run.begin(library.intake.retry)
