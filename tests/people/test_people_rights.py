"""Who somebody is, what their role allows, and what the audit log says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from api_examples import ApiLibrary
from conversing import until
from people_examples import ADA, BEN, CAPTAIN, DESK, EVE, ROOT, TOLD, conversation_of, ids, newsroom, view
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from rag.errors import BylineError, NotAllowed, NothingThere, SettingsError
from rag.service.people.person import Person, person_of_claims, person_of_headers
from rag.service.people.personal_library import PersonalLibrary
from rag.service.people.trust import check_sign_in
from rag.settings import Settings
from rag.store.article_list import ArticleQuery
from rag.store.mendings import Mending
from rag.types import ArticleInfo
from rag.ui.sign_in_gate import IdentityHeaders

SETTINGS = Settings(sign_in="proxy", editors="desk, chiefs", admins="it", groups_claim="teams")
SOON = datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiLibrary]:
    with newsroom(tmp_path_factory.mktemp("rights"), **DESK) as opened:
        yield opened


def test_a_person_is_whom_claims_or_headers_name(tmp_path: Path) -> None:
    claims = {"sub": "7", "iss": "https://id", "name": "Ada", "exp": SOON.timestamp(), "teams": ["desk", "x"]}
    ada = person_of_claims(claims, SETTINGS)
    assert ada == Person("https://id 7", "Ada", ("desk", "x"), "editor", SOON) and not ada.expired
    for without in ("sub", "exp"):
        assert person_of_claims({**claims, without: None}, SETTINGS) is None
    late = person_of_claims({**claims, "exp": 1_700_000_000, "teams": "it,desk"}, SETTINGS)
    assert late and late.role == "admin" and late.expired
    with pytest.raises(NotAllowed, match="expired"):
        late.require()
    named = {"X-Forwarded-User": "eve", "X-Forwarded-Groups": "chiefs, chiefs"}
    assert person_of_headers(named, SETTINGS) == Person("eve", "eve", ("chiefs",), "editor")
    assert person_of_headers({"X-Forwarded-Groups": "it"}, SETTINGS) is None


@pytest.mark.parametrize(
    ("settings", "address", "told"),
    [
        ({"sign_in": "proxy"}, "0.0.0.0", "BYLINE_PROXIES"),
        ({"sign_in": "proxy"}, "", "BYLINE_PROXIES"),
        ({"sign_in": "proxy", "proxies": "10.0.0.300"}, "0.0.0.0", "BYLINE_PROXIES"),
        ({"sign_in": "proxy"}, "127.0.0.1", ""),
        ({"sign_in": "proxy", "proxies": "10.0.0.0/24"}, "0.0.0.0", ""),
        ({}, "0.0.0.0", ""),
    ],
)
def test_headers_are_believed_only_where_nobody_else_can_send_them(
    settings: dict[str, str], address: str, told: str
) -> None:
    try:
        check_sign_in(Settings(**settings), address)  # type: ignore[arg-type]
    except SettingsError as error:
        assert told and told in str(error)
    else:
        assert not told


@pytest.mark.parametrize(
    ("sign_in", "proxies", "peer", "names", "believed"),
    [
        ("proxy", "", "127.0.0.1", ["eve"], True),
        ("proxy", "10.0.0.0/24, 10.1.1.1", "10.0.0.7", ["eve"], True),
        ("proxy", "10.0.0.0/24", "10.0.1.7", ["eve"], False),
        ("proxy", "10.0.0.0/24", "unix", ["eve"], False),
        ("proxy", "", "127.0.0.1", ["root", "eve"], False),
        ("oidc", "", "127.0.0.1", ["eve"], False),
    ],
)
def test_a_name_reaches_the_page_only_from_a_trusted_proxy_that_has_sent_it_once(
    sign_in: str, proxies: str, peer: str, names: list[str], believed: bool
) -> None:
    settings = Settings(sign_in=sign_in, proxies=proxies)  # type: ignore[arg-type]

    def page(request: Request) -> Response:
        return JSONResponse(request.headers.getlist("x-forwarded-user"))

    gate = IdentityHeaders(Starlette(routes=[Route("/", page)]), settings)
    sent = TestClient(gate, client=(peer, 1)).get("/", headers=[("X-Forwarded-User", name) for name in names])
    assert sent.json() == (names if believed else [])


Change = Callable[[PersonalLibrary, str], object]
EDITORS: dict[str, Change] = {
    "add": lambda one, id: one.intake.ingest([]),
    "remove": lambda one, id: one.intake.take_out([id]),
    "restore": lambda one, id: one.intake.put_back([id]),
    "correct": lambda one, id: one.intake.mend([id], Mending(author="Ida")),
    "as it is": lambda one, id: one.intake.take_as_is(id, False),
    "collect": lambda one, id: one.collections.add("open", [id]),
    "uncollect": lambda one, id: one.collections.discard("open", [id]),
    "rename": lambda one, id: one.collections.rename("open", "Open"),
    "delete a collection": lambda one, id: one.collections.delete("open"),
    "delete for good": lambda one, id: one.removed.drop(["0" * 16]),
}
EVERYTHING: dict[str, Change] = {
    "retry": lambda one, id: one.intake.retry(),
    "reread": lambda one, id: one.intake.reread(),
    "finish": lambda one, id: one.intake.finish(),
    "feed": lambda one, id: one.feeds.update([]),
    "unsubscribe": lambda one, id: one.feeds.remove("https://example.org"),
    "subscribe": lambda one, id: one.feeds.add("nowhere"),
}
"""What concerns every file, so that an editor from whom something is hidden may not."""
ADMINS: dict[str, Change] = {
    "access": lambda one, id: one.collections.restrict("open", []),
    "take out of a restricted one": lambda one, id: one.collections.discard("ports", ["0" * 16]),
    "delete a restricted one": lambda one, id: one.collections.delete("ports"),
    "from one restricted one into another": lambda one, id: one.collections.add("both", [id]),
    "fetch a model": lambda one, id: one.inventory.fetch("nothing"),
    "delete a model": lambda one, id: one.inventory.remove("nothing"),
}


def allowed(change: Change, library: PersonalLibrary, id: str) -> bool:
    """Tell whether a change was let through; whether it then succeeds is another matter."""
    try:
        change(library, id)
    except NotAllowed:
        return False
    except BylineError:
        pass
    return True


def copies(library: PersonalLibrary) -> list[ArticleInfo]:
    """The harbour, with all its copies, as a list shows it."""
    return [i for one in library.listing.page(ArticleQuery(), 9) for i in (one.article, *one.copies)]


def test_roles_are_enforced_below_the_page(tmp_path: Path) -> None:
    with newsroom(tmp_path, **DESK) as library:
        id, editor = ids(library)["harbour"], replace(BEN, role="editor", groups=("a", "b"))
        for name, groups in (("both", ["a"]), ("open", [])):
            library.collections.add(name, [])
            library.collections.restrict(name, groups)
        for changes, may in ((EDITORS, (EVE, editor)), (EVERYTHING, (editor,)), (ADMINS, ())):
            for name, change in changes.items():
                for person in (ADA, EVE, editor):
                    assert allowed(change, view(library, person), id) == (person in may), (name, person.id)
        assert all(allowed(change, view(library, ROOT), id) for change in (EDITORS | EVERYTHING).values())
        hidden = ids(library)["ferry"]
        for change in (EDITORS["remove"], EDITORS["correct"], EDITORS["collect"], EDITORS["as it is"]):
            with pytest.raises(NothingThere):
                change(view(library, EVE), hidden)
        with pytest.raises(NothingThere, match="already"):
            view(library, EVE).intake.ingest([], collection="Desk")
        mirror = Path(next(i for i in library._store.ledger.sources() if "mirror" in i))
        view(library, EVE).intake.ingest([mirror], collection="ports")  # a hidden copy
        assert "mirror" not in {Path(one.source).stem for one in copies(view(library, ADA))}
        library.collections.add("open", [id])
        assert not allowed(lambda one, id: one.collections.add("ports", [id]), view(library, EVE), id)
        assert allowed(ADMINS["access"], view(library, ROOT), id)


def test_a_sign_in_that_has_expired_opens_nothing_even_on_a_page_that_is_open(library: ApiLibrary) -> None:
    person = replace(ROOT, expires=datetime.now(UTC) + timedelta(seconds=0.3))
    late = view(library, person)
    until(lambda: person.expired)
    for call in (late.overview, lambda: late.search("a"), late.conversations.heads, late.notebooks.all):
        with pytest.raises(NotAllowed, match="expired"):
            call()  # type: ignore[operator]


def test_the_audit_log_says_who_did_what_and_no_word_of_an_article(library: ApiLibrary) -> None:
    eve, ben = view(library, EVE), view(library, BEN)
    harbour = ids(library)["harbour"]
    eve.signed_in()
    begun = conversation_of(eve, CAPTAIN)
    ben.opened(ids(library)["ferry"])
    eve.intake.mend([harbour], Mending(author="Ida"))
    eve.intake.take_out([harbour])
    eve.intake.put_back([harbour])
    view(library, ROOT).collections.restrict("ports", ["a", "b", "c"])
    told = [(one.person, one.action, one.about) for one in library.audit.entries()]
    assert told[-7:] == [
        ("eve", "sign-in", ""),
        ("eve", "question", begun.id),
        ("ben", "article opened", ids(library)["ferry"]),
        ("eve", "article corrected", harbour),
        ("eve", "article removed", harbour),
        ("eve", "article restored", harbour),
        ("root", "access changed", "ports: a, b, c"),
    ]
    assert ("command line", "access changed", "desk: b") in told
    assert not [
        word for word in (*TOLD, "captain", "42 million") if word in repr(told).replace("desk: b", "")
    ]
