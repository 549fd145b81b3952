"""Office documents that are XML in a ZIP archive, and news in XML: their paragraphs as lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.errors import Unreadable
from rag.reading.cleaning.encoding import wash
from rag.reading.formats.zip_archive import Archive

_MAX_BYTES = 60_000_000
"""Bytes of one XML file in an archive."""
_UNPRINTED = """
    del moveFrom instrText delText Fallback annotation tracked-changes forms sequence-decls page-number
"""
_SKIPPED = frozenset(_UNPRINTED.split())
"""Elements that nobody sees in print."""
_BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "s": " ", "line-break": "\n"}
_TEXTS = frozenset({"t"})


def parse_xml(data: bytes, code: str, **values: object) -> Any:
    """Parse XML with entities left closed. Raises Unreadable with the code where it is none."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(code, **values) from error
    if root is None:
        raise Unreadable(code, **values)
    return root


def member(archive: Archive, name: str, code: str, **values: object) -> Any:
    """Parse a file of an archive. Raises Unreadable."""
    return parse_xml(archive.read(name, _MAX_BYTES), code, **values)


def local(element: Any) -> str:
    """Return an element's name without its namespace; "" for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Return an attribute whatever its namespace; "" where there is none."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def child(element: Any, *names: str) -> Any:
    """Return the element at the end of a path of local names; None where there is none."""
    for name in names:
        element = None if element is None else next((each for each in element if local(each) == name), None)
    return element


def described(archive: Archive, name: str) -> dict[str, str]:
    """Return the properties in docProps/core.xml or meta.xml by local name; empty where they are missing."""
    if name not in archive.names():
        return {}
    elements = member(archive, name, "not_kind", suffix=name).iter()
    return {
        local(each): " ".join((each.text or "").split()) for each in elements if local(each) and each.text
    }


def text_of(element: Any, texts: frozenset[str] = _TEXTS) -> str:
    """Return the text below an element of Word or PowerPoint, text boxes left out."""
    return wash("".join(_pieces(element, texts)))


def words_of(element: Any) -> str:
    """Return all text below an element in one line."""
    return wash(" ".join("".join(element.itertext()).split()))


def mixed_text(element: Any) -> str:
    """Return the text below an element of mixed content (OpenDocument, NITF)."""
    return wash("".join(_mixed(element)))


def _pieces(element: Any, texts: frozenset[str]) -> Iterator[str]:
    for each in element:
        name = local(each)
        if name in texts:
            yield each.text or ""
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name not in _SKIPPED and name != "txbxContent" and not _is_vanished(each):
            yield from _pieces(each, texts)


def _is_vanished(run: Any) -> bool:
    mark = child(run, "rPr", "vanish")
    return mark is not None and attribute(mark, "val") not in ("0", "false", "off")


def _mixed(element: Any) -> Iterator[str]:
    yield element.text or ""
    for each in element:
        name = local(each)
        if name in _BREAKS:
            yield _BREAKS[name]
        elif name not in _SKIPPED and name not in ("note", "frame"):
            yield from _mixed(each)
        yield each.tail or ""
