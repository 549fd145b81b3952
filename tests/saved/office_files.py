"""Office files as small as they can be: OpenDocument, PowerPoint, Excel, Outlook messages."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from html import escape

from saved.documents import archive

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def odt(body: str, title: str = "", author: str = "") -> bytes:
    """A text document of OpenDocument around the XML of its body."""
    spaces = f'xmlns:office="{_ODF}:office:1.0" xmlns:text="{_ODF}:text:1.0" xmlns:table="{_ODF}:table:1.0"'
    inner = f"<office:body><office:text>{body}</office:text></office:body>"
    said = f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {spaces}>{inner}</office:document-content>",
            "meta.xml": f'<office:document-meta {spaces} xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<office:meta>{said}</office:meta></office:document-meta>",
        }
    )


def pptx(slides: Sequence[Sequence[str]], title: str = "") -> bytes:
    """A presentation: the paragraphs of each slide."""
    core = f'<c:coreProperties xmlns:c="{_PACKAGE}/metadata/core-properties"><title>{title}</title></c:coreProperties>'
    members = {"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>", "docProps/core.xml": core}
    for n, paragraphs in enumerate(slides, 1):
        inner = "".join(f"<a:p><a:r><a:t>{escape(each)}</a:t></a:r></a:p>" for each in paragraphs)
        members[f"ppt/slides/slide{n}.xml"] = f'<sld xmlns:a="{_DRAWING}">{inner}</sld>'
    return archive(members)


def xlsx(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """A workbook: the rows of each sheet, all cells text."""
    names = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1))
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATED}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    members = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_SHEET}" xmlns:r="{_RELATED}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>',
    }
    for n, rows in enumerate(sheets.values(), 1):
        inner = "".join(f'<row r="{r}">{_cells(row, r)}</row>' for r, row in enumerate(rows, 1))
        members[f"xl/worksheets/sheet{n}.xml"] = (
            f'<worksheet xmlns="{_SHEET}"><sheetData>{inner}</sheetData></worksheet>'
        )
    return archive(members)


def _cells(row: Sequence[str], number: int) -> str:
    return "".join(
        f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        for column, text in enumerate(row)
    )


# --- Outlook: a compound file [MS-CFB] with the properties of a message [MS-OXMSG]

_SECTOR, _MINI, _END, _FREE, _FAT = 512, 64, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def msg(subject: str, body: str, sender: str, address: str, sent: datetime) -> bytes:
    """A message as Outlook saves it."""
    strings = {0x001A: "IPM.Note", 0x0037: subject, 0x1000: body, 0x0C1A: sender, 0x0C1F: address}
    ticks = int((sent - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
    entries = struct.pack("<HHIQ", 0x0040, 0x0039, 6, ticks)
    streams = dict[str, bytes]()
    for key, text in strings.items():
        data = text.encode("utf-16-le")
        entries += struct.pack("<HHIQ", 0x001F, key, 6, len(data) + 2)
        streams[f"__substg1.0_{key:04X}001F"] = data
    return _compound({"__properties_version1.0": bytes(32) + entries, **streams})


def _compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of streams below 4,096 bytes: header, FAT, mini FAT, directory, mini stream."""
    mini, chains, starts = b"", list[int](), dict[str, int]()
    for name, data in streams.items():
        starts[name], count = len(chains), -(-len(data) // _MINI)
        chains += [*range(len(chains) + 1, len(chains) + count), _END]
        mini += data.ljust(count * _MINI, b"\0")
    names = sorted(streams, key=lambda name: (len(name), name.upper()))
    entries = [_entry("Root Entry", 5, 0, len(mini), child=1)]
    entries += [  # a tree that leans to the right is one too
        _entry(name, 2, starts[name], len(streams[name]), right=n + 2 if n + 1 < len(names) else _FREE)
        for n, name in enumerate(names)
    ]
    directory = _padded(b"".join(entries), _entry("", 0, 0, 0))
    minifat = _padded(struct.pack(f"<{len(chains)}I", *chains), struct.pack("<I", _FREE))
    mini = mini.ljust(-(-len(mini) // _SECTOR) * _SECTOR, b"\0")
    fat, starts_at = [_FAT], list[int]()
    for part in (minifat, directory, mini):
        starts_at.append(len(fat))
        count = len(part) // _SECTOR
        fat += [*range(len(fat) + 1, len(fat) + count), _END]
    directory = directory[:116] + struct.pack("<I", starts_at[2]) + directory[120:]
    head = struct.pack("<8s16sHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, starts_at[1], 0, 4096, starts_at[0], len(minifat) // _SECTOR, _END, 0)
    head += struct.pack("<109I", 0, *[_FREE] * 108)
    return (
        head
        + _padded(struct.pack(f"<{len(fat)}I", *fat), struct.pack("<I", _FREE))
        + minifat
        + directory
        + mini
    )


def _entry(name: str, kind: int, start: int, size: int, right: int = _FREE, child: int = _FREE) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0" if name else b""
    return struct.pack(
        "<64sHBBIII16sIQQIQ", encoded, len(encoded), kind, 1, _FREE, right, child, b"", 0, 0, 0, start, size
    )


def _padded(data: bytes, unit: bytes) -> bytes:
    return data + unit * ((-len(data) % _SECTOR) // len(unit))
