"""Signatures: what the first bytes say a file is, so that what cannot be read is refused by its name."""

from __future__ import annotations

import re
from collections.abc import Collection

from botscan.errors import FormatError

PARQUET_MAGIC = b"PAR1"
#: A zip archive begins with its first member, or with its end when it has none.
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")

#: Where the name of a tar archive's kind stands, and how it begins.
_TAR_PLACE, _TAR_MARK = 257, b"ustar"

#: First bytes of files that are not read, with their name and what to do instead.
_BINARY_FILES: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "Unpack it, or save the sheet as CSV UTF-8."),
    (b"PK\x05\x06", "an empty zip archive", "Give the list itself."),
    (b"PK\x07\x08", "a part of a split zip archive", "Join the parts, or unpack them."),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office file", "Save the sheet as CSV UTF-8."),
    (b"LZIP\x01", "an lzip file", "Expand it first."),
    (b"\x04\x22\x4d\x18", "an lz4 file", "Expand it first."),
    (b"\x1f\x9d", "a file packed by compress", "Expand it first."),
    (b"MSCF\x00\x00\x00\x00", "a cabinet archive", "Unpack it first."),
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
_HTML = re.compile(rb"<(!doctype|html|head|body|div|table)\b", re.IGNORECASE)
#: Two lines of TikTok's lists as text: when somebody began to follow, and who.
_TIKTOK_LINES = re.compile(
    rb"^(?:Date:[^\r\n]{1,100}(?:\r\n?|\n)User ?name:|User ?name:[^\r\n]{1,100}(?:\r\n?|\n)Date:)",
    re.IGNORECASE | re.MULTILINE,
)
_INSTAGRAM_LINK = b"https://www.instagram.com/"
_TEXT_FILES: tuple[tuple[re.Pattern[bytes], str, str], ...] = (
    (re.compile(rb"<\?xml", re.IGNORECASE), "XML", "Export the list as CSV or JSON."),
    (
        _HTML,
        "a web page",
        "Ask the platform for the export as JSON.",
    ),
    (re.compile(rb"<\?php"), "a script", "Give the data itself; scripts are never run."),
    (re.compile(rb"<[a-z!/]", re.IGNORECASE), "XML or HTML", "Export the list as CSV or JSON."),
    (re.compile(rb"%YAML|---\s"), "YAML", "Save the list as CSV or JSON."),
    (
        re.compile(rb"window\.YTD\."),
        "a script of an X data archive in a form that is not known",
        "Give data/follower.js as it stands in the archive, or the whole archive.",
    ),
    (
        re.compile(rb"#!|window[.\[]|(var|let|const)\s+\w+\s*=|(async\s+)?function\s*\w*\s*\("),
        "a script",
        "Give the data itself; scripts are never run.",
    ),
)


#: Members that make a zip archive a document of some program, with its name and what to do instead.
_WORKBOOK_MEMBERS = frozenset({"[Content_Types].xml", "xl/workbook.xml"})
_PACKAGES: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset({"[Content_Types].xml", "xl/workbook.bin"}), "a binary Excel workbook", "Save the sheet as CSV UTF-8."),
    (frozenset({"[Content_Types].xml", "word/document.xml"}), "a Word document", "Save its table as CSV UTF-8."),
    (frozenset({"[Content_Types].xml", "ppt/presentation.xml"}), "a PowerPoint file", "Save its table as CSV UTF-8."),
    (frozenset({"mimetype", "content.xml"}), "an OpenDocument file", "Save the sheet as CSV UTF-8."),
    (frozenset({"Index/Document.iwa"}), "a Numbers, Pages or Keynote file", "Export the table as CSV."),
    (frozenset({"mimetype", "META-INF/container.xml"}), "an e-book", "Give the list itself."),
    (frozenset({"AndroidManifest.xml"}), "a program", "Give the list itself."),
    (frozenset({"META-INF/MANIFEST.MF"}), "a program", "Give the list itself."),
)


def is_workbook(names: Collection[str]) -> bool:
    """Whether a zip archive with members of these names is an Excel workbook.

    Examples
    --------
    >>> is_workbook(["[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml"]), is_workbook(["followers.csv"])
    (True, False)
    """
    return set(names) >= _WORKBOOK_MEMBERS


def refuse_package(names: Collection[str], *, source: str) -> None:
    """Raise FormatError when a zip archive with members of these names is a document of another kind."""
    present = set(names)
    for members, words, remedy in _PACKAGES:
        if members <= present:
            raise FormatError(f"This is {words}, not a list.", source=source, remedy=remedy)


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
    if head.startswith(_TAR_MARK, _TAR_PLACE):
        raise _refused("a tar archive", "Unpack it first, or pack the list as zip.", source, known)
    if _PICKLE.match(head):
        raise _refused("a Python pickle, which could run code", "Save the list as CSV or Parquet.", source, known)


def refuse_text(head: bytes, *, source: str, known: str) -> None:
    """Raise FormatError when text, after white space, begins like XML, HTML, YAML, a script or a list of TikTok's."""
    start = head.lstrip()[:200]
    if _HTML.match(start) and _INSTAGRAM_LINK in head:
        raise FormatError(
            "This is Instagram's download of your information as HTML, which is not read: its dates carry no time zone"
            " and its layout changes.",
            source=source,
            remedy="Ask for the download again and choose the format JSON instead of HTML and the date range All time;"
            " then give followers_1.json or the whole zip.",
        )
    if _TIKTOK_LINES.search(head[:4096]):
        raise FormatError(
            "This is a list of TikTok's download of your data as TXT, which is not read: it does not say whether it is"
            " the followers or the accounts followed.",
            source=source,
            remedy="Ask for the download again and choose the format JSON instead of TXT; then give"
            " user_data_tiktok.json or the whole zip.",
        )
    for pattern, words, remedy in _TEXT_FILES:
        if pattern.match(start):
            raise _refused(words, remedy, source, known)


def _refused(words: str, remedy: str, source: str, known: str) -> FormatError:
    return FormatError(f"This is {words}. Known formats: {known}.", source=source, remedy=remedy)
