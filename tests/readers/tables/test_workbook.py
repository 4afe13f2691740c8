import io
import os
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.cells.handles import parse_handles
from botscan.cells.ids import parse_ids
from botscan.cells.instants import parse_instants
from botscan.cells.numbers import parse_counts
from botscan.errors import FormatError
from botscan.readers.containers.files import Limits, Source, open_source
from botscan.readers.tables.workbook import WorkbookReader
from botscan.readers.tables.workbook_cells import (
    CellFormat,
    date_as_text,
    dates_from_day_counts,
    format_of,
    from_day_count,
    number_as_text,
)
from botscan.readers.words.headers import count_known

SAMPLES = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
#: A spreadsheet knows no zones.
DAY = datetime.fromisoformat("2024-05-01")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def saved(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def workbook(**sheets):
    """Bytes of a workbook from lists of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return saved(book)


def with_parts(data, **parts):
    """A workbook in which parts are replaced or added; None removes one."""
    names = {name.replace("__", "/").replace("_xml", ".xml"): text for name, text in parts.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in names:
                new.writestr(name, old.read(name))
        for name, text in names.items():
            if text is not None:
                new.writestr(name, text)
    return made.getvalue()


def with_sheet(xml, space=MAIN, strings=None):
    """A workbook whose one sheet holds exactly this XML between the tags of its rows."""
    data = workbook(One=[["x"]])
    parts = {"xl__worksheets__sheet1_xml": f'<worksheet xmlns="{space}"><sheetData>{xml}</sheetData></worksheet>'}
    if strings is not None:
        parts["xl__sharedStrings_xml"] = f'<sst xmlns="{space}">{strings}</sst>'
    return with_parts(data, **parts)


HEAD = '<row r="1"><c r="A1" t="inlineStr"><is><t>username</t></is></c><c r="B1" t="inlineStr"><is><t>bio</t></is></c></row>'


@pytest.fixture
def opened(source_of):
    readers = []

    def make(data, **options):
        readers.append(WorkbookReader(source_of(data, "list.xlsx"), **options))
        return readers[-1]

    yield make
    for reader in readers:
        reader.close()


def rows_of(reader, batch_rows=16_384):
    return [row for batch in reader.batches(reader.headers, batch_rows) for row in batch.table.to_pylist()]


# --- the way through -----------------------------------------------------------------------------------------------


def test_the_sheet_of_the_followers_is_found_below_its_title(opened):
    data = workbook(
        Notes=[["written in a hurry"]],
        May=[["Followers of May"], [], ["No", "Username", "Followers", "Joined"], [1, "ana", 12300, "2024-05-01"]],
    )
    reader = opened(data)
    assert (reader.sheet, reader.header_row) == ("May", 3)
    assert reader.headers == ["No", "Username", "Followers", "Joined"]
    assert rows_of(reader) == [{"No": "1", "Username": "ana", "Followers": "12300", "Joined": "2024-05-01"}]
    [note] = reader.notes
    assert (note.code, note.count, dict(note.numbers)) == ("sheets_ignored", 1, {"sheet": "May", "names": "Notes"})
    assert reader.unreadable(reader.headers) == []


def test_empty_sheets_are_not_worth_a_note(opened):
    assert opened(workbook(List=[["username", "bio"]], Sheet2=[], Sheet3=[[None]])).notes == ()


def test_the_best_header_wins_and_visible_sheets_go_before_hidden_ones(opened):
    book = openpyxl.Workbook()
    book.active.title = "Raw"
    book.active.sheet_state = "hidden"
    book.active.append(["id", "username", "bio", "followers"])
    book.create_sheet("Small").append(["username", "bio"])
    book.create_sheet("Large").append(["username", "bio", "followers"])
    reader = opened(saved(book))
    assert reader.sheet == "Large"
    assert reader.notes[0].numbers["names"] == "Raw, Small"
    del book["Small"], book["Large"]
    book.create_sheet("Cover").append(["nothing here"])
    assert opened(saved(book)).sheet == "Raw"


def test_one_known_name_is_a_header_only_in_the_first_row(opened):
    assert opened(workbook(A=[["username"], ["ana"]])).headers == ["username"]
    with pytest.raises(FormatError, match="Found no row with names of columns"):
        opened(workbook(A=[["my list"], ["username"], ["ana"]]))


def test_names_of_a_column_map_count_when_the_caller_counts_them(opened):
    data = workbook(A=[["siapa", "berapa"], ["ana", 5]])
    with pytest.raises(FormatError):
        opened(data)
    reader = opened(
        data, count=lambda headers: count_known(headers) + sum(one in {"siapa", "berapa"} for one in headers)
    )
    assert rows_of(reader) == [{"siapa": "ana", "berapa": "5"}]


def test_known_names_in_a_row_below_a_header_are_data(opened):
    reader = opened(workbook(A=[["username", "kategori"], ["ana", "politik"], ["video", "bisnis"]]))
    assert (reader.headers, reader.header_row) == (["username", "kategori"], 1)


def test_people_in_the_first_row_are_not_shown(opened):
    with pytest.raises(FormatError) as caught:
        opened(workbook(A=[["Budi Santoso", "Jakarta"], ["Sari D", "Bogor"]]))
    assert "text of 12 characters, text of 7 characters" in str(caught.value)
    assert "Jakarta" not in str(caught.value)


def test_numbers_flags_and_days_are_nobodys_name(opened):
    names = [1234567890123456789, 1234567890123456700, 3.5, True, DAY, time(9), -7, 123, "3.5", "true"]
    data = workbook(A=[["username", "score"], *([name, name] for name in names)])
    rows = rows_of(opened(data))
    parsed = parse_handles(pa.array([row["username"] for row in rows]))
    assert parsed.values.to_pylist() == [None] * 7 + ["123", "3.5", "true"]
    assert parsed.faults["bad_handle"].tolist() == [True] * 7 + [False] * 3
    assert rows[2]["score"] == "3.5"


def test_a_day_in_words_of_iso_8601_is_nobodys_name(opened):
    row = '<row r="2"><c r="A2" t="d"><v>2024-05-01</v></c><c r="B2" t="d"><v>2024-05-01</v></c></row>'
    (read,) = rows_of(opened(with_sheet(HEAD + row)))
    assert parse_handles(pa.array([read["username"]])).values.to_pylist() == [None]
    assert read["bio"] == "2024-05-01"


def test_a_header_in_the_middle_is_no_record(opened):
    reader = opened(workbook(A=[["username", "bio"], ["ana", "x"], ["username", "bio"], ["budi", "y"]]))
    (batch,) = reader.batches(["username", "bio"])
    assert batch.reasons.to_pylist() == [None, "header_repeated", None]


def test_without_a_header_every_sheet_is_told_and_no_data_shown(opened):
    data = workbook(First=[["colour", "folowers"], ["x", 1]], Second=[["ana17@mail.example", "12345678"]])
    with pytest.raises(FormatError) as caught:
        opened(data)
    text = str(caught.value)
    assert "Seen in sheet 'First': text of 6 characters, folowers." in text
    assert "Seen in sheet 'Second': text of 18 characters, text of 8 characters." in text
    assert "Known columns: followers_count, account_id" in text
    assert "--map" in text
    with pytest.raises(FormatError, match="nothing"):
        opened(workbook(First=[]))


def test_batches_of_one_size_with_row_numbers_of_the_sheet(opened):
    rows = [["id", "username"]]
    for at in range(10_000):
        rows += [[str(at + 1), f"user{at}"]] + [[None, None]] * (at % 2)
    reader = opened(workbook(List=rows))
    batches = list(reader.batches(["username"], 3_000))
    assert [len(batch) for batch in batches] == [3_000, 3_000, 3_000, 1_000]
    assert [batch.first_row for batch in batches] == [1, 3_001, 6_001, 9_001]
    assert {tuple(batch.table.column_names) for batch in batches} == {("username",)}
    assert batches[0].lines[:4].tolist() == [2, 3, 5, 6]
    assert all(batch.reasons is None for batch in batches)
    again = list(reader.batches(["username"], 3_000))
    assert [batch.table for batch in again] == [batch.table for batch in batches]
    assert [len(batch) for batch in reader.batches([], 6_000)] == [6_000, 4_000]


def test_no_rows_are_no_batches(opened):
    assert list(opened(workbook(List=[["id", "username"]])).batches(["id"])) == []


def test_blank_rows_are_no_records_and_extra_cells_reject(opened):
    data = workbook(
        List=[
            ["username", "bio", None],
            ["ana", None],
            [None, None],
            ["", "  "],
            ["budi", "x", "y"],
            ["citra", "z", ""],
        ]
    )
    [batch] = opened(data).batches(["username", "bio", "nothing"])
    assert batch.table.to_pylist() == [
        {"username": "ana", "bio": "", "nothing": None},
        {"username": None, "bio": None, "nothing": None},
        {"username": "citra", "bio": "z", "nothing": None},
    ]
    assert batch.reasons.to_pylist() == [None, "wrong_cell_count", None]
    assert batch.lines.tolist() == [2, 5, 6]


def test_every_kind_of_cell_is_text_that_the_parsers_read(opened):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["bio", "username"])
    cells = [
        ("007", "007"), (7, "7"), (7.0, "7"), (4.567, "4.567e0"), (1135441326322264600, "1.135441326322265E+18"),
        (True, "true"), (False, "false"), (date(2024, 5, 1), "2024-05-01"),
        (DAY.replace(hour=9, minute=1), "2024-05-01 09:01:00"), (DAY, "2024-05-01 00:00:00"),
        (time(9, 30), "09:30:00"), (timedelta(hours=36), "1.5"), ("#N/A", None), ("#DIV/0!", None), ("12,3 rb", "12,3 rb"),
        ("null", "null"), (" x ", " x "), ("two\nlines", "two\nlines"), ("emoji 🧕🏽", "emoji 🧕🏽"), ("a&b<c>", "a&b<c>"), (0, "0"),
        (-5, "-5"), (0.375, "0.375"),
    ]  # fmt: skip
    for at, (value, _) in enumerate(cells, start=2):
        sheet.cell(at, 1, value)
        sheet.cell(at, 2, "x")
    [batch] = opened(saved(book)).batches(["bio"])
    assert batch.table["bio"].to_pylist() == [text for _, text in cells]


def test_formulas_give_their_stored_value_and_nothing_is_computed(opened):
    xml = (
        '<row r="2"><c r="A2" t="str"><f>"a"&amp;"na"</f><v>ana</v></c><c r="B2"><f>1+1</f></c></row>'
        '<row r="3"><c r="A3" t="str"><f>HYPERLINK("http://x.example")</f><v/></c></row>'
        '<row r="4"><c r="A4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    assert rows_of(opened(with_sheet(HEAD + xml))) == [{"username": "ana", "bio": ""}, {"username": None, "bio": ""}]


def test_workbooks_that_count_from_1904(opened):
    book = openpyxl.Workbook()
    book.epoch = DAY.replace(1904, 1)
    book.active.append(["username", "joined"])
    book.active.append(["ana", date(2024, 5, 1)])
    reader = opened(saved(book))
    assert reader.is_1904
    assert rows_of(reader)[0]["joined"] == "2024-05-01"
    assert not opened(workbook(A=[["username", "joined"]])).is_1904


@pytest.mark.parametrize("space", [MAIN, STRICT])
def test_writers_differ_in_name_spaces_prefixes_and_places(opened, space):
    data = with_sheet("", space)
    sheet = (
        f'<x:worksheet xmlns:x="{space}"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>username</x:t></x:is></x:c>'
        '<x:c t="s"><x:v> 0 </x:v></x:c></x:row><x:row><x:c t="inlineStr"><x:is><x:r><x:t>a</x:t></x:r><x:r><x:t>na</x:t>'
        '</x:r><x:rPh sb="0" eb="1"><x:t>spoken</x:t></x:rPh></x:is></x:c><x:c t="s"><x:v>1</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    strings = f'<y:sst xmlns:y="{space}"><y:si><y:t>bio</y:t></y:si><y:si><y:r><y:t>o</y:t></y:r><y:r><y:t>h</y:t></y:r><y:rPh sb="0" eb="1"><y:t>spoken</y:t></y:rPh></y:si></y:sst>'
    reader = opened(with_parts(data, xl__worksheets__sheet1_xml=sheet, xl__sharedStrings_xml=strings))
    assert rows_of(reader) == [{"username": "ana", "bio": "oh"}]
    assert next(reader.batches(["bio"])).lines.tolist() == [2]


def test_the_encoding_is_that_of_the_xml(opened):
    xml = f'<?xml version="1.0" encoding="UTF-16"?><worksheet xmlns="{MAIN}"><sheetData>{HEAD}</sheetData></worksheet>'
    data = with_parts(workbook(One=[]), xl__worksheets__sheet1_xml=xml.encode("utf-16"))
    assert opened(data).headers == ["username", "bio"]


def test_escaped_characters_are_undone_and_half_pairs_repaired(opened):
    xml = (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>a_x005F_x0041_</t></is></c><c r="B2" t="s"><v>0</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>b_xD83D_</t></is></c><c r="B3" t="s"><v>1</v></c></row>'
    )
    reader = opened(with_sheet(HEAD + xml, strings="<si><t>x_x000A_y</t></si><si><t>_xDE00_</t></si>"))
    assert rows_of(reader) == [{"username": "a_x0041_", "bio": "x\ny"}, {"username": "b\ufffd", "bio": "\ufffd"}]
    assert next(reader.batches(["bio"])).counts == {"text_repaired": 1}


def test_looks_are_not_content(opened):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["username", "bio"])
    sheet.append(["ana", "x"])
    sheet.cell(500, 9).font = openpyxl.styles.Font(bold=True)
    sheet.merge_cells("A1:A1")
    assert rows_of(opened(saved(book))) == [{"username": "ana", "bio": "x"}]


def test_a_record_that_is_too_long_is_rejected(opened):
    xml = (
        f'<row r="2"><c r="A2" t="inlineStr"><is><t>{"x" * 20_000}</t></is></c><c r="B2"><v>1</v></c></row>'
        '<row r="3"><c r="A3"><v>1</v></c></row>'
    )
    [batch] = opened(with_sheet(HEAD + xml), limits=Limits(record_bytes=10_000)).batches(["username"])
    assert batch.reasons.to_pylist() == ["too_long", None]
    assert batch.table["username"].to_pylist() == [None, "1"]


def test_the_sample_of_a_spreadsheet(opened):
    path = SAMPLES / "generic_id.made.xlsx"
    if not path.exists():
        pytest.skip("needs the samples of formats beside the project")
    reader = WorkbookReader(open_source(path))
    assert (reader.header_row, reader.headers[:2]) == (3, ["ID", "Nama pengguna"])
    assert [note.code for note in reader.notes] == ["sheets_ignored"]
    [batch] = reader.batches(reader.headers)
    ids = parse_ids(batch.table["ID"])
    assert {code: rows.tolist() for code, rows in ids.faults.items()} == {"id_damaged": [True, False, False]}
    assert batch.table["Nama pengguna"].to_pylist()[1:] == ["007", "7"]
    assert parse_counts(batch.table["Pengikut"]).values.to_pylist() == [12_300, 1_200, 7]
    assert parse_counts(batch.table["Mengikuti"]).values.to_pylist() == [892, 3_120, 0]
    joined = parse_instants(dates_from_day_counts(batch.table["Bergabung"], is_1904=reader.is_1904))
    assert [one and one.isoformat() for one in joined.values.to_pylist()] == [
        "2020-08-03T07:00:00+00:00",
        "2024-05-01T00:00:00+00:00",
        None,
    ]


# --- cells ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("12300", "12300"), ("12300.0", "12300"), ("1.23E4", "12300"), ("0", "0"), ("-0", "0"), ("007", "7"), ("+5", "5"),
        (".5", "0.5"), ("999999999999999", "999999999999999"), ("1000000000000000", "1E+15"),
        ("1135441326322264576", "1.1354413263222646E+18"), ("1.2E+18", "1.2E+18"), ("4.567", "4.567e0"), ("-4.567", "-4.567e0"),
        ("123.456", "123.456e0"), ("1234.567", "1234.567"), ("4.5", "4.5"), ("4.5670", "4.567e0"), ("0.567", "0.567"),
        ("12.3000000001", "12.3000000001"), ("1e400", "1E+99"), ("9" * 5_000, "1E+99"), ("NaN", "NaN"), ("1_000", "1_000"),
        ("0x1F", "0x1F"), ("", ""), ("1e99999999", "1e99999999"),
    ],
)  # fmt: skip
def test_numbers_as_text(stored, text):
    assert number_as_text(stored) == text


def test_numbers_reach_the_parsers_as_what_they_are():
    texts = pa.array([number_as_text(one) for one in ("4.567", "12345678901234567", "3120", "12.5", "1e300")])
    counts = parse_counts(texts)
    assert counts.values.to_pylist() == [None, None, 3_120, None, None]
    assert sorted(counts.faults) == ["count_out_of_range", "not_a_count"]
    ids = parse_ids(texts)
    assert ids.values.to_pylist()[2] == "3120"
    assert ids.faults["id_damaged"].tolist()[1] is True


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.booleans())
def test_no_number_is_lost_or_taken_for_thousands(number, whole):
    value = float(round(number)) if whole else number
    text = number_as_text(repr(value))
    assert float(text) == value
    if value != int(value):  # a fraction is no count, whatever its digits
        assert parse_counts(pa.array([text])).values.to_pylist() == [None]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("yyyy-mm-dd", CellFormat.DATE), ("[$-421]dd mmmm yyyy;@", CellFormat.DATE), ("dd/mm/yyyy hh:mm", CellFormat.DATE_TIME),
        ("h:mm AM/PM", CellFormat.TIME), ("mm:ss.0", CellFormat.TIME), ("[h]:mm:ss", CellFormat.NUMBER), ("mmm", CellFormat.DATE),
        ("General", CellFormat.NUMBER), ("0.00E+00", CellFormat.NUMBER), ('#,##0 "days"', CellFormat.NUMBER),
        ("#,##0_);[Red](#,##0)", CellFormat.NUMBER), ("[$Rp-421]#,##0", CellFormat.NUMBER), (r"0\d", CellFormat.NUMBER),
        ("0_d", CellFormat.NUMBER), ("0;yyyy", CellFormat.NUMBER), ("@", CellFormat.NUMBER), ("", CellFormat.NUMBER),
    ],
)  # fmt: skip
def test_what_a_format_code_shows(code, expected):
    assert format_of(164, code) is expected


def test_what_the_known_formats_show():
    assert [format_of(number).name for number in (0, 1, 9, 14, 17, 18, 22, 45, 46, 47, 49, 999)] == [
        "NUMBER", "NUMBER", "NUMBER", "DATE", "DATE", "TIME", "DATE_TIME", "TIME", "NUMBER", "TIME", "NUMBER", "NUMBER",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ("61", "1900-03-01"), ("0.5", "12:00:00"), ("45413", "2024-05-01"), ("45413.5", "2024-05-01 12:00:00"),
        ("45413.9999999999", "2024-05-02"), ("45413.37569444445", "2024-05-01 09:01:00"),
        ("45413.00001157407", "2024-05-01 00:00:01"), ("2958465", "9999-12-31"), ("2958466", "2958466"),
        ("2958465.9999999999", "2958466"), ("-1", "-1"), ("1e400", "1E+99"), ("soon", "soon"),
    ],
)  # fmt: skip
def test_day_counts_under_a_date_format(days, text):
    assert date_as_text(days, CellFormat.DATE) == text


@settings(deadline=None)
@given(st.datetimes(DAY.replace(1900, 3), DAY.replace(9999, 12, 31)))
def test_every_second_survives_as_a_day_count(instant):
    instant = instant.replace(microsecond=0)
    days = (instant - DAY.replace(1899, 12, 30)) / timedelta(days=1)
    assert date_as_text(repr(days), CellFormat.DATE_TIME) == instant.isoformat(" ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45413", "2024-05-01"), ("45413.375", "2024-05-01 09:00:00"), ("32874", "1990-01-01"), ("32873", None),
        ("73415", "2100-12-31"), ("73416", None), ("2024", None), ("202405", None), ("20240501", None), ("1714521600", None),
        ("45413e0", None), ("-45413", None), (" 45413", None), ("", None), ("٤٥٤١٣", None), ("Mei 2024", None),
    ],
)  # fmt: skip
def test_plain_numbers_that_stand_for_a_day(text, expected):
    assert from_day_count(text) == expected


def test_plain_numbers_in_a_workbook_that_counts_from_1904():
    assert from_day_count("43951", is_1904=True) == "2024-05-01"
    assert from_day_count("31412", is_1904=True) == "1990-01-01"
    cells = pa.chunked_array([["45413", None], ["", "1 Mei 2024", "45413"]])
    assert dates_from_day_counts(cells).to_pylist() == ["2024-05-01", None, "", "1 Mei 2024", "2024-05-01"]
    assert dates_from_day_counts(pa.nulls(2)).to_pylist() == [None, None]


def test_a_reader_takes_a_file_as_well_as_a_spool(tmp_path):
    path = tmp_path / "list.csv"  # the name says nothing
    path.write_bytes(workbook(A=[["id", "username"], ["1", "ana"]]))
    reader = WorkbookReader(Source("list", path=path))
    assert rows_of(reader) == [{"id": "1", "username": "ana"}]
    reader.close()
