"""Signatures: what the first bytes say a file is, so that what cannot be read is refused by its name."""

from __future__ import annotations

import re

from botscan.errors import FormatError

PARQUET_MAGIC = b"PAR1"

#: First bytes of files that are not read, with their name and what to do instead.
_BINARY_FILES: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "Unpack it, or save the sheet as CSV UTF-8."),
    (b"PK\x05\x06", "an empty zip archive", "Give the list itself."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office file", "Save the sheet as CSV UTF-8."),
    (b"\x1f\x8b", "gzip", "Expand it first."),
    (b"\xfd7zXZ\x00", "an xz file", "Expand it first."),
    (b"BZh91AY&SY", "a bzip2 file", "Expand it first."),
    (b"\x28\xb5\x2f\xfd", "a zstd file", "Expand it first."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-zip archive", "Unpack it first."),
    (b"Rar!\x1a\x07", "a RAR archive", "Unpack it first."),
    (b"%PDF-", "a PDF document", "Export the list as CSV."),
    (b"SQLite format 3\x00", "an SQLite database", "Export the table as CSV."),
    (b"ARROW1", "an Arrow file", "Save it as Parquet."),
    (b"FEA1", "a Feather file", "Save it as Parquet."),
    (b"Obj\x01", "an Avro file", "Save it as Parquet."),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", "Save it as Parquet."),
    (b"\x93NUMPY", "a NumPy array", "Save the list as CSV or Parquet."),
    (b"RDX3\n", "an R data file", "Save the list as CSV or Parquet."),
    (b"\x89PNG", "an image", "Export the list as CSV."),
    (b"\xff\xd8\xff", "an image", "Export the list as CSV."),
    (b"GIF89a", "an image", "Export the list as CSV."),
    (b"\x7fELF", "a program", "Give the list itself."),
    (b"MZ\x90", "a program", "Give the list itself."),
)
_PICKLE = re.compile(rb"\x80[\x01-\x05][\x00-\xff]|\(dp0\n|\(lp0\n|ccopy_reg\n|cposix\n")
_TEXT_FILES: tuple[tuple[re.Pattern[bytes], str, str], ...] = (
    (re.compile(rb"<\?xml", re.IGNORECASE), "XML", "Export the list as CSV or JSON."),
    (
        re.compile(rb"<(!doctype|html|head|body|div|table)\b", re.IGNORECASE),
        "a web page",
        "Ask the platform for the export as JSON.",
    ),
    (re.compile(rb"<\?php"), "a script", "Give the data itself; scripts are never run."),
    (re.compile(rb"<[a-z!/]", re.IGNORECASE), "XML or HTML", "Export the list as CSV or JSON."),
    (re.compile(rb"%YAML|---\s"), "YAML", "Save the list as CSV or JSON."),
    (
        re.compile(rb"window\.YTD\."),
        "an X data archive, which this version does not read yet",
        "Give a table or an API page of the followers.",
    ),
    (
        re.compile(rb"#!|window[.\[]|(var|let|const)\s+\w+\s*=|(async\s+)?function\s*\w*\s*\("),
        "a script",
        "Give the data itself; scripts are never run.",
    ),
)


def refuse_binary(head: bytes, *, source: str, known: str) -> None:
    """Raise FormatError when the first bytes belong to a kind of file that is not read.

    Parameters
    ----------
    head
        First bytes, expanded but not decoded.
    source
        Name for the message.
    known
        The formats that are read, as words.
    """
    for magic, words, remedy in _BINARY_FILES:
        if head.startswith(magic):
            raise _refused(words, remedy, source, known)
    if _PICKLE.match(head):
        raise _refused("a Python pickle, which could run code", "Save the list as CSV or Parquet.", source, known)


def refuse_text(head: bytes, *, source: str, known: str) -> None:
    """Raise FormatError when text, after white space, begins like XML, HTML, YAML or a script."""
    start = head.lstrip()[:200]
    for pattern, words, remedy in _TEXT_FILES:
        if pattern.match(start):
            raise _refused(words, remedy, source, known)


def _refused(words: str, remedy: str, source: str, known: str) -> FormatError:
    return FormatError(f"This is {words}. Known formats: {known}.", source=source, remedy=remedy)
