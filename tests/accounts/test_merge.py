"""Merging: one account, one row, whatever the order of the records; checked against a plain loop."""

from collections import defaultdict
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts.merge import merge_duplicates
from botscan.schema import ACCOUNT_COLUMN

NAMES = (
    "account_id",
    "platform",
    "handle",
    "observed_at",
    "followed_at",
    "follow_rank",
    "followers_count",
    "has_avatar",
)
SCHEMA = pa.schema([pa.field(name, ACCOUNT_COLUMN[name].arrow_type) for name in NAMES])
DAYS = [datetime(2024, 1, day, tzinfo=UTC) for day in (1, 2, 3)]

RECORD = st.fixed_dictionaries(
    {
        "account_id": st.sampled_from(["1", "2", "3", "@ana"]),
        "platform": st.just("twitter"),
        "handle": st.sampled_from([None, "Ana", "ana", "budi", "é"]),
        "observed_at": st.sampled_from([None, *DAYS]),
        "followed_at": st.sampled_from([None, *DAYS]),
        "follow_rank": st.sampled_from([None, 0, 1, 2]),
        "followers_count": st.sampled_from([None, 0, 7, 10]),
        "has_avatar": st.sampled_from([None, True, False]),
    }
)


def table_of(records):
    return pa.Table.from_pylist(records, schema=SCHEMA)


def content_key(record):
    """Null first, then by value; text by its bytes."""

    def cell(value):
        if value is None:
            return (0, b"")
        return (1, value.encode() if isinstance(value, str) else value)

    return [cell(record[name]) for name in NAMES]


def slow_merge(records):
    groups = defaultdict(list)
    for record in records:
        groups[record["account_id"]].append(record)
    kept, conflicts = [], 0
    for group in groups.values():
        best = min(
            group,
            key=lambda one: (
                -(one["observed_at"] or datetime(1970, 1, 1, tzinfo=UTC)).timestamp(),
                -sum(value is not None for value in one.values()),
                content_key(one),
            ),
        )

        def told(one):
            return {**one, "follow_rank": None, "handle": one["handle"] and one["handle"].lower()}

        conflicts += sum(told(one) != told(best) for one in group)
        result = dict(best)
        for name in ("follow_rank", "followed_at"):
            result[name] = min((one[name] for one in group if one[name] is not None), default=None)
        kept.append(result)
    return kept, conflicts


@settings(deadline=None, max_examples=100)
@given(st.lists(RECORD, max_size=12))
def test_like_a_plain_loop(records):
    merged = merge_duplicates(table_of(records))
    kept, conflicts = slow_merge(records)
    assert merged.table.to_pylist() == kept
    assert (merged.n_merged, merged.n_in_conflict) == (len(records) - len(kept), conflicts)
    assert merged.table.schema == SCHEMA


@settings(deadline=None, max_examples=60)
@given(st.lists(RECORD, min_size=2, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(records, random):
    wanted = merge_duplicates(table_of(records))
    random.shuffle(records)
    found = merge_duplicates(table_of(records))
    by_id = [("account_id", "ascending")]
    assert found.table.sort_by(by_id).equals(wanted.table.sort_by(by_id))
    assert (found.n_merged, found.n_in_conflict, found.largest_group) == (
        wanted.n_merged,
        wanted.n_in_conflict,
        wanted.largest_group,
    )


def test_no_duplicates_no_work():
    table = pa.table({"account_id": pa.array(["1", "2"], pa.large_string())})
    assert merge_duplicates(table).table is table
    assert merge_duplicates(table.slice(0, 0)).largest_group == 0


@pytest.mark.parametrize("n_copies", [2, 5])
def test_copies_are_merged_without_conflict(n_copies):
    record = {"account_id": "1", "platform": "twitter", "handle": "Ana", "observed_at": DAYS[0], "followed_at": None,
              "follow_rank": 4, "followers_count": 3, "has_avatar": True}  # fmt: skip
    merged = merge_duplicates(table_of([{**record, "follow_rank": rank} for rank in range(n_copies)]))
    assert merged.table.to_pylist() == [{**record, "follow_rank": 0}]
    assert (merged.n_merged, merged.n_in_conflict, merged.largest_group) == (n_copies - 1, 0, n_copies)


def test_ids_that_differ_as_text_are_never_merged():
    ids = [str(edge + step) for edge in (2**53, 2**63, 2**64, 10**20) for step in range(-2, 3)]
    ids += ["0" + ids[0], ids[0] + "0"]
    table = pa.table({"account_id": pa.array([*ids, *ids], pa.large_string())})
    merged = merge_duplicates(table.take(np.random.default_rng(0).permutation(len(table))))
    assert sorted(merged.table["account_id"].to_pylist()) == sorted(ids)
