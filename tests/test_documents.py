"""The documents name only files that exist, and every setting."""

import re
from pathlib import Path

import pytest

from rag.settings import Settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
LINK = re.compile(r"\]\((?!https?://)([^)#\s]*)(?:#([^)\s]+))?\)")
PATH = re.compile(r"(?:rag|tests|bench|docs)/[\w/.-]*\.(?:py|md|json|npz|toml)\b|rag/[a-z_]+\b(?![/.])")


def anchors(text: str) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for name, anchor in LINK.findall(document.read_text("utf-8")):
        target = (document.parent / name) if name else document
        assert target.exists(), name
        assert not anchor or anchor in anchors(target.read_text("utf-8")), anchor


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_named_files_exist(document: Path) -> None:
    text = re.sub(r"https?://\S+|github\.com/\S+", "", document.read_text("utf-8"))
    missing = [
        path for path in PATH.findall(text)
        if not (ROOT / path).exists() and not (ROOT / path).with_suffix(".py").exists()
    ]  # fmt: skip
    assert not missing


def test_every_setting_is_documented_with_its_default() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `BYLINE_(\w+)` \| (.*?) \|", text, re.MULTILINE))
    assert rows.keys() == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, str | int) and field.default not in ("", None):
            assert str(field.default).lower() in rows[name.upper()].lower()
