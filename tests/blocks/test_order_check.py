"""Lists that were sorted by something else than follow time."""

import numpy as np
import pyarrow as pa
import pytest

from botscan.accounts import AccountTable
from botscan.blocks import find_follow_blocks
from botscan.blocks.order_check import sorted_by
from botscan.simulate import make_follow_history

ROWS = np.arange(300)


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", ["handle", "followers_count", "created_at"])
def test_a_list_that_was_sorted_is_not_searched(name, descending):
    table = make_follow_history(1_500, random_state=2).accounts.table
    order = table.sort_by([(name, "descending" if descending else "ascending")])
    ranks = pa.array(np.arange(len(order)))
    order = order.set_column(order.column_names.index("follow_rank"), "follow_rank", ranks)
    found = find_follow_blocks(AccountTable.from_frame(order, platform="twitter"))
    assert len(found) == 0
    assert found.notes[0].code in {"blocks_order_sorted", "order_not_by_time", "order_seems_reversed"}
    if name != "created_at":
        assert found.notes[0].code == "order_not_by_time" or found.notes[0].column == name


def test_equal_and_unknown_values_say_nothing():
    counts = pa.array([None if n % 3 else n // 100 for n in range(300)])
    assert sorted_by(pa.table({"followers_count": counts}), ROWS) is None
    assert sorted_by(pa.table({"followers_count": pa.nulls(300, pa.int64())}), ROWS) is None


def test_case_does_not_hide_an_alphabet():
    names = [f"{'RINA' if n % 2 else 'rina'}{n:03}" for n in range(300)]
    assert sorted_by(pa.table({"handle": names}), ROWS) == "handle"
    assert sorted_by(pa.table({"handle": names}), ROWS[::-1]) == "handle"
    assert sorted_by(pa.table({"handle": names}), ROWS * 137 % 300) is None


def test_true_orders_are_by_nothing():
    for seed in range(5):
        table = make_follow_history(1_000, random_state=seed).accounts.table
        assert sorted_by(table, np.arange(len(table))) is None
