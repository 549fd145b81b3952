"""The wire format of RPC: arguments and results of a Protocol's methods as JSON.

The types are those of the annotations. Pydantic serialises values, and validates what another process sends.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from functools import cache, cached_property
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter

from rag import errors
from rag.errors import BylineError
from rag.locales.message import from_data, to_data


class Codec:
    """Serialises the values of one type to JSON data, and validates data of that type.

    A value of a union of dataclasses is tagged with its class's name, because two classes may have equal
    fields.
    """

    def __init__(self, hint: Any) -> None:
        self._hint = hint

    def to_data(self, value: object) -> Any:
        """Return a value as JSON data."""
        if name := self._members and type(value).__name__:
            return {"type": name, "value": self._members[name].to_data(value)}
        return self._adapter.dump_python(value, mode="json")

    def from_data(self, data: Any) -> Any:
        """Return the value of JSON data. Raises ValueError if the data are invalid."""
        if not self._members:
            return self._adapter.validate_python(data)
        match data:
            case {"type": str(name), "value": value} if name in self._members:
                return self._members[name].from_data(value)
        raise ValueError(f"no {self._hint}: {data!r:.80}")

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self._hint)

    @cached_property
    def _members(self) -> dict[str, Codec]:
        members = get_args(self._hint) if isinstance(self._hint, UnionType) else ()
        return {one.__name__: Codec(one) for one in members} if all(map(is_dataclass, members)) else {}


@dataclass(frozen=True, slots=True)
class Method:
    """A method that another process may call: the codecs of its parameters and of its result.

    `streams`: it returns an iterator, whose items have the type of `result`. `reports`: it also takes
    `on_progress` and `stop`, which are not sent.
    """

    parameters: Mapping[str, Codec]
    result: Codec
    streams: bool
    reports: bool

    def arguments_to_data(self, arguments: Mapping[str, object]) -> dict[str, Any]:
        """Return named arguments as JSON data."""
        return {name: self.parameters[name].to_data(value) for name, value in arguments.items()}

    def arguments_from_data(self, data: Any) -> dict[str, Any]:
        """Return the arguments of JSON data. Raises ValueError, and TypeError for an unknown name."""
        if not isinstance(data, dict) or not data.keys() <= self.parameters.keys():
            raise TypeError(f"no arguments: {data!r:.80}")
        return {name: self.parameters[name].from_data(value) for name, value in data.items()}


@cache
def method_of(protocol: type, name: str) -> Method:
    """Return the public method `name` of a Protocol. Raises AttributeError if there is none."""
    if name.startswith("_"):
        raise AttributeError(name)
    hints = get_type_hints(getattr(protocol, name))
    result, reports = hints.pop("return"), hints.pop("on_progress", None) is not None
    hints.pop("stop", None)
    streams = get_origin(result) is Iterator
    codecs = {parameter: Codec(hint) for parameter, hint in hints.items()}
    return Method(codecs, Codec(get_args(result)[0] if streams else result), streams, reports)


def error_to_data(error: BylineError) -> Any:
    """Return the class name and the message of an error as JSON data."""
    return {"type": type(error).__name__, "message": to_data(error.message)}


def error_from_data(data: Any) -> BylineError:
    """Return the error of JSON data; BylineError for a class that this version lacks. Raises ValueError."""
    match data:
        case {"type": str(name), "message": message}:
            kind = getattr(errors, name, BylineError)
            known = isinstance(kind, type) and issubclass(kind, BylineError)
            return (kind if known else BylineError)(from_data(message))
    raise ValueError(f"no error: {data!r:.80}")
