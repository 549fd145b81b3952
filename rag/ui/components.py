"""Streamlit components: each is one script, preceded by the scripts it shares with others."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st


@cache
def component(name: str, *parts: str) -> Any:
    """Register the component of `name`.js and the scripts `parts` once; calling the result mounts it."""
    files = [Path(__file__).with_name(f"{file}.js") for file in ("dom", *parts, name)]
    script = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return st.components.v2.component(f"byline_{name}", js=script, isolate_styles=False)
