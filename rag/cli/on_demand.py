"""Commands that are imported when they run: the imports of all would delay each by a second or more."""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group


class OnDemand(TyperGroup):
    """The commands of `python -m rag`, each a function or an app in a module of its own."""

    places: ClassVar[dict[str, str]] = {
        "setup": "upkeep_commands:setup",
        "ingest": "ingest:ingest",
        "reread": "ingest:reread",
        "skipped": "ingest:skipped",
        "search": "search_command:search",
        "ask": "ask_command:ask",
        "check": "check:check",
        "digest": "digest_command:digest",
        "left-out": "left_out_commands:left_out",
        "as-is": "left_out_commands:as_is",
        "mend": "mend_command:mend",
        "read": "read:read",
        "models": "model_commands:models_app",
        "eval": "evaluate:eval_app",
        "feeds": "feed_commands:feeds_app",
        "collections": "collection_commands:collections_app",
        "notebook": "notebook_command:notebook",
        "keys": "key_commands:keys_app",
        "database": "database_commands:database_app",
        "move": "move_command:move",
        "work": "work_command:work",
        "jobs": "job_commands:jobs",
        "audit": "audit_command:audit",
        "verify": "upkeep_commands:verify_library",
        "repair": "upkeep_commands:repair_library",
    }
    """Module in rag.cli and attribute, by command, in the order of `--help`."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Return the names of the commands."""
        return list(self.places)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """Import a command; None if there is none of this name."""
        if cmd_name not in self.places:
            return None
        module, attribute = self.places[cmd_name].split(":")
        found = getattr(import_module(f"rag.cli.{module}"), attribute)
        command = get_group(found) if isinstance(found, typer.Typer) else _command(found)
        command.name = cmd_name
        return command


def _command(function: Any) -> Any:
    """Return a function as a command; typer makes one only of an app."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(function)
    return get_command(app)
