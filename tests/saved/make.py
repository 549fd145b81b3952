"""Saved pages and documents with labels: `python tests/saved/make.py FOLDER` writes them all.

Each is made in the manner of a kind of site or tool; `labels.json` says what `python -m rag eval reading`
compares: for every article of a file its title, text, day and language.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from saved import blogs, news, others, tools
from saved.writing import Story, stories

Label = dict[str, Any]
_CHARSETS = {"zh": "gb2312", "ru": "windows-1251", "fr": "iso-8859-1"}
PAGES: dict[str, tuple[Callable[[Story], str], bool, bool]] = {
    # what writes it, whether it shows the standfirst, whether it says the day
    "broadcaster": (news.broadcaster, True, True),
    "daily": (news.daily, True, True),
    "portal": (news.portal, True, True),
    "agency": (news.agency, False, True),
    "wire": (news.wire, True, True),
    "ministry": (news.ministry, False, True),
    "undated": (lambda s: news.ministry(s, dated=False), False, False),
    "bulletin": (news.bulletin, False, True),
    "single-page": (news.single_page, True, True),
    "wordpress": (blogs.wordpress, True, True),
    "blogger": (blogs.blogger, True, True),
    "medium": (blogs.medium, True, True),
    "letter": (blogs.letter, True, True),
    "wiki": (blogs.wiki, False, False),
    "amp": (blogs.amp, True, True),
    "archived": (lambda s: blogs.archived(news.broadcaster(s), s), True, True),
    "whole": (lambda s: blogs.saved_whole(news.daily(s), s), True, True),
    "regional": (others.regional, True, True),
    "public-service": (others.public_service, True, True),
    "old-system": (others.old_system, True, True),
    "office-html": (others.office_html, True, True),
    "builder": (others.builder, True, True),
    "feature": (others.feature, True, True),
}
FILES: dict[str, tuple[Callable[[Story], bytes], str, bool, bool]] = {
    "browser": (lambda s: tools.saved_page(blogs.wordpress(s), s), ".mhtml", True, True),
    "word": (tools.word, ".docx", True, True),
    "old-word": (tools.old_word, ".docx", True, False),
    "office": (tools.office_pdf, ".pdf", True, True),
    "printed": (tools.printed_pdf, ".pdf", True, True),
    "typeset": (tools.typeset_pdf, ".pdf", True, True),
    "newsletter": (tools.newsletter, ".eml", True, True),
    "list": (tools.list_mail, ".eml", True, True),
    "hugo": (tools.front_matter, ".md", True, True),
    "pasted": (tools.pasted, ".txt", True, True),
}
TABLES: dict[str, tuple[Callable[[Sequence[Story]], bytes], str]] = {
    "spreadsheet": (tools.table, ".csv"),
    "rest": (tools.rest, ".json"),
    "crawler": (tools.lines_of_json, ".jsonl"),
    "later": (tools.book, ".epub"),
}


def make(folder: Path) -> list[Label]:
    """Write the files and their labels; each kind comes in two to four languages."""
    folder.mkdir(parents=True, exist_ok=True)
    given, labels = _dealt(), list[Label]()
    for kind, (page, lead, dated) in PAGES.items():
        for story in given(3):
            charset = _CHARSETS.get(story.language, "utf-8") if kind == "agency" else "utf-8"
            name = f"{kind}-{story.language}.html"
            (folder / name).write_bytes(page(story).encode(charset, "xmlcharrefreplace"))
            labels.append(_label(name, kind, story, lead=lead, dated=dated))
    for kind, (write, suffix, lead, dated) in FILES.items():
        for story in given(2):
            name = f"{kind}-{story.language}{suffix}"
            (folder / name).write_bytes(write(story))
            labels.append(_label(name, kind, story, lead=lead, dated=dated))
    for kind, (write_all, suffix) in TABLES.items():
        several = (
            [*given(1), *given(1)] if suffix != ".epub" else [s for s in stories() if s.language == "fr"][:2]
        )
        (folder / f"{kind}{suffix}").write_bytes(write_all(several))
        day = several[0].day if suffix == ".epub" else None  # of a book, its own
        labels += [
            _label(f"{kind}{suffix}", kind, replace(story, day=day or story.day), lead=True, dated=True)
            for story in several
        ]
    (folder / "labels.json").write_text(json.dumps(labels, ensure_ascii=False, indent=1), "utf-8")
    return labels


def _dealt() -> Callable[[int], list[Story]]:
    """Deals stories round the languages, another one of a language each time."""
    languages = ("en", "fr", "zh", "vi", "ru")
    of = {language: [s for s in stories() if s.language == language] for language in languages}
    dealt = 0

    def deal(n: int) -> list[Story]:
        nonlocal dealt
        out = []
        for at in range(dealt, dealt + n):
            among = of[languages[at % 5]]
            out.append(among[at // 5 % len(among)])
        dealt += n
        return out

    return deal


def _label(name: str, kind: str, story: Story, *, lead: bool, dated: bool) -> Label:
    return {
        "file": name,
        "kind": kind,
        "title": story.title,
        "text": story.text(lead=lead),
        "published": story.iso if dated else None,
        "language": story.language,
    }


if __name__ == "__main__":
    print(len(make(Path(sys.argv[1]))), "articles")
