"""The web app's server: `streamlit run app.py`. What it shows is in page.py."""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware

from rag.ui.own_address import OwnAddressOnly

app = st.App("page.py", middleware=[Middleware(OwnAddressOnly)])
