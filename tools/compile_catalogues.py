"""Compile src/botscan/wording/locale/*/LC_MESSAGES/botscan.po to .mo files.

Run after every change of a catalogue: ``python tools/compile_catalogues.py``. A test fails when it was forgotten.
The bytes depend on the catalogue alone: no date, no version of a tool.
"""

from __future__ import annotations

import struct
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALE_FOLDER = Path(__file__).resolve().parents[1] / "src" / "botscan" / "wording" / "locale"
_MAGIC = 0x950412DE
_HEADER_BYTES = 28


def compiled(path: Path) -> bytes:
    """Return the bytes of the .mo file that a .po file makes."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parts[-3])
    return _mo_bytes({"": _header(catalogue), **_entries(catalogue)})


def _header(catalogue: Catalog) -> str:
    return (
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
        f"Language: {catalogue.locale_identifier}\nPlural-Forms: {catalogue.plural_forms}\n"
    )


def _entries(catalogue: Catalog) -> dict[str, str]:
    """Return msgid -> msgstr as a .mo file holds them: plural forms joined by NUL."""
    entries = {}
    for message in catalogue:
        if message.id:
            ids, texts = (part if isinstance(part, tuple) else (part,) for part in (message.id, message.string))
            entries["\0".join(ids)] = "\0".join(texts)
    return entries


def _mo_bytes(entries: dict[str, str]) -> bytes:
    """Lay out a GNU .mo file: header, table of ids, table of texts, ids, texts."""
    keys = sorted(entries, key=str.encode)
    blobs = [key.encode() for key in keys] + [entries[key].encode() for key in keys]
    position = _HEADER_BYTES + 8 * len(blobs)
    tables = []
    for blob in blobs:
        tables.append(struct.pack("<II", len(blob), position))
        position += len(blob) + 1
    texts_at = _HEADER_BYTES + 8 * len(keys)
    header = struct.pack("<7I", _MAGIC, 0, len(keys), _HEADER_BYTES, texts_at, 0, position)
    return header + b"".join(tables) + b"\0".join(blobs) + b"\0"


def main() -> None:
    """Compile every catalogue in place."""
    for path in sorted(LOCALE_FOLDER.glob("*/LC_MESSAGES/*.po")):
        path.with_suffix(".mo").write_bytes(compiled(path))


if __name__ == "__main__":
    main()
