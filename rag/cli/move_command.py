"""`python -m rag move`: move the vectors to the places that the settings name."""

from __future__ import annotations

from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer

from rag.cli.console import AsJson, Data, errors, print_json, progress, say, settings_of
from rag.embedding.load import load_embedder
from rag.errors import LibraryBusy
from rag.locales.message import Message
from rag.store.article_embedding import Embedding
from rag.store.chroma_servers import chroma_servers
from rag.store.open_store import open_store
from rag.store.shard_moves import MovedShard, ShardMoves, place_name


def move(
    anew: Annotated[
        bool, typer.Option("--anew", help="Give up vectors on servers that are away, and make them anew.")
    ] = False,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Move the vectors to the Chroma servers of BYLINE_CHROMA; without it back to the data folder.

    Close the app and end the workers first. Each shard is copied, compared, and then deleted where it was;
    run the command again after an interruption.
    """
    settings = settings_of(data)
    embedder = load_embedder(settings)
    with closing(open_store(settings, embedder)) as store, progress() as on_progress:
        store.require_writable()
        if store.processes and store.processes.others("app", "worker", "command"):
            raise LibraryBusy("busy", folder=settings.data, owner=Message.of("busy_another"))
        result = ShardMoves(store, chroma_servers(settings).addresses, on_progress, anew=anew).run()
        store.recover(Embedding(embedder.embed_passages, on_progress))
    _show(result, as_json)
    if any(one.why for one in result):
        raise SystemExit(1)


def _show(result: list[MovedShard], as_json: bool) -> None:
    if as_json:
        print_json({"shards": [asdict(one) | {"why": str(one.why or "")} for one in result]})
        return
    for one in result:
        if one.why:
            errors.print(f"byline: {one.shard} stays where it is. {one.why}")
        else:
            way = f"from {place_name(one.source)} to {place_name(one.target)}"
            say(f"{one.shard}: {one.vectors} vectors, {way}")
    if not result:
        say("All vectors are where the settings put them.")
