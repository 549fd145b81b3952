"""The looks and the scripts: contrast, nothing remote, no HTML from text, the server's settings."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UI = ROOT / "rag" / "ui"
SHEETS = {path.name: path.read_text("utf-8") for path in sorted(UI.glob("*.css"))}
SCRIPTS = {path.name: path.read_text("utf-8") for path in sorted(UI.glob("*.js"))}
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
COLOURS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--by-([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", SHEETS["style.css"]
    )
}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *((text, ground) for text in ("ink", "quiet") for ground in ("paper", "sheet", "marker-soft")),
        ("blue", "paper"),
        ("on-marker", "marker"),
        ("on-chip", "chip"),
        ("ink", "wordmark"),
    ],
)
def test_text_has_the_contrast_of_aa(text: str, ground: str, theme: int) -> None:
    assert contrast(COLOURS[text][theme], COLOURS[ground][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("mark", ["blue", "doubt", "quiet"])
def test_rings_and_underlines_stand_out(mark: str, theme: int) -> None:
    assert contrast(COLOURS[mark][theme], COLOURS["paper"][theme]) >= 3


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_streamlits_theme_has_our_colours(theme: int) -> None:
    ours = {name: pair[theme] for name, pair in COLOURS.items()}
    set_ = CONFIG["theme"]["dark" if theme else "light"]
    assert (set_["backgroundColor"], set_["textColor"]) == (ours["paper"], ours["ink"])
    assert (set_["primaryColor"], set_["borderColor"]) == (ours["blue"], ours["line"])


@pytest.mark.parametrize("name", sorted(SHEETS | SCRIPTS))
def test_nothing_is_fetched_from_anywhere(name: str) -> None:
    assert not re.search(r"url\(|https?:|@import|fetch\(|\bimport\b", (SHEETS | SCRIPTS)[name])


@pytest.mark.parametrize("name", sorted(SCRIPTS))
def test_scripts_never_read_text_as_html(name: str) -> None:
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|\.href|\.src\b"
    assert not re.search(forbidden, SCRIPTS[name])


def test_the_server_is_for_this_machine_only() -> None:
    server = CONFIG["server"]
    assert server["address"] == "127.0.0.1" and server["port"] == 8501
    assert set(server["allowedHosts"]) == {"127.0.0.1", "localhost"}
    assert server["headless"] is True and server["fileWatcherType"] == "none"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"
