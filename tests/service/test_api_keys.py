from __future__ import annotations

import os
from pathlib import Path

import pytest

from rag.errors import NothingThere, NotPermitted
from rag.service.api_keys import ApiKeys


def test_a_key_is_found_by_its_secret_until_it_is_revoked(tmp_path: Path) -> None:
    keys = ApiKeys(tmp_path)
    assert keys.find("byline-x") is None and not list(tmp_path.iterdir()), "no file before the first key"
    key = keys.create("a program", ["ports"])
    found = ApiKeys(tmp_path).find(key)
    assert found is not None and (found.name, found.collections) == ("a program", ("ports",))
    assert keys.find(key + "x") is None and keys.find("") is None
    keys.revoke("a program")
    assert keys.find(key) is None and keys.all() == []


def test_the_file_does_not_hold_the_secret_and_is_private(tmp_path: Path) -> None:
    key = ApiKeys(tmp_path).create("a program")
    (file,) = tmp_path.glob("keys.sqlite")
    assert (
        key.encode() not in file.read_bytes()
        and key.removeprefix("byline-").encode() not in file.read_bytes()
    )
    if hasattr(os, "geteuid"):
        assert file.stat().st_mode & 0o077 == 0


def test_names_are_unique_and_readable(tmp_path: Path) -> None:
    keys = ApiKeys(tmp_path)
    keys.create("a")
    for name in ("a", " a ", "", "\n", "x" * 81, "\x1b[31m"):
        with pytest.raises(NothingThere):
            keys.create(name)
    with pytest.raises(NothingThere, match="There are: a"):
        keys.revoke("b")


def test_a_damaged_file_lets_nobody_in(tmp_path: Path) -> None:
    key = ApiKeys(tmp_path).create("a")
    (tmp_path / "keys.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(NotPermitted, match=r"keys\.sqlite is damaged"):
        ApiKeys(tmp_path).find(key)


@pytest.mark.parametrize(
    ("name", "altered"),
    [(b"program", b"pro\xffram"), (b'["ports"]', b'["ports",'), (b"keys", b"kegs"), (b"T", b"\xff")],
)
def test_altered_bytes_let_nobody_in_and_are_told(tmp_path: Path, name: bytes, altered: bytes) -> None:
    key = ApiKeys(tmp_path).create("a program", ["ports"])
    file = tmp_path / "keys.sqlite"
    file.write_bytes(file.read_bytes().replace(name, altered))
    for use in (ApiKeys(tmp_path).all, lambda: ApiKeys(tmp_path).find(key)):
        with pytest.raises(NotPermitted, match=r"keys\.sqlite is damaged .* make new keys"):
            use()


def test_an_emptied_file_has_no_keys_and_takes_new_ones(tmp_path: Path) -> None:
    key = ApiKeys(tmp_path).create("a")
    (tmp_path / "keys.sqlite").write_bytes(b"")
    assert ApiKeys(tmp_path).find(key) is None and ApiKeys(tmp_path).all() == []
    assert ApiKeys(tmp_path).find(ApiKeys(tmp_path).create("b")) is not None
