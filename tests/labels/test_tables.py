import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from botscan.errors import BotscanError, FormatError, SchemaError
from botscan.labels.tables import TableWanted, open_labels, open_table


@pytest.fixture
def write(tmp_path):
    def put(content):
        path = tmp_path / "labels.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return put


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_delimiter_and_line_end_gives_the_same_cells(write, delimiter, line_end):
    text = line_end.join(
        delimiter.join(row)
        for row in (("account_id", "note", "rater_1"), ("1", '"a""b"', "yes"), ("2", "", ""), (" ", "", ""))
    )
    cells = open_labels(write(text + line_end))
    assert cells.columns == {"account_id": ["1", "2"], "rater_1": ["yes", ""]}
    assert list(cells.row_numbers) == [2, 3]
    assert list(cells.headers) == ["account_id", "note", "rater_1"]


def test_rows_are_numbered_as_a_spreadsheet_does(write):
    cells = open_labels(write('\naccount_id,rater_1\n1,yes\n,\n\n2,"no\n"\n3,no\n'))
    assert list(cells.row_numbers) == [3, 6, 7]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_a_mark_are_read(write, encoding):
    cells = open_labels(write("account_id,rater_1\n@d\u00e9,ya\n".encode(encoding)))
    assert cells.columns["account_id"] == ["@d\u00e9"]


def test_headers_are_read_in_any_case_with_quotes(write):
    assert open_labels(write('"Account_ID";" RATER_1 "\n1;no\n')).columns == {"account_id": ["1"], "rater_1": ["no"]}


def test_short_and_long_rows_are_counted_and_trailing_empty_cells_are_not(write):
    cells = open_labels(write("account_id,rater_1\n1,yes,,\n2\n3,no,x\n4,no\n"))
    assert cells.columns["account_id"] == ["1", "4"]
    assert list(cells.row_numbers) == [2, 5]
    assert list(cells.ragged_rows) == [3, 4]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"PK\x03\x04" + bytes(40), "zip archive is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40), "old Excel workbook"),
        (b"PAR1" + bytes(40), "binary"),
        (b"\x1f\x8b" + bytes(40), "binary"),
        (b'account_id,rater_1\n1,"yes\n2,no\n', "cut into cells near line 3"),
        (b"account_id,rater_1\n1," + b"y" * 200_000, "cut into cells"),
    ],
)
def test_what_is_no_table_is_refused(write, content, message):
    with pytest.raises(FormatError, match=message):
        open_labels(write(content))


def test_a_missing_file_a_folder_and_an_address_are_refused(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path, "https://example.com/labels.csv"):
        with pytest.raises(FormatError):
            open_labels(path)


def test_a_column_that_stands_twice_is_refused(write):
    with pytest.raises(SchemaError, match=r"labels\.csv, column 'rater_1'.*positions 2 and 3"):
        open_labels(write("account_id,rater_1,Rater_1\n1,yes,no\n"))


RECORDS = [
    {"account_id": "1", "rater_1": "yes", "ignored": 3},
    {"account_id": "2", "rater_1": None, "ignored": 4},
    {"account_id": "3", "rater_1": "ragu", "ignored": 5},
]


@pytest.mark.parametrize("make", [list, tuple, pd.DataFrame, pl.DataFrame, pa.Table.from_pylist])
def test_every_kind_of_frame_gives_the_same_cells(make):
    cells = open_labels(make(RECORDS))
    assert cells.columns == {"account_id": ["1", "2", "3"], "rater_1": ["yes", "", "ragu"]}
    assert list(cells.row_numbers) == [1, 2, 3]


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([True, False, None], dtype="boolean"),
        pd.Series([True, False, None], dtype=object),
        pd.Series([1.0, 0.0, float("nan")]),
        pd.Series([1, 0, pd.NA], dtype="Int64"),
    ],
)
def test_missing_answers_of_every_type_are_empty(column):
    cells = open_labels(pd.DataFrame({"account_id": ["1", "2", "3"], "is_suspicious": column}))
    assert cells.columns["is_suspicious"][2] == ""
    assert [cell[0].lower() for cell in cells.columns["is_suspicious"][:2]] in (["t", "f"], ["1", "0"])


def test_an_index_of_account_ids_counts():
    frame = pd.DataFrame(RECORDS).set_index("account_id")
    assert open_labels(frame).columns["account_id"] == ["1", "2", "3"]


@pytest.mark.parametrize("source", [7, None, {"account_id": "1"}, [1, 2], pl.LazyFrame(RECORDS)])
def test_other_things_are_refused(source):
    with pytest.raises(BotscanError):
        open_labels(source)


@pytest.fixture
def book(tmp_path):
    """Save rows of cells as sheets of a workbook."""

    def put(**sheets):
        made = openpyxl.Workbook()
        made.remove(made.active)
        for name, rows in sheets.items():
            sheet = made.create_sheet(name)
            for row in rows:
                sheet.append(row)
        made.save(tmp_path / "labels.xlsx")
        return tmp_path / "labels.xlsx"

    return put


def test_a_workbook_gives_the_same_cells(book):
    path = book(
        notes=[["How to"], ["read this"]],
        accounts=[
            ["Account_ID", "note", "rater_1"],
            ["1", "x", "yes"],
            [2, None, True],
            [],
            [1234567890123456789, "", 1],
        ],
    )
    cells = open_labels(path)
    assert cells.columns["account_id"][:2] == ["1", "2"]
    assert "E+18" in cells.columns["account_id"][2]  # digits are lost, and nobody makes them up
    assert cells.columns["rater_1"] == ["yes", "true", "1"]
    assert list(cells.row_numbers) == [2, 3, 5]
    assert "note" not in cells.columns


def test_errors_in_cells_of_a_workbook_are_no_empty_cells(book):
    assert open_labels(book(s=[["account_id", "rater_1"], ["1", "#N/A"]])).columns["rater_1"] == ["#error"]


def test_rows_of_a_workbook_beyond_the_header_are_counted(book):
    cells = open_labels(book(s=[["account_id", "rater_1"], ["1", "yes", "why"], ["2", "no"]]))
    assert (cells.columns["account_id"], list(cells.ragged_rows)) == (["2"], [2])


def test_a_workbook_without_known_columns_is_a_table_of_nothing(book):
    assert open_labels(book(s=[["name", "answer"], ["a", "yes"]])).columns == {}


def test_a_column_of_a_workbook_that_stands_twice_is_refused(book):
    with pytest.raises(SchemaError, match="positions 2 and 3"):
        open_labels(book(s=[["account_id", "rater_1", "Rater_1"], ["1", "yes", "no"]]))


def test_handles_and_links_may_stand_twice_in_a_table_of_somebody_else(write):
    cells = open_labels(write("account_id,handle,rater_1,handle\n1,ani,yes,budi\n"))
    assert cells.columns["handle"] == ["ani"]


def test_other_tables_are_opened_by_what_they_want(write):
    wanted = TableWanted("a list of guests", {"guest"}.__contains__, frame="guests", reader="read_guests")
    assert open_table(write("guest;rater_1\nani;yes\n"), wanted).columns == {"guest": ["ani"]}
    assert open_table([{"guest": "ani"}], wanted).source == "guests"
    with pytest.raises(FormatError, match="Give a list of guests"):
        open_table(write(""), wanted)
