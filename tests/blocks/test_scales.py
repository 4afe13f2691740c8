"""Windows of all lengths: where they begin, and how many there are."""

import pytest

from botscan.blocks.scales import LONGEST_SHARE, SHORTEST, half_lengths, n_windows, starts_of


def all_windows(n):
    for half in half_lengths(n):
        for start in starts_of(n, half).tolist():
            yield half, start, min(start + 2 * half, n)


@pytest.mark.parametrize("n", [0, 1, 199, 200, 201, 399, 1_000, 1_001, 5_432])
def test_windows_of_a_scale_overlap_by_half_and_cover_the_list(n):
    found = list(all_windows(n))
    assert n_windows(n) == len(found)
    assert [start for _, start, _ in found] == [
        start for half in half_lengths(n) for start in range(0, max(n - half, 0), half)
    ]
    assert bool(found) == (n >= 4 * SHORTEST)
    for half in half_lengths(n):
        of_scale = [range(start, stop) for own, start, stop in found if own == half]
        assert set().union(*of_scale) == set(range(n))
        assert all(len(places) == 2 * half for places in of_scale[:-1])
        assert 2 * half <= LONGEST_SHARE * n
