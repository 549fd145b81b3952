"""What a person may not see reaches them on no path: each check was taken out once, and its test failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from api_examples import ApiLibrary, client_of
from conversing import until
from people_examples import ADA, BEN, CAPTAIN, DESK, EVE, ROOT, TOLD, conversation_of, ids, newsroom, view

from rag.conversations import export
from rag.errors import BylineError, NothingThere
from rag.events import End
from rag.locales.message import Message
from rag.notebooks.keeping import entry_of
from rag.service.api_keys import ApiKeys
from rag.service.people.personal_library import PersonalLibrary
from rag.store.article_list import ArticleQuery
from rag.store.mendings import Mending
from rag.types import Filters, Skipped

Path = Callable[[PersonalLibrary], Any]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiLibrary]:
    with newsroom(tmp_path_factory.mktemp("people"), **DESK) as opened:
        opened._store.files.skip([Skipped("/desk/zanzimor.txt", Message.of("not_regular"))])
        opened._store.feeds.add("https://zanzimor.example/feed", 60)
        opened.intake.take_out([ids(opened)["report"]])
        opened.intake.mend([ids(opened)["ferry"]], Mending(author="Albatross"))
        yield opened


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiLibrary]:
    """The same library without anything that is hidden from Ada."""
    with newsroom(tmp_path_factory.mktemp("twin")) as opened:
        yield opened


def told(found: Any) -> list[str]:
    return [word for word in TOLD if word in repr(found).casefold()]


def asked(library: PersonalLibrary, question: str, **more: Any) -> list[End]:
    return [event for event in library.ask(question, **more) if isinstance(event, End)]


def compared(library: PersonalLibrary) -> Any:
    begun = library.comparisons.begin(CAPTAIN, "en", ["small", "other"], Filters(groups=("b",)))
    until(lambda: not begun.running)
    return begun.answers


def refused(library: PersonalLibrary, question: str, name: str) -> str:
    """All that is said of a question that is not answered, but for its name."""
    (end,) = asked(library, question)
    said = (end.answer.text, end.answer.advice, end.answer.mended, end.answer.kind, end.answer.outcome)
    return repr(said).replace(name, "X")


SHIP = "The captain of a ship lost 700 crates off the coast."
PATHS: dict[str, Path] = {
    "closest passages": lambda one: one.search("a captain, a ferry and a minister", 50),
    "passages within chosen bounds": lambda one: one.search("a captain", 50, Filters(groups=("b",))),
    "answer": lambda one: asked(one, CAPTAIN),
    "greeting": lambda one: asked(one, "Hello!"),
    "how many": lambda one: asked(one, "Which articles are there?"),
    "dossier": lambda one: asked(one, "captain", form="dossier"),
    "timeline": lambda one: asked(one, "captain", form="timeline"),
    "models compared": compared,
    "misspelled name": lambda one: repr(asked(one, "What did Quillfeathr lose?")).replace("Quillfeathr", ""),
    "conversation as it is stored": lambda one: [*conversation_of(one, CAPTAIN)._exchanges.values()],
    "export": lambda one: export.json_text(conversation_of(one, CAPTAIN)),
    "draft": lambda one: [(each.backings, each.deviations) for each in one.check_draft(SHIP)],
    "list": lambda one: one.listing.page(ArticleQuery(), 50),
    "list by words": lambda one: one.listing.page(ArticleQuery(words="minister"), 50),
    "collections": lambda one: one.collections.all(),
    "members": lambda one: [
        one.search("a", 9, Filters(collections=(c.name,))) for c in one.collections.all()
    ],
}
"""What is only counted, or said of nothing, has tests of its own."""


@pytest.mark.parametrize("path", PATHS)
def test_no_word_of_a_hidden_article_comes_out(library: ApiLibrary, path: str) -> None:
    for person in (ADA, EVE):
        assert not told(PATHS[path](view(library, person)))
    leaks = [told(PATHS[path](view(library, person))) for person in (BEN, ROOT)]
    assert path == "greeting" or all(leaks), "there is something to leak"


COUNTS: dict[str, Path] = {
    "articles": lambda one: replace(one.overview(), updated=None),
    "list": lambda one: one.listing.count(ArticleQuery()),
    "languages": lambda one: one.listing.languages(),
    "outlets": lambda one: [*one.listing.outlets().values()],
    "months": lambda one: one.listing.months(),
    "greeting": lambda one: asked(one, "Hello!")[0].answer.text,
    "removed": lambda one: (one.removed.count(), len(one.removed.page(9))),
    "skipped": lambda one: (one.listing.skipped_count(), one.listing.skipped(9), one.intake.skipped()),
    "feeds": lambda one: one.feeds.all(),
    "suggested questions": lambda one: one.suggested.of_library("en"),
    "collections": lambda one: [(each.name, each.articles, each.groups) for each in one.collections.all()],
    "copies": lambda one: [len(hit.copies) for hit in one.search("the harbour of Kestrel Bay", 1)],
    "words": lambda one: {
        hit.words for name in ("Obrenovska", "Obrenovskb") for hit in one.search(f"the harbour of {name}", 1)
    }.__len__(),
    "name in a refusal": lambda one: refused(one, "When was Obrenovska arrested?", "Obrenovska"),
    "words in a list": lambda one: refused(one, "Which articles mention crates of saffron?", "saffron"),
}
"""What is counted, and what is said where nothing is found."""


@pytest.mark.parametrize("path", COUNTS)
def test_nothing_tells_that_there_is_something_hidden(
    library: ApiLibrary, twin: ApiLibrary, path: str
) -> None:
    for person in (ADA, EVE):
        assert COUNTS[path](view(library, person)) == COUNTS[path](view(twin, person))
    assert COUNTS[path](view(library, ROOT)) != COUNTS[path](view(twin, ROOT)), "there is something to leak"


def test_a_hidden_article_is_unknown_by_its_id(library: ApiLibrary) -> None:
    known = ids(library)["ferry"]
    info = library.article(known)
    assert info and view(library, BEN).article(known)
    for person in (ADA, EVE):
        one = view(library, person)
        assert one.article(known) is None and not one.mendings.read(known)
        assert not any(each.groups for each in one.collections.all()), "nor who else may see what they see"
        assert one.listing.count(ArticleQuery(filters=Filters(articles=(known,), groups=("b",)))) == 0
        with pytest.raises(NothingThere):
            one.digest(known)
        with pytest.raises(NothingThere):
            one.records.of(info)
        with pytest.raises(AttributeError):  # what nobody has thought of fails
            one.reading(known)


def test_what_was_seen_once_is_redacted_when_access_has_ended(library: ApiLibrary) -> None:
    one = view(library, BEN)
    begun = conversation_of(one, CAPTAIN, "And who resigned?")
    notebook = one.notebooks.new("Ferries")
    kept = entry_of(begun.exchanges[0], "q0")
    assert kept and told(begun.all)
    one.notebooks.keep(notebook, kept)
    compared_before = one.comparisons.begin(CAPTAIN, "en", ["small", "other"])
    until(lambda: not compared_before.running)
    later = view(library, replace(BEN, groups=("a",)))
    again = later.conversations.get(begun.id)
    assert again is not None
    shown = [again.exchanges, export.json_text(again), export.markdown("x", again.exchanges)]
    shown += [again.history(again.exchanges[-1].id), later.notebooks.read(notebook)]
    shown += [later.conversations.search("Quillfeather")]
    assert one.comparisons.get(compared_before.id) and not later.comparisons.get(compared_before.id)
    assert [told(part) for part in shown] == [[]] * len(shown)
    assert later.conversations.search("captain") and again.exchanges[0].question == CAPTAIN
    assert view(library, BEN).conversations.search("Quillfeather"), "he sees it again"


def test_a_shared_conversation_is_read_without_what_the_reader_may_not_see(library: ApiLibrary) -> None:
    one = view(library, BEN)
    begun = conversation_of(one, CAPTAIN, "the harbour of Kestrel Bay", "Hello!")
    link = one.conversations.share(begun.id)
    seen = view(library, ADA).conversations.shared(link)
    assert seen and not told(seen.all) and not told(export.json_text(seen))
    assert "42 million" in repr(seen.exchanges[1].found) and seen.exchanges[2].text[0] == "("
    whole = view(library, ROOT).conversations.shared(link)
    assert whole and told(whole.all)
    seen.rename("Ada's")
    assert one.conversations.get(begun.id).head.title == CAPTAIN  # type: ignore[union-attr]
    assert view(library, ADA).conversations.get(begun.id) is None
    one.conversations.revoke(begun.id)
    assert view(library, ADA).conversations.shared(link) is None
    with pytest.raises(BylineError):
        view(library, ADA).conversations.share(begun.id)


def test_conversations_and_notebooks_are_of_one_person(library: ApiLibrary) -> None:
    ada, ben = view(library, ADA), view(library, BEN)
    begun, notebook = conversation_of(ada, "the harbour of Kestrel Bay"), ada.notebooks.new("Mine")
    assert ben.notebooks.new("Mine") != notebook
    ada.notebooks.note(notebook, "note-of-ada", "x")
    assert begun.id in [head.id for head in ada.conversations.heads()]
    assert begun.id not in [head.id for head in ben.conversations.heads()] and not ben.conversations.busy()
    assert begun.id not in [match.head.id for match in ben.conversations.search("Kestrel")]
    books = ben.notebooks
    changes: list[Callable[[], object]] = [
        lambda: books.read(notebook),
        lambda: books.origins(notebook),
        lambda: books.rename(notebook, "x"),
        lambda: books.delete(notebook),
        lambda: books.use(notebook),
        lambda: books.note(notebook, "another", "x"),
        lambda: books.let_go(notebook, "x"),
        lambda: books.edit("note-of-ada", "y", [], "fork"),
        lambda: books.move("note-of-ada"),
        lambda: books.remove("note-of-ada"),
    ]
    for change in changes:
        with pytest.raises(NothingThere):
            change()
    assert [one.text for one in ada.notebooks.read(notebook).entries] == ["x"]


def test_keys_of_the_api_see_what_their_groups_see(
    library: ApiLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = ApiKeys(library.settings.data)
    limited = client_of(library, monkeypatch, keys.create("a", groups=["a"]), sign_in="proxy")
    known = ids(library)["ferry"]
    answers = [
        limited.post("/api/search", json={"question": "a captain, a ferry and a minister", "k": 50}),
        limited.post("/api/ask", json={"question": CAPTAIN}),
        limited.get("/api/articles"),
        limited.get(f"/api/articles/{known}"),
        limited.get("/api/collections"),
        limited.get("/api/conversations"),
        limited.get("/metrics"),
        limited.get("/ready"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 404, 200, 403, 403, 503]
    assert not [told(answer.text) for answer in answers if told(answer.text)]
    call = {"name": "ask", "arguments": {"question": CAPTAIN}}
    headers = {"Accept": "application/json, text/event-stream"}
    rpc = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    assert not told(limited.post("/mcp", json=rpc, headers=headers).text)
    every = client_of(library, monkeypatch, keys.create("all"), sign_in="proxy")
    assert told(every.get("/api/articles").text) and told(every.post("/mcp", json=rpc, headers=headers).text)
    assert client_of(library, monkeypatch, sign_in="proxy").get("/api/articles").status_code == 401
