"""`python -m rag database`: copy a library between the data folder and PostgreSQL."""

from __future__ import annotations

from contextlib import ExitStack, closing
from enum import Enum
from typing import Annotated

import typer

from rag.cli.console import Data, progress, say, settings_of
from rag.conversations.conversation_copy import copy_conversations
from rag.conversations.manager import CONVERSATIONS
from rag.errors import NothingThere, SettingsError
from rag.locales.message import Message
from rag.notebooks.notebook_copy import copy_notebooks
from rag.notebooks.notebooks import NOTEBOOKS
from rag.store.ledger import Ledger
from rag.store.library_copy import copy_library
from rag.store.open_database import open_database, open_server
from rag.store.ownership import Ownership
from rag.store.private_files import has_content

database_app = typer.Typer(help="The database of the library.", no_args_is_help=True)


class Place(Enum):
    """Where the copy goes: into PostgreSQL, or into the data folder."""

    SERVER = "server"
    FOLDER = "folder"


@database_app.command("copy")
def copy(
    to: Annotated[Place, typer.Argument(help="server: into BYLINE_DATABASE; folder: from there.")],
    data: Data = None,
) -> None:
    """Copy articles, conversations and notebooks into PostgreSQL or back, and compare the two.

    Repeated after an interruption, it goes on there. The original stays as it is.
    """
    settings = settings_of(data)
    url, path = settings.database.get_secret_value(), settings.data / "library.sqlite"
    if not url:
        raise SettingsError("database_unset")
    if to is Place.SERVER and not has_content(path):
        raise NothingThere("not_there", path=path)
    with ExitStack() as opened, progress() as on_progress:
        opened.callback(Ownership(settings.data).release)
        source = opened.enter_context(closing(open_database(path)))
        target = server = opened.enter_context(closing(open_server(url, alone=True)))
        conversations, notebooks = (
            copy(*((file, server) if to is Place.SERVER else (server, file)))
            for copy, file in (
                (copy_conversations, settings.data / CONVERSATIONS),
                (copy_notebooks, settings.data / NOTEBOOKS),
            )
        )
        if to is Place.FOLDER:
            source, target = target, source
        copy_library(source, target, on_progress)  # the last, because it refuses what it has completed
        held = Ledger(target).overview()
    say(str(Message.of("library_copied", n=held.articles)))
    say(str(Message.of("kept_copied", conversations=conversations, notebooks=notebooks)))
