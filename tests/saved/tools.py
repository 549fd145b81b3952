"""Files in the manner of office programs, PDF writers, mail programs and exports."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from email.header import Header
from html import escape
from io import StringIO
from textwrap import wrap

from saved import documents
from saved.documents import Placed, wrapped
from saved.writing import Story, amid, bare, blocks, long_day, teasers

_LEFT, _TOP, _FOOT = 60.0, 780.0, 60.0


def word(s: Story) -> bytes:
    """Word: title and standfirst in styles, who and when in a line, items, hidden text, properties of an office."""
    styles = {"## ": "Heading 2", "- ": "List Bullet", "> ": "Quote"}
    rows = [
        ("Title", s.title),
        ("Normal", f"{s.around['by']} {s.author or s.outlet}"),
        ("Normal", long_day(s)),
    ]
    rows += [("Subtitle", s.lead)] * bool(s.lead)
    rows += [(styles.get(b[: b.find(" ") + 1], "Normal"), bare(b)) for b in s.blocks]
    return documents.word([*rows, ("Hidden", "Draft 3, do not print.")], "Document1", "HP")


def old_word(s: Story) -> bytes:
    """Word without styles, as most people write: all of it is Normal, empty lines apart."""
    rows = [("Normal", s.title), ("Normal", "")]
    for block in [s.lead] * bool(s.lead) + [bare(b) for b in s.blocks]:
        rows += [("Normal", block), ("Normal", "")]
    return documents.word(rows, s.title)


def book(stories: Sequence[Story]) -> bytes:
    """An EPUB whose chapters are articles, as readers that save pages for later make them."""
    chapters = [(s.title, (f"<p>{escape(s.lead)}</p>" if s.lead else "") + amid(blocks(s))) for s in stories]
    return documents.epub(stories[0].outlet, "", stories[0].language, stories[0].iso, chapters)


def _set(
    lines: Sequence[tuple[float, str]], x: float = _LEFT, top: float = _TOP, foot: float = _FOOT
) -> list[list[Placed]]:
    """Lines, each with its size, down pages; an empty one leaves room."""
    pages: list[list[Placed]] = [[]]
    y = top
    for size, line in lines:
        y -= 1.35 * size if line else 0.7 * size
        if y < foot:
            pages.append([])
            y = top - 1.35 * size
        if line:
            pages[-1].append((x, round(y, 1), size, line))
    return pages


def _lines(
    s: Story, across: float, size: float, *, hyphens: bool = False, lead: bool = True
) -> list[tuple[float, str]]:
    out: list[tuple[float, str]] = []
    for block in [s.lead] * (lead and bool(s.lead)) + list(s.blocks):
        mark = "• " if block.startswith("- ") else ""
        big = size * 1.2 if block.startswith("## ") else size
        out += [(big, line) for line in wrapped(mark + bare(block), across, big, hyphens)] + [(size, "")]
    return out


def office_pdf(s: Story) -> bytes:
    """Exported by an office program: a running head and page numbers, the day under the title."""
    head = [(18.0, line) for line in wrapped(s.title, 460, 18)] + [
        (11.0, ""),
        (11.0, f"{s.author or s.outlet}"),
        (11.0, long_day(s)),
        (11.0, ""),
        (11.0, ""),
    ]
    pages = _set([*head, *_lines(s, 470, 11.0)])
    for n, page in enumerate(pages, 1):
        page.insert(0, (_LEFT, 812.0, 8.0, f"{s.outlet}"))
        page.append((290.0, 30.0, 8.0, f"{n} / {len(pages)}"))
    return documents.pdf(pages, "Microsoft Word - Document1.docx", info="/CreationDate(D:20261001120000Z)")


def printed_pdf(s: Story) -> bytes:
    """A page printed from a browser: the day of printing over each sheet, the address under it."""
    head = [(9.0, " "), (20.0, "")] + [(20.0, line) for line in wrapped(s.title, 460, 20)]
    head += [
        (10.0, ""),
        (10.0, f"{s.around['by']} {s.author or s.outlet} | {long_day(s)}"),
        (10.0, ""),
        (10.0, ""),
    ]
    pages = _set([*head[1:], *_lines(s, 460, 10.5)])
    for n, page in enumerate(pages, 1):
        page.insert(0, (30.0, 822.0, 7.5, f"25/11/2026 10:03          {s.title[:40]}"))
        page.append((30.0, 18.0, 7.5, s.url))
        page.append((540.0, 18.0, 7.5, f"{n}/{len(pages)}"))
    return documents.pdf(pages, s.title)


def typeset_pdf(s: Story) -> bytes:
    """Two columns with hyphens, as TeX sets a bulletin; the title across both, a footnote."""
    lines, column, size = _lines(s, 225, 9.5, hyphens=s.language in ("en", "fr", "ru")), 225.0, 9.5
    first: list[Placed] = [
        (_LEFT, 780.0 - 22 * n, 17.0, line) for n, line in enumerate(wrapped(s.title, 460, 17))
    ]
    first.append((_LEFT, first[-1][1] - 20, 9.5, f"{s.author or s.outlet}, {long_day(s)}"))
    columns = _set(lines, top=first[-1][1] - 24, foot=90.0)
    pages: list[list[Placed]] = []
    for n, part in enumerate(columns):
        if n % 2 == 0:
            pages.append([])
        pages[-1] += [(x + (column + 25) * (n % 2), y, z, t) for x, y, z, t in part]
    pages[0] = [*first, *pages[0]]
    for n, page in enumerate(pages, 1):
        page.append((290.0, 30.0, size, str(n)))
    return documents.pdf(pages, "", info="/Producer(pdfTeX-1.40.25)")


def newsletter(s: Story) -> bytes:
    """A newsletter of a mailing service: tables, a hidden line for the list of mails, a footer with links."""
    w = s.around
    text = '<p style="margin:0 0 16px;font-family:Georgia,serif;font-size:16px;line-height:24px">{}</p>'
    html = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title></title><style>@media (max-width:600px){{.full{{width:100%!important}}}}</style></head><body style="margin:0;background:#f4f4f4">
<div class="preheader" style="display:none;max-height:0;overflow:hidden;mso-hide:all">{w["subscribe"]}&#847;&zwnj;&nbsp;&#847;&zwnj;</div>
<table role="presentation" width="100%"><tr><td align="center"><table class="full" width="600" style="background:#ffffff"><tr><td style="padding:24px"><a href="https://x.example/view">{w["browser"]}</a></td></tr>
<tr><td style="padding:0 24px"><h1 style="font-size:28px">{escape(s.title)}</h1>{text.format(escape(s.lead)) if s.lead else ""}{amid(blocks(s, text, '<h2 style="font-size:20px">{}</h2>'))}</td></tr>
<tr><td style="padding:24px;font-size:12px;color:#888888"><p>© 2026 {s.outlet}. {w["rights"]}</p><p><a href="https://x.example/u">{w["unsubscribe"]}</a></p><img src="https://x.example/o.gif" width="1" height="1"></td></tr></table></td></tr></table></body></html>"""
    day = f"{s.day:%a, %d %b %Y} 06:15:00 +0000"
    headers = {
        "From": f"{s.outlet} <letter@office.example>",
        "To": "reader@home.example",
        "Subject": "SUBJECT",
        "Date": day,
        "List-Unsubscribe": "<https://x.example/u>",
    }
    written = documents.mail(headers, f"{s.title}\n\nhttps://x.example/view\n", html)
    return written.replace(b"SUBJECT", Header(s.title, "utf-8").encode().encode(), 1)


def list_mail(s: Story) -> bytes:
    """A mail in plain text to a list: lines of 72 characters, a signature, the list's footer."""
    fold = (
        (lambda b: wrapped(b, 360, 10))
        if s.language == "zh"
        else (lambda b: wrap(b, 72, break_on_hyphens=False))
    )
    body = "\n\n".join("\n".join(fold(b)) for b in [s.lead] * bool(s.lead) + [bare(b) for b in s.blocks])
    day = f"{s.day:%a, %d %b %Y} 21:40:00 +0000"
    headers = {
        "From": f"{s.author or s.outlet} <w@home.example>",
        "To": "news@lists.example",
        "Subject": f"Fwd: {s.title}",
        "Date": day,
        "List-Id": "<news.lists.example>",
    }
    foot = f"\n\n-- \n{s.author or s.outlet}\nhttps://x.example/\n_______________________________________________\nnews mailing list\nnews@lists.example\nhttps://lists.example/options/news\n"
    return documents.mail(headers, body + foot)


def table(stories: Sequence[Story]) -> bytes:
    """A spreadsheet's export: semicolons, quoted fields with line ends, a mark at the beginning."""
    out = StringIO()
    rows = csv.writer(out, delimiter=";")
    rows.writerow(["ID", "Title", "Date", "Author", "Content", "Views"])
    for n, s in enumerate(stories):
        rows.writerow([n + 100, s.title, f"{s.iso} 06:15:00", s.author, s.text(), 17 * n])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def rest(stories: Sequence[Story]) -> bytes:
    """What WordPress answers to programs: rendered HTML in objects, both days, an excerpt."""
    rows = [
        {
            "id": 9000 + n, "date": s.at("07:15:00")[:19], "date_gmt": s.at("06:15:00")[:19], "modified": "2026-02-03T09:00:00", "link": f"{s.url}?p={n}", "status": "publish", "type": "post",
            "title": {"rendered": escape(s.title)}, "excerpt": {"rendered": f"<p>{escape(s.blocks[0][:90])} [&hellip;]</p>", "protected": False},
            "content": {"rendered": (f"<p><em>{escape(s.lead)}</em></p>" if s.lead else "") + amid(blocks(s)), "protected": False}, "author": 3, "tags": [4, 8],
        }
        for n, s in enumerate(stories)
    ]  # fmt: skip
    return json.dumps(rows).encode()


def lines_of_json(stories: Sequence[Story]) -> bytes:
    """A crawler's export: a line for each page, with names of its own."""
    rows = [
        {
            "url": f"{s.url}#{n}",
            "headline": s.title,
            "body": s.text(),
            "publishedAt": s.at(),
            "lang": s.language,
            "crawled": "2026-11-20",
        }
        for n, s in enumerate(stories)
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def front_matter(s: Story) -> bytes:
    """A static site's Markdown: front matter, links, emphasis, a picture, a code of the site's own."""
    parts = ["" if not s.lead else f"*{s.lead}*", *s.blocks]
    parts[1] = f'{parts[1]}\n\n![{s.around["caption"]}](/img/a.jpg "x")'
    said = f'---\ntitle: "{s.title}"\ndate: {s.at()}\ndraft: false\nauthor: "{s.author}"\ntags: [{", ".join(s.around["topics"])}]\n---\n\n'
    return (said + "\n\n".join(part for part in parts if part) + "\n").encode()


def pasted(s: Story) -> bytes:
    """All of a page selected, copied and pasted into a text file."""
    w = s.around
    top = [
        *w["menu"],
        "",
        s.title,
        f"{w['by']} {s.author or s.outlet}",
        f"{w['published']} {long_day(s)}",
        *w["share"],
        "",
    ]
    body = [line for block in [s.lead] * bool(s.lead) + list(s.blocks) for line in (bare(block), "")]
    other = [line for title, summary in w["teasers"] for line in (title, summary, "")]
    return "\n".join(
        [*top, *body, w["related"], "", *other, w["cookies"], f"© 2026 {s.outlet}. {w['rights']}"]
    ).encode()


def saved_page(page: str, s: Story) -> bytes:
    """A page saved by a browser into one file, with a frame of an advertisement."""
    frame = f"<html><body><p>{s.around['ad']}: {teasers(s, '{2}', 0, 1)}</p></body></html>"
    return documents.mhtml(page, s.url, s.title, [frame])
