"""A text that counts something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from babel import Locale
from babel.numbers import format_decimal


@dataclass(frozen=True, slots=True)
class Plural:
    """A text in its plural forms, by CLDR category."""

    locale: Locale
    forms: Mapping[str, str]

    def format(self, n: int, **values: object) -> str:
        """Return the form for `n`, with `{n}` in the language's number format."""
        form = self.forms.get(self.locale.plural_form(n), self.forms["other"])
        return form.format(n=format_decimal(n, locale=self.locale), **values)
