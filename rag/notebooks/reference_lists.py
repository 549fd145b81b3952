"""Export references for other programs as BibTeX and RIS, in UTF-8. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

from rag.notebooks.references import address, authors, house_style, one_line, web_address
from rag.types import ArticleInfo

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LATEX = str.maketrans(
    {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {sign: f"\\{sign}" for sign in "{}#$%&_"}
)
_IN_ADDRESS = str.maketrans({"\\": "%5C", "{": "%7B", "}": "%7D"})
"""Characters that would end a field of BibTeX; all others are valid within \\url."""


def house_list(articles: Sequence[ArticleInfo], language: str) -> str:
    """Return numbered references in house style."""
    return "".join(f"[{n}] {house_style(one, language)}\n" for n, one in enumerate(articles, 1))


def bibtex(articles: Sequence[ArticleInfo]) -> str:
    """Return references as BibTeX; names and titles are in braces, so that their case is preserved."""
    return "\n".join(_bibtex_entry(one) for one in articles)


def ris(articles: Sequence[ArticleInfo]) -> str:
    """Return references as RIS: lines of a tag and a value, which end with CR and LF."""
    lines = (f"{tag}  - {value}\r\n" for one in articles for tag, value in _ris_lines(one))
    return "".join(lines)


def _bibtex_entry(article: ArticleInfo) -> str:
    day = article.published
    fields = {
        "author": " and ".join(f"{{{_latex(one)}}}" for one in authors(article)),
        "title": f"{{{_latex(article.title or address(article))}}}",
        "journal": _latex(article.outlet or ""),
        "year": str(day.year) if day else "",
        "month": _MONTHS[day.month - 1] if day else "",
        "day": str(day.day) if day else "",
        "language": article.language,
        "url": web_address(article).translate(_IN_ADDRESS),
    }
    kind = "article" if article.outlet else "misc"
    lines = [f"  {name} = {_field(name, value)},\n" for name, value in fields.items() if value]
    return f"@{kind}{{{_key(article)},\n{''.join(lines)}}}\n"


def _field(name: str, value: str) -> str:
    return value if name == "month" else f"{{{value}}}"  # months are macros of BibTeX


def _key(article: ArticleInfo) -> str:
    """Return a key that is equal in all exports: outlet, year and the beginning of the article's id."""
    letters = unicodedata.normalize("NFKD", article.outlet or "").encode("ascii", "ignore").decode()
    outlet = re.sub(r"[^a-z0-9]", "", letters.lower())[:20]
    year = str(article.published.year) if article.published else ""
    return f"{outlet or 'article'}{year}-{article.id[:8]}"


def _latex(text: str) -> str:
    return one_line(text).translate(_LATEX)


def _ris_lines(article: ArticleInfo) -> Iterable[tuple[str, str]]:
    yield "TY", "NEWS" if article.outlet else "GEN"
    for author in authors(article):
        yield "AU", author
    fields = (
        ("TI", article.title or address(article)),
        ("T2", article.outlet or ""),
        ("PY", str(article.published.year) if article.published else ""),
        ("DA", _ris_date(article.published)),
        ("LA", article.language),
        ("UR", web_address(article)),
    )
    yield from ((tag, one_line(value)) for tag, value in fields if value)
    yield "ER", ""


def _ris_date(day: date | None) -> str:
    return f"{day:%Y/%m/%d}/" if day else ""
