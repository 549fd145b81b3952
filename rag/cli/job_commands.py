"""`python -m rag jobs`: list the changes that any process makes to the library, or stop one."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from rag.cli.console import AsJson, Data, print_json, say, settings_of
from rag.errors import NothingThere, SettingsError
from rag.service import json_output
from rag.store.jobs import SharedJobs
from rag.store.open_database import open_server
from rag.store.processes import Processes


def jobs(
    stop: Annotated[
        str, typer.Option(metavar="ID", help="Stop this job; what it has finished is kept.")
    ] = "",
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """List the ingestions that the app, commands and feeds run on a library in PostgreSQL."""
    url = settings_of(data).database.get_secret_value()
    if not url:
        raise SettingsError("database_unset")
    with closing(open_server(url)) as server, closing(Processes(server)) as processes:
        known = SharedJobs(server, processes)
        if stop and not known.stop(stop):
            raise NothingThere("no_such_job", id=stop)
        found = known.all()
    if as_json:
        print_json([json_output.job(one) for one in found])
    elif not stop:
        say("\n".join(_line(json_output.job(one)) for one in found) or "No jobs.")


def _line(job: dict[str, object]) -> str:
    told = job["progress"]
    at = f", {told['label']} {told['done']}/{told['total']}" if isinstance(told, dict) else ""
    return f"{job['id']}  {job['state']}{at}  {', '.join(map(str, job['about']))}"  # type: ignore[call-overload]
