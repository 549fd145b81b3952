from __future__ import annotations

from fractions import Fraction

import pytest

from rag.verification.figures.digits import readings
from rag.verification.figures.numerals import numerals


def values(text: str, language: str) -> list[Fraction]:
    return [max(numeral.values) for numeral in numerals(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("forty-two", "en", 42),
        ("six hundred and eleven", "en", 611),
        ("nine hundred thousand", "en", 900_000),
        ("two dozen", "en", 24),
        ("seventy-third", "en", 73),
        ("2.4bn", "en", 2_400_000_000),
        ("soixante-seize", "fr", 76),
        ("quatre-vingt-onze", "fr", 91),
        ("quatre-vingts", "fr", 80),
        ("trois cent mille", "fr", 300_000),
        ("mille huit cent douze", "fr", 1812),
        ("dix-huitième", "fr", 18),
        ("trente et unième", "fr", 31),
        ("une vingtaine", "fr", 20),
        ("bốn mươi mốt", "vi", 41),
        ("sáu mươi tư", "vi", 64),
        ("mười lăm", "vi", 15),
        ("ba trăm lẻ tám", "vi", 308),
        ("năm mươi lăm", "vi", 55),
        ("hai triệu rưỡi", "vi", 2_500_000),
        ("2 triệu rưỡi", "vi", 2_500_000),
        ("kéo dài năm năm", "vi", 5),
        ("un troisième navire", "fr", 3),
        ("4 tỷ 300 triệu", "vi", 4_300_000_000),
        ("сорока семи", "ru", 47),
        ("трёхсот", "ru", 300),
        ("шестьсот двенадцать", "ru", 612),
        ("тридцать шестого", "ru", 36),
        ("1,7 млрд", "ru", 1_700_000_000),
        ("полтора миллиона", "ru", 1_500_000),
        ("пятеро", "ru", 5),
        ("四十七", "zh", 47),
        ("两千零六", "zh", 2006),
        ("三万五", "zh", 35_000),
        ("七百二十万", "zh", 7_200_000),
        ("二〇一九", "zh", 2019),
        ("3亿5000万", "zh", 350_000_000),
        ("六点五亿", "zh", 650_000_000),
    ],
)
def test_a_number_is_read_whole(text: str, language: str, value: int) -> None:
    assert values(text, language) == [value]


@pytest.mark.parametrize(
    ("raw", "numbers"),
    [
        ("1,450", {"1450", "1.45"}),
        ("1.450", {"1450", "1.45"}),
        ("3,5", {"3.5"}),
        ("0,125", {"0.125"}),
        ("12 345 678", {"12345678"}),
        ("12.345.678,9", {"12345678.9"}),
        ("1,00,000", {"100000"}),
        ("6½", {"6.5"}),
        ("1.2.3", set()),
        ("9" * 100_000, set()),
    ],
)
def test_both_readings_of_an_ambiguous_number_are_kept(raw: str, numbers: set[str]) -> None:
    assert readings(raw) == {Fraction(number) for number in numbers}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("twenty people, thirty dogs", "en"),
        ("vingt chats, trente chiens", "fr"),
        ("двадцать котов, тридцать собак", "ru"),
        ("hai mươi năm, ba mươi tháng", "vi"),
        ("二十人三十天", "zh"),
    ],
)
def test_two_numbers_stay_two(text: str, language: str) -> None:
    assert values(text, language) == [20, 30]


def test_a_percent_sign_in_words_is_no_hundred() -> None:
    assert values("dix pour cent", "fr") == [10]
    assert values("ba phần trăm", "vi") == [3]
    assert values("百分之七", "zh") == [7]


def test_vietnamese_nam_is_five_only_where_it_must_be() -> None:
    claimed = [n for n in numerals("hai mươi năm trước, năm 1990, năm trăm hộ", "vi") if not n.doubtful]
    assert [max(n.values) for n in claimed] == [20, 1990, 500]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("F-35 and G7 and 5G and H1N1", "en"),
        ("thousands of them", "en"),
        ("了解三亚和四川", "zh"),
        ("周三下午", "zh"),
        ("Thứ ba tới", "vi"),
        ("hàng triệu", "vi"),
    ],
)
def test_what_only_looks_like_a_number_is_loose(text: str, language: str) -> None:
    assert all(numeral.doubtful for numeral in numerals(text, language))
