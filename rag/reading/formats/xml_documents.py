"""Parse XML of office documents and news, and extract its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rag.errors import Unreadable
from rag.reading.cleaning.encoding import wash
from rag.reading.formats.zip_archive import Archive

_MAX_MEMBER_BYTES = 60_000_000
"""Maximum size of an XML file in an archive. Not fitted."""
_UNPRINTED = """
    del moveFrom instrText delText Fallback annotation tracked-changes forms sequence-decls page-number
"""
_SKIPPED = frozenset(_UNPRINTED.split())
"""Elements that are not printed."""
_BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "s": " ", "line-break": "\n"}
"""The text of elements without content."""


def parse_xml(data: bytes, code: str, **values: object) -> Any:
    """Parse XML without resolving entities. Raises Unreadable, with a message code, if it is not XML."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(code, **values) from error
    if root is None:
        raise Unreadable(code, **values)
    return root


def parse_member(archive: Archive, name: str, code: str, **values: object) -> Any:
    """Parse an XML file of an archive. Raises Unreadable, with a message code, if it is not XML."""
    return parse_xml(archive.read(name, _MAX_MEMBER_BYTES), code, **values)


def local_name(element: Any) -> str:
    """Return an element's name without its namespace; "" for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Return an attribute by its name in any namespace; "" if there is none."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def child(element: Any, *names: str) -> Any:
    """Return the first element at a path of local names; None if there is none."""
    for name in names:
        if element is None:
            return None
        element = next((each for each in element if local_name(each) == name), None)
    return element


def read_properties(archive: Archive, name: str) -> dict[str, str]:
    """Return the properties in docProps/core.xml or meta.xml by local name; {} if the file is missing."""
    if name not in archive.names():
        return {}
    elements = parse_member(archive, name, "not_kind", suffix=name).iter()
    return {
        local_name(each): " ".join((each.text or "").split())
        for each in elements
        if local_name(each) and each.text
    }


def text_of(element: Any) -> str:
    """Return the text below an element of Word or PowerPoint, without text boxes."""
    return wash("".join(_pieces(element)))


def words_of(element: Any) -> str:
    """Return all text below an element, on one line."""
    return wash(" ".join("".join(element.itertext()).split()))


def mixed_text(element: Any) -> str:
    """Return the text below an element of mixed content (OpenDocument, NITF)."""
    return wash("".join(_mixed(element)))


def _pieces(element: Any) -> Iterator[str]:
    for each in element:
        name = local_name(each)
        if name == "t":
            yield each.text or ""
        elif name in _BREAKS:
            yield _BREAKS[name]
        elif name not in _SKIPPED and name != "txbxContent" and not _is_hidden_run(each):
            yield from _pieces(each)


def _is_hidden_run(run: Any) -> bool:
    mark = child(run, "rPr", "vanish")
    return mark is not None and attribute(mark, "val") not in ("0", "false", "off")


def _mixed(element: Any) -> Iterator[str]:
    yield element.text or ""
    for each in element:
        name = local_name(each)
        if name in _BREAKS:
            yield _BREAKS[name]
        elif name not in _SKIPPED and name not in ("note", "frame"):
            yield from _mixed(each)
        yield each.tail or ""
