"""The web app: `streamlit run app.py`. Page set-up and navigation; the pages are in rag/ui/."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from rag.ui import (
    articles_page,
    chat_page,
    comparison_page,
    interface_language,
    models_page,
    sidebar,
    style_sheets,
    upload_page,
)
from rag.ui.page_frame import framed

st.set_page_config(page_title="Byline", page_icon=Path(__file__).parent / "rag/ui/icon.svg", layout="wide")
style_sheets.apply()
s = interface_language.current()
pages = {
    "ask": st.Page(framed(chat_page.page), title="Byline", default=True),
    "articles": st.Page(
        framed(articles_page.page), title=f"{s.navigation.articles} · Byline", url_path="articles"
    ),
    "adding": st.Page(
        framed(upload_page.page, empty=True), title=f"{s.navigation.adding} · Byline", url_path="add"
    ),
    "models": st.Page(
        framed(models_page.page, empty=True), title=f"{s.navigation.models} · Byline", url_path="models"
    ),
    "compare": st.Page(
        framed(comparison_page.page), title=f"{s.navigation.compare} · Byline", url_path="compare"
    ),
}
page = st.navigation(list(pages.values()), position="hidden")
sidebar.links(pages, s)
page.run()  # before the footer, so that its own sidebar elements stand above it
sidebar.footer(s)
