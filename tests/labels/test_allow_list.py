import datetime as dt
import io
import os

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import BotscanError, FormatError, SchemaError
from botscan.labels.allow_list import AllowList, read_allow_list
from botscan.pseudonyms import PseudonymKey, account_pseudonym

KEY = PseudonymKey(bytes(range(32)))


def names(allow):
    return [(entry.account_id, entry.handle, entry.pseudonym) for entry in allow.entries]


def test_a_file_of_ids_handles_and_reasons(tmp_path):
    path = tmp_path / "allow.csv"
    path.write_text(
        "account_id;handle;reason;until;note\n"
        "'1234567890123456789;@Humas_Kota;pegawai;31 Desember 2026;our own\n"
        ";https://x.com/Budi_17;mitra;;\n"
        "@Ani;;banding;2026-08-01;\n"
        "77;;because;;\n",
        encoding="utf-8",
    )
    allow = read_allow_list(path)
    assert names(allow) == [
        ("1234567890123456789", "humas_kota", None),
        (None, "budi_17", None),
        (None, "ani", None),
        ("77", None, None),
    ]
    assert [entry.reason for entry in allow.entries] == ["staff", "partner", "appeal", "other"]
    assert [entry.until for entry in allow.entries] == [dt.date(2026, 12, 31), None, dt.date(2026, 8, 1), None]
    assert allow.source.endswith("allow.csv")


def test_frames_and_dicts_are_read_alike():
    rows = [
        {"handle": "@ani", "until": dt.date(2026, 8, 1), "reason": "Staff"},
        {"handle": None, "account_id": 7, "until": None, "reason": None},
    ]
    found = read_allow_list(rows)
    assert names(found) == names(read_allow_list(pd.DataFrame(rows).astype({"account_id": "Int64"})))
    assert found.entries[0].until == dt.date(2026, 8, 1)
    assert found.entries[0].reason == "staff"
    assert read_allow_list(found) is found


def test_bare_words():
    allow = read_allow_list(["@Ani", "1234567", "https://x.com/Budi_17", "Cici_9", "did:plc:abcdefghij"])
    assert names(allow) == [
        (None, "ani", None),
        ("1234567", None, None),
        (None, "budi_17", None),
        ("Cici_9", "cici_9", None),
        ("did:plc:abcdefghij", "did:plc:abcdefghij", None),
    ]
    assert [entry.is_bare for entry in allow.entries] == [False, False, False, True, True]
    assert len(read_allow_list([])) == 0


@pytest.mark.parametrize("ending", ["txt", "csv"])
def test_a_file_of_one_name_a_line_is_read_as_a_list_of_texts(tmp_path, ending):
    words = ["Cici_9", "@Ani", "1234567890123456789", account_pseudonym(KEY, "twitter", "1")]
    path = tmp_path / f"allow.{ending}"
    path.write_text("\n".join(words), encoding="utf-8")
    assert read_allow_list(path).entries == read_allow_list(words).entries
    assert len(read_allow_list(path)) == 4


@pytest.mark.parametrize("text", ["@Ani\nCici_9\n\n1234567\n", "handle\n@ani\ncici_9\n1234567\n"])
def test_standard_input_is_read_like_a_file(tmp_path, monkeypatch, text):
    path = tmp_path / "allow.txt"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    allow = read_allow_list("-")
    assert len(allow) == 3
    assert allow.entries == read_allow_list(path).entries


def test_names_come_through_a_pipe(monkeypatch):
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as file:
        file.write(b"@ani\n@budi\n")
    with os.fdopen(reading, "rb") as file:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(file))
        assert names(read_allow_list("-")) == [(None, "ani", None), (None, "budi", None)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_lines_of_names_in_any_encoding(tmp_path, encoding):
    path = tmp_path / "allow.txt"
    path.write_bytes('@Ani\r\n\r\n\'0071\r\n  \r\n"@Budi"\r\n'.encode(encoding))
    assert names(read_allow_list(path)) == [(None, "ani", None), ("0071", None, None), (None, "budi", None)]


def test_a_file_that_names_nobody_is_refused(tmp_path):
    path = tmp_path / "allow.csv"
    path.write_text("handle,reason\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="names no account"):
        read_allow_list(path)


@pytest.mark.parametrize("text", ["id\n3\n", "username\nani\n", "ani,staff\nbudi,staff\n"])
def test_a_header_of_another_name_is_no_account(tmp_path, text):
    path = tmp_path / "allow.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match="one a line, no header") as caught:
        read_allow_list(path)
    assert [fault.code for fault in caught.value.faults] == ["missing_column"]


def test_a_line_that_names_nobody_is_told_by_its_number(tmp_path):
    path = tmp_path / "allow.txt"
    path.write_text("@ani\n\n1.5E+18\n", encoding="utf-8")
    with pytest.raises(SchemaError, match="rows 3"):
        read_allow_list(path)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("30/06/2026", dt.date(2026, 6, 30)),
        ("30-6-2026", dt.date(2026, 6, 30)),
        ("06/30/2026", dt.date(2026, 6, 30)),
        ("5/5/2026", dt.date(2026, 5, 5)),
        ("30/06/2026 23:00", dt.date(2026, 6, 30)),
    ],
)
def test_a_day_that_can_be_read_in_one_way_only_is_read(cell, day):
    assert read_allow_list([{"handle": "ani", "until": cell}]).entries[0].until == day


@pytest.mark.parametrize("cell", ["3/4/2026", "12/06/2026"])
def test_a_day_that_can_be_read_in_two_ways_is_refused_with_a_remedy(cell):
    with pytest.raises(SchemaError, match="2026-06-30") as caught:
        read_allow_list([{"handle": "ani", "until": cell}])
    assert [fault.code for fault in caught.value.faults] == ["date_order_unknown"]


def test_pseudonyms_in_either_form():
    name = account_pseudonym(KEY, "twitter", "1")
    allow = read_allow_list([{"pseudonym": name.upper()}])
    assert names(allow) == [(None, None, name)]


def test_an_account_that_stands_twice_holds_longest():
    rows = [("1", "2026-01-01"), ("1", "2026-06-01"), ("1", "2026-03-01"), ("2", "2026-01-01"), ("2", "")]
    allow = read_allow_list([{"account_id": one, "until": until} for one, until in rows])
    assert [(entry.account_id, entry.until) for entry in allow.entries] == [("1", dt.date(2026, 6, 1)), ("2", None)]
    assert [(note.code, note.count) for note in allow.notes] == [("allow_list_merged", 3)]


def test_every_fault_is_told_at_once_and_no_cell_is_shown():
    rows = [
        {"account_id": "1.23E+18", "handle": "", "pseudonym": "", "until": ""},
        {"account_id": "", "handle": "", "pseudonym": "", "until": ""},
        {"account_id": "row-7", "handle": "", "pseudonym": "", "until": "3/4/2026"},
        {"account_id": "NULL", "handle": "", "pseudonym": "", "until": "besok"},
        {"account_id": "", "handle": "https://example.com/a/b", "pseudonym": "secretword", "until": ""},
    ]
    with pytest.raises(SchemaError) as caught:
        read_allow_list(rows)
    found = {(fault.column, fault.code): (fault.count, fault.first_row) for fault in caught.value.faults}
    assert found == {
        ("account_id", "id_damaged"): (1, 1),
        ("account_id", "no_identity"): (2, 2),
        ("account_id", "ids_made"): (1, 3),
        ("until", "date_order_unknown"): (1, 3),
        ("until", "relative_date"): (1, 4),
        ("handle", "bad_handle"): (1, 5),
        ("pseudonym", "not_a_pseudonym"): (1, 5),
    }
    message = str(caught.value)
    assert "this allow list" in message
    assert "rows 2, 4" in message
    for secret in ("1.23", "row-7", "3/4", "besok", "example", "secretword"):
        assert secret not in message


def test_a_table_without_names_of_accounts_and_rows_of_other_lengths_are_told_together(tmp_path):
    path = tmp_path / "allow.csv"
    path.write_text("reason,until\nstaff,2026-01-01\nstaff\n", encoding="utf-8")
    with pytest.raises(SchemaError) as caught:
        read_allow_list(path)
    assert {fault.code for fault in caught.value.faults} == {"missing_column", "wrong_cell_count"}


@pytest.mark.parametrize("word", ["", "null", "row-3", "1.5E+18"])
def test_a_bare_word_that_names_nobody_is_refused(word):
    with pytest.raises(SchemaError, match="rows 2"):
        read_allow_list(["@ani", word])


def test_what_is_no_table_is_refused(tmp_path):
    path = tmp_path / "allow.csv"
    path.write_bytes(b"")
    with pytest.raises(FormatError, match="empty"):
        read_allow_list(path)
    with pytest.raises(FormatError):
        read_allow_list(tmp_path / "none.csv")
    with pytest.raises(BotscanError, match="allow list"):
        read_allow_list(7)


def test_nothing_of_it_is_shown():
    allow = read_allow_list([{"account_id": "998877", "handle": "secret_handle"}])
    for shown in (repr(allow), str(allow), repr(allow.entries), f"{allow.entries[0]}"):
        assert "998877" not in shown
        assert "secret_handle" not in shown


CELL = st.one_of(st.none(), st.integers(), st.text(max_size=12), st.floats(), st.booleans(), st.dates())


@settings(max_examples=100, deadline=None)
@given(st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(("account_id", "handle", "until", "reason"), CELL))))
def test_any_cells_are_read_or_refused(rows):
    try:
        allow = read_allow_list(rows)
    except BotscanError:
        return
    assert isinstance(allow, AllowList)
    assert all(entry.account_id or entry.handle or entry.pseudonym for entry in allow.entries)
