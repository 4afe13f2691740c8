import json

import pytest

from botscan.errors import FormatError
from botscan.readers import read_accounts
from botscan.readers.choose import Wishes
from botscan.readers.format import Format
from botscan.readers.recognise import recognise


def test_a_source_is_recognised_by_its_content(source_of):
    table = recognise(source_of(b"\xef\xbb\xbfNama pengguna;Pengikut;;\r\na;1\r\n"), Wishes())
    assert (table.holds, table.delimiter, table.headers) == ("table", ";", ("Nama pengguna", "Pengikut"))
    lines = recognise(source_of(b'{"username": "a"}\n{"username": "b", "x": 1}'), Wishes())
    assert (lines.holds, lines.framing, lines.headers) == ("json", "lines", ("username", "x"))
    assert recognise(source_of(b'[{"username": "a"}]'), Wishes()).framing == "values"


def test_blank_lines_and_much_white_space_before_the_text(source_of):
    data = b"\n" * 3_000_000 + b"username,followers\na,1\n"
    assert recognise(source_of(data), Wishes()).headers == ("username", "followers")


def test_a_header_beyond_reason_is_refused(source_of):
    with pytest.raises(FormatError, match="first line is longer than 1,048,576 bytes"):
        recognise(source_of(b"username," + b"x" * (2 << 20)), Wishes())


def test_a_sample_is_found_behind_broken_records(source_of):
    data = b'{"broken\n' * 300 + b'{"screen_name": "a", "friends_count": 1}\n'
    assert recognise(source_of(data), Wishes()).format.name == "twitter_v1"


def test_a_page_larger_than_the_sample_is_recognised_too(source_of):
    users = [{"screen_name": "a", "friends_count": 1, "bio": "x" * 1000}] * 2000
    data = json.dumps({"users": users, "next_cursor": 0}, indent=1).encode()
    assert recognise(source_of(data), Wishes()).format.name == "twitter_v1"
    assert recognise(source_of(data[:-100]), Wishes()).format.name == "twitter_v1"


def test_two_formats_with_equal_evidence_are_refused(source_of, monkeypatch):
    twins = tuple(Format(name, name.title(), "twitter", evidence=lambda values: 3) for name in ("first", "second"))
    monkeypatch.setattr("botscan.readers.choose.FORMATS", twins)
    monkeypatch.setattr("botscan.readers.choose.FORMAT", {one.name: one for one in twins})
    with pytest.raises(FormatError, match=r"This can be First or Second\. Name the format: first or second"):
        recognise(source_of(b'{"a": 1}'), Wishes())


@pytest.mark.parametrize(
    ("above", "line"),
    [("sep=;\r\n", 2), ("Pengikut kementerian;;\r\nDiunduh 3 Mei 2026;;\r\n\r\n", 4), ("\n\nLaporan\n", 4)],
)
def test_a_header_below_title_rows_is_found_and_lines_are_counted_from_the_top(source_of, above, line):
    data = (above + "Nama pengguna;Pengikut;Postingan\r\na;1;2\r\nb;1\r\n").encode()
    found = recognise(source_of(data), Wishes())
    assert (found.delimiter, found.headers) == (";", ("Nama pengguna", "Pengikut", "Postingan"))
    accounts = read_accounts(source_of(data), platform="instagram")
    assert accounts.table["handle"].to_pylist() == ["a"]
    assert [(row.reason, row.line) for row in accounts.report.rejected] == [("wrong_cell_count", line + 2)]


@pytest.mark.parametrize("key", ["users", "accounts_of_page", "followers", "account"])
def test_a_list_inside_an_object_of_another_kind_gets_a_remedy_for_json(source_of, key):
    data = json.dumps({key: [{"handle": "a", "followers_count": 3}], "page": 1}).encode()
    with pytest.raises(FormatError, match="Save the list of accounts alone"):
        recognise(source_of(data), Wishes())
