"""Splicing: the list stays as it is, in its order, and the purchase is what was ordered."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.blocks.columns import mark_columns
from botscan.evidence.histogram import STEPS_PER_LOG_ODDS, histogram_bins
from botscan.follow_times import UNKNOWN_TIME
from botscan.power.purchase import BAND_DAYS, Delivery, Ground, drawn_scores, splice, without
from botscan.power.timeline import Timeline
from botscan.simulate.follow_order import BATCH_REST

DAY = 86_400_000_000
NAMES = ("created_at", "log_odds", "handle_shape", "handle_start", "is_inactive")
KINDS = st.sampled_from(["batch", "drip", "aged"])


def philox(seed):
    return np.random.Generator(np.random.Philox(seed))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 300), KINDS, st.floats(0.01, 400), st.integers(0, 10**6))
def test_the_list_stays_in_its_order_and_so_many_accounts_stand_between(make_ground, n, kind, spread, seed):
    ground = make_ground()
    spliced = splice(ground, Delivery(n, kind, spread), None, philox(seed))
    assert int(spliced.is_bought.sum()) == n
    assert len(spliced.evidence) == 1_000 + n
    for name in NAMES:
        own = getattr(spliced.evidence, name)[~spliced.is_bought]
        assert own.dtype == getattr(ground.evidence, name).dtype
        assert np.array_equal(own, getattr(ground.evidence, name))
    for name in ("handle_shape", "handle_start", "is_inactive"):
        assert (getattr(spliced.evidence, name)[spliced.is_bought] == -1).all()
    assert np.isnan(spliced.evidence.log_odds[spliced.is_bought]).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 300), KINDS, st.floats(0.01, 400), st.integers(0, 10**6))
def test_they_follow_within_the_delivery_between_the_followers_of_that_time(make_ground, n, kind, spread, seed):
    ground = make_ground()
    line = ground.timeline
    spliced = splice(ground, Delivery(n, kind, spread), None, philox(seed))
    assert (np.diff(spliced.moments) >= 0).all()
    assert spliced.moments[-1] - spliced.moments[0] <= spread * DAY * (1 + 1e-9)
    assert line.moments[line.first] <= spliced.moments[0]
    assert spliced.moments[-1] <= line.moments[-1]
    moments = np.empty(len(spliced.is_bought))
    moments[spliced.is_bought], moments[~spliced.is_bought] = spliced.moments, line.moments
    assert (np.diff(moments) >= 0).all()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 300), KINDS, st.floats(0.01, 400), st.integers(0, 10**6))
def test_nobody_follows_before_the_account_exists(make_ground, n, kind, spread, seed):
    ground = make_ground()
    spliced = splice(ground, Delivery(n, kind, spread), None, philox(seed))
    created, after = spliced.evidence.created_at, spliced.evidence.followed_after
    assert (created[spliced.is_bought] <= spliced.moments).all()
    assert (created <= after).all()
    # Lower bounds are again the latest creation date so far.
    assert np.array_equal(after, np.maximum.accumulate(created))
    assert (spliced.evidence.age_days >= 0).all()


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["batch", "drip"]), st.floats(0.01, 400), st.integers(0, 10**6))
def test_a_batch_is_of_one_band_shortly_before_delivery(make_ground, kind, spread, seed):
    spliced = splice(make_ground(), Delivery(200, kind, spread), None, philox(seed))
    created = spliced.evidence.created_at[spliced.is_bought]
    begin = splice(make_ground(), Delivery(200, kind, 1e-6), None, philox(seed)).moments[0]
    if spread < 1:  # the place drawn is the same, unless delivery would not end in time
        rest = (begin - created) / DAY
        assert BATCH_REST[0] - 1e-3 <= rest.min()
        assert rest.max() <= BATCH_REST[1] + 1e-3
    assert 0.5 * BAND_DAYS < (created.max() - created.min()) / DAY <= BAND_DAYS


def test_aged_accounts_are_as_old_as_followers_nearby(make_ground):
    ground = make_ground(4_000)
    spliced = splice(ground, Delivery(400, "aged", 30.0), None, philox(3))
    ages = (spliced.moments - spliced.evidence.created_at[spliced.is_bought]) / DAY
    assert np.isin(np.round(ages, 4), np.round(ground.evidence.age_days, 4)).mean() > 0.99
    quantiles = (0.1, 0.3, 0.5, 0.7, 0.9)
    assert np.quantile(ages, quantiles) == pytest.approx(np.quantile(ground.evidence.age_days, quantiles), abs=90)


def test_a_drip_stands_among_the_followers_and_a_burst_alone(make_ground):
    def organic_between(spread):
        spliced = splice(make_ground(), Delivery(50, "batch", spread), None, philox(4))
        places = np.flatnonzero(spliced.is_bought)
        return places[-1] - places[0] + 1 - 50

    assert organic_between(2.0) < 15  # one follower a day
    assert 50 < organic_between(90.0) < 150


def test_a_larger_purchase_begins_at_the_same_place_and_repeats_the_smaller(make_ground, counts_at):
    small, large = (splice(make_ground(), Delivery(n, "batch", 10.0), counts_at(700, 800), philox(5)) for n in (30, 90))
    assert set(small.moments) < set(large.moments)
    kept = np.isin(large.moments, small.moments)
    for name in ("created_at", "log_odds"):
        values = [getattr(one.evidence, name)[one.is_bought] for one in (small, large)]
        assert np.array_equal(values[0], values[1][kept])


def test_what_is_known_of_a_part_of_the_list_is_known_of_that_part_of_the_purchase(make_ground, counts_at):
    ground = make_ground(dated=0.3, scored=0.6)
    spliced = splice(ground, Delivery(900, "batch", 10.0), counts_at(800), philox(6))
    assert (spliced.evidence.created_at[spliced.is_bought] != UNKNOWN_TIME).mean() == pytest.approx(0.3, abs=0.06)
    log_odds = spliced.evidence.log_odds[spliced.is_bought]
    assert (~np.isnan(log_odds)).mean() == pytest.approx(0.6, abs=0.06)
    assert set(log_odds[~np.isnan(log_odds)]) == {9.0}


@pytest.mark.parametrize("kind", ["batch", "drip", "aged"])
def test_without_follow_times_no_dates_are_made_up(make_ground, kind):
    ground = make_ground()
    evidence = without(ground.evidence, np.ones(1_000, dtype=bool))
    unknown = np.full(1_000, UNKNOWN_TIME)
    evidence = type(evidence)(unknown, unknown, *(getattr(evidence, name) for name in NAMES[1:]))
    spliced = splice(
        Ground(evidence, ground.is_taken, Timeline.of_places(1_000), 1.0, 0.0),
        Delivery(40, kind, 30.0),
        None,
        philox(7),
    )
    assert (spliced.evidence.created_at == UNKNOWN_TIME).all()
    assert (spliced.evidence.followed_after == UNKNOWN_TIME).all()
    places = np.flatnonzero(spliced.is_bought)
    assert places[-1] - places[0] + 1 - 40 == pytest.approx(1_000 * 30 / 1_500, abs=4)


def test_a_batch_is_not_older_than_the_oldest_account(make_ground):
    ground = make_ground()
    young = np.maximum(ground.evidence.created_at, ground.evidence.followed_after - 3 * DAY)
    evidence = type(ground.evidence)(
        young, ground.evidence.followed_after, *(getattr(ground.evidence, name) for name in NAMES[1:])
    )
    line = Timeline(ground.timeline.moments[:40], 0, True)
    spliced = splice(Ground(evidence, ground.is_taken, line, 1.0, 0.0), Delivery(40, "batch", 2.0), None, philox(8))
    assert spliced.evidence.created_at.min() == young.min()


def test_blocks_are_taken_out_but_for_when_they_followed(make_ground):
    evidence = make_ground().evidence
    places = np.arange(1_000) < 100
    masked = without(evidence, places)
    assert np.array_equal(masked.followed_after, evidence.followed_after)
    assert (masked.created_at[places] == UNKNOWN_TIME).all()
    assert np.isnan(masked.log_odds[places]).all()
    for name in NAMES:
        assert np.array_equal(getattr(masked, name)[~places], getattr(evidence, name)[~places])
        assert getattr(masked, name).dtype == getattr(evidence, name).dtype
    for name in NAMES[2:]:
        assert (getattr(masked, name)[places] == -1).all()


@given(st.lists(st.integers(-320, 319), min_size=1, max_size=20), st.integers(0, 1000))
def test_drawn_scores_are_those_that_were_counted(steps, seed):
    bins = histogram_bins(np.array(steps, dtype=np.int32))
    counts = np.bincount(bins, minlength=1024).astype(np.uint64)
    drawn = drawn_scores(counts, philox(seed).random(50))
    assert set(np.rint(drawn * STEPS_PER_LOG_ODDS).astype(int)) <= set(steps)
    assert (drawn == np.rint(drawn * STEPS_PER_LOG_ODDS) / STEPS_PER_LOG_ODDS).all()


def test_scores_are_drawn_as_often_as_they_were_counted(counts_at):
    counts = counts_at(400, 800)
    counts[800] = 300
    drawn = drawn_scores(counts, (np.arange(1_000) + 0.5) / 1_000)
    assert (drawn > 0).mean() == 0.75


def test_no_purchase_begins_in_a_block_of_the_list(make_ground):
    ground = make_ground()
    taken = (np.arange(1_000) >= 100) & (np.arange(1_000) < 700)
    closed = Ground(ground.evidence, taken, ground.timeline, 1.0, 0.0)

    def begins(ground):
        delivery = Delivery(1, "batch", 1e-6)
        return np.array([np.argmax(splice(ground, delivery, None, philox(seed)).is_bought) for seed in range(60)])

    # The place of a bought account is that behind the follower at whose moment delivery began.
    assert not taken[begins(closed) - 1].any()
    assert taken[begins(ground) - 1].any()


@pytest.mark.parametrize("warm_up", [0, 300, 1_000])
def test_ages_that_the_search_does_not_know_stay_unknown_and_the_purchase_moves_where_they_begin(make_ground, warm_up):
    ground = make_ground()
    own = replace(ground.evidence, caught_up_from=warm_up)
    spliced = splice(replace(ground, evidence=own), Delivery(80, "batch", 30.0), None, philox(9))
    ages = spliced.evidence.age_days
    assert np.array_equal(np.isnan(ages[~spliced.is_bought]), np.arange(1_000) < warm_up)
    assert np.isnan(ages).all() == (warm_up == 1_000)
    # Where the warm-up never ends, the search examines no ages, with the purchase or without it.
    assert {one.evidence for one in mark_columns(spliced.evidence)} >= {one.evidence for one in mark_columns(own)}
    assert ("fresh_accounts" in {one.evidence for one in mark_columns(spliced.evidence)}) == (warm_up < 1_000)
