"""Decode bytes of unknown encoding, and normalise the text."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

from rag.errors import Unreadable
from rag.locales.message import Message

_BYTE_ORDER_MARKS = (  # the longer ones first: UTF-32's begins with UTF-16's
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_CYRILLIC_ENCODINGS = ("cp1251", "koi8_r", "iso8859_5", "cp866")
_GUESSES = (
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
    *("cp1251", "koi8_r", "cp866", "cp1258", "cp1252"),
)
"""Encodings that charset-normalizer may guess: without limits it takes CP1252 French for CP1250 or CP775."""
_SIGNATURES = {
    b"\xd0\xcf\x11\xe0": "kind_office",
    b"{\\rtf": "kind_rtf",
    b"\x89PNG": "kind_image",
    b"GIF8": "kind_image",
    b"\xff\xd8\xff": "kind_image",
    b"RIFF": "kind_riff",
    b"ID3": "kind_recording",
    b"OggS": "kind_recording",
    b"\x1f\x8b": "kind_compressed",
    b"\x7fELF": "kind_program",
    b"MZ\x90": "kind_program",
    b"SQLite format 3": "kind_database",
}
"""First bytes of files that are not text, and the message code of their kind."""
_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)
_XML_ENCODING = re.compile(r"^(\s*<\?xml[^>]{0,200}?)\s+encoding\s*=\s*[\"'][^\"']{0,40}[\"']")
_ACCENTED, _ROW = (re.compile(rf"[À-ÖØ-öø-ÿ]{times}") for times in ("", "{3,}"))
_SYMBOL_IN_WORD = re.compile(r"[®¨©«¬µ¶·¸¹¼½¾](?=[^\W\d_])(?:(?<=®)|(?<=[^\W\d_].))")
_MAX_SYMBOL_SHARE = 0.05
"""Maximum share of words with a symbol as a letter, as in the name of a brand. Not fitted."""
_MIN_LETTERS = 20
"""Minimum number of letters in a text whose encoding is judged by their frequency. Not fitted."""
_MIN_ROW_SHARE = 0.5
"""Minimum share of a mojibake text's accented letters that are in runs of three or more. Not fitted."""
_MIN_COMMON_SHARE = 0.4
"""Minimum share of the ten most frequent letters in Russian text; their usual share is two thirds. Not
fitted."""
_FREQUENT_LETTERS = frozenset("оеаинтсрвл")
_CYRILLIC_LETTER = re.compile(r"[\u0400-\u04ff]")
_BESIDE_LATIN = re.compile(r"[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]")
_C1 = re.compile(r"[\x80-\x9f]")
_BEYOND_ASCII = re.compile(r"[^\0-\x7f]")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
_MAX_PRIVATE_SHARE = 0.05
"""Maximum share of private characters, such as icons, in those beyond ASCII. Not fitted."""
_ALONE = re.compile(r"(?<![^\0-\x7f])[^\0-\x7f](?![^\0-\x7f])")
"""A character beside ASCII only, as in no UTF-8 that was decoded as Latin: that has two or more in a row."""
_ALIASES = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
}
"""Encodings that are used under other names in pages and mails."""
_SEVEN_BITS = ("iso-2022", "hz", "utf-7")
"""Encodings of 7 bits, whose bytes are also valid ASCII."""
_ASCII = re.compile(r"[\t\n\r -~]")
_TEXT_CHARACTERS = re.compile(
    r"[\t\n\r -~\u00a0-\u024f\u0300-\u036f\u0400-\u052f\u1e00-\u1eff\u2000-\u206f\u20a0-\u20bf\u2190-\u21ff"
    r"\u2460-\u24ff\u25a0-\u25ff\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]"
)
"""Characters of texts in Byline's languages."""
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufeff\ufff9-\ufffc\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters, soft hyphens, invisible and directional marks, lone surrogates, tag characters."""
_COMBINING = (
    r"[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u06d6-\u06ed\u0e38-\u0e4b"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\u302a-\u302f\u3099\u309a\ufe20-\ufe2f]"
)
_EXCESS_MARKS = re.compile(f"({_COMBINING}{{30}}){_COMBINING}+")
"""More than 30 combining marks on a letter, as in no language: normalising takes quadratic time (UAX #15)."""


def decode(data: bytes, *, html: bool = False, stated: str = "") -> str:
    """Decode bytes, by the first that succeeds: byte order mark, UTF-8, declaration, UTF-16, guess.

    The declared encoding is `stated`, as by a mail, or searched in the first 4,096 bytes (`html`). It is
    ignored if it yields mojibake. Cyrillic encodings are distinguished by the frequency of letters. The text
    is returned as `wash` does. Raises Unreadable if the bytes are not text, or their encoding is not
    recognised.
    """
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            raise Unreadable("not_text_kind", kind=Message.of(kind))
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return wash(data.decode(name, "replace"))
    name = stated.lower() or (_declared(data[:4096]) if html else "")
    declared = _decoded(data, name)
    if declared and (is_mojibake(declared) or _is_misdecoded(declared)):  # the declaration is wrong
        declared = None
    seven_bit = declared if name.startswith(_SEVEN_BITS) else None  # it would pass for UTF-8
    text = seven_bit or _utf8(data)
    if text is None:
        # A declared encoding may be one of several for Cyrillic.
        cyrillic = _cyrillic(data, name) if not declared or _CYRILLIC_LETTER.search(declared) else None
        text = cyrillic or declared or _utf16(data) or _guessed(data)
    if text is None or _controls(text) > len(text) / 50:
        raise Unreadable("not_text")
    return wash(_without_double_encoding(text))


def wash(text: str) -> str:
    r"""Normalise a text: NFC, lines separated by \n, without invisible characters."""
    text = _INVISIBLE.sub("", _BREAKS.sub("\n", text))
    return unicodedata.normalize("NFC", _EXCESS_MARKS.sub(r"\1", text))


def xml_as_utf8(data: bytes) -> bytes:
    """Convert XML to UTF-8 and remove its encoding declaration. Raises Unreadable as `decode` does."""
    return _XML_ENCODING.sub(r"\1", decode(data, html=True), count=1).encode("utf-8", "replace")


def is_mojibake(text: str, min_share: float = 0.0) -> bool:
    """Tell whether text of another script was decoded as Latin: most accented letters are in runs.

    In real Latin text they stand among plain letters. The runs must be `min_share` of all letters or more. Of
    Vietnamese in fonts of before Unicode (TCVN3) symbols are letters of words.
    """
    symbols = len(_SYMBOL_IN_WORD.findall(text))
    if symbols > 1 and symbols > _MAX_SYMBOL_SHARE * len(text.split()):
        return True
    rows = sum(map(len, _ROW.findall(text)))
    if rows < _MIN_LETTERS or (min_share and rows < min_share * sum(map(str.isalpha, text))):
        return False
    return rows > _MIN_ROW_SHARE * len(_ACCENTED.findall(text))


def repaired_cyrillic(text: str) -> str:
    """Return Russian text in Windows-1251 that was decoded as Windows-1252; "" for any other text."""
    try:
        russian = text.encode("cp1252", "replace").decode("cp1251")
    except UnicodeDecodeError:
        return ""
    return wash(russian) if _is_cyrillic(russian) else ""


def _is_cyrillic(text: str) -> bool:
    """Tell whether most letters of a text are Cyrillic, with frequencies as in Russian."""
    letters = _CYRILLIC_LETTER.findall(text.casefold())
    common = sum(letter in _FREQUENT_LETTERS for letter in letters)
    return common >= _MIN_COMMON_SHARE * max(len(letters), sum(map(str.isalpha, text)) / 2, 1)


def _is_misdecoded(text: str) -> bool:
    """Tell whether text seems to be in another encoding.

    Signs are C1 control characters, many private characters, Cyrillic letters next to Latin ones, and
    frequencies unlike Russian.
    """
    private = len(_PRIVATE_USE.findall(text))
    if private and private > _MAX_PRIVATE_SHARE * len(_BEYOND_ASCII.findall(text)):
        return True
    letters = len(_CYRILLIC_LETTER.findall(text))
    if letters >= _MIN_LETTERS // 4 and len(_BESIDE_LATIN.findall(text)) * 2 > letters:
        return True
    return _C1.search(text) is not None or (
        letters >= _MIN_LETTERS
        and sum(char in _FREQUENT_LETTERS for char in text.casefold()) < _MIN_COMMON_SHARE * letters
    )


def _cyrillic(data: bytes, stated: str) -> str | None:
    """Decode Cyrillic by the most plausible encoding: charset-normalizer takes some texts for Chinese."""
    texts = [
        text
        for name in (stated, *_CYRILLIC_ENCODINGS)
        if (text := _decoded(data, name)) and _is_cyrillic(text)
    ]
    return max(texts, key=lambda text: sum(map(text.count, _FREQUENT_LETTERS)), default=None)


def _without_double_encoding(text: str) -> str:
    """Undo the decoding of UTF-8 as Latin-1, Windows-1252 or -1251, if all of the text was decoded so."""
    if text.isascii() or _ALONE.search(text):
        return text
    for name in ("cp1252", "cp1251"):
        with suppress(UnicodeError):
            again = b"".join(char.encode(name if char > "\x9f" else "latin-1") for char in text).decode()
            return again if len(again) < len(text) else text
    return text


def _utf8(data: bytes) -> str | None:
    """Decode UTF-8 with at most 5 % broken characters, as in truncated or concatenated files."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode(errors="replace")
        broken = text.count("\ufffd")
        whole = sum(not char.isascii() for char in text) - broken
        return text if broken * 20 <= whole else None
    return text if text.count("\0") * 50 <= len(text) else None


def _declared(head: bytes) -> str:
    """Return the encoding that a page declares, in lower case; "" if it is none or impossible."""
    found = _DECLARED.search(head)
    name = (found[1] or found[2]).decode("ascii", "replace").lower() if found else ""
    return "" if name.startswith(("utf-16", "utf16")) else name  # the declaration is not in UTF-16


def _decoded(data: bytes, name: str) -> str | None:
    try:
        return data.decode(_ALIASES.get(name, name)) if name else None
    except (LookupError, ValueError):
        return None


def _utf16(data: bytes) -> str | None:
    """Decode UTF-16 without a byte order mark, in the order that yields more ASCII."""
    if b"\0" not in data:
        return None
    found = []
    for name in ("utf-16-le", "utf-16-be"):
        try:
            found.append(data.decode(name))
        except UnicodeDecodeError:
            continue
    text = max(found, key=lambda each: len(_ASCII.findall(each)), default="")
    plausible = len(_TEXT_CHARACTERS.findall(text)) >= 0.98 * len(text)
    return text if plausible and re.search(r"\s", text) else None


def _guessed(data: bytes) -> str | None:
    if b"\0" in data:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=list(_GUESSES)).best()
    if best is not None:
        return str(best)
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    han = sum("\u3400" <= char <= "\u9fff" for char in text)
    return text if han * 10 >= 6 * sum(not char.isascii() for char in text) else None


def _controls(text: str) -> int:
    return len(_CONTROL.findall(text))
