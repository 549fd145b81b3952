"""Mail, and pages that browsers save in its form (MHTML)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath

from rag.errors import Unreadable
from rag.reading.draft import Draft, Unread, titled
from rag.reading.encoding import decode, wash
from rag.reading.lines import unwrap
from rag.reading.page import read_fragment
from rag.reading.text import page_text

ATTACHED = frozenset({".pdf", ".docx", ".epub", ".eml"})
"""Attachments that are read, too: not the cards, calendars and pictures that mail carries."""
_NAME = re.compile(r'^\s*"?([^"<>@]*[^"<>@\s])"?\s*<[^<>]*>')
_REPLY = re.compile(r"^(?:re|fwd?|aw|wg|tr|答复|回复|转发|ответ|trả lời)\s*[:：]\s*", re.IGNORECASE)

_FOOT = re.compile(r"-- |_{20,}\s*")

ReadPart = Callable[[bytes, str, str], Iterator[Draft | Unread]]
"""Reads bytes of a suffix, found at a place."""


def read_mail(data: bytes, read: ReadPart) -> Iterator[Draft | Unread]:
    """Yield a mail's text as an article, and what of its attachments can be read.

    What is sent to a list is published by its sender; else the sender is the author.
    """
    message = _message(data)
    parts = [*_attachments(message, read)]
    body = _body(message)
    if body is not None:
        yield _mail(message, body)
    elif not parts:
        raise Unreadable("It has no text.")
    yield from parts


def read_mhtml(data: bytes) -> Draft:
    """Read a saved page. Raises Unreadable where there is no page in it."""
    message = _message(data)
    for part in message.walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            address = _header(part, "content-location") or _header(message, "snapshot-content-location")
            return page_text(_content(part, html=True), address)
    raise Unreadable("There is no page in it.")


def _message(data: bytes) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(data)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise Unreadable("It is not a mail.")
    return message


def _mail(message: EmailMessage, body: EmailMessage) -> Draft:
    html = body.get_content_type() == "text/html"
    text = _content(body, html=html)
    lines = read_fragment(text) if html else unwrap(_unsigned(text.split("\n")))
    title, lines = titled(_REPLY.sub("", _header(message, "subject")), lines)
    sender = _NAME.match(_header(message, "from"))
    name = sender[1].strip() if sender else ""
    to_list = message["list-id"] or message["list-unsubscribe"]
    return Draft(
        lines,
        title,
        published=_sent(message),
        outlet=name if to_list else "",
        author="" if to_list else name,
    )


def _unsigned(lines: list[str]) -> list[str]:
    """A plain mail without its signature (RFC 3676: two hyphens and a space), and a list's footer."""
    end = next((n for n, line in enumerate(lines) if n and _FOOT.fullmatch(line)), len(lines))
    return lines[:end]


def _body(message: EmailMessage) -> EmailMessage | None:
    try:
        body = message.get_body(("html", "plain"))
    except (AttributeError, KeyError, ValueError):  # of broken structures
        body = None
    return body if isinstance(body, EmailMessage) else None


def _content(part: EmailMessage, *, html: bool) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        text = data.decode(part.get_content_charset("utf-8"))
    except (LookupError, UnicodeDecodeError):
        return decode(data, html=html)
    return wash(text)


def _sent(message: EmailMessage) -> date | None:
    try:
        day = parsedate_to_datetime(_header(message, "date")).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return day if day <= date.today() else None


def _attachments(message: EmailMessage, read: ReadPart) -> Iterator[Draft | Unread]:
    for part in message.walk():
        name = " ".join(PurePosixPath(part.get_filename() or "").name.split())
        suffix = PurePosixPath(name).suffix.lower()
        data = part.get_payload(decode=True) if suffix in ATTACHED else None
        if isinstance(data, bytes):
            yield from read(data, suffix, f"!/{name}")


def _header(message: EmailMessage, name: str) -> str:
    """A header's text; broken ones raise anything when they are parsed."""
    try:
        return wash(" ".join(str(message.get(name, "")).split()))
    except Exception:
        return ""
