"""Checks of data that name every row that fails, not only the first."""

from __future__ import annotations

from collections.abc import Iterable


def assert_none(offenders: Iterable[object]) -> None:
    """Fail with one offender a line."""
    found = [str(offender) for offender in offenders]
    assert not found, "\n" + "\n".join(found)
