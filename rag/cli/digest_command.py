"""`python -m rag digest`: an article's key sentences, names, dates and figures."""

from __future__ import annotations

from rag.cli.console import AsJson, Data, print_json, say, settings_of
from rag.cli.left_out_commands import ArticleName
from rag.service import json_output
from rag.service.open_library import open_library


def digest(name: ArticleName, data: Data = None, as_json: AsJson = False) -> None:
    """Show an article's key sentences, and its names, dates and figures."""
    with open_library(settings_of(data)) as library:
        digested = library.digest(name)
    described = json_output.digest(digested)
    if as_json:
        print_json(described)
        return
    say(json_output.reference(digested.article))
    for sentence in described["sentences"]:
        say(f"  * {' '.join(sentence['text'].split())}")
    for kind in ("people", "organisations", "places", "others", "dates", "figures"):
        if described[kind]:
            say(f"{kind}: {', '.join(one['text'] for one in described[kind])}")
