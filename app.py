"""The web app's server: `streamlit run app.py`. The site is in rag/ui/site.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

# Before numpy is loaded: its products are small here, and its threads take the processors from ONNX Runtime.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import streamlit as st
from starlette.middleware import Middleware

from rag.api.routes import api_routes
from rag.ui import late_events, page_changes
from rag.ui.first_paint import FirstPaint
from rag.ui.own_address import OwnAddressOnly

if TYPE_CHECKING:
    from rag.library import Library

SITE = Path(__file__).absolute().parent / "rag" / "ui" / "site.py"

# Streamlit puts the script's folder on the path for each run, and takes it off again. An import in another
# thread then skips an entry of the path and fails. A folder that stands there already is left alone.
sys.path.append(str(SITE.parent))


def _library() -> Library:
    from rag.ui.app_state import library  # with the first request: it imports much

    return library()


def _address() -> str:
    return str(st.get_option("server.address") or "")


late_events.install()
page_changes.install()
middleware = [Middleware(OwnAddressOnly), Middleware(FirstPaint)]
if os.environ.get("BYLINE_SIGN_IN"):  # else nothing more is imported: the settings take as long as the rest
    from rag.ui.sign_in_gate import IdentityHeaders, load_checked

    middleware.append(Middleware(IdentityHeaders, settings=load_checked(_address())))
app = st.App(SITE, routes=api_routes(_library, _address), middleware=middleware)
