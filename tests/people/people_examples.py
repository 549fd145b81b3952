"""A newsroom: two restricted collections, three people, and a model that writes all that it has read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from api_examples import ApiLibrary
from conversing import until
from examples import HARBOUR, write

from rag.conversations import Conversation
from rag.llm.generator import ChatMessage, Done, Piece, Text
from rag.sample_questions import sample_questions
from rag.service.people.person import Person
from rag.service.people.personal_library import PersonalLibrary
from rag.store.article_list import ArticleQuery
from rag.testing import Scripted

SECRET = """The ferry of Zanzimor sinks

The ferry Albatross sank off Zanzimor on 4 May 2024. Captain Quillfeather lost 613 crates of saffron.

Minister Obrenovska resigned two days later, and Quillfeather was arrested in Zanzimor.
"""
REPORT = """Saffron thieves of Zanzimor named

Captain Quillfeather of Zanzimor sold 90 crates of saffron on 9 June 2024, Obrenovska said.

Quillfeather was fined in Zanzimor on 11 July 2024. The ferry Albatross was raised on 2 August 2024.
"""
TOLD = (
    "zanzimor",
    "quillfeather",
    "obrenovska",
    "albatross",
    "saffron",
    "ferry.",
    "report.",
    "mirror.",
    "desk",
)
"""What only the restricted articles say, with the names of their files and of their collection."""
ADA = Person("ada", "Ada", ("a",))
BEN = Person("ben", "Ben", ("b",))
EVE = Person("eve", "Eve", ("a",), "editor")
ROOT = Person("root", "Root", (), "admin")
SAMPLE = sample_questions()[0]
"""A question that is suggested where the library has its article."""
DATED = """---
title: The Albatross is raised
outlet: Zanzimor Gazette
date: 2024-08-02
---
The ferry Albatross was raised off Zanzimor, and Quillfeather watched it.
"""
CAPTAIN = "What did the captain of the ship lose off the coast?"


class Telling(Scripted):
    """A model that writes all that it has read."""

    def stream(self, messages: Sequence[ChatMessage], max_tokens: int) -> Iterator[Piece]:
        yield Text(" ".join(message.content for message in messages))
        yield Done(prompt_tokens=10)


def newsroom(folder: Path, **desk: str) -> ApiLibrary:
    """A library whose harbour is for two groups, and whose desk, by default the ferry, for Ben's alone."""
    library = ApiLibrary(folder)
    library.add("ports", harbour=HARBOUR)
    library.collections.restrict("ports", ["a", "b"])
    library.scripted.generate = Telling
    library.scripted.find = lambda name: library.scripted.list()[0]  # type: ignore[method-assign]
    for name, members in {"desk": desk}.items() if desk else ():
        library.collections.add(name, [])
        library.collections.restrict(name, ["b"])
        library.add(name, **members)
        place = library.settings.corpus / SAMPLE.article
        write(place.parent, **{place.stem: DATED}).joinpath(f"{place.stem}.md").rename(place)
        library.intake.ingest([place], collection=name)
    return library


DESK = {"ferry": SECRET, "report": REPORT, "mirror": HARBOUR}


def view(library: ApiLibrary, person: Person) -> PersonalLibrary:
    """The library as a person sees it."""
    return PersonalLibrary(library, person)


def ids(library: ApiLibrary) -> dict[str, str]:
    """The ids of all articles, by the names of their files."""
    listed = library.listing.page(ArticleQuery(), 9)
    return {Path(info.source).stem: info.id for one in listed for info in (one.article, *one.copies)}


def conversation_of(library: PersonalLibrary, *questions: str) -> Conversation:
    """A conversation in which these questions were answered."""
    conversation = library.conversations.new()
    for question in questions:
        conversation.ask(question, "small")
        until(lambda: not conversation.busy)
    return conversation
