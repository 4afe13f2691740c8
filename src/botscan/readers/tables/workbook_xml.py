"""The XML inside a workbook, read as a stream, and the elements of its small parts.

A document type (and with it every entity) is an error, and so is all that no workbook has: nothing is expanded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.parsers import expat  # document types are refused; tags and names are limited

from botscan.readers.tables.workbook_cells import CellFormat, format_of

#: Bytes of the longest tag, different names of tags, elements of a small part.
_LONGEST_TAG = 4 << 20
_MOST_NAMES = 10_000
_MOST_ELEMENTS = 1_000_000
#: Tags inside one another.
MOST_DEPTH = 64


class XmlError(Exception):
    """A part is no XML, or XML that no workbook holds."""


@dataclass(frozen=True)
class Element:
    """One start tag: its name without name space, and its attributes likewise."""

    name: str
    attributes: Mapping[str, str]


class XmlReading:
    """A parser of one part; subclasses take its events."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        # "name space, blank, name": writers differ in prefixes, and there are two name spaces.
        self.parser = expat.ParserCreate(None, " ", self._names)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = _refuse_document_type
        self._n_fed = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a start tag."""
        raise NotImplementedError

    def end(self, name: str) -> None:
        """Take an end tag."""
        raise NotImplementedError

    def feed(self, chunk: bytes, *, is_last: bool = False) -> None:
        """Parse some more bytes."""
        self._n_fed += len(chunk)
        try:
            self.parser.Parse(chunk, is_last)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise XmlError(type(error).__name__) from error
        if self._n_fed - self.parser.CurrentByteIndex > _LONGEST_TAG or len(self._names) > _MOST_NAMES:
            raise XmlError("unreasonable XML")


def _refuse_document_type(*_: object) -> None:
    raise XmlError("document type")


class _Elements(XmlReading):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self._depth = 0
        self._n = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._n += 1
        if self._depth > MOST_DEPTH or self._n > _MOST_ELEMENTS:
            raise XmlError("unreasonable XML")
        plain = {key.rpartition(" ")[2]: text for key, text in attributes.items()}
        self.found.append(Element(name.rpartition(" ")[2], plain))

    def end(self, name: str) -> None:  # noqa: ARG002
        self._depth -= 1


def elements(chunks: Iterable[bytes]) -> Iterator[Element]:
    """Yield the start tags of a small part in order.

    Raises
    ------
    XmlError
        It is no XML, or XML that no workbook holds.

    Examples
    --------
    >>> [one.name for one in elements([b"<a><b x='1'/></a>"])]
    ['a', 'b']
    """
    reading = _Elements()
    is_empty = True
    for chunk in chunks:
        is_empty = False
        reading.feed(chunk)
        yield from reading.found
        reading.found.clear()
    if not is_empty:
        reading.feed(b"", is_last=True)
        yield from reading.found


def read_formats(chunks: Iterable[bytes]) -> tuple[CellFormat, ...]:
    """Return what each style of cells makes of a number, from the part with the styles."""
    codes: dict[int, str] = {}
    styles: list[int] = []
    is_of_cells = False
    for one in elements(chunks):
        if one.name == "numFmt":
            codes.setdefault(whole_number(one.attributes.get("numFmtId")), one.attributes.get("formatCode", ""))
        elif one.name in {"cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
            is_of_cells = one.name == "cellXfs"
        elif one.name == "xf" and is_of_cells:
            styles.append(whole_number(one.attributes.get("numFmtId")))
    known = {number: format_of(number, codes.get(number)) for number in set(styles)}
    return tuple(known[number] for number in styles)


def whole_number(text: str | None, default: int = 0) -> int:
    """Return an attribute as a number; what is none counts as not there."""
    return int(text) if text is not None and len(text) < 10 and text.isascii() and text.isdigit() else default
