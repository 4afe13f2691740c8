import contextlib
import csv

import openpyxl
import pytest

from botscan.errors import BotscanError, OutputError
from botscan.labels import make_label_sheet, read_labels
from botscan.labels.rows import SheetRows, save_rows

ROWS = SheetRows(("7", "8"), ("ani", ""), ("", ""), {"rater_1": (1, -2)}, {"inclusion_probability": (0.125, 0.125)})


def test_a_semicolon_goes_with_a_decimal_comma(tmp_path):
    save_rows(ROWS, tmp_path / "s.csv", delimiter=";", language="id")
    with (tmp_path / "s.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file, delimiter=";"))[1] == ["7", "ani", "", "ya", "0,125"]
    assert read_labels(tmp_path / "s.csv").inclusion_probability.tolist() == [0.125, 0.125]


@pytest.mark.parametrize("options", [{"delimiter": "."}, {"delimiter": ""}, {"language": "fr"}])
def test_options_out_of_range_are_refused(tmp_path, options):
    with pytest.raises(BotscanError):
        save_rows(ROWS, tmp_path / "s.csv", **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", [".xls", ".XLSM", ".ods"])
def test_files_of_other_programs_are_not_made_up(tmp_path, ending):
    with pytest.raises(OutputError, match=r"Use \.xlsx or \.csv"):
        save_rows(ROWS, tmp_path / f"s{ending}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["s.csv", "s.xlsx", "s.XLSX"])
def test_answers_are_not_replaced_by_a_sheet_without_them(tmp_path, listed, name):
    path = tmp_path / name
    save_rows(ROWS, path)
    before = path.read_bytes()
    with pytest.raises(OutputError, match="already holds answers"):
        make_label_sheet(*listed(["7", "8"])).save(path)
    lost = SheetRows(("7", "8"), ("", ""), ("", ""), {"rater_1": (0, 1)}, {})
    with pytest.raises(OutputError, match="already holds answers"):
        save_rows(lost, path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["s.csv", "s.xlsx"])
def test_a_sheet_that_holds_all_answers_may_take_its_place(tmp_path, name):
    save_rows(ROWS, tmp_path / name)
    more = SheetRows(("8", "7"), ("", ""), ("", ""), {"rater_1": (0, 1), "rater_2": (0, 0)}, {})
    save_rows(more, tmp_path / name)
    assert read_labels(tmp_path / name).answers.tolist() == [[0, 0], [1, 0]]


@pytest.mark.parametrize(
    "content",
    [
        b'account_id,rater_1\n7,"yes\n',
        b"account_id,rater_1,rater_1\n7,yes,no\n",
        b"PK\x03\x04" + bytes(40),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(40),
        b"account_id,rater_1\n7,perhaps\n",
        b"rater_1\nyes\n",
        b"account_id,is_suspicious\n7,1\n",
    ],
)
def test_what_may_hold_answers_is_left_alone(tmp_path, content):
    path = tmp_path / "s.csv"
    path.write_bytes(content)
    with contextlib.suppress(BotscanError):
        save_rows(SheetRows((), (), (), {"rater_1": ()}, {}), path)
        pytest.fail("was written over")
    assert path.read_bytes() == content


@pytest.mark.parametrize("content", [b"", b"account_id,rater_1\n7,\n", b"name\nani\n", b"\x00\x01"])
def test_other_files_are_replaced(tmp_path, content):
    path = tmp_path / "s.csv"
    path.write_bytes(content)
    save_rows(ROWS, path)
    assert len(read_labels(path)) == 2


def test_a_workbook_filled_in_elsewhere_is_not_replaced(tmp_path, listed):
    sheet = make_label_sheet(*listed(["7", "8"]))
    sheet.save(tmp_path / "s.xlsx")
    sheet.save(tmp_path / "s.xlsx")  # nobody has filled it in yet
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    book.worksheets[0]["E3"] = "ragu"
    book.save(tmp_path / "s.xlsx")
    with pytest.raises(OutputError, match="already holds answers"):
        sheet.save(tmp_path / "s.xlsx")
    assert read_labels(tmp_path / "s.xlsx").answers.tolist() == [[-2, -2], [-2, -1]]
