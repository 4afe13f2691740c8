"""The mathematics of follow times: laws, slow references, dates that cannot be true, slack, and order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.cells.dates import MICROSECONDS_PER_DAY as DAY
from botscan.follow_times import UNKNOWN_TIME, bound_follow_times
from botscan.follow_times.order import judge_order
from botscan.follow_times.records import FEWEST_HIDDEN, record_places, too_late

START = 15_000 * DAY


def unknown(n):
    return np.full(n, UNKNOWN_TIME)


# The mathematics


def slowly(created, observed_at):
    """Bound by the running maximum, one account after the other."""
    latest, bounds = UNKNOWN_TIME, []
    for date in created.tolist():
        latest = max(latest, date)
        bounds.append(latest)
    return bounds


instants = st.integers(START, START + 400 * DAY)
maybe = st.one_of(st.just(UNKNOWN_TIME), instants)


@given(st.lists(maybe, max_size=20))
def test_lower_bound_is_the_running_maximum(dates):
    dates = np.array(dates, dtype=np.int64)
    bounds = bound_follow_times(dates, unknown(len(dates)), UNKNOWN_TIME)
    assert bounds.followed_after.tolist() == slowly(dates, UNKNOWN_TIME)
    assert (bounds.followed_before == UNKNOWN_TIME).all()


@given(st.lists(st.tuples(maybe, maybe), max_size=60), st.one_of(st.just(UNKNOWN_TIME), instants))
def test_lower_never_passes_upper(rows, observed_at):
    created, followed = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    bounds = bound_follow_times(created, followed, observed_at)
    known = (bounds.followed_after != UNKNOWN_TIME) & (bounds.followed_before != UNKNOWN_TIME)
    assert (bounds.followed_after <= bounds.followed_before)[known].all()
    assert not (bounds.slack_days < 0).any()
    assert 0 <= bounds.warm_up <= len(rows)


@given(st.lists(st.tuples(maybe, st.integers(0, 10), st.booleans()), max_size=60))
def test_bounds_rise_along_the_order_where_follow_times_do(day, rows):
    created = np.array([date for date, _, _ in rows], dtype=np.int64)
    at_times = START + np.cumsum([step for _, step, _ in rows], dtype=np.int64) * DAY
    followed = np.where([is_known for _, _, is_known in rows], at_times, UNKNOWN_TIME).astype(np.int64)
    bounds = bound_follow_times(created, followed, day(700))
    for bound in (bounds.followed_after, bounds.followed_before):
        assert (np.diff(bound[bound != UNKNOWN_TIME]) >= 0).all()
    assert (bounds.followed_after == followed)[followed != UNKNOWN_TIME].all()
    assert (bounds.followed_before == followed)[followed != UNKNOWN_TIME].all()


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(0, 300))
def test_a_follower_with_an_old_date_changes_no_other_bound(history, seed, place):
    created, _ = history(seed, n=300)
    end = int(created.max()) + DAY
    before = bound_follow_times(created, unknown(300), end)
    after = bound_follow_times(np.insert(created, place, created.min() - 900 * DAY), unknown(301), end)
    assert (np.delete(after.followed_after, place) == before.followed_after).all()
    assert (np.delete(after.followed_before, place) == before.followed_before).all()


@settings(max_examples=30)
@given(st.integers(0, 10**6), st.integers(0, 1_500), st.floats(400, 20_000))
def test_one_date_far_in_the_future_changes_no_other_bound(history, seed, place, days_late):
    created, followed = history(seed)
    end = int(followed[-1])
    clean = bound_follow_times(created, unknown(len(created)), end)
    wrong = created.copy()
    wrong[place] = followed[place] + int(days_late * DAY)
    bounds = bound_follow_times(wrong, unknown(len(created)), end)
    # Where its own date was a record, its neighbours fall back as well, up to the next record.
    records = record_places(created)
    next_record = records[np.searchsorted(records, place, side="right")]
    same = np.ones(len(created), np.bool_)
    same[place : next_record if place in records else place + 1] = False
    assert np.flatnonzero(bounds.is_impossible).tolist() == [place]
    assert (bounds.followed_after == clean.followed_after)[same].all()
    assert (bounds.followed_after <= followed).all()


def test_known_follow_times_tighten_both_sides(day, days, in_days):
    created = days(0, 10, None, 5, 20, 2)
    followed = days(None, None, 30, None, 40, None)
    bounds = bound_follow_times(created, followed, day(100))
    assert in_days(bounds.followed_after) == [0, 10, 30, 30, 40, 40]
    assert in_days(bounds.followed_before) == [30, 30, 30, 40, 40, 100]
    assert bounds.slack_days[[2, 4]].tolist() == [0, 0]


def test_a_creation_behind_the_following_is_impossible(day, days, in_days):
    bounds = bound_follow_times(days(50, 60, 5), days(None, 20, None), day(100))
    assert bounds.is_impossible.tolist() == [True, True, False]
    assert in_days(bounds.followed_after) == [None, 20, 20]


def test_clocks_may_differ_by_a_day(day, days, in_days):
    end = day(100)
    bounds = bound_follow_times(days(100.5, 101.5), unknown(2), end)
    assert bounds.is_impossible.tolist() == [False, True]
    assert in_days(bounds.followed_after) == [100, 100]


def test_contradicting_follow_times_bound_nothing_between_them(day, days, in_days):
    bounds = bound_follow_times(unknown(3), days(50, None, 10), day(100))
    assert in_days(bounds.followed_after) == [50, None, 10]
    assert in_days(bounds.followed_before) == [50, None, 10]
    assert np.isnan(bounds.slack_days[1])


def test_an_early_follow_time_at_the_end_is_set_aside(day, days, in_days):
    followed = days(*range(40), -500)
    followed[::2] = UNKNOWN_TIME
    followed[40] = day(-500)
    doubled = np.concatenate([days(*range(-60, 0)), followed])
    bounds = bound_follow_times(unknown(101), doubled, day(100))
    assert in_days(bounds.followed_before[[60, 62]]) == [1, 3]


def test_arrays_must_fit():
    with pytest.raises(ValueError, match="int64"):
        bound_follow_times(np.zeros(2), np.zeros(2), 0)
    with pytest.raises(ValueError, match="one length"):
        bound_follow_times(unknown(2), unknown(3), 0)


def test_input_arrays_stay_as_they_are(day, days):
    created, followed = days(0, 500, *range(1, 40)), unknown(41)
    kept = created.copy()
    bound_follow_times(created, followed, day(100))
    assert (created == kept).all()
    assert (followed == UNKNOWN_TIME).all()


# Dates that cannot be true


def hides_slowly(dates, depth=2, watched=8):
    """Set records aside, one band after the other."""
    kept = dates.copy()
    for _ in range(20):
        records = record_places(kept).tolist()
        found = {}
        for number, close in enumerate(records):
            floor = kept[records[number - 1]] if number else UNKNOWN_TIME
            stop = records[number + watched] if number + watched < len(records) else len(kept)
            found[close] = [row for row in range(close + 1, stop) if floor < kept[row] < kept[close] - DAY]
        in_bands = [row for rows in found.values() for row in rows]
        late = set()
        if depth and in_bands:
            is_late = hides_slowly(kept[in_bands], depth - 1)
            late = {row for row, gone in zip(in_bands, is_late.tolist(), strict=True) if gone}
        hiding = []
        for number, close in enumerate(records):
            first = max(number - FEWEST_HIDDEN, 0)
            pace = max((close - records[first]) // max(number - first, 1), 1)
            latest, turns = UNKNOWN_TIME, set()
            for row in found[close]:
                if row not in late and kept[row] > latest:
                    latest = kept[row]
                    turns.add((row - close) // pace)
            if len(turns) >= FEWEST_HIDDEN:
                hiding.append(close)
        if not hiding:
            break
        kept[hiding] = UNKNOWN_TIME
    return (kept == UNKNOWN_TIME) & (dates != UNKNOWN_TIME)


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.lists(st.tuples(st.integers(0, 399), st.floats(2, 3_000)), max_size=6))
def test_setting_aside_agrees_with_its_definition(history, seed, wrong):
    dates, followed = history(seed, n=400, fresh=0.6)
    for place, late in wrong:
        dates[place] = followed[place] + int(late * DAY)
    assert (too_late(dates) == hides_slowly(dates)).all()


@pytest.mark.parametrize("n_hidden", [FEWEST_HIDDEN - 1, FEWEST_HIDDEN])
def test_twenty_five_hidden_records_set_a_date_aside(days, n_hidden):
    dates = days(0, 900, *range(2, 2 + n_hidden))
    assert np.flatnonzero(too_late(dates)).tolist() == ([1] if n_hidden == FEWEST_HIDDEN else [])


def test_wrong_dates_that_stand_close_are_all_found(history):
    created, followed = history(3)
    wrong = [1_000, 1_001, 1_003, 1_010]
    created[wrong] = followed[wrong] + np.array([700, 900, 800, 1_000]) * DAY
    found = np.flatnonzero(bound_follow_times(created, unknown(len(created)), int(followed[-1])).is_impossible)
    assert set(found) <= set(wrong)
    assert (bound_follow_times(created, unknown(3_000), int(followed[-1])).followed_after <= followed).all()


def orders(m):
    rng = np.random.default_rng(8)
    rising = np.arange(m)
    yield from (rising, rising[::-1], np.roll(rising, 1), np.roll(rising, m // 2))
    yield from (rng.permutation(m) for _ in range(20))


def test_a_burst_of_fresh_accounts_in_any_order_sets_nothing_aside(history):
    created, followed = history(4)
    for order in orders(500):
        moment = followed[1_500]
        burst = moment - DAY + 1 + (order * (DAY / 500)).astype(np.int64)  # all made within the last day
        dates = np.concatenate([created[:1_500], burst, created[1_500:]])
        assert not too_late(dates).any()


def test_a_month_of_accounts_in_any_order_sets_nothing_aside(history):
    created, followed = history(5)
    for order in orders(500):
        band = followed[1_500] - 30 * DAY + (order * (30 * DAY / 500)).astype(np.int64)
        assert not too_late(np.concatenate([created[:1_500], band, created[1_500:]])).any()


def test_aged_accounts_in_order_of_their_making_set_no_old_record_aside(history):
    created, followed = history(6)
    aged = np.linspace(followed[200], followed[1_200], 1_000).astype(np.int64)
    assert not too_late(np.concatenate([created[:2_500], aged, created[2_500:]])).any()


def test_exchangeable_dates_set_hardly_ever_one_aside():
    rng = np.random.default_rng(1)
    n_lists = sum(too_late(rng.integers(0, 3_000 * DAY, 2_000)).any() for _ in range(500))
    assert n_lists <= 1


# Slack and warm-up


def test_slack_reaches_to_the_third_record_on_and_at_the_end_to_the_upper_bound(day, days):
    bounds = bound_follow_times(days(0, -9, 1, 3, 6, 2), unknown(6), day(10))
    assert bounds.slack_days.tolist() == [6, 6, 9, 7, 4, 4]
    assert np.isnan(bound_follow_times(days(0, 1), unknown(2), UNKNOWN_TIME).slack_days).all()


@pytest.mark.parametrize("seed", range(5))
def test_most_follow_within_the_slack(history, seed):
    created, followed = history(seed)
    bounds = bound_follow_times(created, unknown(len(created)), int(followed[-1]))
    behind = slice(bounds.warm_up, None)
    lag = (followed - bounds.followed_after)[behind] / DAY
    assert (lag <= bounds.slack_days[behind]).mean() >= 0.9
    assert (lag >= 0).all()


def test_warm_up_ends_where_the_bound_catches_up(history):
    created, followed = history(7)
    created[:400] = np.minimum(created[:400], followed[0] - 900 * DAY)  # at first only old accounts followed
    bounds = bound_follow_times(created, unknown(len(created)), int(followed[-1]))
    assert 390 <= bounds.warm_up <= 440


def test_a_bound_that_never_moves_never_catches_up(day, days):
    bounds = bound_follow_times(days(*[0] * 30), unknown(30), day(100))
    assert bounds.warm_up == 30


# Order


def test_order_is_told_from_its_reverse_and_from_none(history):
    created, _ = history(9)
    shuffled = np.random.default_rng(0).permutation(created)
    assert judge_order(created).verdict == "by_time"
    assert judge_order(created[::-1]).verdict == "seems_reversed"
    assert judge_order(shuffled).verdict == "not_by_time"


def test_one_wrong_date_does_not_hide_the_order(day, history):
    created, _ = history(9)
    created[2] = day(9_000)
    assert judge_order(created).verdict == "by_time"
    assert judge_order(created[::-1]).verdict == "seems_reversed"


def test_shuffled_lists_pass_for_ordered_at_most_once_in_a_hundred():
    rng = np.random.default_rng(2)
    verdicts = [judge_order(rng.integers(0, 10**15, 1_000)).verdict for _ in range(500)]
    assert sum(verdict != "not_by_time" for verdict in verdicts) <= 8


def test_few_different_days_are_no_evidence_against_an_order():
    rng = np.random.default_rng(3)
    assert judge_order(rng.integers(0, 20, 10_000) * DAY).verdict == "too_few"


def test_a_list_joined_of_both_directions_has_no_order(history):
    created, _ = history(10)
    assert judge_order(np.concatenate([created[::-1][:1_500], created[1_500:]])).verdict == "not_by_time"
