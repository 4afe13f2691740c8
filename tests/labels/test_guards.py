import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.labels.guards import number_cell, with_guard, without_guard
from botscan.wording import for_csv


@pytest.mark.parametrize("cell", ["'", "''", "'ani", "ani'", "", " '=1", "'123"])
def test_only_a_guard_is_taken_away(cell):
    expected = {" '=1": "=1"}.get(cell, cell)
    assert without_guard(cell) == expected


@given(st.from_regex(r"[0-9]{1,25}|@[a-z0-9_]{1,9}", fullmatch=True))
def test_what_is_put_before_an_id_is_taken_away_again(account_id):
    assert without_guard(for_csv(with_guard(account_id))) == account_id


def test_zeros_in_front_are_kept():
    assert with_guard("007") == "'007"
    assert without_guard("'007") == "007"


def test_long_numbers_are_text():
    assert number_cell(10**15 - 1) == 10**15 - 1
    assert without_guard(number_cell(2**63 - 1)) == str(2**63 - 1)


def test_ids_that_a_spreadsheet_keeps_stay_as_they_are():
    assert with_guard("123456789012345") == "123456789012345"
    assert with_guard("0") == "0"
    assert with_guard("1234567890123456") == "'1234567890123456"
    assert with_guard("did:plc:1234567890123456") == "did:plc:1234567890123456"
