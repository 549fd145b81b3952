"""The web app: `streamlit run app.py`. Page set-up and navigation; the pages are in rag/ui/."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from rag.ui import adding, articles, chat, comparing, language, models, sidebar, styling
from rag.ui.frame import framed

st.set_page_config(page_title="Byline", page_icon=Path(__file__).parent / "rag/ui/icon.svg", layout="wide")
styling.apply()
s = language.current()
pages = {
    "ask": st.Page(framed(chat.page), title="Byline", default=True),
    "articles": st.Page(framed(articles.page), title=f"{s.nav_articles} · Byline", url_path="articles"),
    "adding": st.Page(framed(adding.page, empty=True), title=f"{s.nav_adding} · Byline", url_path="add"),
    "models": st.Page(framed(models.page, empty=True), title=f"{s.nav_models} · Byline", url_path="models"),
    "compare": st.Page(framed(comparing.page), title=f"{s.nav_compare} · Byline", url_path="compare"),
}
page = st.navigation(list(pages.values()), position="hidden")
sidebar.ways(pages, s)
page.run()  # before the foot: what it adds to the sidebar stands in between
sidebar.foot(s)
