import io
import zipfile

import openpyxl
import pytest

from botscan.errors import FormatError, OutputError
from botscan.labels import make_label_sheet, read_labels
from botscan.labels import workbook as workbook_file
from botscan.labels.rows import SheetRows
from botscan.labels.tables import open_labels
from botscan.labels.workbook import as_workbook
from botscan.readers import read_accounts
from botscan.wording import for_csv

RICH = "<r>rich</r>"
PAYLOADS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1",
    "-2",
    "@SUM(1)",
    "|x",
    "%0A=1",
    "\uff1d1+1",
    "\u200b=1+1",
    "\tx",
    "\rx",
    "a\n=1+1",
    "\x1b[31m",
    "\u202egnp.exe",
    "<script>alert(1)</script>",
    RICH,
    "_x0041_",
    "{=1+1}",
    "x" * 40_000,
    "javascript:alert(1)",
    "https://x.com/ani",
    "\ud800",
    "&amp;",
    " space ",
)


def sheet(n=3, **columns):
    given = {"handles": ["ani"] * n, "links": ["https://x.com/ani"] * n, **columns}
    design = {"draw": list(range(1, n + 1)), "list_digest": ["ab"] * n}
    return SheetRows([str(number) for number in range(n)], given["handles"], given["links"], {"rater_1": [-2] * n, "rater_2": [-2] * n}, design)  # fmt: skip


def opened(rows, language="en"):
    return openpyxl.load_workbook(io.BytesIO(as_workbook(rows, language)))


def cells_of(book):
    return [cell for page in book.worksheets for row in page.iter_rows() for cell in row if cell.value is not None]


def test_no_text_becomes_a_formula_or_a_link():
    n = len(PAYLOADS)
    book = opened(sheet(n, handles=PAYLOADS, links=PAYLOADS))
    cells = cells_of(book)
    assert {cell.data_type for cell in cells} == {"s", "n"}
    accounts = book.worksheets[0]
    shown = [accounts.cell(row, 2).value for row in range(2, n + 2)]
    assert not [text for text in shown if text[:1] in "=+-@|%\t\r"]
    links = [cell.hyperlink.target for cell in cells if cell.hyperlink]
    assert links == ["https://x.com/ani"]
    # Once edited, a cell of text format stays text.
    assert {accounts.cell(row, 2).number_format for row in range(2, n + 2)} == {"@"}


def test_hostile_names_come_back_as_the_csv_writes_them(tmp_path):
    texts = [text for text in PAYLOADS if len(text) < 1_000 and text != RICH]
    (tmp_path / "s.xlsx").write_bytes(as_workbook(sheet(len(texts), handles=texts), "en"))
    assert open_labels(tmp_path / "s.xlsx").columns["handle"] == [for_csv(text) for text in texts]


def test_a_name_that_looks_like_markup_of_the_writer_is_only_text():
    hostile = "<r></r></si><si><t>x</t></si><si><r><t>y</t></r>"
    for name in (RICH, hostile):
        assert opened(sheet(1, handles=[name])).worksheets[0]["B2"].value == f"{name} "


def test_only_safe_addresses_are_links():
    links = [
        "https://x.com/a%20b",
        "http://a.example:80/b?c=d",
        "https://x.com/a b",
        "https://x.com/a\u202eb",
        'https://x.com/"a',
        "ftp://x.com/a",
        "file:///etc/passwd",
        "mailto:a@b.example",
        "https://x.com@evil.example/",
        "https://x.com/" + "a" * 3_000,
        "internal:A1",
    ]
    book = opened(sheet(len(links), links=links))
    found = [cell.hyperlink.target for cell in cells_of(book) if cell.hyperlink]
    assert found == links[:2]
    # The others are there, as text.
    assert [book.worksheets[0].cell(row, 3).value is not None for row in range(2, 13)] == [True] * 11


def test_there_are_no_more_links_than_a_sheet_follows(monkeypatch):
    monkeypatch.setattr(workbook_file, "_MOST_LINKS", 2)
    assert sum(cell.hyperlink is not None for cell in cells_of(opened(sheet(5)))) == 2


@pytest.mark.parametrize(
    ("language", "words", "tabs"),
    [("en", '"yes,no,unsure"', ["accounts", "instructions"]), ("id", '"ya,tidak,ragu"', ["akun", "petunjuk"])],
)
def test_raters_choose_from_words_and_can_change_nothing_else(language, words, tabs):
    book = opened(sheet(), language)
    assert book.sheetnames == tabs
    page = book.worksheets[0]
    rules = page.data_validations.dataValidation
    assert [(str(rule.sqref), rule.formula1, rule.type) for rule in rules] == [
        ("D2:D4", words, "list"),
        ("E2:E4", words, "list"),
    ]
    assert page.protection.sheet
    assert [page.cell(2, column).protection.locked for column in range(1, 8)] == [True] * 3 + [False] * 2 + [True] * 2
    assert page.freeze_panes == "A2"
    hidden = [name for name, column in page.column_dimensions.items() if column.hidden]
    assert hidden[0] == "F"
    assert [page.column_dimensions[name].hidden for name in "ABCDE"] == [False] * 5
    assert page.column_dimensions["C"].width > 30


@pytest.mark.parametrize(("language", "first"), [("en", "How to fill in"), ("id", "Cara mengisi")])
def test_the_second_sheet_instructs_in_both_languages(language, first):
    lines = [row[0] for row in opened(sheet(), language).worksheets[1].iter_rows(values_only=True) if row[0]]
    assert lines[0].startswith(first)
    assert {"How to fill in this sheet", "Cara mengisi lembar ini"} <= set(lines)
    word = {"en": "yes:", "id": "ya:"}[language]
    assert sum(line.startswith(word) for line in lines) == 2  # both speak of the words that are offered


def test_ids_are_text_to_the_last_digit(listed, tmp_path):
    ids = ["1234567890123456789", "007", "@ani", "42"]
    made = make_label_sheet(*listed(ids, platform="github"))
    made.save(tmp_path / "s.xlsx")
    page = openpyxl.load_workbook(tmp_path / "s.xlsx").worksheets[0]
    cells = [page.cell(row, 1) for row in range(2, 6)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.value for cell in cells} == {"1234567890123456789", "007", "'@ani", "42"}
    assert set(read_labels(tmp_path / "s.xlsx").account_ids) == set(ids)


def test_the_same_sheet_gives_the_same_bytes():
    one, other = as_workbook(sheet(), "id"), as_workbook(sheet(), "id")
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}
        assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_answers_are_words_of_the_language():
    rows = SheetRows(["1", "2"], ["", ""], ["", ""], {"rater_1": [1, -1]}, {})
    page = opened(rows, "id").worksheets[0]
    assert [page.cell(row, 4).value for row in (2, 3)] == ["ya", "ragu"]


def test_a_sheet_without_accounts_is_a_workbook_too():
    assert opened(sheet(0)).worksheets[0].max_row == 1


def test_more_accounts_than_rows_are_refused(monkeypatch):
    monkeypatch.setattr(workbook_file, "_MOST_ROWS", 2)
    with pytest.raises(OutputError, match="Write a CSV file"):
        as_workbook(sheet(3), "en")


def test_a_sheet_is_not_taken_for_a_list(listed, tmp_path):
    make_label_sheet(*listed(["7", "8"])).save(tmp_path / "s.xlsx")
    with pytest.raises(FormatError, match="a label sheet that botscan wrote"):
        read_accounts(tmp_path / "s.xlsx", platform="twitter")
