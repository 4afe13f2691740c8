import json

import pytest

from botscan.errors import FormatError
from botscan.readers.formats import FORMAT, FORMATS, GENERIC
from botscan.readers.formats.foreign import FOREIGN, foreign_headers, foreign_objects, is_series
from botscan.readers.headers import normalise


@pytest.mark.parametrize("foreign", FOREIGN, ids=lambda one: one.title)
def test_every_sign_is_found_and_no_sign_is_a_column(read, foreign):
    for header in foreign.headers:
        assert normalise(header) == header
        assert foreign_headers(["username", header.title()]) == foreign.title
        with pytest.raises(FormatError, match=r"this version does not read it\. Known formats: twitter_v1"):
            read(f"username,{header}\na,b\n".encode())
    for key in foreign.keys:
        value = {"username": "a", "outer": [{key[1:]: 1}]} if key.startswith(".") else {"username": "a", key: 1}
        assert foreign_objects([value]) is not None
        with pytest.raises(FormatError, match="this version does not read it"):
            read(json.dumps(value).encode())


def test_a_table_of_days_is_no_list_of_accounts(read):
    assert is_series(["Tanggal", "Pengikut"])
    for data in (b"date,followers\n2024-05-01,5\n", b'[{"date": "2024-05-01", "followers": 5}]'):
        with pytest.raises(FormatError, match="a count over time, not a list of accounts"):
            read(data)
    assert read(b"username,date,followers\na,2024-05-01,5\n").n_accounts == 1


def test_a_column_map_makes_the_caller_responsible(read):
    accounts = read(b"name,author id,followers\na,5,1\n", column_map={"account_id": "author id"})
    assert accounts.table["account_id"].to_pylist() == ["5"]


def test_the_list_of_formats_is_whole():
    assert FORMATS[-1] is GENERIC
    assert list(FORMAT) == [one.name for one in FORMATS]
    assert all(one.platform for one in FORMATS if one.evidence)
