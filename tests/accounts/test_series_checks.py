"""Gaps, doubtful zeros and changes that do not add up, against slow and plain definitions."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from botscan.accounts.series_checks import (
    after_gaps,
    count_differing_changes,
    days_of,
    doubtful_zeros,
    last_of_each_day,
    number_accounts,
    sorted_by_time,
    steps_in_days,
)

START = datetime(2024, 1, 1, tzinfo=UTC)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", None]),
        st.integers(0, 60),
        st.none() | st.integers(0, 2),
        st.none() | st.integers(-2, 2),
    ),
    max_size=30,
)


def table(rows):
    return pa.table(
        {
            "account_id": pa.array([row[0] for row in rows], pa.large_string()),
            "counted_at": pa.array([START + timedelta(hours=6 * row[1]) for row in rows], pa.timestamp("us", "UTC")),
            "followers_count": pa.array([row[2] for row in rows], pa.int64()),
            "followers_gained": pa.array([row[3] for row in rows], pa.int64()),
            "total_half_width": pa.array([0] * len(rows), pa.int64()),
            "change_half_width": pa.array([0] * len(rows), pa.int64()),
        }
    )


def by_account(rows):
    """Rows of each account, accounts in the order of first appearance, the one without a name last; rows by time."""
    names = sorted(dict.fromkeys(row[0] for row in rows), key=lambda name: name is None)
    return {name: sorted((row for row in rows if row[0] == name), key=lambda row: row[1]) for name in names}


@given(ROWS)
def test_rows_are_sorted_by_account_and_time(rows):
    found = sorted_by_time(table(rows))
    wanted = [row for listed in by_account(rows).values() for row in listed]
    assert found["account_id"].to_pylist() == [row[0] for row in wanted]
    assert found["counted_at"].to_pylist() == [START + timedelta(hours=6 * row[1]) for row in wanted]
    assert sorted(found["followers_count"].to_pylist(), key=str) == sorted((row[2] for row in rows), key=str)


@given(ROWS)
def test_the_last_of_each_day(rows):
    found = sorted_by_time(table(rows))
    kept = found.filter(pa.array(last_of_each_day(found)))
    wanted = [
        (name, day) for name, listed in by_account(rows).items() for day in dict.fromkeys(row[1] // 4 for row in listed)
    ]
    first_day = int(START.timestamp()) // 86_400
    assert list(zip(kept["account_id"].to_pylist(), (days_of(kept) - first_day).tolist(), strict=True)) == wanted


@given(ROWS)
def test_gaps_are_steps_longer_than_a_third_of_the_steps(rows):
    found = sorted_by_time(table(rows))
    wanted = []
    for listed in by_account(rows).values():
        days = [row[1] // 4 for row in listed]
        steps = [0, *(later - earlier for earlier, later in pairwise(days))]
        moves = sorted(step for step in steps if step > 0)
        usual = moves[(len(moves) - 1) // 3] if moves else 0
        wanted += [step > 1.5 * usual and step > 0 for step in steps]
    assert after_gaps(found).tolist() == wanted


@given(ROWS)
def test_doubtful_zeros_lie_between_positive_totals(rows):
    found = sorted_by_time(table(rows))
    names, totals = found["account_id"].to_pylist(), found["followers_count"].to_pylist()
    wanted = []
    for place, (name, total) in enumerate(zip(names, totals, strict=True)):
        before = any(totals[i] and names[i] == name for i in range(place))
        after = any(totals[i] and names[i] == name for i in range(place + 1, len(names)))
        wanted.append(total == 0 and before and after)
    assert doubtful_zeros(found).tolist() == wanted


@given(ROWS)
def test_changes_that_do_not_add_up(rows):
    found = sorted_by_time(table(rows))
    names, totals, gains = (found[name].to_pylist() for name in ("account_id", "followers_count", "followers_gained"))
    is_zero, is_gap = doubtful_zeros(found), after_gaps(found)
    wanted = 0
    for i in range(1, len(names)):
        is_known = None not in (totals[i], totals[i - 1], gains[i]) and names[i] == names[i - 1]
        if is_known and not (is_zero[i] or is_zero[i - 1] or is_gap[i]):
            wanted += totals[i] - totals[i - 1] != gains[i]
    assert count_differing_changes(found) == wanted


def test_steps_and_numbers_of_accounts():
    found = table([("b", 0, 1, 1), ("b", 9, 1, 1), ("a", 9, 1, 1), (None, 1, 1, 1)])
    assert number_accounts(found).tolist() == [0, 0, 1, 2]
    assert steps_in_days(found).tolist() == [0, 2, 0, 0]
