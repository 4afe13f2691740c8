import io
import tarfile
import zipfile

import pytest

from botscan.errors import FormatError
from botscan.readers.containers.signatures import is_workbook, refuse_binary, refuse_package, refuse_text


@pytest.mark.parametrize(
    "head",
    [
        b"ORCID,username\n",
        b"BZhandle,x\n",
        b"GIF,username\n",
        b"export date;username\n",
        b"function,username\n",
        b"-- note\n",
        b"<5 followers,username\n",
        b"LZIP,username\n",
        b"MSCF,username\n",
        b"PK,username\n",
    ],
)
def test_tables_are_not_taken_for_something_else(head):
    refuse_binary(head, source="made", known="")
    refuse_text(head, source="made", known="")


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"PK\x03\x04\x14", "a zip archive or an Excel workbook"),
        (b"PK\x05\x06", "an empty zip archive"),
        (b"PK\x07\x08", "a part of a split zip archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7-zip archive"),
        (b"Rar!\x1a\x07\x00", "a RAR archive"),
        (b"\x04\x22\x4d\x18", "an lz4 file"),
        (b"LZIP\x01", "an lzip file"),
        (b"\x80\x04\x95", "a Python pickle"),
        (b"SQLite format 3\x00", "an SQLite database"),
    ],
)
def test_what_is_not_read_is_refused_by_its_name(head, words):
    with pytest.raises(FormatError, match=rf"made: This is {words}.*Known formats: tables\."):
        refuse_binary(head, source="made", known="tables")


@pytest.mark.parametrize("kind", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_tar_archive_is_refused(kind):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=kind) as archive:
        archive.addfile(tarfile.TarInfo("list.csv"))
    with pytest.raises(FormatError, match=r"a tar archive.*Unpack it first, or pack the list as zip"):
        refuse_binary(packed.getvalue(), source="made", known="")


@pytest.mark.parametrize("head", [b"\x1f\x8b\x08", b"\xfd7zXZ\x00", b"BZh91AY&SY", b"\x28\xb5\x2f\xfd"])
def test_what_is_expanded_now_is_not_refused(head):
    refuse_binary(head, source="made", known="")


def test_a_workbook_is_known_by_its_members():
    assert is_workbook({"[Content_Types].xml", "xl/workbook.xml", "docProps/app.xml"})
    assert not is_workbook({"[Content_Types].xml", "word/document.xml"})
    assert not is_workbook({"export/xl/workbook.xml", "export/[Content_Types].xml"})


def test_lists_in_an_archive_are_no_package():
    refuse_package(["followers.csv", "word/document.xml", "content.xml", "__MACOSX/x"], source="made")
    with pytest.raises(FormatError, match=r"made: This is a Word document, not a list\. Save its table as CSV UTF-8"):
        refuse_package(["word/document.xml", "[Content_Types].xml"], source="made")


def test_the_sign_of_a_zip_archive_is_what_the_standard_library_writes():
    from botscan.readers.containers.signatures import ZIP_STARTS

    for members in ([], ["a"]):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in members:
                archive.writestr(name, b"x")
        assert packed.getvalue().startswith(ZIP_STARTS)
