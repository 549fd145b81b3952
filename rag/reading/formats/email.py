"""Read mail (RFC 5322), mailboxes (mbox), and pages saved as MHTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import pairwise
from pathlib import PurePosixPath

from rag.errors import Unreadable
from rag.reading.cleaning.encoding import decode, wash
from rag.reading.cleaning.line_wrapping import unwrap
from rag.reading.formats.html import read_fragment
from rag.reading.formats.plain_text import page_text
from rag.reading.raw_article import RawArticle, Unread
from rag.types import LeftOut

ATTACHED = frozenset(
    {".pdf", ".docx", ".odt", ".rtf", ".pptx", ".xlsx", ".epub", ".eml", ".msg", ".html", ".htm"}
)
"""Suffixes of attachments that are read: not contacts, calendars and pictures."""
_DISPLAY_NAME = re.compile(r'^\s*"?([^"<>@]*[^"<>@\s])"?\s*<[^<>]*>')
_REPLY = re.compile(r"^(?:re|fwd?|aw|wg|tr|答复|回复|转发|ответ|trả lời)\s*[:：]\s*", re.IGNORECASE)

_MBOX_SEPARATOR = re.compile(rb"^From .{3,200}\d{4}.{0,20}\r?$", re.MULTILINE)
_ESCAPED_FROM = re.compile(rb"^>From ", re.MULTILINE)
_SIGNATURE_SEPARATOR = re.compile(r"-- |_{20,}\s*")
_FORWARDED = re.compile(
    r"-{4,}.{3,60}-{4,}|(?:From|De|Von|От|Từ|Người gửi)\s?:\s.*|发件人\s?[:：].*", re.IGNORECASE
)
"""The first line of a mail that is forwarded within the text."""
_GB = re.compile(rb"=\?(?:gb2312|gbk)\?", re.IGNORECASE)
"""Encoded words of headers, which are decoded as GB 18030, a superset."""

ReadPart = Callable[[bytes, str, str], Iterator[RawArticle | Unread]]
"""Reads a file within a mail: its bytes, its suffix, its place."""


def read_mail(data: bytes, read: ReadPart) -> Iterator[RawArticle | Unread]:
    """Yield a mail's text as an article, and the articles of its attachments.

    The sender is the outlet of a mail to a list, and the author of another mail. Raises Unreadable if the
    data are not mail, or have no text.
    """
    message = _message(data)
    parts = [*_attachments(message, read)]
    body = _body(message)
    found = _mail(message, body) if body is not None else None
    if found is not None and (not parts or any(map(str.strip, found.lines))):
        yield found
    elif not parts:
        raise Unreadable("no_text")
    yield from parts


def read_mhtml(data: bytes) -> RawArticle:
    """Read a page saved as MHTML. Raises Unreadable if it contains no page."""
    message = _message(data)
    for part in message.walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            address = _header(part, "content-location") or _header(message, "snapshot-content-location")
            return page_text(_content(part, html=True), address)
    raise Unreadable("no_page")


def _message(data: bytes) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(_GB.sub(b"=?gb18030?", data))
    if not isinstance(message, EmailMessage) or not message.keys():
        raise Unreadable("not_mail")
    return message


def _mail(message: EmailMessage, body: EmailMessage) -> RawArticle:
    html = body.get_content_type() == "text/html"
    text = _content(body, html=html)
    left = list[LeftOut]()
    all_lines = read_fragment(text, left) if html else text.split("\n")
    lines, signature = (all_lines, []) if html else _without_signature(all_lines)
    name = sender_name(_header(message, "from"))
    to_list = message["list-id"] or message["list-unsubscribe"]
    return RawArticle(
        lines if html else unwrap(lines),
        subject(_header(message, "subject")),
        published=_sent(message),
        outlet=name if to_list else "",
        author="" if to_list else name,
        left_out=[*left, *(LeftOut(line.strip(), "signature") for line in signature if line.strip())],
        all_lines=all_lines if html else unwrap(all_lines),
    )


def _without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """Separate the text of a plain mail from its signature (RFC 3676: "-- ") or a list's footer.

    A mail that is forwarded below a signature belongs to the text.
    """
    separators = (n for n, line in enumerate(lines) if n and _SIGNATURE_SEPARATOR.fullmatch(line))
    end = next(separators, len(lines))
    below = (n for n in range(end + 1, len(lines)) if _FORWARDED.fullmatch(lines[n].strip()))
    again = next(below, len(lines))
    return [*lines[:end], *lines[again:]], lines[end + 1 : again]


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
    return decode(data, html=html, stated=part.get_content_charset("")) if data else ""


def _sent(message: EmailMessage) -> date | None:
    try:
        day = parsedate_to_datetime(_header(message, "date")).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return day if day <= date.today() else None


def subject(header: str) -> str:
    """Return a subject without the prefix of a reply or forward."""
    return _REPLY.sub("", header)


def sender_name(header: str) -> str:
    """Return the display name of a sender; "" if there is only an address."""
    found = _DISPLAY_NAME.match(header)
    return found[1].strip() if found else ""


def read_mailbox(data: bytes, read: ReadPart) -> Iterator[RawArticle | Unread]:
    """Yield the articles of all mails of an mbox file. Raises Unreadable if there is no mail."""
    starts = [found.start() for found in _MBOX_SEPARATOR.finditer(data)]
    if not starts:
        raise Unreadable("not_mail")
    for number, (start, end) in enumerate(pairwise([*starts, len(data)]), 1):
        mail = data[start:end].split(b"\n", 1)[-1]
        yield from read(_ESCAPED_FROM.sub(b"From ", mail), ".eml", f"#{number}")


def _attachments(message: EmailMessage, read: ReadPart) -> Iterator[RawArticle | Unread]:
    """Yield the articles of attachments, and of mails within the mail: forwarded ones, those of a digest."""
    parts: list[Message] = [message]
    count = 0
    while parts:
        part = parts.pop(0)
        if part.get_content_type() == "message/rfc822" and isinstance(part.get_payload(), list):
            count += 1
            inner = part.get_payload(0)
            if isinstance(inner, Message):
                yield from read(inner.as_bytes(), ".eml", f"!/{count}.eml")
            continue
        if part.is_multipart():
            parts = [*(each for each in part.get_payload() if isinstance(each, Message)), *parts]
            continue
        yield from read_attached(part.get_filename() or "", partial(part.get_payload, decode=True), read)


def read_attached(name: str, load: Callable[[], object], read: ReadPart) -> Iterator[RawArticle | Unread]:
    """Yield the articles of an attached file with a name; `load` returns its bytes."""
    name = " ".join(PurePosixPath(name).name.split())
    suffix = PurePosixPath(name).suffix.lower()
    data = load() if suffix in ATTACHED else None
    if isinstance(data, bytes):
        yield from read(data, suffix, f"!/{name}")


def _header(message: EmailMessage, name: str) -> str:
    """Return a header's text; "" if it is missing or malformed, which may raise any exception."""
    try:
        raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
        if raw.isascii():
            return wash(" ".join(str(message.get(name, "")).split()))
        stated = message.get_content_charset("")  # unencoded letters are in the encoding of the body
        return " ".join(decode(raw.encode("ascii", "surrogateescape"), stated=stated).split())
    except Exception:
        return ""
