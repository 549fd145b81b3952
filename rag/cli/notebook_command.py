"""`python -m rag notebook`: print or export a notebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.cli.console import AsJson, Data, print_json, say, settings_of, write_file
from rag.errors import NothingThere
from rag.notebooks.entries import Notebook, NotebookHead
from rag.notebooks.exports import FORMS, exported
from rag.notebooks.notebook_markdown import markdown
from rag.notebooks.notebooks import NOTEBOOKS, Notebooks
from rag.service import json_output
from rag.store.open_database import place_of

Name = Annotated[str, typer.Argument(metavar="[NAME]", show_default=False)]
ListAll = Annotated[bool, typer.Option("--list", help="Only name the notebooks.")]
Export = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Write a .docx or .md, or the references as .txt, .bib or .ris."),
]


def notebook(
    name: Name = "",
    list_all: ListAll = False,
    export: Export = None,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Print or export a notebook, by default the one used last."""
    form = next((one for one in FORMS if export and export.suffix.lower() == f".{one}"), None)
    if export and not form:
        raise NothingThere("notebook_form", path=export, forms=", ".join(f".{one}" for one in FORMS))
    with place_of(settings_of(data), NOTEBOOKS) as place:  # also while the app is open
        notebooks = Notebooks(place)
        if list_all:
            _list(notebooks.all(), as_json)
            return
        found = _selected(notebooks, name)
    if export and form:
        write_file(export, exported(found, form, "en").data)
    if as_json:
        print_json(json_output.notebook(found))
    else:
        say(f"Wrote {export}." if export else markdown(found, "en"))


def _selected(notebooks: Notebooks, name: str) -> Notebook:
    """Return the notebook with a name, or the one used last. Raises NothingThere."""
    if name:
        return notebooks.read(notebooks.named(name).id)
    if not (known := notebooks.all()):
        raise NothingThere("no_notebooks")
    return notebooks.read(known[0].id)


def _list(found: list[NotebookHead], as_json: bool) -> None:
    if as_json:
        print_json([json_output.notebook_head(one) for one in found])
        return
    for one in found:
        say(f"{one.name} · {one.entries} {'entry' if one.entries == 1 else 'entries'}")
    if not found:
        say(str(NothingThere("no_notebooks")))
