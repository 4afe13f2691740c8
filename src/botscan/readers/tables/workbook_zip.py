"""The parts of an Excel workbook: a zip archive in which only the parts that are asked for are expanded, in memory."""

from __future__ import annotations

from collections.abc import Iterator

from botscan.errors import FormatError
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits, Source
from botscan.readers.containers.signatures import ZIP_STARTS, is_workbook, refuse_package
from botscan.readers.containers.zip_members import ZipArchive

#: What an old workbook (.xls) and one with a password begin with: a container of Microsoft's, no zip.
_OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 1 << 16
_AS_CSV = 'Open it and save the sheet as "CSV UTF-8", then give that file.'


class WorkbookZip:
    """The parts of one workbook.

    Attributes
    ----------
    packed_bytes
        Size of the file.

    Raises
    ------
    FormatError
        The file is no .xlsx workbook, holds macros, is encrypted or damaged, or its list of parts is unsafe.
    """

    def __init__(self, source: Source, *, limits: Limits = DEFAULT_LIMITS) -> None:
        self._source = source
        self._limits = limits
        _refuse_others(source)
        self.packed_bytes = _size(source)
        self._archive = ZipArchive(source, limits=limits)
        self._parts: dict[str, str] = {}
        for name in self._archive.names:
            if self._parts.setdefault(name.lower(), name) != name:
                raise self.damaged("two parts of one name")
        if not is_workbook(self._archive.names):
            refuse_package(self._archive.names, source=source.name)
            raise FormatError(
                "This is a zip archive, no Excel workbook.", source=source.name, remedy="Unpack it first."
            )
        if any(name == "xl/vbaproject.bin" or name.startswith("xl/macrosheets/") for name in self._parts):
            raise FormatError("This is a workbook with macros, which is not read.", source=source.name, remedy=_AS_CSV)

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._parts

    def chunks(self, part: str) -> Iterator[bytes]:
        """Yield the bytes of a part; a part that is not there has none.

        Raises
        ------
        FormatError
            The part is damaged, is not as long as the archive says, or expands too far.
        """
        name = self._parts.get(part.lower())
        if name is not None:
            yield from self._archive.member(name).chunks(_CHUNK)

    def refuse_bomb(self, n_bytes: int) -> None:
        """Raise FormatError when texts that cells share are handed out so often that no workbook can mean it."""
        limits = self._limits
        is_bomb = n_bytes > limits.ratio_from_bytes and n_bytes > limits.expansion_ratio * self.packed_bytes
        if is_bomb or n_bytes > limits.expanded_bytes:
            raise FormatError(
                f"The texts that cells share expand to more than {limits.expansion_ratio} times the size of the file,"
                f" or to more than {limits.expanded_bytes:,} bytes, as in a bomb.",
                source=self._source.name,
                remedy=_AS_CSV,
            )

    def damaged(self, reason: str) -> FormatError:
        """Return the error for a workbook that cannot be read to the end."""
        return FormatError(
            f"The Excel workbook is damaged ({reason}).",
            source=self._source.name,
            remedy="Save or fetch it again, or save the sheet as CSV UTF-8.",
        )


def _refuse_others(source: Source) -> None:
    head = source.first_bytes(len(_OLD_OFFICE_MAGIC))
    if head == _OLD_OFFICE_MAGIC:
        raise FormatError(
            "This is an old Excel workbook (.xls), or one with a password; neither is read.",
            source=source.name,
            remedy=_AS_CSV,
        )
    if not head.startswith(ZIP_STARTS):
        raise FormatError("This is no Excel workbook.", source=source.name, remedy="Give an .xlsx file.")


def _size(source: Source) -> int:
    file = source.open()
    try:
        return file.seek(0, 2)
    finally:
        file.close()
