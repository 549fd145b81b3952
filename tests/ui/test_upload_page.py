from __future__ import annotations

import pytest

from rag.ingestion.report import Report
from rag.locales.catalogue import LOCALES
from rag.locales.message import verbatim
from rag.types import Skipped
from rag.ui.added_report import summary
from rag.ui.strings import strings


def test_a_report_in_a_line() -> None:
    report = Report(added=2, unchanged=1, skipped=[Skipped("a", verbatim("why"))], stopped=True)
    said = summary(report, strings("en"))
    assert said == "2 articles added · 1 unchanged · 1 skipped · Stopped; articles already added are kept"


@pytest.mark.parametrize("language", LOCALES)
def test_nothing_to_do_is_said(language: str) -> None:
    assert summary(Report(), strings(language)) == strings(language).adding.report_nothing
