"""A message is a code and values; words come last."""

import pickle

import pytest

from rag.errors import BylineError, LibraryBusy
from rag.locales.catalogue import LOCALES
from rag.locales.message import Message, from_json, render, to_json, verbatim

BUSY = Message.of("busy", folder="/a/b", owner=Message.of("busy_process", number="1200"))
CLAIMS = (Message.of("claim_name", text="Hanoi"), Message.of("claim_day", text="5 May"))
NESTED = Message.of("claims_in_none_cited", claims=CLAIMS)


def test_a_message_words_its_values_in_each_language() -> None:
    assert str(BUSY) == (
        "The library in /a/b is in use by process 1200. Close it first, or name another folder with --data."
    )
    assert render(BUSY, "fr") == (
        "La bibliothèque de /a/b est utilisée par le processus 1200. Fermez-la d’abord, ou indiquez un autre"
        " dossier avec --data."
    )
    assert render(NESTED, "en") == "the name “Hanoi” and the day “5 May” were not found in the cited passages"
    assert render(NESTED, "zh") == "名称“Hanoi”和日期“5 May”：均未在所引段落中找到"


def test_numbers_are_written_as_the_reader_writes_them_and_identifiers_are_not() -> None:
    size = Message.of("many_files", n=10_000)
    assert "10,000" in str(size)
    assert "10\u202f000" in render(size, "fr")
    assert "(404)" in render(Message.of("gone", status="404"), "ru")


@pytest.mark.parametrize(("n", "form"), [(1, "1 статья ждёт"), (3, "3 статьи ждут"), (5, "5 статей ждут")])
def test_a_count_chooses_the_plural_form(n: int, form: str) -> None:
    assert render(Message.of("fault_pending", n=n), "ru").startswith(form)


@pytest.mark.parametrize("message", [BUSY, NESTED, Message.of("too_long_said", name="m", said="{0} **x**")])
def test_a_message_comes_back_from_json_and_from_another_process(message: Message) -> None:
    assert from_json(to_json(message)) == message
    assert pickle.loads(pickle.dumps(message)) == message
    assert hash(from_json(to_json(message))) == hash(message)


def test_values_are_shown_as_they_are() -> None:
    hostile = "{0.__class__} {name} **x**"
    assert hostile in render(Message.of("ollama_busy", said=hostile), "ru")


@pytest.mark.parametrize("text", ["It is empty.", "", "{not json", '{"code": 1}'])
def test_a_text_of_an_older_version_is_shown_as_it_is(text: str) -> None:
    for language in LOCALES:
        assert render(from_json(text), language) == text
    assert render(verbatim(text), "xx") == text


def test_a_message_of_a_newer_version_still_shows() -> None:
    assert str(Message.of("unheard_of", n=1)) == "unheard_of"
    assert "…" in str(Message("busy", {"folder": "/a"}))


def test_an_error_keeps_its_message_between_processes() -> None:
    error = pickle.loads(pickle.dumps(LibraryBusy(BUSY)))
    assert isinstance(error, LibraryBusy)
    assert (error.message, str(error)) == (BUSY, str(BUSY))
    assert BylineError("busy_another").message == Message("busy_another")
