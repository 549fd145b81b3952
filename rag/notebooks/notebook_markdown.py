"""Export a notebook as Markdown (CommonMark), with all texts escaped. Pure."""

from __future__ import annotations

import re

from rag.notebooks.blocks import Block, BlockKind, blocks
from rag.notebooks.entries import Notebook
from rag.notebooks.references import one_line

_SIGNS: dict[BlockKind, str] = {"question": "## ", "heading": "### ", "item": "- "}
_SPECIAL = re.compile(r"[\\`*_\[\]<>#|~&$!]")
_LEADING = re.compile(r"^(?:[-+=]|\d{1,9}(?=[.)]))")
"""The beginning of a line that would begin a list or underline a heading."""


def markdown(notebook: Notebook, language: str) -> str:
    """Return a notebook as Markdown, with headings and labels in a language."""
    parts = [f"# {escaped(notebook.head.name)}", *(_block(one) for one in blocks(notebook, language))]
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: str) -> str:
    """Return a text on one line that Markdown shows as it is."""
    line = _SPECIAL.sub(r"\\\g<0>", one_line(text))
    leading = _LEADING.match(line)
    if not leading:
        return line
    end = leading.end()
    return f"{line[:end]}\\{line[end:]}" if line[0].isdigit() else f"\\{line}"


def _block(block: Block) -> str:
    match block.kind:
        case "table":
            return _table(block.rows)
        case "quotation":
            label = f"**{escaped(block.label)}**\n\n" if block.label else ""
            return label + "\n".join(f"> {line}" for line in _broken(block.text))
        case "note":
            return "\n\n".join("\n".join(_broken(part)) for part in re.split(r"\n\s*\n", block.text))
        case "reference":
            return f"\\[{block.number}\\] {escaped(block.text)}"
    return _SIGNS.get(block.kind, "") + escaped(block.text)


def _broken(text: str) -> list[str]:
    """Escaped lines, each but the last with a hard break."""
    lines = [escaped(line) for line in text.split("\n") if line.strip()]
    return [f"{line}\\" for line in lines[:-1]] + lines[-1:]


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    width = max(map(len, rows))
    lines = [[*map(escaped, row), *[""] * (width - len(row))] for row in rows]
    lines.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
