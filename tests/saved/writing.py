"""The articles of articles.json, and how sites write their parts: dates, paragraphs, teasers, captions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
AROUND: dict[str, dict[str, Any]] = json.loads((_HERE / "around.json").read_text("utf-8"))
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
_DAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "ru": ["понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"],
    "vi": ["Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật"],
    "zh": ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"],
}


@dataclass(frozen=True)
class Story:
    """An article as a site has it; blocks begin with "## " (a heading), "- " (an item) or "> " (a quotation)."""

    language: str
    title: str
    author: str
    day: date
    outlet: str
    lead: str
    blocks: Sequence[str]

    @property
    def around(self) -> dict[str, Any]:
        """What pages in its language have around an article."""
        return AROUND[self.language]

    def text(self, *, lead: bool = True) -> str:
        """The label: what a reader of the page calls the article."""
        parts = [self.lead] * (lead and bool(self.lead)) + [bare(block) for block in self.blocks]
        return "\n\n".join(parts)

    @property
    def iso(self) -> str:
        return self.day.isoformat()

    @property
    def url(self) -> str:
        return f"https://www.{'abcdefg'[len(self.title) % 7]}-news.example/{self.language}/{len(self.title)}-story.html"

    def at(self, hour: str = "06:15:00") -> str:
        """The moment of publication in ISO 8601."""
        return f"{self.iso}T{hour}+00:00"


def stories() -> list[Story]:
    rows = json.loads((_HERE / "articles.json").read_text("utf-8"))
    return [Story(**row | {"day": date.fromisoformat(row["day"])}) for row in rows]


def bare(block: str) -> str:
    return block.removeprefix("## ").removeprefix("- ").removeprefix("> ")


def long_day(story: Story) -> str:
    """12 March 2025, as the story's language writes it."""
    day = story.day
    match story.language:
        case "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        case "vi":
            return f"{day.day}/{day.month}/{day.year}"
        case language:
            return f"{day.day} {_MONTHS[language].split()[day.month - 1]} {day.year}"


def week_day(story: Story) -> str:
    return _DAYS[story.language][story.day.weekday()]


def stamp(story: Story) -> str:
    """A weekday, a day and an hour, as portals write them."""
    day = story.day
    match story.language:
        case "vi":
            return f"{week_day(story)}, {long_day(story)}, 06:15 (GMT+7)"
        case "zh":
            return f"{day:%Y-%m-%d} 06:15"
        case "ru":
            return f"{day:%d.%m.%Y} 06:15"
        case "fr":
            return f"{week_day(story)} {long_day(story)} à 06h15"
        case _:
            return f"{week_day(story)}, {long_day(story)}, 06:15 GMT"


def blocks(story: Story, p: str = "<p>{}</p>", h: str = "<h2>{}</h2>") -> list[str]:
    """The story's blocks as HTML; items in a list."""
    out: list[str] = []
    for block in story.blocks:
        text = escape(bare(block), quote=False)
        if block.startswith("## "):
            out.append(h.format(text))
        elif block.startswith("- "):
            if out and out[-1].endswith("</ul>"):
                out[-1] = out[-1].removesuffix("</ul>") + f"<li>{text}</li></ul>"
            else:
                out.append(f"<ul><li>{text}</li></ul>")
        elif block.startswith("> "):
            out.append(f"<blockquote>{p.format(text)}</blockquote>")
        else:
            out.append(p.format(text))
    return out


def amid(parts: Sequence[str], *inserted: str) -> str:
    """Blocks with others put between them, from the second on."""
    out: list[str] = []
    for n, part in enumerate(parts):
        out.append(part)
        if 1 <= n <= len(inserted):
            out.append(inserted[n - 1])
    return "\n".join(out)


def links(texts: Sequence[str], pattern: str = '<li><a href="/x/{0}">{1}</a></li>') -> str:
    return "".join(pattern.format(n, escape(text)) for n, text in enumerate(texts))


def headlines(story: Story) -> list[str]:
    return [title for title, _ in story.around["teasers"]]


def teasers(story: Story, pattern: str, first: int = 0, last: int = 5) -> str:
    """Teasers by a pattern of {0} (a number), {1} (the headline) and {2} (the summary)."""
    chosen = story.around["teasers"][first:last]
    return "\n".join(pattern.format(n, escape(one), escape(two)) for n, (one, two) in enumerate(chosen))


def linked_data(story: Story, kind: str = "NewsArticle", **more: Any) -> str:
    said = {
        "@context": "https://schema.org",
        "@type": kind,
        "headline": story.title,
        "datePublished": story.at(),
        "dateModified": story.at("18:40:00"),
        "author": [{"@type": "Person", "name": story.author or story.outlet}],
        "publisher": {"@type": "Organization", "name": story.outlet},
    }
    return f'<script type="application/ld+json">{json.dumps(said | more, ensure_ascii=False)}</script>'


def meta(story: Story, *, dated: bool = True, site: str = "") -> str:
    """The head that most content management systems write."""
    tags = {
        "og:title": story.title,
        "og:type": "article",
        "og:url": story.url,
        "og:site_name": site or story.outlet,
        "og:description": story.lead or story.blocks[0][:120],
    }
    if dated:
        tags |= {"article:published_time": story.at(), "article:modified_time": story.at("18:40:00")}
    return "\n".join(f'<meta property="{k}" content="{escape(v)}">' for k, v in tags.items())
