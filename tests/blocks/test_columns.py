"""What each kind of evidence marks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.blocks.columns import (
    BAND_DAYS,
    HIGH_SHARES,
    bands_of_high_scores,
    creation_bands,
    fresh_accounts,
    high_scores,
    inactive,
    mark_columns,
    similar_handles,
)
from botscan.blocks.creation_ages import FRESH_DAYS
from botscan.blocks.marks import FEWEST
from botscan.cells.dates import MICROSECONDS_PER_DAY

SCORES = st.lists(st.one_of(st.integers(-5, 5).map(float), st.just(float("nan"))), min_size=1, max_size=80)


@given(SCORES)
def test_high_scores_are_at_most_the_share_of_the_known_and_the_highest(scores):
    scores = np.array(scores)
    known = ~np.isnan(scores)
    for share, column in zip(HIGH_SHARES, high_scores(plain_evidence(scores)), strict=True):
        assert ((column.codes == -1) == ~known).all()
        high = column.codes == 1
        assert high.sum() <= share * known.sum() + 1e-9
        if high.any():
            assert scores[high].min() > scores[known & ~high].max()
        assert (scores[high] > column.threshold).all()


def plain_evidence(scores):
    from botscan.blocks.order_evidence import UNKNOWN_TIME, OrderEvidence

    n = len(scores)
    times, codes = np.full(n, UNKNOWN_TIME), np.full(n, -1, dtype=np.int32)
    return OrderEvidence(times, times, scores, codes, codes, codes.astype(np.int8))


def test_scores_that_differ_mark_exactly_the_share(evidence_of):
    evidence = evidence_of(1_000, log_odds=np.random.default_rng(1).permutation(1_000))
    assert [int((column.codes == 1).sum()) for column in high_scores(evidence)] == [200, 100, 30, 10]


def test_where_most_scores_are_equal_none_of_them_is_high(evidence_of):
    evidence = evidence_of(1_000, log_odds=np.where(np.arange(1_000) < 50, 1.0, 0.0))
    assert [int((column.codes == 1).sum()) for column in high_scores(evidence)] == [50, 50, 0, 0]


def test_every_creation_date_stands_in_its_band_once_a_column(evidence_of):
    created = np.random.default_rng(2).uniform(0, 900, 400)
    evidence = evidence_of(400, created=created, followed=np.full(400, 2_000.0))
    columns = list(creation_bands(evidence))
    assert len(columns) == 2 * len(BAND_DAYS)
    for index, column in enumerate(columns):
        width = BAND_DAYS[index // 2] * MICROSECONDS_PER_DAY
        assert column.codes.min() >= 1
        for time, code in zip(evidence.created_at.tolist(), column.codes.tolist(), strict=True):
            low, high = column.band(code)
            assert low <= time < high == low + width
    one, half_a_band_on = columns[4], columns[5]
    shift = one.first_band - half_a_band_on.first_band
    assert shift == 16 * MICROSECONDS_PER_DAY


def test_a_newcomer_is_in_no_band_and_an_account_without_date_is_unknown(evidence_of):
    created = np.array([100.0, 100.0, 100.0 + FRESH_DAYS / 2, 0.0])
    followed = np.array([100.0 + FRESH_DAYS - 0.5, 100.0 + FRESH_DAYS, 200.0, 300.0])
    evidence = evidence_of(4, created=created, followed=followed)
    evidence.created_at[3] = plain_evidence(np.zeros(1)).created_at[0]
    column = next(creation_bands(evidence))
    assert [min(code, 1) for code in column.codes.tolist()] == [0, 1, 1, -1]
    assert next(fresh_accounts(evidence)).codes.tolist() == [1, 0, 0, -1]


def test_a_date_without_follow_time_is_unknown_nobody_can_tell_a_newcomer_from_a_batch(evidence_of):
    evidence = evidence_of(20, created=np.arange(20.0) * 100)
    evidence.followed_after[7] = plain_evidence(np.zeros(1)).created_at[0]
    for column in (*creation_bands(evidence), *fresh_accounts(evidence)):
        assert np.flatnonzero(column.codes == -1).tolist() == [7]


def test_bands_of_high_scores_leave_the_others_aside(evidence_of):
    n = 500
    evidence = evidence_of(n, created=np.zeros(n), followed=np.full(n, 900.0), log_odds=np.arange(n))
    column = next(bands_of_high_scores(evidence))
    assert column.codes.tolist() == [-1] * 400 + [1] * 100
    assert column.evidence == "creation_band_of_high_scores"


def test_handles_that_are_no_crowd_are_no_mark_and_unknown_ones_stay_unknown(evidence_of):
    shape = [5] * FEWEST + [9] * (FEWEST - 1) + [-1] * 3 + [7] * 20
    columns = list(similar_handles(evidence_of(len(shape), shape=shape)))
    assert columns[0].codes.tolist() == [1] * FEWEST + [0] * (FEWEST - 1) + [-1] * 3 + [2] * 20
    assert columns[1].codes.tolist() == [-1] * len(shape)


def test_inactive_is_told_from_unknown(evidence_of):
    assert next(inactive(evidence_of(3, inactive=[1, 0, -1]))).codes.tolist() == [1, 0, -1]


def test_nothing_known_fills_no_column(evidence_of):
    assert mark_columns(evidence_of(300)) == ()


@pytest.mark.parametrize(("n_known", "is_there"), [(29, False), (30, True)])
def test_a_column_is_filled_from_a_tenth_of_the_list_on(evidence_of, n_known, is_there):
    flags = np.full(300, -1)
    flags[:n_known] = 1
    assert bool(mark_columns(evidence_of(300, inactive=flags))) == is_there


def test_all_kinds_fill_their_columns(evidence_of):
    rng = np.random.default_rng(3)
    n = 600
    followed = np.linspace(2_000, 3_000, n)
    evidence = evidence_of(
        n,
        created=followed - rng.uniform(0, 900, n),
        followed=followed,
        log_odds=rng.normal(size=n),
        shape=rng.integers(0, 5, n),
        start=rng.integers(0, 5, n),
        inactive=rng.integers(0, 2, n),
    )
    found = [column.evidence for column in mark_columns(evidence)]
    assert list(dict.fromkeys(found)) == [
        "high_scores",
        "creation_band",
        "creation_band_of_high_scores",
        "fresh_accounts",
        "similar_handles",
        "inactive",
    ]
    assert len(found) == 4 + 6 + 6 + 1 + 2 + 1
