"""Files of other kinds than text, as small as they can be: PDF, Word, EPUB, mail, MHTML, ZIP."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from html import escape
from io import BytesIO

# --- ZIP


def archive(members: Mapping[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return out.getvalue()


# --- PDF

Placed = tuple[float, float, float, str]
"""From the left, from below, size, text."""


def pdf(pages: Sequence[Sequence[Placed]], title: str = "", picture: bool = False, info: str = "") -> bytes:
    """Lines of text where they are put, in any script; a page without lines holds a picture, if asked for."""
    objects: list[bytes] = []

    def add(body: bytes) -> int:
        objects.append(body)
        return len(objects)

    chars = sorted({char for page in pages for *_, text in page for char in text if ord(char) < 0x10000})
    widths = " ".join(f"{ord(c)} [{_width(c)}]" for c in chars)
    mapping = "".join(f"<{ord(c):04X}> <{ord(c):04X}>\n" for c in chars)
    cmap = add(_stream(_CMAP.format(count=len(chars), mapping=mapping).encode()))
    descriptor = add(
        b"<</Type/FontDescriptor/FontName/Own/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 800"
        b"/Descent -200/CapHeight 700/StemV 80>>"
    )
    inner = add(
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/Own/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        f"/Supplement 0>>/FontDescriptor {descriptor} 0 R/DW 500/W[{widths}]>>".encode()
    )
    font = add(
        f"<</Type/Font/Subtype/Type0/BaseFont/Own/Encoding/Identity-H/DescendantFonts[{inner} 0 R]"
        f"/ToUnicode {cmap} 0 R>>".encode()
    )
    image = add(
        _stream(
            b"\x80", "/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"
        )
    )
    tree = len(objects) + 2 * len(pages) + 1
    kids = []
    for page in pages:
        content = _content(page) if page or not picture else b"q 500 0 0 700 50 50 cm /Im Do Q"
        body = add(_stream(content))
        kids.append(
            add(
                f"<</Type/Page/Parent {tree} 0 R/MediaBox[0 0 595 842]/Contents {body} 0 R"
                f"/Resources<</Font<</F {font} 0 R>>/XObject<</Im {image} 0 R>>>>>>".encode()
            )
        )
    add(f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>".encode())
    root = add(f"<</Type/Catalog/Pages {tree} 0 R>>".encode())
    about = add(f"<</Title<FEFF{title.encode('utf-16-be').hex()}>{info}>>".encode())
    return _file(objects, root, about)


def _width(char: str) -> int:
    return 1000 if char >= "\u2e80" else 250 if char in " .,:;'ijlIft|" else 520


def width(text: str, size: float) -> float:
    """How wide a text is in this font."""
    return sum(map(_width, text)) * size / 1000


def _content(page: Sequence[Placed]) -> bytes:
    lines = (
        f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET"
        for x, y, size, text in page
    )
    return "\n".join(lines).encode()


def _stream(data: bytes, more: str = "") -> bytes:
    return f"<</Length {len(data)}{more}>>stream\n".encode() + data + b"\nendstream"


def _file(objects: Sequence[bytes], root: int, about: int) -> bytes:
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    out += f"trailer<</Size {len(offsets) + 1}/Root {root} 0 R/Info {about} 0 R>>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


_CMAP = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{count} beginbfchar
{mapping}endbfchar endcmap end end"""


def wrapped(text: str, across: float, size: float, hyphens: bool = False) -> list[str]:
    """A paragraph broken into lines of a width; with hyphens as TeX sets them, if asked for."""
    lines, line = [], ""
    unspaced = any("\u2e80" <= char <= "\u9fff" for char in text)
    for word in text if unspaced else text.split(" "):
        joined = line + word if unspaced or not line else f"{line} {word}"
        if width(joined, size) <= across:
            line = joined
            continue
        cut = len(word) // 2
        if hyphens and len(word) > 9 and word.isalpha() and width(f"{line} {word[:cut]}-", size) <= across:
            lines.append(f"{line} {word[:cut]}-")
            line = word[cut:]
        else:
            lines.append(line)
            line = word
    return [*lines, line]


# --- Word


def word(blocks: Sequence[tuple[str, str]], title: str = "", author: str = "") -> bytes:
    """A document by python-docx; a block is a style and its text, "|" parts the cells of "Table" rows."""
    from docx import Document

    document = Document()
    document.core_properties.title, document.core_properties.author = title, author
    for style, text in blocks:
        if style == "Table":
            rows = [row.split("|") for row in text.split("\n")]
            table = document.add_table(len(rows), len(rows[0]))
            for n, row in enumerate(rows):
                for cell, content in zip(table.rows[n].cells, row, strict=True):
                    cell.text = content.strip()
        elif style == "Hidden":
            document.add_paragraph().add_run(text).font.hidden = True
        else:
            document.add_paragraph(text, style=style)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


# --- EPUB


def epub(
    title: str, author: str, language: str, published: str, chapters: Sequence[tuple[str, str]]
) -> bytes:
    """A book of EPUB 3 as Pandoc or Calibre make it: a title page, contents, a file for each chapter."""
    items = "".join(
        f'<item id="c{n}" href="text/ch{n:03}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    links = "".join(
        f'<li><a href="text/ch{n:03}.xhtml">{escape(name)}</a></li>' for n, (name, _) in enumerate(chapters)
    )
    head = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<?xml version="1.0"?><container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="EPUB/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        "EPUB/content.opf": f'<?xml version="1.0" encoding="utf-8"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">x</dc:identifier><dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator><dc:language>{language}</dc:language><dc:date>{published}</dc:date></metadata><manifest><item id="title_page" href="text/title_page.xhtml" media-type="application/xhtml+xml"/><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>{items}</manifest><spine><itemref idref="title_page"/><itemref idref="nav"/>{spine}</spine></package>',
        "EPUB/nav.xhtml": f'{head}<head><title>{escape(title)}</title></head><body><nav epub:type="toc"><h1>Contents</h1><ol>{links}</ol></nav></body></html>',
        "EPUB/text/title_page.xhtml": f"{head}<body><h1>{escape(title)}</h1><p>{escape(author)}</p></body></html>",
    }
    for n, (name, body) in enumerate(chapters):
        members[f"EPUB/text/ch{n:03}.xhtml"] = (
            f"{head}<head><title>{escape(title)}</title></head><body><section><h1>{escape(name)}</h1>{body}</section></body></html>"
        )
    return archive(members)


# --- mail and saved pages


def mail(
    headers: Mapping[str, str], plain: str = "", html: str = "", attached: Mapping[str, bytes] = {}
) -> bytes:
    message = EmailMessage()
    for name, value in headers.items():
        message[name] = value
    message.set_content(plain)
    if html:
        message.add_alternative(html, subtype="html")
    for name, data in attached.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def mhtml(html: str, url: str, title: str, frames: Sequence[str] = ()) -> bytes:
    """A page as Chrome saves it, with its frames behind it."""
    from quopri import encodestring

    mark = "----MultipartBoundary--7Xq2----"
    head = f'From: <Saved by Blink>\r\nSnapshot-Content-Location: {url}\r\nSubject: =?utf-8?Q?{_quoted(title)}?=\r\nDate: Tue, 3 Feb 2026 09:15:42 -0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="{mark}"\r\n\r\n\r\n'
    parts = [head.encode()]
    for n, page in enumerate([html, *frames]):
        where = url if not n else f"cid:frame-{n}@mhtml.blink"
        said = f"--{mark}\r\nContent-Type: text/html\r\nContent-ID: <frame-{n}@mhtml.blink>\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Location: {where}\r\n\r\n"
        parts.append(said.encode() + encodestring(page.encode()).replace(b"\n", b"\r\n") + b"\r\n")
    return b"".join([*parts, f"--{mark}--\r\n".encode()])


def _quoted(text: str) -> str:
    return "".join(f"={byte:02X}" for byte in text.encode())
