"""MarkColumn: counts in ranges against a loop."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from botscan.blocks.marks import MarkColumn

CODES = st.lists(st.integers(-1, 4), max_size=60)


def column_of(codes):
    return MarkColumn("inactive", np.array(codes, dtype=np.int32), 0.1, 2.0)


@given(CODES, st.data())
def test_counts_are_those_of_a_loop(codes, data):
    column = column_of(codes)
    ends = st.integers(0, len(codes))
    places = [sorted(data.draw(st.tuples(ends, ends))) for _ in range(4)]
    start, stop = (np.array([place[side] for place in places]) for side in (0, 1))
    for category in range(1, 6):
        wanted = [sum(code == category for code in codes[low:high]) for low, high in places]
        assert column.count(category, start, stop).tolist() == wanted
        assert [int(column.count(category, *place)) for place in places] == wanted
        assert [column.places(category, *place).tolist() for place in places] == [
            [at for at in range(low, high) if codes[at] == category] for low, high in places
        ]
    assert column.n_known(start, stop).tolist() == [sum(code >= 0 for code in codes[low:high]) for low, high in places]
    mixed = np.array([1, 2, 3, 4])
    assert column.count(mixed, start, stop).tolist() == [
        sum(code == category for code in codes[low:high]) for category, (low, high) in zip(mixed, places, strict=True)
    ]
    assert len(column) == len(codes)
    assert column.n_categories == len({code for code in codes if code > 0})


@given(CODES, st.data())
def test_accounts_that_are_taken_out_are_unknown_and_the_rest_stays(codes, data):
    taken = np.array(data.draw(st.lists(st.booleans(), min_size=len(codes), max_size=len(codes))), dtype=bool)
    column = MarkColumn("creation_band", np.array(codes, dtype=np.int32), 0.05, 3.0, 20, 7, 5, 1.5, ((50, 1.2),))
    rest = column.without(taken)
    assert rest.codes.tolist() == [-1 if out else code for code, out in zip(codes, taken, strict=True)]
    assert rest.codes.dtype == np.int32
    assert column.codes.tolist() == codes
    kept = ("evidence", "least_excess", "least_ratio", "fewest", "first_band", "band_width", "threshold", "variation")
    assert [getattr(rest, name) for name in kept] == [getattr(column, name) for name in kept]


def test_a_column_has_no_threshold_and_no_bands_unless_told():
    column = column_of([0, 1])
    assert math.isnan(column.threshold)
    assert column.band(1) is None
    assert MarkColumn("creation_band", column.codes, 0.1, 3.0, first_band=7, band_width=5).band(2) == (12, 17)


def test_categories_and_places_of_long_lists_do_not_run_into_each_other():
    codes = np.zeros(70_000, dtype=np.int32)
    codes[[0, 69_999]] = [60_000, 59_999]
    column = MarkColumn("similar_handles", codes, 0.1, 3.0)
    assert [int(column.count(category, 0, 70_000)) for category in (59_998, 59_999, 60_000, 60_001)] == [0, 1, 1, 0]
