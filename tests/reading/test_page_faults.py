"""Kinds of pages whose article, title or day is easily lost; each input stands for many pages."""

from __future__ import annotations

import json

import pytest
from reading_examples import BODY, TITLES, article

BOXED = "".join(f"<p>{line}</p>" for line in BODY["en"])
H1 = f"<h1>{TITLES['en']}</h1>"
FIRST, LAST = BODY["en"][0], BODY["en"][-1]


def page(body: str, head: str = "", lang: str = "en", title: str = TITLES["en"]) -> str:
    head = f'<meta charset="utf-8"><title>{title}</title>{head}'
    return f'<!DOCTYPE html><html lang="{lang}"><head>{head}</head><body><nav><a href="/">Home</a></nav>{body}</body></html>'


@pytest.mark.parametrize(
    "name",
    ["comments-open", "buttonhole", "barcelona-text", "two-options", "expandable", "tag-line", "metal"],
)
@pytest.mark.parametrize("box", ['<div class="{}">{}</div>', '<div id="{}"><section>{}</section></div>'])
def test_an_article_is_read_whatever_its_box_is_called(name: str, box: str) -> None:
    text = article(page(H1 + box.format(name, BOXED)), ".html").text
    assert FIRST in text and LAST in text


def test_a_sentence_with_links_is_no_list_of_links() -> None:
    sentence = '<p>The <a href="/a">harbour police</a> have spoken with forty <a href="/b">witnesses</a>, who saw the storm.</p>'
    body = f'<article>{H1}{BOXED}<div class="text more">{sentence}</div>{BOXED}</article>'
    assert "The harbour police have spoken with forty witnesses" in article(page(body), ".html").text


def test_neighbouring_article_elements_are_one_article() -> None:
    parts = "<aside>Advertisement</aside>".join(f"<article><p>{line}</p></article>" for line in BODY["en"])
    text = article(page(f"<main>{H1}{parts}</main>"), ".html").text
    assert all(line in text for line in BODY["en"])


@pytest.mark.parametrize("name", ["chapo", "article-lead", "sapo"])
def test_a_standfirst_in_a_box_of_its_own_is_read(name: str) -> None:
    rest = "".join(f"<p>{line}</p>" for line in BODY["en"][1:])
    body = f'<div class="col">{H1}<div class="{name}">{FIRST}</div></div><div class="col"><div>{rest}</div></div>'
    assert article(page(body), ".html").text.startswith(FIRST)


def test_the_headings_of_a_live_report_are_read() -> None:
    headings = ["The vote", "The mayor", "The teacher", "The fishermen", "The end"]
    posts = "".join(
        f'<div class="post"><time>{9 + n}:00</time><h2>{heading}</h2><p>{line}</p></div>'
        for n, (heading, line) in enumerate(zip(headings, BODY["en"], strict=True))
    )
    text = article(page(f"<article>{H1}{posts}</article>"), ".html").text
    assert all(heading in text for heading in headings)


def test_an_advertisement_between_boxes_is_left_out() -> None:
    parts = '<div class="ad"><a href="/x">Buy a boat</a></div>'.join(
        f'<div class="text"><p>{line}</p></div>' for line in BODY["en"]
    )
    text = article(page(f"<article>{H1}{parts}</article>"), ".html").text
    assert LAST in text and "Buy a boat" not in text


@pytest.mark.parametrize(
    ("stated", "heading", "title"),
    [
        ("The pier, the storm and the money", "The storm and the money", "The pier, the storm and the money"),
        ("Mayor plans a pier | Harbour | News | Coast", "Harbour", "Mayor plans a pier"),
    ],
)
def test_a_subheading_or_section_is_no_title(stated: str, heading: str, title: str) -> None:
    body = f"<article>{BOXED}<h2>{heading}</h2>{BOXED}</article>"
    assert article(page(body, title=stated), ".html").title == title


def test_a_single_h1_of_the_site_is_no_title() -> None:
    body = f"<h1>教育</h1><div>{TITLES['zh']}</div>{''.join(f'<p>{line}</p>' for line in BODY['zh'])}"
    assert article(page(body, lang="zh", title=f"{TITLES['zh']}|海岸网"), ".html").title == TITLES["zh"]


LARGE = {
    "drawing": f'<svg><path d="{"M1 2 " * 400_000}"/></svg>',
    "comment": f"<!--{'x y ' * 400_000}-->",
    "frame": f'<iframe srcdoc="{"&lt;p&gt;x" * 200_000}"></iframe>',
    "state": f'<script type="application/json">{json.dumps({"a": "x" * 1_600_000})}</script>',
}


@pytest.mark.slow
@pytest.mark.parametrize("part", LARGE)
def test_a_page_that_is_large_by_what_nobody_reads_is_read_as_any(part: str) -> None:
    teasers = '<div class="related"><a href="/1">Storm closes two schools</a></div>'
    text = article(page(f"{LARGE[part]}<article>{H1}{BOXED}</article>{teasers}"), ".html").text
    assert LAST in text and "Storm closes" not in text


TEXT = "\n".join(BODY["en"])
NODE = {"@type": "NewsArticle", "headline": TITLES["en"], "articleBody": TEXT}
PIECES = [{"type": "p", "children": [{"text": line[:40]}, {"text": line[40:]}]} for line in BODY["en"]]
LINKED = '<script type="application/ld+json">{}</script>'


@pytest.mark.parametrize(
    "script",
    [
        LINKED.format(json.dumps(NODE)[:-1] + ",}"),
        LINKED.format(f"//<![CDATA[\n{json.dumps(NODE)}\n//]]>"),
        LINKED.format(
            json.dumps(
                {"@type": "LiveBlogPosting", "liveBlogUpdate": [{"articleBody": line} for line in BODY["en"]]}
            )
        ),
        f"<script>window.__DATA__={json.dumps({'article': {'content': PIECES}})}</script>",
        f"<script>window.__STATE__=JSON.parse({json.dumps(json.dumps({'post': {'body': BOXED}}))})</script>",
        f"<script>window.App={{}};App.state={json.dumps({'headline': TITLES['en'], 'parts': [{'content': line} for line in BODY['en']]})};</script>",
        f"<script>self.__next_f.push([1,{json.dumps(json.dumps({'x': BOXED}))}])</script>",
        f"<script>window.__NUXT__=(function(a){{return {{body:a}}}}({json.dumps(BOXED)}));</script>",
    ],
)
def test_a_text_that_stands_in_scripts_alone_is_read(script: str) -> None:
    text = article(page(f'<div id="root"></div>{script}'), ".html").text
    assert all(line in text for line in BODY["en"])


@pytest.mark.parametrize("shown", [1, 2])
def test_of_an_article_that_is_shown_in_part_the_linked_data_give_the_whole(shown: int) -> None:
    body = f"<article>{H1}{''.join(f'<p>{line}</p>' for line in BODY['en'][:shown])}</article>"
    assert article(page(body, LINKED.format(json.dumps(NODE))), ".html").text.endswith(LAST)


@pytest.mark.parametrize(
    ("dateline", "lang", "day"),
    [
        ("03/12/2024 2:07 PM", "en-US", "2024-03-12"),
        ("12/03/2024 14:07", "en-GB", "2024-03-12"),
        ("03/12/2024", "en", None),
        ("07/11/2023</p><p>The ferry burned on 11 July 2023.", "de", "2023-07-11"),
        ("2024年3月12日 星期二 责任编辑：陈立", "zh", "2024-03-12"),
        ("本报记者 陈立 2024年3月12日", "zh", "2024-03-12"),
        ("2024年3月12日08时30分　来源：海岸网　点击：88　字体：[大][中][小]", "zh", "2024-03-12"),
    ],
)
def test_day_and_month_are_told_by_country_and_by_the_rest_of_the_page(
    dateline: str, lang: str, day: str | None
) -> None:
    body = "".join(f"<p>{line}</p>" for line in BODY["zh" if lang == "zh" else "en"])
    found = article(page(f"<article>{H1}<p>{dateline}</p>{body}</article>", lang=lang), ".html").published
    assert (str(found) if found else None) == day


@pytest.mark.parametrize("stated", ["Tue Mar 12 14:07:00 GMT+01:00 2024", "1710252420", "1710252420000"])
def test_a_moment_as_programs_print_it_is_read(stated: str) -> None:
    head = f'<meta property="article:published_time" content="{stated}">'
    assert str(article(page(f"<article>{H1}{BOXED}</article>", head), ".html").published) == "2024-03-12"


@pytest.mark.parametrize(
    "entries",
    [
        ["8 August 1967 | Founded in the north", "7 January 1984 | A pier", "30 April 1999 | A light"],
        ["Anna Lind, 12 March 2021", "Per Holm, 14 March 2021", "Ellen Marsh, 18 March 2021"],
        ["Monday, 4 March 2024, 10:00", "Council", "Tuesday, 5 March 2024, 11:00", "School board"],
    ],
)
def test_the_entries_of_a_chronology_are_text(entries: list[str]) -> None:
    found = article("\n".join(["Days of the harbour", "", *entries, "", LAST]))
    assert all(entry in found.text for entry in entries)
    assert found.published is None


@pytest.mark.parametrize(
    ("more", "day"),
    [
        ("", None),
        ('<meta property="article:modified_time" content="2024-04-25">', "2024-03-12"),
        (LINKED.format('{"@type": "Article", "datePublished": "2024-03-12"}'), "2024-03-12"),
    ],
)
def test_of_two_days_that_a_page_states_once_each_none_is_taken(more: str, day: str | None) -> None:
    head = f'<meta property="article:published_time" content="2024-03-12">{more}'
    body = f'<article>{H1}<p>Coast News</p><ul><li><time datetime="2024-04-25">25.04.</time></ul>{BOXED}</article>'
    found = article(page(body, head), ".html").published
    assert (str(found) if found else None) == day
