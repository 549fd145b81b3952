"""Messages: a code of the catalogue and the values of its placeholders, rendered when the text is shown.

Errors, reasons, warnings, advice and progress labels are stored, and sent between processes, as messages. The
command line renders them in English, the page in the reader's language.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, Union

from rag.locales.catalogue import locale_of, texts

Value: TypeAlias = Union[str, int, float, "Message", tuple["Message", ...]]
"""Numbers are formatted for the reader; identifiers (ports, statuses, passage numbers) are strings."""

VERBATIM = "verbatim"
"""The code of a text that is shown unchanged in every language."""


@dataclass(frozen=True, slots=True)
class Message:
    """A code of the catalogue's messages and the values of its placeholders. `str` renders it in English."""

    code: str
    values: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def of(cls, code: str, /, **values: object) -> Message:
        """Build a message; a value that is no `Value` (a path, an exception) is converted to a string."""
        return cls(code, {name: _value(value) for name, value in values.items()})

    def __str__(self) -> str:
        return render(self, "en")

    def __hash__(self) -> int:
        return hash((self.code, *sorted(self.values)))


def verbatim(text: str) -> Message:
    """Wrap a text from outside, or one that a version without messages stored."""
    return Message(VERBATIM, {"text": text})


def render(message: Message, language: str) -> str:
    """Render a message in a language; in English where Byline has no texts in it."""
    wordings = texts("messages", language)
    wording = wordings.get(message.code) or texts("commands", "en").get(message.code, message.code)
    if isinstance(wording, Mapping):  # by plural category of the value `n`
        wording = wording.get(
            locale_of(language).plural_form(_count(message.values.get("n"))), wording["other"]
        )
    values = {name: _rendered(value, language) for name, value in message.values.items()}
    return str(wording).format_map(_Filled(values))


def render_all(messages: Sequence[Message], language: str) -> list[str]:
    """Render each of several messages."""
    return [render(message, language) for message in messages]


def to_data(message: Message) -> dict[str, Any]:
    """Convert a message to a JSON object: `{"code": ..., "values": {...}}`."""
    return {"code": message.code, "values": {name: _plain(value) for name, value in message.values.items()}}


def from_data(data: object) -> Message:
    """Convert an object of `to_data` to a message; a string is taken verbatim. Raises ValueError."""
    match data:
        case str(text):
            return verbatim(text)
        case {"code": str(code), "values": dict(values)}:
            return Message(code, {str(name): _from_plain(value) for name, value in values.items()})
    raise ValueError(f"no message: {data!r:.80}")


def to_json(message: Message) -> str:
    """Serialise a message as one line of JSON, which is equal for equal messages."""
    return json.dumps(to_data(message), ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Message:
    """Parse a line of `to_json`; any other text is taken verbatim."""
    try:
        return from_data(json.loads(text) if text.startswith("{") else text)
    except ValueError:
        return verbatim(text)


def _count(value: Value | None) -> float:
    return value if isinstance(value, int | float) else 0


class _Listed:
    """Several texts in a placeholder: `{names}` joins them with "and", `{names:or}` with "or"."""

    def __init__(self, items: Sequence[str], language: str) -> None:
        self._items, self._language = items, language

    def __format__(self, style: str) -> str:
        from babel.lists import format_list

        locale = locale_of(self._language)
        return format_list(self._items, "or" if style == "or" else "standard", locale)


class _Filled(dict[str, "str | _Listed"]):
    """Values by placeholder; "…" for one that a stored message lacks."""

    def __missing__(self, name: str) -> str:
        return "…"


def _rendered(value: Value, language: str) -> str | _Listed:
    match value:
        case str():
            return value
        case Message():
            return render(value, language)
        case tuple():
            return _Listed(render_all(value, language), language)
        case _:
            from babel.numbers import format_decimal

            return format_decimal(value, locale=locale_of(language))


def _value(value: object) -> Value:
    if isinstance(value, str | int | float | Message):
        return value
    if isinstance(value, tuple) and all(isinstance(one, Message) for one in value):
        return value
    return str(value)


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return [to_data(one) for one in value]
    return to_data(value) if isinstance(value, Message) else value


def _from_plain(value: object) -> Value:
    if isinstance(value, list):
        return tuple(from_data(one) for one in value)
    return from_data(value) if isinstance(value, dict) else _value(value)
