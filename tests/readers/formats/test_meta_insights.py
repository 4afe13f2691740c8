"""Tables of Meta Insights: known by the title above the header, and by nothing else."""

import pytest

from botscan.readers.formats.meta_insights import META_INSIGHTS, insights_tables

ROWS = '"2024-01-01T00:00:00","5"\n'


@pytest.mark.parametrize(
    ("title", "counts"),
    [("Followers", True), ("Facebook follows", True), ("Pengikut baru", True), ("New followers", True),
     ("Unfollows", False), ("Reach", False), ("Total followers", False), ("Followers lifetime", False)],
)  # fmt: skip
def test_the_title_says_what_is_counted(title, counts):
    [found] = insights_tables(f'sep=,\n"{title}"\n"Date","Primary"\n{ROWS}'.encode())
    assert (found.title, found.counts_follows, found.n_lines) == (title, counts, 2)
    assert (found.headers, found.delimiter) == (("Date", "Primary"), ",")


@pytest.mark.parametrize(
    "text",
    ["Date,Primary\n2024-01-01,5\n", "sep=,\nDate,Primary\n2024-01-01,5\n", "Followers\nName,Primary\nana,5\n",
     "Followers\nDate,Primary,Secondary\n2024-01-01,5,6\n", "Followers\nDate,Count\n2024-01-01,5\n", ""],
)  # fmt: skip
def test_other_tables_are_none_of_it(text):
    assert insights_tables(text.encode()) == []


def test_blank_lines_semicolons_and_other_line_ends():
    [found] = insights_tables(b"\xc2\xa0\n\nPengikut\r\n\r\nTanggal;Utama\r\n2024-01-01;5\r\n")
    assert (found.title, found.headers, found.delimiter, found.n_lines) == ("Pengikut", ("Tanggal", "Utama"), ";", 4)


def test_every_table_of_a_file_is_found():
    block = '"{}"\n"Date","Primary"\n' + ROWS + "\n"
    found = insights_tables(("sep=,\n" + block.format("Reach") + block.format("Followers")).encode())
    assert [one.title for one in found] == ["Reach", "Followers"]


def test_it_holds_no_accounts():
    assert META_INSIGHTS.accounts is None
    assert META_INSIGHTS.posts is None
