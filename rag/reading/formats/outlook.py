"""Messages of Outlook (.msg), by python-oxmsg (MIT)."""

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


def read_message(data: bytes, read: ReadPart) -> Iterator[RawArticle | Unread]:
    """Yield a message's text as an article, and what of its attachments can be read. Raises Unreadable."""
    from oxmsg import Message

    try:
        message: Any = Message.load(BytesIO(data))
        said = str(message.subject or ""), str(message.sender or ""), message.sent_date
        html, plain, attached = message.html_body, message.body, list(message.attachments)
    except Exception as error:  # the library raises what its parser does
        raise Unreadable("not_mail") from error
    lines = read_fragment(wash(html)) if html else unwrap(wash(plain or "").split("\n"))
    if any(map(str.strip, lines)):
        sent, author = said[2] and said[2].date(), sender_name(said[1])
        yield RawArticle(lines, subject(said[0]), published=sent, author=author)
    elif not attached:
        raise Unreadable("no_text")
    for each in attached:
        yield from read_attached(str(each.file_name or ""), partial(getattr, each, "file_bytes"), read)
