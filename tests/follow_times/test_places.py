"""Places of accounts in the follow order: accounts that share one have no order among them."""

import numpy as np
import pyarrow as pa

from botscan.follow_times.places import Places


def places_of(ranks):
    return Places.of_table(pa.table({"follow_rank": pa.array(ranks, pa.int64())}))


def test_places_rise_and_rows_without_one_are_left_out():
    places = places_of([5, None, 1, 3])
    assert (places.rows.tolist(), places.ranks.tolist(), places.starts.tolist()) == ([2, 3, 0], [1, 3, 5], [0, 1, 2])


def test_the_order_of_the_file_is_none_where_accounts_share_a_place():
    places = places_of(np.repeat([0, 1, 2], 500))
    for place in range(3):
        rows = places.rows[500 * place : 500 * (place + 1)]
        assert sorted(rows) == list(range(500 * place, 500 * (place + 1)))
        assert 0.4 < (np.diff(rows) > 0).mean() < 0.6
    assert places_of(np.repeat([0, 1, 2], 500)).rows.tolist() == places.rows.tolist()
