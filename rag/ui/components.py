"""Components of ours: a script each, with what all of them share in front of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st


@cache
def component(name: str) -> Any:
    """The component of the script `name`.js, registered once; calling it mounts it."""
    folder = Path(__file__).parent
    script = "\n".join((folder / file).read_text(encoding="utf-8") for file in ("dom.js", f"{name}.js"))
    return st.components.v2.component(f"byline_{name}", js=script, isolate_styles=False)
