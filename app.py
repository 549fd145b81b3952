"""The web app: `streamlit run app.py`. Page set-up and navigation; the pages are in rag/ui/."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from rag.ui import chat, language, sidebar, styling
from rag.ui.frame import framed

st.set_page_config(page_title="Byline", page_icon=Path(__file__).parent / "rag/ui/icon.svg", layout="wide")
styling.apply()
page = st.navigation([st.Page(framed(chat.page), title="Byline", default=True)], position="hidden")
page.run()  # first: what it adds to the sidebar stands above what every page has there
sidebar.draw(language.current())
