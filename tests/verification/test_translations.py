"""A translation and its original: what is missing or new, sentence by sentence."""

from __future__ import annotations

import json
from datetime import date
from importlib.resources import files
from itertools import permutations

import pytest
from offenders import assert_none

from rag.locales.catalogue import LOCALES
from rag.verification.translations import discrepancies

ORIGINAL = (
    "Le 12 octobre 2022, 184 soldats sont partis pour Abyei. Ils reviendront en mars 2024."
    " Le Vietnam a payé 42 millions de dollars."
)
TRUE = {
    "en": "On 12 October 2022, 184 soldiers left for Abyei. They will return in March 2024."
    " Vietnam has paid 42 million dollars.",
    "zh": "2022年10月12日，184名士兵前往阿卜耶伊。他们将于2024年3月返回。越南支付了4200万美元。",
    "vi": "Ngày 12 tháng 10 năm 2022, 184 binh sĩ lên đường đến Abyei. Họ sẽ trở về vào tháng 3 năm 2024."
    " Việt Nam đã chi 42 triệu đô la.",
    "ru": "12 октября 2022 года 184 солдата отправились в Абьей. Они вернутся в марте 2024 года."
    " Вьетнам заплатил 42 миллиона долларов.",
}


def found_in(text: str, language: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    found = discrepancies(ORIGINAL, "fr", text, language, date(2023, 1, 1))
    assert found is not None
    return [(text[one.start : one.end], one.missing, one.added) for one in found]


@pytest.mark.parametrize("language", sorted(TRUE))
def test_a_true_translation_has_no_discrepancy(language: str) -> None:
    assert found_in(TRUE[language], language) == []


@pytest.mark.parametrize(
    ("language", "figure"), [("en", "184 "), ("zh", "184名"), ("vi", "184 "), ("ru", "184 ")]
)
def test_a_dropped_figure_is_named_under_its_sentence(language: str, figure: str) -> None:
    ((sentence, missing, added),) = found_in(TRUE[language].replace(figure, ""), language)
    assert missing == ("184",) and added == ()
    assert sentence.startswith(TRUE[language][:6])


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("en", "March 2024", "March 2025"),
        ("zh", "2024年3月", "2025年3月"),
        ("vi", "tháng 3 năm 2024", "tháng 3 năm 2025"),
        ("ru", "марте 2024", "марте 2025"),
    ],
)
def test_a_changed_date_is_missing_and_new(language: str, right: str, wrong: str) -> None:
    ((sentence, missing, added),) = found_in(TRUE[language].replace(right, wrong), language)
    assert wrong in sentence
    assert any("2024" in value for value in missing) and any("2025" in value for value in added)


def test_a_changed_country_is_missing_and_new() -> None:
    ((sentence, missing, added),) = found_in(TRUE["en"].replace("Vietnam", "Thailand"), "en")
    assert (sentence, missing, added) == (
        "Thailand has paid 42 million dollars.",
        ("Vietnam",),
        ("Thailand",),
    )


def test_a_figure_that_moved_to_another_sentence_is_named_in_both() -> None:
    moved = TRUE["en"].replace("184 soldiers", "soldiers").replace("They will", "The 184 will")
    assert [(missing, added) for _, missing, added in found_in(moved, "en")] == [
        (("184",), ()),
        ((), ("184",)),
    ]


def test_an_omitted_sentence_is_named_where_the_one_before_it_stands() -> None:
    short = TRUE["en"].replace(" Vietnam has paid 42 million dollars.", "")
    ((sentence, missing, _),) = found_in(short, "en")
    assert sentence == "They will return in March 2024."
    assert "Vietnam" in missing and any("42" in value for value in missing)


def test_a_language_whose_figures_are_not_read_is_not_compared() -> None:
    assert discrepancies("Ein Kai mit 12 Schiffen.", "de", "A quay with 13 ships.", "en") is None
    assert discrepancies("", "fr", "", "en") == ()
    assert discrepancies("12 navires.", "fr", "", "en") is not None


@pytest.mark.slow
def test_few_true_translations_of_news_are_accused() -> None:
    rows = json.loads((files("rag.embedding") / "parallel_sentences.json").read_text("utf-8"))["statements"]
    wrong, accused = [], 0
    for ours, theirs in permutations(sorted(LOCALES), 2):
        for first in range(0, len(rows), 4):
            four = rows[first : first + 4]
            text = " ".join(row[theirs] for row in four)
            accused += len(discrepancies(" ".join(row[ours] for row in four), ours, text, theirs) or ())
            figure = four[0][theirs] + (" 98765." if theirs != "zh" else "98765。")
            changed = " ".join([figure, *(row[theirs] for row in four[1:])])
            found = discrepancies(" ".join(row[ours] for row in four), ours, changed, theirs) or ()
            wrong += [changed] * (not any("98765" in value for one in found for value in one.added))
    assert accused <= 0.03 * 20 * len(rows)
    assert_none(wrong)
