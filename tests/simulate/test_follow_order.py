"""Made-up follow orders: truth, laws of time, and organic followers that are as unruly as real ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import SchemaError
from botscan.simulate.follow_order import (
    BATCH_REST,
    FRESH_REST,
    VIRAL_NEWCOMER_DAYS,
    Purchase,
    ViralBurst,
    _SignUps,
    make_follow_skeleton,
)

AUDIENCE_AGE, PLATFORM_AGE = 1_500.0, 5_500.0


def chance(seed=0):
    return np.random.Generator(np.random.Philox(seed))


def made(n, *bought, viral=(), seed=0, **ages):
    return make_follow_skeleton(n, bought, viral, random=chance(seed), **ages)


def arrays(skeleton):
    return (skeleton.followed_days_ago, skeleton.account_age_days, skeleton.purchase, skeleton.viral)


purchases = st.builds(
    lambda n, start, part, kind, band: Purchase(n, start, max(part * start, 1e-3), kind, band),
    st.integers(1, 60),
    st.floats(0.01, AUDIENCE_AGE),
    st.floats(0, 1),
    st.sampled_from(["batch", "fresh", "aged"]),
    st.floats(0.5, 8_000),
)
bursts = st.builds(ViralBurst, st.integers(1, 60), st.floats(0.01, AUDIENCE_AGE), st.floats(0.1, 400), st.floats(0, 1))


@given(
    n=st.integers(0, 200),
    bought=st.lists(purchases, max_size=3),
    viral=st.lists(bursts, max_size=3),
    platform_age=st.floats(AUDIENCE_AGE, 8_000),
    seed=st.integers(0, 2**32),
)
@settings(deadline=None, max_examples=80)
def test_truth_is_exact_and_nobody_follows_before_existing_nor_out_of_order(n, bought, viral, platform_age, seed):
    skeleton = made(n, *bought, viral=viral, seed=seed, platform_age_days=platform_age)
    followed, age, purchase, burst = arrays(skeleton)
    assert len(skeleton) == n + sum(one.n for one in (*bought, *viral))
    for wanted, found in ((bought, purchase), (viral, burst)):
        assert [int((found == index).sum()) for index in range(len(wanted))] == [one.n for one in wanted]
        assert found.dtype == np.int32
    assert ((purchase < 0) | (burst < 0)).all()
    assert (np.diff(followed) <= 0).all()
    assert (age >= followed).all()
    assert ((followed >= 0) & (followed <= AUDIENCE_AGE + 1e-6)).all()
    assert (age <= platform_age + 1e-6).all()
    for index, one in enumerate(bought):
        delivered = followed[purchase == index]
        assert delivered.max() <= one.start_days_ago + 1e-6
        assert delivered.min() >= one.start_days_ago - one.spread_days - 1e-6
    for index, one in enumerate(viral):
        assert followed[burst == index].max() <= one.days_ago + 1e-6


def test_the_same_seed_gives_the_same_times_and_another_seed_others():
    bought, viral = Purchase(50, 300), ViralBurst(40, 200)
    one, again, other = (made(500, bought, viral=[viral], seed=seed) for seed in (3, 3, 4))
    assert all((a == b).all() for a, b in zip(arrays(one), arrays(again), strict=True))
    assert not (one.followed_days_ago == other.followed_days_ago).any()


@pytest.mark.parametrize("spread", [2.0, 30.0, 90.0])
def test_a_delivery_fills_its_days(spread):
    skeleton = made(2_000, Purchase(1_000, 400, spread))
    delivered = skeleton.followed_days_ago[skeleton.is_bought]
    assert 0.98 * spread < np.ptp(delivered) <= spread
    halves = (delivered > 400 - spread / 2).mean()
    assert 0.42 < halves < 0.58


@pytest.mark.parametrize("band", [3.0, 20.0, 55.0])
def test_a_batch_was_made_in_a_band_before_its_delivery(band):
    for seed in range(20):
        skeleton = made(100, Purchase(800, 400, band_days=band), seed=seed)
        created = skeleton.account_age_days[skeleton.is_bought]
        assert 0.97 * band < np.ptp(created) <= band
        assert created.min() >= 400 + BATCH_REST[0] - 1e-6
        assert created.max() <= 400 + BATCH_REST[1] + 1e-6


def test_fresh_accounts_were_made_hours_to_days_before_they_follow():
    skeleton = made(1_000, Purchase(2_000, 400, 90, kind="fresh"))
    rest = (skeleton.account_age_days - skeleton.followed_days_ago)[skeleton.is_bought]
    assert FRESH_REST[0] - 1e-6 <= rest.min() < 0.1
    assert 3.5 < rest.max() <= FRESH_REST[1] + 1e-6
    assert np.ptp(skeleton.account_age_days[skeleton.is_bought]) > 85


def test_aged_accounts_have_the_creation_dates_of_their_neighbours():
    for seed in range(5):
        skeleton = made(40_000, Purchase(6_000, 900, 300, kind="aged"), seed=seed)
        near = (skeleton.followed_days_ago <= 900) & (skeleton.followed_days_ago >= 600)
        created = skeleton.account_age_days
        low, middle, high = (np.quantile(created[near & ~skeleton.is_bought], part) for part in (0.25, 0.5, 0.75))
        bought = created[skeleton.is_bought]
        for edge, part in ((low, 0.25), (middle, 0.5), (high, 0.75)):
            assert abs((bought <= edge).mean() - part) < 0.06


def test_a_viral_burst_spikes_the_arrival_rate_and_decays():
    skeleton = made(20_000, viral=[ViralBurst(1_000, 400, 3.0)])
    followed = skeleton.followed_days_ago
    before, first, second = (((followed <= begin) & (followed > begin - 3)).sum() for begin in (403, 400, 397))
    assert first > 6 * before
    assert 0.25 < (second - before) / (first - before) < 0.5  # 1 / e of a rate that falls by e in three days
    crowd = followed[skeleton.viral == 0]
    assert 2.6 < (400 - crowd).mean() < 3.4


@pytest.mark.parametrize("share", [0.0, 0.15, 0.6])
def test_a_viral_burst_brings_newcomers(share):
    skeleton = made(100, viral=[ViralBurst(8_000, 400, young_share=share)])
    crowd = skeleton.viral == 0
    delay = (skeleton.account_age_days - skeleton.followed_days_ago)[crowd]
    # Some of the others are as young by chance.
    assert share - 0.02 < (delay <= VIRAL_NEWCOMER_DAYS).mean() < share + 0.06


def test_organic_arrivals_know_day_and_night_and_wander():
    for seed in range(10):
        followed = made(30_000, seed=seed).followed_days_ago
        hours = np.bincount((followed % 1 * 24).astype(int), minlength=24)
        assert hours.max() > 2 * hours.min()
        months = np.histogram(followed, bins=50, range=(0, AUDIENCE_AGE))[0]
        assert months.max() > 1.8 * months.min()
        assert months.min() > 0
        steps = np.abs(np.diff(np.log(months)))
        assert np.median(steps) < 0.35  # slowly: neighbouring months are alike


def test_audiences_grow_more_often_than_they_fade():
    later = [np.mean(made(2_000, seed=seed).followed_days_ago < AUDIENCE_AGE / 2) for seed in range(40)]
    assert np.mean(later) > 0.55


def test_part_of_the_organic_followers_is_new_and_the_rest_of_all_ages():
    drift = []
    for seed in range(12):
        skeleton = made(20_000, seed=seed)
        delay = skeleton.account_age_days - skeleton.followed_days_ago
        is_new = delay < 10
        assert 0.04 < is_new.mean() < 0.4
        assert (delay > 200).mean() > 0.55
        assert len(np.unique((skeleton.account_age_days[~is_new] // 30).astype(int))) > 140
        drift.append(abs(is_new[:5_000].mean() - is_new[-5_000:].mean()))
    assert max(drift) > 0.04


def test_surges_bring_newcomers_and_follows():
    raised = []
    for seed in range(20):
        signups = _SignUps.drawn(chance(seed), PLATFORM_AGE - AUDIENCE_AGE, PLATFORM_AGE)
        at = np.linspace(signups.begin, signups.now, 1_500)
        share, rate = signups.newcomers(at)
        usual = np.interp(at, [signups.begin, signups.now], signups.newcomer_share)
        assert (share >= usual - 1e-12).all()
        assert (rate >= 1).all()
        # The others come as ever: only newcomers are added.
        np.testing.assert_allclose(rate * (1 - share), 1 - usual)
        assert signups.surge.max() > 0.4
        raised.append((share / usual).max())
    assert 5 < np.sum(np.array(raised) > 1.3) < 20  # not in the life of every audience


def test_a_long_list_takes_little_time():
    skeleton = made(300_000)
    assert len(np.unique(skeleton.followed_days_ago)) == 300_000


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: Purchase(0, 10), "n is 0"),
        (lambda: Purchase(1.5, 10), "whole number"),
        (lambda: Purchase(5, float("nan")), "start_days_ago is nan"),
        (lambda: Purchase(5, 10, 0.0), "spread_days"),
        (lambda: Purchase(5, 10, band_days=float("inf")), "band_days"),
        (lambda: Purchase(5, 10, kind="gold"), "batch, fresh, aged"),
        (lambda: Purchase(5, 10, 11), "has not ended"),
        (lambda: ViralBurst(5, -1), "days_ago is -1"),
        (lambda: ViralBurst(5, 1, young_share=1.2), "share from 0 to 1"),
        (lambda: ViralBurst(5, 1, young_share=float("nan")), "share from 0 to 1"),
        (lambda: made(-1), "n_organic is -1"),
        (lambda: made(5, Purchase(5, 1_600)), "1600 days ago"),
        (lambda: made(5, viral=[ViralBurst(5, 1_501)]), "older audience"),
        (lambda: made(5, audience_age_days=6_000), "platform 5500"),
        (lambda: made(5, audience_age_days=0), "audience_age_days above 0"),
    ],
)
def test_what_is_out_of_range_is_refused_with_what_was_wanted(make, word):
    with pytest.raises(SchemaError, match=word):
        make()
