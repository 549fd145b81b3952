"""The form that replaces a page while the library is empty."""

from __future__ import annotations

import streamlit as st

from rag.library import Library
from rag.ui import app_state, notice_page, page_header, setup_page, site_pages, upload_page
from rag.ui.strings import Strings


def empty(library: Library, s: Strings) -> bool:
    """Draw the form and the offer of the sample library; False where the library is not empty."""
    job = app_state.sample_job()
    if library.overview().articles and not job.running:
        return False
    page_header.draw(s)
    with st.container(key="setup"):
        notice_page.heading(s.setup.empty_title, s.setup.empty_more)
        if not job.running and library.may_edit:
            upload_page.draw_form(library, s)
            removed = library.removed.count()
            if removed:
                label = f"{s.articles.view_removed} · {removed}"
                site_pages.link("articles", label, ":material/undo:", {"view": ["removed"]})
        if library.may_manage and not app_state.ingest_job().running:
            setup_page.run(job, s.setup.empty_sample, s.setup.indexing, s, kind="secondary")
    return True
