"""Passages and sentences: exact offsets on any text, and where the cuts fall in each language."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.text.sentences import sentences
from rag.text.splitter import MAX_SENTENCE_TOKENS, MAX_TOKENS, TARGET_TOKENS, estimate_tokens, split
from rag.types import Article, Passage

LANGUAGES = ["en", "fr", "zh", "vi", "ru", "de", "th", ""]

FRAGMENTS = [
    "The harbour reopened", "Le marché, dit-elle,", "港口星期一重新开放", "Bến cảng mở cửa trở lại",
    "Порт снова открылся", "«", "»", "“", "”", "『", "』", '"',
    "(", ")", "（", "）", ".", "!", "?", "…", "。", "！", "？", ";", "；", ",", "，", ":",
    "1.", "3.5", "M.", "TP.", "GS.", "г.", "J. R.", "U.S.",
    " ", "  ", "\n", "\n\n", " \n \n", "\t", "\u00a0", "\u3000", "e\u0301", "\u0301", "\u200d",
    "👩\u200d🚒", "\u0e01\u0e34", "—", "-", "• ", "x" * 700, "国" * 400, "word " * 300,
]  # fmt: skip

texts = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=400),
)


def article(text: str, language: str = "en") -> Article:
    return Article(id="0" * 16, source="/a.txt", title="A", language=language, text=text)


def texts_of(text: str, language: str = "en") -> list[str]:
    return [passage.text for passage in split(article(text, language))]


def sentence_texts(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


def assert_spans(text: str, spans: list[tuple[int, int]]) -> None:
    """The spans are in order, apart, trimmed, and leave nothing but white space out."""
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        starts_inside = start > 0 and not text[start - 1].isspace()
        assert not (starts_inside and unicodedata.category(text[start]).startswith("M"))
        at = end
    assert not text[at:].strip()


@given(text=texts, language=st.sampled_from(LANGUAGES))
@example(text="", language="en")
@example(text=" \n\t ", language="zh")
@example(text="x\n\u0301y", language="fr")
@example(text="a" + "\u0301" * 3000 + "b" * 2000, language="en")
def test_passages_are_the_text_itself(text: str, language: str) -> None:
    passages = split(article(text, language))
    assert_spans(text, [(passage.start, passage.end) for passage in passages])
    assert [passage.ordinal for passage in passages] == list(range(len(passages)))
    for passage in passages:
        assert passage.article_id == "0" * 16
        assert passage.text == text[passage.start : passage.end]


@given(text=texts, language=st.sampled_from(LANGUAGES))
@example(text="One.\n\n\n\nTwo.", language="en")
def test_sentences_are_the_text_itself(text: str, language: str) -> None:
    assert_spans(text, sentences(text, language))


@given(text=texts)
def test_splitting_again_gives_the_same(text: str) -> None:
    assert split(article(text)) == split(article(text))


def test_an_empty_article_has_no_passages() -> None:
    assert split(article("")) == []
    assert sentences("", "en") == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "en",
            ["Gen. Smith met J. R. Lee in St. Ives.", "It cost $3.5 million.", '"Why?" he asked.'],
        ),
        ("en", ["It was made in the U.K. by hand.", "The end."]),
        ("en", ["Rates:", "1. One per cent.", "2. Two per cent."]),
        ("fr", ["M. Petit et Mme. Roux sont venus.", "L'O.N.U. vote.", "C'est de l'art.", "Fin."]),
        (
            "fr",
            ["Il crie : « Assez ! »", "« Vraiment ? » demande-t-elle.", "Voir art. 3 du vol. 2."],
        ),
        ("vi", ["TP. Huế có GS. TS. Trần V. A. làm việc.", "Giá là 3.500 đồng.", "Xong."]),
        ("ru", ["А. П. Чехов жил здесь до 1904 г. и писал.", "Проф. Иванов знает.", "Всё."]),
        ("ru", ["См. рис. 5 на стр. 7.", "Они ели рис.", "Вот и всё."]),
        ("zh", ["价格是3.5元。", "“贵吗？”", "他问。", "（不贵。）", "走吧……"]),
        ("zh", ["『这是书。』", "他说:", "“好!”"]),
        ("de", ["Der Hafen ist offen.", "Was nun?"]),
    ],
)
def test_sentences_of_a_language(language: str, expected: list[str]) -> None:
    gap = "" if language == "zh" else " "
    found = sentence_texts(gap.join(expected), language)
    if language == "zh":  # what "says" introduces may stay with its verb
        assert "".join(found) == "".join(expected)
        assert all(part.endswith(tuple("。”）』…:")) for part in found)
    else:
        assert found == expected


def test_closing_quotes_stay_with_their_sentence() -> None:
    assert sentence_texts("他说：“天气很好。”后来下雨了。", "zh") == ["他说：“天气很好。”", "后来下雨了。"]
    assert sentence_texts('She said, "It is late." Then she left.', "en")[0].endswith('"')


def test_a_long_quotation_is_split_inside() -> None:
    quotation = "“" + "他们在港口工作了很多年，每天都要搬运货物。" * 20 + "”"
    found = sentence_texts(quotation, "zh")
    assert len(found) == 20
    assert found[-1].endswith("。”")


def test_a_line_break_ends_a_sentence_unless_it_goes_on() -> None:
    assert sentence_texts("First line\nSecond line", "en") == ["First line", "Second line"]
    assert sentence_texts("- one\n- two", "en") == ["- one", "- two"]
    assert sentence_texts("The ferry left the\nharbour at noon.", "en") == [
        "The ferry left the\nharbour at noon."
    ]
    assert sentence_texts("The end.\n\nand then some.", "en") == ["The end.", "and then some."]


SENTENCE = {
    "en": "The ferry to the northern islands carries about four hundred passengers every day. ",
    "fr": "Le ferry pour les îles du nord transporte environ quatre cents passagers par jour. ",
    "zh": "开往北部岛屿的渡轮每天运送大约四百名乘客和许多货物。",
    "vi": "Chuyến phà ra các đảo phía bắc chở khoảng bốn trăm hành khách mỗi ngày. ",
    "ru": "Паром на северные острова каждый день перевозит около четырёхсот пассажиров. ",
}


@pytest.mark.parametrize("language", SENTENCE)
def test_a_long_paragraph_becomes_passages_of_about_ninety_tokens(language: str) -> None:
    passages = texts_of(SENTENCE[language] * 30, language)
    sizes = [estimate_tokens(passage) for passage in passages]
    assert max(sizes) <= MAX_TOKENS
    assert TARGET_TOKENS * 0.7 <= sum(sizes) / len(sizes) <= TARGET_TOKENS * 1.3
    assert all(passage.startswith(SENTENCE[language][:10]) for passage in passages)
    assert all(passage.endswith(SENTENCE[language].strip()[-5:]) for passage in passages)


def test_a_sentence_too_long_is_cut_at_its_best_inner_boundary() -> None:
    clause = "the old ferry left the harbour, full of people and goods, before the storm; "
    passages = texts_of(clause * 30)
    assert len(passages) > 1
    assert all(passage.endswith(";") for passage in passages)
    assert all(estimate_tokens(passage) <= MAX_TOKENS for passage in passages)


def test_a_sentence_below_the_limit_stays_whole() -> None:
    sentence = "It was, they said, " + "a very long day on the water and " * 22 + "nobody slept."
    assert MAX_TOKENS * 0.9 < estimate_tokens(sentence) < MAX_SENTENCE_TOKENS
    assert texts_of(sentence) == [sentence]


@pytest.mark.parametrize("text", ["港" * 2000, "a" * 5000, "word " * 2000])
def test_text_without_boundaries_is_cut_all_the_same(text: str) -> None:
    passages = texts_of(text)
    assert all(estimate_tokens(passage) <= MAX_TOKENS for passage in passages)
    assert "".join(passages).replace(" ", "") == text.replace(" ", "")


def test_a_combining_mark_is_never_cut_from_its_letter() -> None:
    for passage in texts_of("e\u0301" * 3000)[1:]:
        assert passage.startswith("e\u0301")
    for passage in texts_of("👩\u200d🚒" * 400)[1:]:
        assert passage.startswith("👩")


def test_a_heading_or_question_goes_with_what_follows() -> None:
    body = (SENTENCE["en"] * 8).strip()
    passages = texts_of(f"{body}\n\nWhat happens in winter?\n\n{body}\n\nThe new pier\n\n{body}")
    assert any(passage.startswith("What happens in winter?\n\nThe ferry") for passage in passages)
    assert any(passage.startswith("The new pier\n\nThe ferry") for passage in passages)


def test_long_paragraphs_never_share_a_passage() -> None:
    one, two = (SENTENCE["en"] * 8).strip(), (SENTENCE["fr"] * 8).strip()
    for passage in texts_of(f"{one}\n\n{two}"):
        assert "\n\n" not in passage


def test_one_line_paragraphs_share_a_passage() -> None:
    lines = [f"Line {n} of the report is short." for n in range(40)]
    passages = texts_of("\n\n".join(lines))
    assert 4 <= len(passages) <= 10
    assert all(estimate_tokens(passage) <= MAX_TOKENS for passage in passages)


def test_a_last_word_does_not_stand_alone() -> None:
    passages = texts_of((SENTENCE["en"] * 6).strip() + "\n\nThe end.")
    assert passages[-1].endswith("The end.")
    assert len(passages[-1]) > 100


def test_passages_belong_to_their_article() -> None:
    first = split(article("One."))[0]
    assert first == Passage(article_id="0" * 16, ordinal=0, start=0, end=4, text="One.")


# Counted by Qwen2.5's own tokenizer (llama.cpp, prompt tokens).
COUNTED = {
    "en": (
        (
            "The council of the island voted on Tuesday to keep the old ferry line open for "
            "another 5 years. Mayor Ellen Marsh said the decision would cost about $2.4 "
            "million, most of which will be paid by the region."
        ),
        46,
    ),
    "fr": (
        (
            "Le conseil de l’île a décidé mardi de garder l’ancienne ligne de ferry ouverte "
            "pendant cinq années supplémentaires. La maire, Hélène Maréchal, a déclaré que la"
            " décision coûterait environ 2,4 millions d’euros, payés par la région."
        ),
        70,
    ),
    "zh": (
        (
            "岛上的议会星期二投票决定，旧的渡轮航线将再开放5年。镇长马爱兰表示，这项决定大约"
            "需要240万元，其中大部分由地区政府支付。居民们对此表示欢迎，认为渡轮对学生和病"
            "人都很重要。"
        ),
        57,
    ),
    "vi": (
        (
            "Hội đồng của hòn đảo hôm thứ Ba đã bỏ phiếu giữ tuyến phà cũ hoạt động thêm 5 "
            "năm nữa. Thị trưởng Lê Thị Mai cho biết quyết định này tốn khoảng 2,4 triệu đô "
            "la, phần lớn do chính quyền vùng chi trả."
        ),
        56,
    ),
    "ru": (
        (
            "Совет острова во вторник проголосовал за то, чтобы старая паромная линия "
            "работала ещё 5 лет. Мэр Елена Маркова сообщила, что это решение обойдётся "
            "примерно в 2,4 миллиона рублей, большую часть заплатит область."
        ),
        68,
    ),
}


@pytest.mark.parametrize("language", COUNTED)
def test_estimated_tokens_are_near_the_tokenizers(language: str) -> None:
    text, counted = COUNTED[language]
    assert estimate_tokens(text) == pytest.approx(counted, rel=0.15)


def test_nothing_weighs_nothing() -> None:
    assert estimate_tokens("") == 0
    assert estimate_tokens(" \n ") == 0
    assert estimate_tokens("a") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "a" * 200_000,
        "“a. " * 50_000,
        "." * 200_000,
        "1. " * 65_000,
        "x\n" * 100_000,
        "]" * 200_000,
    ],
    ids=["no punctuation", "open quotes", "dots", "numbers", "lines", "brackets"],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    started = time.perf_counter()
    split(article(text))
    assert time.perf_counter() - started < 5
