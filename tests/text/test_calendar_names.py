"""Names of months and weekdays, as articles write them."""

from __future__ import annotations

import pytest

from rag.text.calendar_names import LANGUAGES, month_names, weekday_names


@pytest.mark.parametrize(
    ("language", "name", "number"),
    [
        ("en", "september", 9),
        ("en", "sept", 9),
        ("fr", "août", 8),
        ("fr", "aout", 8),
        ("fr", "janv", 1),
        ("ru", "май", 5),
        ("ru", "мая", 5),
        ("ru", "октябре", 10),
        ("ru", "октябрём", 10),
        ("ru", "августом", 8),
        ("ru", "сен", 9),
        ("vi", "tháng 3", 3),
        ("vi", "tháng 03", 3),
        ("vi", "tháng mười hai", 12),
        ("zh", "十二月", 12),
        ("de", "märz", 3),
        ("es", "enero", 1),
    ],
)
def test_a_month_is_known_in_the_forms_that_articles_use(language: str, name: str, number: int) -> None:
    assert month_names(language)[name] == number


@pytest.mark.parametrize(
    ("language", "name", "number"),
    [
        ("en", "monday", 0),
        ("fr", "dimanche", 6),
        ("ru", "среду", 2),
        ("ru", "пятницей", 4),
        ("ru", "воскресенья", 6),
        ("ru", "понедельникам", 0),
        ("vi", "thứ năm", 3),
        ("vi", "thứ 5", 3),
        ("zh", "星期天", 6),
        ("zh", "礼拜天", 6),
        ("zh", "週三", 2),
    ],
)
def test_a_weekday_is_known_in_the_forms_that_articles_use(language: str, name: str, number: int) -> None:
    assert weekday_names(language)[name] == number


@pytest.mark.parametrize("names", [month_names, weekday_names])
def test_no_name_stands_for_two_things(names) -> None:
    together = names()
    for language in LANGUAGES:
        assert names(language).items() <= together.items()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_and_weekday_has_a_name(language: str) -> None:
    assert set(month_names(language, abbreviated=False).values()) == set(range(1, 13))
    assert set(weekday_names(language, abbreviated=False).values()) == set(range(7))


def test_abbreviations_are_left_out_where_they_would_be_words() -> None:
    assert "mer" in weekday_names("fr")
    assert "mer" not in weekday_names("fr", abbreviated=False)
    assert "mar" not in month_names("en", abbreviated=False)


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(KeyError):
        month_names("it")
