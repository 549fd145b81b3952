"""`python -m rag audit`: who did what, where people sign in."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from rag.cli.console import AsJson, Data, print_json, say, settings_of
from rag.service.open_library import open_library

Last = Annotated[int | None, typer.Option("--last", min=1, help="Only the last entries.")]


def audit(last: Last = None, data: Data = None, as_json: AsJson = False) -> None:
    """Show the audit log: sign-ins, questions, articles opened, added and removed, changes of access."""
    with open_library(settings_of(data)) as library:
        entries = library.audit.entries(last or -1)
    if as_json:
        print_json([asdict(one) | {"when": one.when.isoformat()} for one in entries])
        return
    for one in entries:
        say(" · ".join(filter(None, (f"{one.when:%Y-%m-%d %H:%M:%S}", one.person, one.action, one.about))))
