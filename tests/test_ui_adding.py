from __future__ import annotations

import pytest

from rag.documents import Skipped
from rag.ingesting import Report
from rag.ui.adding import told
from rag.ui.strings import LOCALES, strings


def test_a_report_in_a_line() -> None:
    report = Report(added=2, unchanged=1, skipped=[Skipped("a", "why")], stopped=True)
    said = told(report, strings("en"))
    assert said == "2 articles added · 1 unchanged · 1 skipped · Stopped; what came in before stays"


@pytest.mark.parametrize("language", LOCALES)
def test_nothing_to_do_is_said(language: str) -> None:
    assert told(Report(), strings(language)) == strings(language).report_nothing
