"""Plausible titles and authors in the properties of office documents, which programs often fill in."""

from __future__ import annotations

import re

_NO_TITLE = re.compile(
    r"microsoft (?:office )?(?:word|powerpoint|excel) ?-.*|untitled.*|sans (?:titre|nom).*"
    r"|(?:无|未命?)标?题.*|без (?:имени|названия).*"
    r"|.*\.(?:do[ct][xm]?|pptx?|xlsx?|pdf|indd|tex|qxd|rtf|odt|html?)",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"(?:[\W\d_]|(?<![^\W\d_])(?:microsoft|office|word|powerpoint|excel|new|normal|title|template|draft|slide|layout|print|of|the"
    r"|documents?|presentation|worksheet|workbook|book|sheet|nouveau|titre|du|présentation|modèle|classeur|feuille"
    r"|новый|документ|презентация|шаблон|лист|книга|tài|liệu|mẫu|neues|dokument|präsentation|vorlage|mappe)(?![^\W\d_])"
    r"|新建|文档|演示文稿|工作表|模板)+",
    re.IGNORECASE,
)
"""Titles that consist of generic words only."""
_NO_AUTHOR = re.compile(
    r"(?:admin(?:istrator)?|user|owner|guest|author|unknown|anonymous|default|python-docx|word|office|windows"
    r"|microsoft.*|hp|dell|lenovo|acer|asus|pc|root|test|utilisateur|пользователь|админ.*|用户|微软.*|\W*|.{0,2}"
    r"|.*[@\\/\d_].*)",
    re.IGNORECASE,
)


def document_title(value: str) -> str:
    """Return the title in a property; "" if it is a program's: generic, or a file's name."""
    value = " ".join(value.split())
    return "" if _NO_TITLE.fullmatch(value) or _GENERIC.fullmatch(value) else value


def document_author(value: str) -> str:
    """Return the author's name in a property; "" if it is an account's or an address."""
    value = " ".join(value.split())
    return "" if _NO_AUTHOR.fullmatch(value) or len(value) > 100 else value
