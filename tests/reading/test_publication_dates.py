"""Dates of publication: every way a page states one, and none where it does not."""

from __future__ import annotations

from datetime import date

import pytest

from rag.reading.cleaning.publication_dates import datelines, find_date, parse_date

TODAY = date(2026, 1, 1)
DAY = date(2021, 3, 12)
PROSE = "The council of the island voted to keep the ferry, which has run since the spring."


@pytest.mark.parametrize(
    "line",
    [
        "2021-03-12",
        "2021-03-12T09:00:00+07:00",
        "2021/03/12 10:11",
        "12.03.2021",
        "12 March 2021",
        "12th March 2021",
        "12-Mar-2021",
        "Mar. 12, 2021",
        "Friday, March 12, 2021 at 9:00 AM EST",
        "Published: 12 March 2021",
        "12 March 2021 , Ellen Marsh",
        "Published 12 March 2021, updated 14 March 2021",
        "Updated 14 March 2021, published on 12 March 2021",
        "By Jane Doe | March 12, 2021",
        "Reuters | 12 March 2021 09:00 GMT",
        "2021年3月12日",
        "２０２１年３月１２日 星期五",
        "2021年3月12日 09:00 来源：海岸日报",
        "发布时间：2021-03-12 10:11",
        "发布时间：2021-03-12 10:11　来源：海岸日报　浏览次数：1,233次　【字号：大 中 小】",
        "12 mars 2021",
        "Publié le 12 mars 2021 à 09h00",
        "Par Jean Petit, le 12 mars 2021",
        "09:00 | 12/03/2021",
        "Thứ Sáu, 12/03/2021 | 09:00 GMT+7",
        "Thứ sáu, ngày 12 tháng 3 năm 2021",
        "12 tháng Ba 2021",
        "Cập nhật lúc 09:00, 12/03/2021",
        "12 марта 2021 года, 09:00",
        "Опубликовано: 12.03.2021",
        "Пятница, 12 марта 2021 г.",
        "12. März 2021",
        "12 de marzo de 2021",
    ],
)
def test_a_dateline_states_the_day(line: str) -> None:
    assert find_date(["", line, "", PROSE], "vi", TODAY) == DAY
    assert find_date([PROSE, line, PROSE], "vi", TODAY) == DAY


def test_the_first_of_the_month_in_french() -> None:
    assert parse_date("le 1er mars 2021", "fr", TODAY) == date(2021, 3, 1)


@pytest.mark.parametrize(
    "line",
    [
        "On 12 March 2021 the harbour reopened.",
        "The crisis of 12 March 2021",
        "12 March 2021 – the day it all began",
        "Berlin, 9 November 1989",
        "Le 12 mars 2021, le port a rouvert ses portes",
        "2021年3月12日，港口重新开放。",
        "Ngày 12 tháng 3 năm 2021, cảng mở cửa trở lại.",
        "12 марта 2021 года порт снова открылся.",
        "March 2021",
        "2021",
        "12/03",
        "Tel. 12 03 2021 77",
        "31/02/2021",
        "12/03/2099",
        "Version 1.2.2021.5",
        "",
    ],
)
def test_no_other_line_states_one(line: str) -> None:
    assert find_date([line, PROSE], "fr", TODAY) is None


def test_a_date_far_down_is_not_that_of_publication() -> None:
    assert find_date([PROSE] * 10 + ["12 March 2021"], "en", TODAY) is None


def test_a_day_to_come_is_not_that_of_publication() -> None:
    assert find_date(["12 March 2021"], "en", date(2021, 3, 11)) is None
    assert find_date(["12 March 2021"], "en", date(2021, 3, 12)) == DAY


def test_days_and_months_that_could_be_either_are_not_guessed_in_english() -> None:
    assert find_date(["03/04/2021"], "en", TODAY) is None
    assert find_date(["03/04/2021"], "fr", TODAY) == date(2021, 4, 3)
    assert find_date(["03/13/2021"], "en", TODAY) == date(2021, 3, 13)
    assert find_date(["04/04/2021"], "en", TODAY) == date(2021, 4, 4)


@pytest.mark.parametrize("line", ["12. Dez. 2020", "12 dic 2020", "12. Dezember 2020"])
def test_short_names_of_months(line: str) -> None:
    assert find_date([line], "de", TODAY) == date(2020, 12, 12)


def test_the_headings_of_a_chronology_are_not_datelines() -> None:
    lines = ["12 March 2021", "The pier is built.", "14 May 2022", "The ferry returns."]
    assert datelines(lines) == []
    assert find_date(lines, "en", TODAY) is None
    assert find_date(["Published 2 June 2023", *lines], "en", TODAY) == date(2023, 6, 2)


def test_many_days_at_the_top_are_those_of_other_articles() -> None:
    posts = [f"{day}/03/21, 02:31 pm" for day in (24, 22, 20)]
    assert find_date([*posts, PROSE], "de", TODAY) is None
    assert find_date([posts[0], posts[1], PROSE], "de", TODAY) == date(2021, 3, 24), "published and updated"


def test_a_heading_further_down_makes_a_chronology_too() -> None:
    lines = ["Le 12 mars 2021", *[PROSE] * 12, "Le 14 mai 2022", PROSE]
    assert find_date(lines, "fr", TODAY) is None


@pytest.mark.parametrize(
    "value", ["2021-03-12 00:00:00", "2021-03-12T23:59:59Z", "Fri, 12 Mar 2021 09:00:00 GMT"]
)
def test_values_of_front_matter_and_tags(value: str) -> None:
    assert parse_date(value, today=TODAY) == DAY
