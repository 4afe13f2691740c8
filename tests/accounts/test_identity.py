"""Who a record is about."""

import numpy as np
import pyarrow as pa

from botscan.accounts.identity import count_look_alikes, identity_reasons, is_by_handle, name_accounts


def text_column(texts):
    return pa.array(texts, pa.large_string())


def test_id_then_handle_then_nobody():
    columns = {
        "account_id": text_column(["7", None, None, None]),
        "handle": text_column(["Ana", "Ana", None, "B\ufffd"]),
    }
    ids = name_accounts(columns, np.arange(1, 5), {})
    assert ids.to_pylist() == ["7", "@ana", None, None]
    assert is_by_handle(ids).tolist() == [False, True, False, False]


def test_rows_get_names_only_where_there_is_no_other_way():
    faults = {}
    counts = {"followers_count": pa.array([1, None])}
    assert name_accounts(counts, np.array([5, 9]), faults).to_pylist() == ["row-5", "row-9"]
    assert faults["account_id", "ids_made"].tolist() == [True, True]
    faults = {}
    with_column = {**counts, "account_id": text_column([None, "7"])}
    assert name_accounts(with_column, np.array([5, 9]), faults).to_pylist() == [None, "7"]
    assert name_accounts({"bio": text_column(["a", "b"])}, np.array([1, 2]), faults).to_pylist() == [None, None]
    assert faults == {}


def test_reasons():
    damaged = {("account_id", "id_damaged"): np.array([True, True, False])}
    assert identity_reasons(text_column(["@ana", None, None]), damaged).to_pylist() == [
        None,
        "id_damaged",
        "no_identity",
    ]
    assert identity_reasons(text_column([None]), {}).to_pylist() == ["no_identity"]


def test_look_alikes():
    table = pa.table(
        {
            "account_id": text_column(["1", "2", "@ana", "@budi", "3", "4"]),
            "handle": text_column(["Ana", "ana", "ANA", "Budi", None, "C\ufffd"]),
        }
    )
    assert count_look_alikes(table) == {"handle_shared": 2, "possible_same_account": 1}
    assert count_look_alikes(table.slice(3)) == {}
    assert count_look_alikes(table.slice(0, 0)) == {}
    assert count_look_alikes(table.select(["account_id"])) == {}
