"""The script that draws the site: page set-up and navigation. Run by app.py."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from rag.ui import (
    articles_page,
    ask_these,
    chat_page,
    comparison_page,
    draft_page,
    interface_language,
    models_page,
    notebook_page,
    sidebar,
    site_pages,
    style_sheets,
    upload_page,
)
from rag.ui.page_frame import framed


def _title(page: str) -> str:
    return " · ".join((page, "Byline"))


st.set_page_config(page_title="Byline", page_icon=Path(__file__).with_name("icon.svg"), layout="wide")
style_sheets.apply()
s = interface_language.current()
adding_role, models_role = sidebar.ROLES["adding"], sidebar.ROLES["models"]
pages = {
    "ask": st.Page(framed(chat_page.page, list_conversations=False), title="Byline", default=True),
    "articles": st.Page(
        framed(articles_page.page, empty=True), title=_title(s.navigation.articles), url_path="articles"
    ),
    "notebook": st.Page(
        framed(notebook_page.page, empty=True, sync_notebook=False),
        title=_title(s.navigation.notebook),
        url_path="notebook",
    ),
    "draft": st.Page(framed(draft_page.page), title=_title(s.navigation.draft), url_path="check"),
    "adding": st.Page(
        framed(upload_page.page, empty=True, role=adding_role),
        title=_title(s.navigation.adding),
        url_path="add",
    ),
    "models": st.Page(
        framed(models_page.page, empty=True, role=models_role),
        title=_title(s.navigation.models),
        url_path="models",
    ),
    "compare": st.Page(framed(comparison_page.page), title=_title(s.navigation.compare), url_path="compare"),
}
page = st.navigation(list(pages.values()), position="hidden")
site_pages.register(pages)
ask_these.follow(pages["ask"])
sidebar.links(pages, s)
page.run()  # before the footer, so that its own sidebar elements stand above it
sidebar.footer(s)
