"""Workbooks (robustness, 1a): hostile and damaged files end in a FormatError, in little memory and time."""

import gzip
import io
import random
import stat
import struct
import sys
import tracemalloc
import zipfile
from time import perf_counter

import openpyxl
import pytest

from botscan.errors import FormatError
from botscan.readers.containers.files import DEFAULT_LIMITS, Limits, Source
from botscan.readers.tables.workbook import WorkbookReader

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>username</t></is></c><c r="B1" t="inlineStr"><is><t>bio</t></is></c></row>'


def source_of(data):
    return Source("list.xlsx", spool=io.BytesIO(data))


def good():
    book = openpyxl.Workbook()
    book.active.append(["username", "followers"])
    book.active.append(["ana", 5])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def changed(change, data=None):
    """The good workbook after `change(names to bytes)`."""
    with zipfile.ZipFile(io.BytesIO(data or good())) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts = change(parts) or parts
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()


def with_sheet(xml, before="", strings=None):
    def change(parts):
        parts["xl/worksheets/sheet1.xml"] = (
            f'{before}<worksheet xmlns="{MAIN}"><sheetData>{xml}</sheetData></worksheet>'
        )
        if strings is not None:
            parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'

    return changed(change)


def read(data, limits=DEFAULT_LIMITS):
    """All rows of all columns."""
    reader = WorkbookReader(source_of(data), limits=limits)
    try:
        return [row for batch in reader.batches(reader.headers) for row in batch.table.to_pylist()]
    finally:
        reader.close()


def refused(data, limits=DEFAULT_LIMITS):
    with pytest.raises(FormatError) as caught:
        read(data, limits)
    assert str(caught.value).startswith("list.xlsx")
    assert caught.value.remedy
    return str(caught.value)


def added(**parts):
    return changed(lambda old: old | {name.replace("__", "/"): content for name, content in parts.items()})


def test_the_good_workbook_is_the_yardstick():
    assert read(good()) == [{"username": "ana", "followers": "5"}]


# --- what is not read, by name -------------------------------------------------------------------------------------


def test_old_workbooks_and_passwords_are_refused_with_the_way_out():
    text = refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert ".xls" in text
    assert "password" in text
    assert "CSV UTF-8" in text


def test_macros_are_refused():
    for part in ("xl__vbaProject.bin", "XL__VBAPROJECT.BIN", "xl__macrosheets__sheet1.xml"):
        text = refused(added(**{part: b"x"}))
        assert "macros" in text
        assert "CSV UTF-8" in text


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ({"[Content_Types].xml": b"x", "xl/workbook.bin": b"x"}, "binary Excel workbook"),
        ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"x"}, "OpenDocument"),
        ({"Index/Document.iwa": b"x"}, "Numbers"),
    ],
)
def test_other_spreadsheets_are_refused_by_name(parts, word):
    data = changed(lambda _: parts)
    text = refused(data)
    assert word in text
    assert "CSV" in text


def test_other_archives_and_files_are_refused():
    assert "no Excel workbook" in refused(changed(lambda _: {"followers.json": b"[]"}))
    for data in (b"", b"PK", b"username\nana\n", gzip.compress(good())):
        assert "no Excel workbook" in refused(data)


def test_links_to_other_files_are_never_followed(tmp_path):
    secret = tmp_path / "secret.xml"
    secret.write_text(f'<worksheet xmlns="{MAIN}"><sheetData>{HEAD}</sheetData></worksheet>')

    def change(parts):
        rels = parts["xl/_rels/workbook.xml.rels"].decode()
        for target in ("/xl/worksheets/sheet1.xml", "worksheets/sheet1.xml"):
            rels = rels.replace(f'Target="{target}"', f'Target="{secret}" TargetMode="External"')
        parts["xl/_rels/workbook.xml.rels"] = rels
        parts["xl/externalLinks/externalLink1.xml"] = b"not even XML"

    assert "no sheet with cells" in refused(changed(change))
    for target in (f"../../../../../../..{secret}", str(secret), f"file://{secret}"):

        def point(parts, target=target):
            rels = parts["xl/_rels/workbook.xml.rels"].decode()
            parts["xl/_rels/workbook.xml.rels"] = rels.replace("/xl/worksheets/sheet1.xml", target)

        assert "no sheet with cells" in refused(changed(point))


# --- the archive ---------------------------------------------------------------------------------------------------


def test_two_parts_of_one_name_are_refused():
    file = io.BytesIO(good())
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("XL\\Workbook.xml", b"<workbook/>")
    assert "two parts of one name" in refused(file.getvalue())


@pytest.mark.parametrize("name", ["/etc/passwd", "..\\up.xml", "xl/../../up.xml", "C:/x.xml", "c:x"])
def test_names_that_point_out_of_the_archive_are_refused(name):
    assert "unsafe name" in refused(added(**{name: b"x"}))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_in_the_archive_are_refused(kind):
    file = io.BytesIO(good())
    with zipfile.ZipFile(file, "a") as archive:
        info = zipfile.ZipInfo("xl/other.xml")
        info.external_attr = (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert "link or a device" in refused(file.getvalue())


def test_encrypted_parts_are_refused():
    data = bytearray(good())
    for magic, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = data.find(magic)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(magic, at + 1)
    assert "encrypted" in refused(bytes(data))


def test_other_ways_of_packing_are_refused_where_they_are_read():
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(good())) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as new:
        for name, content in parts.items():
            new.writestr(name, content, zipfile.ZIP_LZMA if name == sheet else zipfile.ZIP_DEFLATED)
    assert "method 14" in refused(file.getvalue())


def test_more_parts_than_any_workbook_has_are_refused():
    assert "more than 5 members" in refused(good(), Limits(members=5))


def test_a_part_that_is_not_as_long_as_it_says_is_refused():
    for delta in (1, 1 << 30, -1):
        data = bytearray(good())
        at = data.rfind(b"PK\x01\x02")
        while at >= 0:
            length = struct.unpack_from("<H", data, at + 28)[0]
            if bytes(data[at + 46 : at + 46 + length]) == b"xl/worksheets/sheet1.xml":
                size = struct.unpack_from("<I", data, at + 24)[0]
                struct.pack_into("<I", data, at + 24, size + delta)
            at = data.rfind(b"PK\x01\x02", 0, at)
        text = refused(bytes(data), Limits(expansion_ratio=10**9))
        assert "bytes that the archive declares" in text


# --- bombs ---------------------------------------------------------------------------------------------------------


def peak_while(call):
    """Bytes by which memory grew at its peak."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_part_that_unfolds_is_refused_before_it_does():
    data = with_sheet(HEAD + " " * (64 << 20))
    assert len(data) < 1 << 20
    assert peak_while(lambda: refused(data)) < 4 << 20
    assert "as a bomb does" in refused(data)
    assert "more than 100 bytes" in refused(good(), Limits(expanded_bytes=100))


def test_a_part_that_is_not_read_may_be_anything():
    data = added(xl__media__image1=bytes(64 << 20))
    assert peak_while(lambda: read(data)) < 4 << 20


def test_the_far_corner_of_a_sheet_takes_no_memory():
    corner = '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    assert peak_while(lambda: read(with_sheet(HEAD + corner))) < 8 << 20


def test_one_long_text_in_many_rows_is_refused():
    rows = "".join(f'<row r="{at}"><c r="B{at}" t="s"><v>0</v></c></row>' for at in range(2, 20_000))
    data = with_sheet(HEAD + rows, strings=f"<si><t>{'x' * 1_000_000}</t></si>")
    assert peak_while(lambda: refused(data)) < 64 << 20
    assert "as in a bomb" in refused(data)


def test_a_text_repeated_as_tables_repeat_words_is_fine():
    rows = "".join(f'<row r="{at}"><c r="B{at}" t="s"><v>0</v></c></row>' for at in range(2, 5_000))
    assert len(read(with_sheet(HEAD + rows, strings="<si><t>Kota Jakarta Selatan</t></si>"))) == 4_998


def test_document_types_and_entities_are_refused():
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert "document type" in refused(with_sheet(HEAD, before=laughs))
    outside = '<!DOCTYPE x SYSTEM "file:///etc/passwd">'
    assert "document type" in refused(with_sheet(HEAD, before=outside))
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml"):

        def change(parts, part=part):
            parts[part] = laughs.encode() + b"<x>&b;</x>"

        assert "document type" in refused(changed(change))


@pytest.mark.parametrize(
    "xml",
    [
        HEAD + "<row>" * 2,
        HEAD + '<row r="2"><c r="A2"><c r="B2"/></c></row>',
        HEAD + '<c r="A2"><v>1</v></c>',
        HEAD + '<row r="2"><c r="AAAA2"><v>1</v></c></row>',
        HEAD + '<row r="2"><c r="2"><v>1</v></c></row>',
        HEAD + '<row r="2"><c r="A2" t="s"><v>7</v></c></row>',
        HEAD + '<row r="2"><c r="A2" t="s"><v>x</v></c></row>',
        HEAD + '<row r="2"><c r="A2" t="s"><v>-1</v></c></row>',
        HEAD + '<row r="1048577"><c r="A2"><v>1</v></c></row>',
        HEAD + "<y>" * 100,
        HEAD + '<row r="2"><c r="A2" t="inlineStr"><is><t>\x01</t></is></c></row>',
        HEAD + '<row r="2"><c r="A2"><v>&nothing;</v></c></row>',
        "<x" + "y" * (9 << 20) + "/>",
        HEAD + "".join(f"<n{at}/>" for at in range(20_000)),
    ],
    ids=range(14),
)
def test_xml_that_no_workbook_holds_is_refused(xml):
    assert "damaged" in refused(with_sheet(xml), Limits(expansion_ratio=10**9))


def test_parts_that_are_missing_empty_or_of_another_kind():
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        for content in (b"", b"<html/>", b"<worksheet", b"\xff\xfe", b'<?xml version="1.0" encoding="idna"?><a/>'):

            def change(parts, part=part, content=content):
                parts[part] = content

            try:
                read(changed(change))
            except FormatError:
                continue
            assert part == "xl/styles.xml"

    def without_looks(parts):
        return {name: content for name, content in parts.items() if name != "xl/styles.xml"}

    assert read(changed(without_looks)) == [{"username": "ana", "followers": "5"}]


def test_rows_and_columns_of_any_number_end_in_records_or_reasons():
    xml = HEAD + "<row>" + "<c><v>1</v></c>" * 20_000 + "</row>" + '<row r="5"><c r="A5"><v>7</v></c></row>' * 2
    reader = WorkbookReader(source_of(with_sheet(xml)))
    [batch] = reader.batches(["username"])
    assert batch.reasons.to_pylist() == ["wrong_cell_count", None, None]
    assert batch.lines.tolist() == [2, 5, 5]


def test_a_workbook_broken_at_any_byte_is_read_or_refused():
    data = good()
    random.seed(7)
    for position in [*range(0, len(data), 53), *(random.randrange(len(data)) for _ in range(150))]:
        broken = bytearray(data)
        broken[position] ^= 1 << random.randrange(8)
        for one in (bytes(broken), data[:position]):
            try:
                read(one)
            except FormatError as error:
                assert error.remedy  # noqa: PT017


def test_any_text_in_any_attribute_is_read_or_refused():
    texts = ["", "-1", "9" * 5_000, "A", "ZZZZZ9", "1e5", "true", "\ud7ff", "s", "é", " 1 ", "0x1", "٣"]
    for name in ("r", "s", "t"):
        for text in texts:
            xml = f'{HEAD}<row r="2"><c {name}="{text}"><v>5</v></c></row>'
            try:
                read(with_sheet(xml))
            except FormatError:
                assert name in {"r", "t"}


@pytest.mark.skipif(sys.gettrace() is not None, reason="measures time")
def test_reading_is_linear_in_rows():
    def seconds(n):
        rows = "".join(f'<row r="{at}"><c r="A{at}"><v>{at}</v></c></row>' for at in range(2, n))
        data = with_sheet(HEAD + rows)
        return min(_timed(data) for _ in range(3))

    def _timed(data):
        start = perf_counter()
        read(data)
        return perf_counter() - start

    assert seconds(32_000) < 16 * seconds(8_000)
