"""Read Outlook messages (.msg), by python-oxmsg (MIT)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import Any

from rag.errors import Unreadable
from rag.reading.cleaning.encoding import wash
from rag.reading.cleaning.line_wrapping import unwrap
from rag.reading.formats.email import ReadPart, read_attached, sender_name, subject
from rag.reading.formats.html import read_fragment
from rag.reading.raw_article import RawArticle, Unread
from rag.types import LeftOut


def read_message(data: bytes, read: ReadPart) -> Iterator[RawArticle | Unread]:
    """Yield a message's text as an article, and the articles of its attachments. Raises Unreadable."""
    from oxmsg import Message

    try:
        message: Any = Message.load(BytesIO(data))
        title, sender = subject(str(message.subject or "")), sender_name(str(message.sender or ""))
        sent = message.sent_date and message.sent_date.date()
        html, plain, attached = message.html_body, message.body, list(message.attachments)
    except Exception as error:  # the library raises any error of its parser
        raise Unreadable("not_mail") from error
    left = list[LeftOut]()
    lines = read_fragment(wash(html), left) if html else unwrap(wash(plain or "").split("\n"))
    if any(map(str.strip, lines)):
        yield RawArticle(lines, title, published=sent, author=sender, left_out=left)
    elif not attached:
        raise Unreadable("no_text")
    for each in attached:
        yield from read_attached(str(each.file_name or ""), partial(getattr, each, "file_bytes"), read)
