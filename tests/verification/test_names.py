from __future__ import annotations

from time import process_time

import pytest
from looking_up import name_claims, name_verdicts, names_match

PASSAGES = {
    "en": "Deputy Minister Sarah Hoffman met Pham Quoc Bao in Lisbon on Monday. Professor Viktor Morozov of Germany spoke "
    "for the World Health Organization. The Mayor of Porto, Rui Tavares, was absent.",
    "fr": "La vice-ministre Sarah Hoffman a rencontré Pham Quoc Bao à Lisbonne. Le professeur allemand Viktor Morozov a "
    "parlé au nom de l'OMS.",
    "zh": "副部长萨拉·霍夫曼周一在里斯本会见范国宝。德国教授维克托·莫罗佐夫代表世界卫生组织发言。",
    "vi": "Thứ trưởng Sarah Hoffman gặp ông Phạm Quốc Bảo tại Lisbon hôm thứ Hai. Giáo sư Viktor Morozov của Đức phát biểu "
    "thay mặt Tổ chức Y tế Thế giới.",
    "ru": "Заместитель министра Сара Хоффман встретилась с Фам Куок Бао в Лиссабоне. Немецкий профессор Виктор Морозов "
    "выступил от имени ВОЗ.",
}
NAMES = {
    "en": ["Sarah Hoffman", "Hoffman", "Pham Quoc Bao", "Lisbon", "Viktor Morozov", "WHO"],
    "fr": ["Sarah Hoffman", "Pham Quoc Bao", "Lisbonne", "Viktor Morozov", "Allemagne", "OMS"],
    "zh": ["萨拉·霍夫曼", "范国宝", "里斯本", "维克托·莫罗佐夫", "德国", "世卫组织"],
    "vi": ["Sarah Hoffman", "Phạm Quốc Bảo", "Lisbon", "Viktor Morozov", "Đức"],
    "ru": ["Хоффман", "Фам Куок Бао", "Лиссабоне", "Виктора Морозова", "Германии", "ВОЗ"],
}
STRANGE = {
    "en": ["Laura Whitfield", "Tran Duc Hoa", "Nairobi", "Brazil", "Igor Sobolev", "NATO"],
    "fr": ["Laura Whitfield", "Tran Duc Hoa", "Nairobi", "Brésil", "Igor Sobolev", "OTAN"],
    "zh": ["劳拉·惠特菲尔德", "内罗毕", "巴西", "伊戈尔·索博列夫", "北约"],
    "vi": ["Laura Whitfield", "Trần Đức Hòa", "Nairobi", "Brazil", "Igor Sobolev", "NATO"],
    "ru": ["Лауры Уитфилд", "Чан Дык Хоа", "Найроби", "Бразилии", "Игоря Соболева", "НАТО"],
}
ACROSS = [(one, other) for one in PASSAGES for other in PASSAGES]


def statuses(text: str, language: str, passage: str, passage_language: str) -> dict[str, str]:
    found = name_verdicts(text, language, passage, passage_language)
    return {verdict.claim.text: verdict.status for verdict in found}


@pytest.mark.parametrize(("language", "other"), ACROSS)
def test_a_name_is_known_in_every_language_and_script(language: str, other: str) -> None:
    found = {name: names_match(name, language, PASSAGES[other], other) for name in NAMES[language]}
    assert {name: status for name, status in found.items() if status != "held"} == {}


@pytest.mark.parametrize(("language", "other"), ACROSS)
def test_a_name_that_the_passage_lacks_is_absent(language: str, other: str) -> None:
    found = {name: names_match(name, language, PASSAGES[other], other) for name in STRANGE[language]}
    assert {name: status for name, status in found.items() if status != "absent"} == {}


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        (
            "The President of Chile, Ana Robles, flew to New York in May.",
            "en",
            ["Chile", "Ana Robles", "New York"],
        ),
        ("Yesterday French ministers met Lt. Gen. Paul O'Hara.", "en", ["Paul O'Hara"]),
        ("L'ambassadrice d'Italie a reçu Charles de Vries mardi.", "fr", ["Italie", "Charles de Vries"]),
        ("Tổng thống Lê Văn Tám thăm Hà Nội.", "vi", ["Lê Văn Tám", "Hà Nội"]),
        ("Вчера президент Анна Соколова прибыла в Варшаву.", "ru", ["Анна Соколова", "Варшаву"]),
        ("昨天记者陈晓明表示,F-16和乔治·哈里森到了巴黎。", "zh", ["陈晓明", "F-16", "乔治·哈里森", "巴黎"]),
        ("Nothing here has a name, it is Tuesday.", "en", []),
    ],
)
def test_names_are_found_without_titles_peoples_and_days(text: str, language: str, names: list[str]) -> None:
    found = name_claims(text, language)
    assert [claim.text for claim in found] == names
    assert all(text[claim.start : claim.end] == claim.text and claim.kind == "name" for claim in found)


@pytest.mark.parametrize(
    ("name", "passage", "status"),
    [
        ("Peter Lindqvist", "Lindqvist resigned.", "held"),
        ("Maria Lindqvist", "Peter Lindqvist resigned.", "absent"),
        ("P. Lindqvist", "Peter Lindqvist resigned.", "held"),
        ("Lindqvist", "Peter Lindqvist's ship sank.", "held"),
        ("Peter Lindqvist", "Peter Jansen resigned.", "absent"),
        ("Paris", "France and Spain agreed.", "unknown"),
        ("France", "Paris and Madrid agreed.", "unknown"),
        ("Lyon", "Marseille is in France.", "absent"),
        ("Germany", "German ministers agreed.", "held"),
    ],
)
def test_parts_and_other_forms_of_a_name(name: str, passage: str, status: str) -> None:
    assert names_match(name, "en", passage, "en") == status


def test_an_acronym_of_a_name_in_another_language_is_left_open() -> None:
    assert (
        names_match("BERD", "fr", "The European Bank for Reconstruction and Development lent more.", "en")
        == "unknown"
    )


def test_what_is_translated_is_left_open_and_what_is_not_is_not() -> None:
    passage = "国家博物馆周六重新开放。"
    assert names_match("National Museum", "en", passage, "zh") == "unknown"
    assert names_match("Margaret Atkinson", "en", passage, "zh") == "absent"


def test_chinese_leaders_are_known_by_their_readings() -> None:
    for name, language in [("Xi Jinping", "en"), ("Tập Cận Bình", "vi"), ("Си Цзиньпина", "ru")]:
        assert names_match(name, language, "习近平主席周二发表讲话。", "zh") == "held"
        assert names_match(name, language, "李强总理周二发表讲话。", "zh") == "absent"


def test_a_chinese_name_in_its_vietnamese_reading_is_the_one_in_pinyin() -> None:
    assert names_match("Tập Cận Bình", "vi", "President Xi Jinping spoke.", "en") == "held"
    assert names_match("Lý Khắc Cường", "vi", "President Xi Jinping spoke.", "en") == "absent"


def test_one_strange_name_among_known_ones_is_reported() -> None:
    text = "Sarah Hoffman met Laura Whitfield in Lisbon."
    assert statuses(text, "en", PASSAGES["zh"], "zh") == {
        "Sarah Hoffman": "held",
        "Laura Whitfield": "absent",
        "Lisbon": "held",
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["", " ", "\ud800" * 50, "A" * 20000, "阮" * 20000, "克·" * 10000, "Aa " * 7000, "\0"]
)
def test_hostile_text_neither_raises_nor_takes_long(text: str) -> None:
    began = process_time()
    for language in PASSAGES:
        name_verdicts(text, language, PASSAGES["en"], "en")
        name_verdicts("Sarah Hoffman met 范国宝 in Москва.", language, text, language)
    assert process_time() - began < 10
