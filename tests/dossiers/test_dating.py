"""The date that a sentence of an article tells."""

from __future__ import annotations

from datetime import date

import pytest

from rag.dossiers.dating import EventDate, event_date

PUBLISHED = date(2022, 10, 12)


@pytest.mark.parametrize(
    ("language", "sentence", "when"),
    [
        ("en", "On 21 August 1973 the two countries opened relations.", EventDate(1973, 8, 21)),
        ("en", "The plan of 2021 was signed in March 2020.", EventDate(2020, 3)),
        ("fr", "Le traité a été conclu le 18 juillet 1977.", EventDate(1977, 7, 18)),
        ("ru", "В 2002 году страна стала независимой.", EventDate(2002)),
        ("vi", "Hai nước lập quan hệ ngoại giao ngày 24/6/1967.", EventDate(1967, 6, 24)),
        ("zh", "2018年12月3日,双方举行第四次对话。", EventDate(2018, 12, 3)),
        # without a year: the last such day, or one shortly ahead
        ("en", "The ministers met on Tuesday 11 October.", EventDate(2022, 10, 11, inferred=True)),
        ("en", "The ministers will meet on 3 November.", EventDate(2022, 11, 3, inferred=True)),
        ("en", "The flood came on 24 December.", EventDate(2021, 12, 24, inferred=True)),
        # the year stands elsewhere in the sentence, and the article's date agrees
        ("en", "In 2022, the bridge was opened on 2 May.", EventDate(2022, 5, 2)),
        ("zh", "明年是两国建交五十周年。", EventDate(2023, inferred=True)),
        ("en", "Yesterday the ship left.", EventDate(2022, 10, 11, inferred=True)),
        ("en", "The ship is 90 metres long.", None),
    ],
)
def test_the_most_exact_date_is_reported(language: str, sentence: str, when: EventDate | None) -> None:
    assert event_date(sentence, language, PUBLISHED) == when


def test_without_a_date_of_publication_no_year_is_inferred() -> None:
    assert event_date("The ministers met on Tuesday 11 October.", "en", None) is None
