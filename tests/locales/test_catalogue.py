"""Every language has every text, with the same placeholders; every code that is used has a text."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

import rag.errors
from rag.locales.catalogue import LOCALES, locale_of, sections, texts

ROOT = Path(rag.errors.__file__).parent
OTHERS = sorted(set(LOCALES) - {"en"})
ENGLISH_ONLY = {"commands"}
"""What only commands say, which speak English."""
ERRORS = {name for name, value in vars(rag.errors).items() if isinstance(value, type)} | {"UnknownHost"}
CODES = texts("messages", "en") | texts("commands", "en")


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each text of a catalogue with its path; the forms of a plural are one."""
    if isinstance(value, dict) and not isinstance(value.get("other"), str):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    else:
        yield path, value


def shared(language: str) -> dict[tuple[str, ...], Any]:
    own = ENGLISH_ONLY | {"number_scales"}  # a language names powers of ten of its own
    return {path: text for path, text in leaves(dict(sections(language))) if path[0] not in own}


def places(text: Any) -> set[str]:
    if isinstance(text, dict):
        return places(text["other"])
    if isinstance(text, list):
        return {name for one in text for name in places(one)}
    return {name for _, name, _, _ in Formatter().parse(str(text)) if name is not None}


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_text_in_the_same_order_with_the_same_placeholders(language: str) -> None:
    english, other = shared("en"), shared(language)
    assert list(other) == list(english)
    for path, text in english.items():
        assert places(other[path]) == places(text), path
        assert type(other[path]) is type(text), path


@pytest.mark.parametrize("language", LOCALES)
def test_plurals_have_the_forms_of_their_language(language: str) -> None:
    categories = {*locale_of(language).plural_form.tags, "other"}
    for path, text in shared(language).items():
        if isinstance(text, dict):
            assert set(text) <= categories, path
            assert all(places(form) == places(text) for form in text.values()), path


def used() -> Iterator[tuple[str, str, set[str]]]:
    """Each literal code in rag/, with its place and the names of its values."""
    for module in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id=name)) if name in ERRORS | {"kind"}:
                    pass
                case ast.Call(func=ast.Attribute(value=ast.Name(id="Message"), attr="of")):
                    pass
                case _:
                    continue
            if node.args and isinstance(node.args[0], ast.Constant):
                values = {word.arg for word in node.keywords if word.arg} - {"collection"}
                yield f"{module.name}:{node.lineno}", str(node.args[0].value), values


def test_every_code_in_the_source_has_a_text_with_its_values() -> None:
    found = list(used())
    assert len(found) > 150
    for place, code, values in found:
        assert code in CODES, place
        assert values == places(CODES[code]) | ({"n"} if isinstance(CODES[code], dict) else set()), place
