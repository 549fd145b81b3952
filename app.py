"""The web app's server: `streamlit run app.py`. The site is in rag/ui/site.py."""

from __future__ import annotations

import streamlit as st
from starlette.middleware import Middleware

from rag.ui.own_address import OwnAddressOnly

app = st.App("rag/ui/site.py", middleware=[Middleware(OwnAddressOnly)])
