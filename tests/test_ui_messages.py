"""Every error, reason and warning that the core can give is told in the interface's language.

What it can give is read from its source: the texts of errors that are raised, of skipped files, of progress
and of the check, with something in place of what is filled in.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, product
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

import rag.errors
from rag import answering, draft, refusing
from rag.checking import support
from rag.checking.claims import Kind
from rag.reading.encoding import _SIGNATURES
from rag.ui import messages
from rag.ui.strings import LOCALES, strings

ROOT = Path(rag.errors.__file__).parent
MODULES = sorted(
    path
    for path in ROOT.rglob("*.py")
    if path.relative_to(ROOT).parts[0] not in {"ui", "evaluating", "cli.py"}
)
"""The evaluations and the command line speak to those who type commands, in English."""
ERRORS = {name for name, value in vars(rag.errors).items() if isinstance(value, type)}
GIVEN = {"Skipped": 1, "Unread": 1, "Progress": 0, "kind": 0} | dict.fromkeys(ERRORS, 0)
"""What takes a message, and which of its arguments that is; `kind` is an error chosen before."""
OTHERS = sorted(set(LOCALES) - {"en"})
FILLED = "Xq7"
Scope = Mapping[str, Sequence[ast.expr]]


class Unknown(str):
    """A part of a message that the source does not tell."""


def texts_of(module: Path) -> Iterator[tuple[str, str]]:
    """Each message that a module gives, with its place."""
    tree = ast.parse(module.read_text("utf-8"))
    scope = _scope(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GIVEN:
            place = GIVEN[node.func.id]
            if len(node.args) > place:
                for text in _texts(node.args[place], scope):
                    if not isinstance(text, Unknown):
                        yield f"{module.name}:{node.lineno}", text


def _scope(tree: ast.Module) -> Scope:
    """What names stand for, and what functions return."""
    found: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found.setdefault(target.id, []).append(node.value)
        if isinstance(node, ast.FunctionDef):
            returned = [n.value for n in ast.walk(node) if isinstance(n, ast.Return) and n.value]
            found.setdefault(f"{node.name}()", []).extend(returned)
    return found


def _texts(node: ast.expr, scope: Scope) -> Iterator[str]:
    """What an expression may be; `Unknown` where only running it tells."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=one, orelse=other) | ast.BoolOp(values=[one, other]):
            yield from _texts(one, scope)
            yield from _texts(other, scope)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _put_together([left, right], scope)
        case ast.JoinedStr(values=parts):
            yield from _put_together(parts, scope)
        case ast.FormattedValue(value=value):
            yield from (text or FILLED for text in _texts(value, scope))
        case ast.Name(id=name) if name in scope:
            for value in scope[name]:
                yield from _texts(value, scope)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if f"{name}()" in scope:
            for value in scope[f"{name}()"]:
                yield from _texts(value, {})
        case _:
            yield Unknown()


def _put_together(parts: Sequence[ast.expr], scope: Scope) -> Iterator[str]:
    """A text of several parts, in all its forms, as far as they can be counted."""
    known = [
        [FILLED if isinstance(text, Unknown) else text for text in _texts(part, scope)] for part in parts
    ]
    yield from islice(map("".join, product(*known)), 50)


def _is_message(text: str) -> bool:
    return " " in text.replace(FILLED, "").strip()


SAID = sorted({(text, place) for module in MODULES for place, text in texts_of(module) if _is_message(text)})
REASONS = [
    *(support._MISNAMED.format("1, 2"), support._OTHERWISE, support._UNCLEAR, support._AGAINST.format("3")),
    *(f"the {kind} “{FILLED}” is in no cited passage" for kind in get_args(Kind)),
    f"the year “{FILLED}” is in passage 2; the name “A, B”, the day “5 May” are in no cited passage",
    *(f"the name “{FILLED}” is in no passage", f"the day “{FILLED}”, the year “3” are in no passage"),
]
WARNINGS = [answering._CUT, answering._PROMPT_CUT, draft._LOOPED]
KINDS = [f"It is {kind}, not text: save it as PDF, or as text." for kind in _SIGNATURES.values()]


def test_the_source_is_read() -> None:
    texts = [text for text, _ in SAID]
    assert len(set(texts)) > 120
    assert "The disk is full: make room and try again; what has come is kept." in texts
    assert any(text.startswith("It is a scanned page") for text in texts)
    assert f'The Ollama server is busy: "{FILLED}". Ask again in a moment.' in texts


@pytest.mark.parametrize("text", [*dict.fromkeys(text for text, _ in SAID), *REASONS, *WARNINGS, *KINDS])
def test_what_the_core_says_is_told_in_every_language(text: str) -> None:
    for language in OTHERS:
        told = messages.told(text, strings(language))
        assert told != text, f"no wording in rag/ui/messages: {text}"
        assert told.count(FILLED) >= min(1, text.count(FILLED)), (text, told)
    assert messages.told(text, strings("en")) == text


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_has_every_message_with_the_same_places_in_it(language: str) -> None:
    english, other = messages.wordings("en"), messages.wordings(language)
    assert list(other) == list(english)
    for code, text in english.items():
        assert _places(other[code]) == _places(text), code
        assert other[code] != text or code == "also", code


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_a_message_keeps_its_values_and_the_messages_in_it() -> None:
    busy = "The library in /a/b is in use by process 12. Close it first, or name another folder with --data."
    assert messages.told(busy, strings("fr")) == (
        "La bibliothèque de /a/b est utilisée par le processus 12. Fermez-la d’abord, ou indiquez un autre"
        " dossier avec --data."
    )
    reason = "the name “Hanoi”, the day “5 May” are in no cited passage"
    assert messages.told(reason, strings("fr")) == (
        "le nom « Hanoi » et le jour « 5 May » : dans aucun passage cité"
    )
    assert messages.told(f"the year “2019” is in passage 2; {reason}", strings("zh")) == (
        "年份“2019”：见段落 2；名称“Hanoi”和日期“5 May”：所引段落中都没有"
    )


def test_values_are_shown_as_they_are() -> None:
    hostile = "{0.__class__} {name} **x**"
    text = f'The Ollama server is busy: "{hostile}". Ask again in a moment.'
    assert hostile in messages.told(text, strings("ru"))


def test_what_nobody_knows_stays_as_it_is() -> None:
    for text in ("", "Something else altogether.", "a; b"):
        assert messages.told(text, strings("vi")) == text


@pytest.mark.parametrize("spoken", sorted(LOCALES))
@pytest.mark.parametrize("language", sorted(LOCALES))
def test_advice_is_told_in_the_interfaces_language(spoken: str, language: str) -> None:
    names = ["Kestrel Bay", "Ānanda"]
    for texts in refusing.ADVICE.values():
        said = texts[spoken].format(names=refusing.quoted(names, spoken), title="A “title”")
        wanted = texts[language].format(names=refusing.quoted(names, language), title="A “title”")
        assert messages.advice([said], spoken, strings(language)) == [wanted]
    assert messages.refusal(refusing.NOT_FOUND[spoken], strings(language)) == strings(language).not_found
