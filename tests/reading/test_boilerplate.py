"""What is article and what is page: teasers go, and no article loses its middle or its end."""

from __future__ import annotations

import random
import time

import pytest
from reading_examples import BODY, CAPTIONS, HEADINGS, SIGNED, TEASERS

from rag.reading.cleaning.boilerplate import steps

LANGUAGES = list(BODY)


def kept(lines: list[str]) -> list[str]:
    return [line for line, step in zip(lines, steps(lines), strict=True) if step == ""]


def laid_out(language: str, layout: str) -> list[str]:
    """Teasers as sites lay them out: C a caption, H a headline, HH one twice, S a summary."""
    lines = []
    for headline, summary in TEASERS[language]:
        parts = {"C": CAPTIONS[language], "H": headline, "S": summary}
        lines += [parts[part] for part in layout]
    return lines


@pytest.mark.parametrize("layout", ["HS", "CHS", "H", "HHS", "HS ", "CH"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_teasers_under_a_heading_go(language: str, layout: str) -> None:
    for heading in HEADINGS[language]:
        page = [heading, *laid_out(language, layout.strip())]
        if layout.endswith(" "):
            page = [line for teaser in page for line in (teaser, "")]
        assert kept(BODY[language] + page) == BODY[language], heading


@pytest.mark.parametrize("layout", ["S", "HS", "CHS", "H"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_teasers_after_a_sign_off_go(language: str, layout: str) -> None:
    body = [*BODY[language][:-1], BODY[language][-1].rstrip(".。") + SIGNED[language]]
    assert kept(body + laid_out(language, layout)) == body


def test_an_agency_in_brackets_ends_what_its_dateline_began() -> None:
    body = ["海岛（海港社）—— " + BODY["zh"][0], *BODY["zh"][1:-1], BODY["zh"][-1] + "（海港社）"]
    assert kept([*body, "海港社", "更多", *laid_out("zh", "CHS")]) == body


def test_the_authors_name_after_the_sign_off_goes() -> None:
    body = [*BODY["en"][:-1], BODY["en"][-1] + " –AFP"]
    assert kept([*body, "Jane Doe"]) == body


PAGE = {
    "buttons": ["Share", "Facebook", "Twitter", "WhatsApp"],
    "button row": [
        "Facebook | Twitter | Email",
        "Share this article",
        "Chia sẻ: Facebook Zalo",
        "分享到：微信 微博",
    ],
    "cookies": [
        "We use cookies to improve your experience.",
        "Nous utilisons des cookies pour améliorer votre visite.",
        "本网站使用cookie以改善您的体验。",
        "Chúng tôi sử dụng cookie để cải thiện trải nghiệm của bạn.",
        "Мы используем файлы cookie, чтобы сайт работал лучше.",
    ],
    "rights": ["© 2021 The Coast Times", "Tous droits réservés", "版权所有 海岸日报", "Все права защищены"],
    "come back": [
        "Subscribe to our newsletter",
        "Suivez-nous sur les réseaux",
        "扫码关注我们的公众号",
        "Theo dõi Báo Bờ Biển trên Facebook",
        "Подписывайтесь на наш канал",
    ],
    "images": ["![]() |", "![boats](boats.jpg)", "|", "***", "———"],
    "credits": ["Photo: AFP", "Ảnh: TTXVN", "图片来源：海港日报", "Фото: ТАСС", "© Getty Images"],
    "links": [
        "Read more: Storm closes two schools",
        "Lire aussi : La tempête",
        "相关阅读：暴风雨",
        "Xem thêm: Bão",
    ],
    "menus": ["Home > News > Coast", "News | Sport | Culture | Weather", "首页 › 新闻 › 海岸"],
    "tags": ["#ferry #island #council", "Tags: ferry, island", "关键词：渡轮 海岛", "Từ khóa: phà"],
    "others": ["Advertisement", "责任编辑：李明", "12 comments", "Bình luận (3)", "Loading..."],
}


@pytest.mark.parametrize("kind", PAGE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_single_lines_of_the_page_go_wherever_they_stand(language: str, kind: str) -> None:
    body = BODY[language]
    assert kept([*PAGE[kind], *body]) == body
    assert kept([*body[:2], *PAGE[kind], *body[2:]]) == body
    assert kept([*body, *PAGE[kind]]) == body


def test_a_row_of_headlines_goes() -> None:
    row = "暴风雨导致沿海两所学校停课 镇图书馆星期天向读者开放 本地区面包价格再次上涨"
    assert kept([BODY["zh"][0], row, *BODY["zh"][1:]]) == BODY["zh"]


@pytest.mark.parametrize(
    "dateline",
    [
        "09:00 | 12/03/2021",
        "By Jane Doe",
        "Published 12 March 2021",
        "2021年3月12日 09:00 来源：海岸日报",
        "Par Jean Petit",
    ],
)
def test_datelines_and_bylines_at_the_top_go(dateline: str) -> None:
    assert kept([dateline, "", *BODY["en"]]) == BODY["en"]


def test_a_copied_line_stays_once() -> None:
    caption = "The old ferry in the harbour of the northern town"
    assert kept([BODY["en"][0], caption, caption, *BODY["en"][1:]]) == [
        BODY["en"][0],
        caption,
        *BODY["en"][1:],
    ]


def test_a_repeated_sentence_stays() -> None:
    verse = "The ferry comes home to the harbour."
    assert kept([BODY["en"][0], verse, verse, *BODY["en"][1:]]).count(verse) == 2


def test_links_under_a_heading_in_the_middle_go_and_the_article_goes_on() -> None:
    link = "Storm closes two schools"
    assert kept([*BODY["en"][:2], "Read more", link, *BODY["en"][2:]]) == BODY["en"]
    assert kept([*BODY["zh"][:2], "相关阅读", "暴风雨导致两所学校停课", *BODY["zh"][2:]]) == BODY["zh"]


def test_captions_stay() -> None:
    for language, caption in CAPTIONS.items():
        body = BODY[language]
        assert caption in kept([body[0], caption, *body[1:]])


# From here on: articles, in every form that writers give them. Nothing of them may go.

ARTICLES: dict[str, list[str]] = {
    "interview": [
        "Who takes the ferry?",
        "Teachers, nurses and pupils.",
        "And in winter?",
        "The same people. Nobody stays at home for a little snow.",
        "More?",
        "More, of course: the bakers too.",
        "What comes next",
        "A new pier.",
    ],
    "interview in Chinese": [
        "——谁坐渡轮？",
        "老师、护士和学生。",
        "——冬天呢？",
        "还是这些人。",
        "马爱兰：",
        "我们会继续。",
    ],
    "headings and paragraphs by turns": [
        "The first crossing",
        "It took four hours. The sea was rough, and nobody had slept.",
        "The second crossing",
        "It took three. The captain had learned where the current runs.",
        "The third crossing",
        "It took two hours and a half. Since then nobody has been faster.",
        "What remains",
        "A photograph in the town hall, and a bell.",
    ],
    "short paragraphs": [
        "He came.",
        "He saw the harbour.",
        "He left.",
        "It rained.",
        "Nobody asked him why.",
    ],
    "list": [
        "What you need:",
        "- bread",
        "- butter",
        "- two eggs",
        "- salt",
        "Mix all of it and wait.",
        "Then eat",
    ],
    "recipe without full stops": [
        "Flour 200 g",
        "Butter 100 g",
        "Sugar 50 g",
        "Bake for twenty minutes",
        "Let it cool",
    ],
    "poem": ["The sea, the sea", "and nothing but the sea", "More sea", "and after that", "the sea"],
    "refrain": ["Row on", "Row on", "The tide is long", "Row on", "Row on"],
    "Chinese verse": ["白日落山 渔船归港 灯火初上", "远处钟声 近处人语 夜色渐深"],
    "chronology": [
        "12 March 2021",
        "The pier is built.",
        "14 May 2022",
        "The ferry returns.",
        "1 June 2023",
        "It stops again.",
    ],
    "table": ["Harbour | Ferries | Crew", "North | Four | Ten", "South | Two | Five", "Bay | One | Three"],
    "dialogue": ["— Tu viens ?", "— Non.", "— Pourquoi ?", "— Parce qu’il pleut."],
    "quoted agencies": [
        '"The ferry is part of the coast’s heritage." – UNESCO',
        "The sentence stands over the door of the small museum. Nobody knows who put it there.",
        "It was founded in 1950 by two sisters. They kept it for forty years.",
        "Visitors come in summer. In winter the door is closed, and the key hangs at the baker’s.",
    ],
    "a caption with its agency": [
        "The council voted on Tuesday.",
        "People wait at the pier in the rain. (AFP)",
        "Nobody spoke against it.",
        "The mayor was content.",
        "The pier will be built in spring.",
        "A second one may follow.",
    ],
    "about what pages say": [
        "Copyright law was changed in 2019 to help small libraries.",
        "By using cookies, shops follow people from page to page.",
        "“We use cookies,” says the notice that nobody reads.",
        "Sharing photographs on Facebook is what most of them do.",
        "Comments were closed after a week.",
        "未经许可进入保护区的人将被罚款。",
        "扫码支付越来越普遍。",
        "Luật bản quyền được sửa đổi năm 2005.",
        "Theo dõi báo cáo của hội đồng, người dân thấy rõ điều đó.",
        "图书的版权归作者所有。",
        "Read more books, the librarian says.",
    ],
    "a part that is headed like a list of teasers": [
        "The ferry is old. It was built in 1961, and it has been repaired eleven times since then.",
        "Related",
        "The sister ship lies in the south. She was sold in 1990. Her bell is in the museum.",
        "A third one sank. Nobody was on board. The wreck can be seen at low tide.",
        "See also",
        "The library has the plans of all three. They may be copied. It costs nothing.",
    ],
    "one sentence a paragraph": [
        "The council voted on Tuesday.",
        "The mayor spoke first.",
        "She said the ferry would stay.",
        "The fishermen left the room.",
        "Their berths are gone.",
        "The vote was nine to two.",
        "The next meeting is in May.",
    ],
}


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_loses_nothing(name: str) -> None:
    lines = ARTICLES[name]
    assert kept(lines) == lines
    assert kept([*BODY["en"], *lines]) == [*BODY["en"], *lines]
    assert kept([*lines, *BODY["ru"]]) == [*lines, *BODY["ru"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_in_each_language_loses_nothing(language: str) -> None:
    assert kept(BODY[language]) == BODY[language]
    assert kept([line for each in BODY[language] for line in (each, "")]) == BODY[language]


@pytest.mark.parametrize("seed", range(40))
def test_paragraphs_in_any_order_lose_nothing(seed: int) -> None:
    chance = random.Random(seed)
    lines = [line for language in LANGUAGES for line in BODY[language]] + [
        headline for headline, _ in TEASERS["en"]
    ]
    chance.shuffle(lines)
    assert kept(lines) == lines


def test_nothing_is_left_of_nothing() -> None:
    assert steps([]) == []
    assert kept(["", "  ", "***"]) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", ["Read more", "The end. –AFP", "Same headline", "# | > - *" * 30, "a|" * 200]
)
def test_many_lines_take_linear_time(line: str) -> None:
    started = time.process_time()
    steps([line, "A sentence."] * 4_000)
    assert time.process_time() - started < 5
