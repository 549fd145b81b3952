"""Mails within mails: nothing that was forwarded is lost."""

from __future__ import annotations

import pytest
from reading_examples import BODY, TITLES

from rag.reading import read_bytes
from rag.types import Article

INNER = "\n\n".join(BODY["en"])
HEAD = "Subject: Fwd: {}\nContent-Type: {}\n\n"


def articles(mail: str) -> list[Article]:
    found = list(read_bytes(mail.encode(), "/a/one.eml", ".eml"))
    assert all(isinstance(part, Article) for part in found), found
    return [part for part in found if isinstance(part, Article)]


@pytest.mark.parametrize(
    "mark",
    [
        "-- \nPer Holm\n\n---------- Forwarded message ---------\nFrom: Anna Lund <a@coast.example>",
        "________________________________\nFrom: Anna Lund\nSent: Tuesday",
        "________________________________\nDe : Anna Lund",
        "-- \nPer Holm\n发件人：Anna Lund",
    ],
)
def test_a_mail_that_is_forwarded_below_a_signature_is_read(mark: str) -> None:
    (found,) = articles(HEAD.format(TITLES["en"], "text/plain") + f"Please read this.\n\n{mark}\n\n{INNER}")
    assert found.text.startswith("Please read this.")
    assert found.text.endswith(BODY["en"][-1])


@pytest.mark.parametrize("own", ["", "Content-Type: text/plain\n\n\n"])
def test_a_mail_without_words_of_its_own_gives_those_that_it_forwards(own: str) -> None:
    inner = f"Content-Type: message/rfc822\n\nSubject: {TITLES['en']}\n\n{INNER}\n"
    parts = "".join(f"--BB\n{part}\n" for part in (own, inner) if part)
    (found,) = articles(HEAD.format("", 'multipart/mixed; boundary="BB"') + parts + "--BB--\n")
    assert (found.title, found.text) == (TITLES["en"], INNER)
