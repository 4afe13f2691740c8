import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize
from scipy.stats import chi2, hypergeom

from botscan.prevalence.from_labels.prediction_powered import LabeledSample, estimate_suspicious_share
from botscan.prevalence.from_labels.stratified import estimate_stratified, merge_unlabeled
from botscan.prevalence.intervals import exact_interval, wilson_interval
from botscan.prevalence.planning.sample_size import effective_size


def stratum(n_yes, n, size, predicted=0.5, population=None):
    return LabeledSample(
        (np.arange(n) < n_yes).astype(float),
        np.full(n, predicted),
        predicted,
        predicted**2,
        size,
        size if population is None else population,
    )


def interval(strata, level=0.95, **values):
    return estimate_stratified(strata, level, **values)[:3]


STRATA = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 40), st.integers(0, 3000), st.floats(0, 1)).map(
        lambda drawn: stratum(min(drawn[0], drawn[1]), drawn[1], drawn[1] + drawn[2], drawn[3])
    ),
    min_size=2,
    max_size=6,
)


@settings(deadline=None)
@given(STRATA, st.sampled_from([0.8, 0.95]), st.sampled_from([math.inf, 500.0]))
def test_any_strata_give_an_interval_in_order_that_contradicts_no_label(strata, level, sizes_from):
    share, lower, upper, method = estimate_stratified(strata, level, sizes_from=sizes_from)
    total = sum(one.list_size for one in strata)
    expected = sum(one.list_size * one.suspicious.mean() for one in strata) / total
    assert share == pytest.approx(expected)
    assert method == "stratified"
    assert 0 <= lower <= share <= upper <= 1
    if math.isinf(sizes_from):
        n_yes, n_no = (sum(float(abs(flip - one.suspicious).sum()) for one in strata) for flip in (0, 1))
        assert n_yes / total - 1e-9 <= lower
        assert upper <= 1 - n_no / total + 1e-9


@settings(deadline=None)
@given(STRATA, st.booleans())
def test_swapping_the_classes_mirrors_the_interval(strata, are_means_known):
    swapped = [
        LabeledSample(
            1 - one.suspicious,
            1 - one.prediction,
            1 - one.list_mean,
            1 - 2 * one.list_mean + one.list_mean_square,
            one.list_size,
            one.population,
        )
        for one in strata
    ]
    share, lower, upper = interval(strata, are_means_known=are_means_known)
    assert interval(swapped, are_means_known=are_means_known) == pytest.approx(
        (1 - share, 1 - upper, 1 - lower), abs=1e-6
    )


@pytest.mark.parametrize("strata", [((2, 2, 18), (17, 25, 36)), ((0, 1, 1), (8, 25, 51))])
def test_eight_events_are_eight_for_either_class(strata):
    share, lower, upper = interval([stratum(yes, n, size, 0.0) for yes, n, size in strata])
    swapped = interval([stratum(n - yes, n, size, 1.0) for yes, n, size in strata])
    assert swapped == pytest.approx((1 - share, 1 - upper, 1 - lower), abs=1e-6)


@settings(deadline=None)
@given(STRATA, st.randoms(use_true_random=False))
def test_the_order_of_strata_and_of_labels_changes_nothing(strata, random):
    shuffled = random.sample(strata, len(strata))
    turned = [
        LabeledSample(one.suspicious[::-1], one.prediction[::-1], one.list_mean, 0.5, one.list_size, one.population)
        for one in shuffled
    ]
    assert interval(turned) == pytest.approx(interval(strata), abs=1e-6)


@settings(deadline=None)
@given(STRATA)
def test_a_higher_level_gives_a_wider_interval(strata):
    (_, low_80, high_80), (_, low_95, high_95) = interval(strata, 0.8), interval(strata, 0.95)
    assert low_95 <= low_80 + 1e-9
    assert high_80 <= high_95 + 1e-9


@pytest.mark.parametrize("n_yes", [0, 2, 30, 98])
def test_one_stratum_is_a_simple_random_sample(n_yes):
    one = stratum(n_yes, 100, 1000, 0.3)
    assert estimate_stratified([one], 0.95) == estimate_suspicious_share(one, 0.95)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 0), (3, 20), (60, 40), (30, 1)])
def test_everything_labelled_leaves_nothing_unsure(low, high):
    truth = (low + high) / 100
    assert interval([stratum(low, 60, 60, 0.2), stratum(high, 40, 40, 0.8)]) == pytest.approx((truth,) * 3, abs=1e-9)


def test_a_stratum_labelled_to_the_last_account_adds_no_width():
    known = interval([stratum(20, 100, 1000), stratum(45, 50, 50)])
    other = interval([stratum(20, 100, 1000), stratum(5, 50, 50)])
    assert known[2] - known[1] == pytest.approx(other[2] - other[1], rel=0.02)
    of_first = wilson_interval(0.2, effective_size(100, 1000) * 149 / 150)
    assert known[2] - known[1] == pytest.approx(1000 / 1050 * (of_first[1] - of_first[0]), rel=0.03)


def test_equal_strata_come_near_the_interval_of_one():
    halves = interval([stratum(20, 50, 5000), stratum(20, 50, 5000)])
    plain = wilson_interval(0.4, effective_size(100, 10_000) * 99 / 100)
    assert halves[1:] == pytest.approx(plain, abs=0.004)


def test_strata_that_tell_the_classes_apart_narrow_the_interval():
    apart = interval([stratum(2, 50, 5000), stratum(38, 50, 5000)])
    alike = interval([stratum(20, 50, 5000), stratum(20, 50, 5000)])
    assert apart[0] == alike[0]
    assert apart[2] - apart[1] < 0.8 * (alike[2] - alike[1])


def slow_score_interval(strata, level=0.95):
    """Maximise the likelihood under each share numerically, and look for the last share the test does not reject."""
    sizes = np.array([one.list_size for one in strata], dtype=float)
    weights, n = sizes / sizes.sum(), np.array([len(one.suspicious) for one in strata], dtype=float)
    shares = np.array([one.suspicious.mean() for one in strata])
    effective = n / (1 - n / sizes)
    yes = effective * shares + np.array([one.list_mean for one in strata])
    no = effective * (1 - shares) + 1 - np.array([one.list_mean for one in strata])
    point, n_total = float(weights @ shares), n.sum()

    def excess(hypothesis):
        found = minimize(
            lambda p: -(yes @ np.log(p) + no @ np.log1p(-p)),
            np.full(len(n), hypothesis),
            bounds=[(1e-6, 1 - 1e-6)] * len(n),
            constraints={"type": "eq", "fun": lambda p: weights @ p - hypothesis},
            method="SLSQP",
        )
        variance = n_total / (n_total - len(n) + 1) * (weights**2 * found.x * (1 - found.x) / effective).sum()
        return (point - hypothesis) ** 2 - chi2.ppf(level, 1) * variance

    return tuple(brentq(excess, point, end, xtol=1e-4) for end in (0.01, 0.99))


@pytest.mark.parametrize(
    "strata",
    [
        [stratum(2, 40, 3000, 0.1), stratum(15, 35, 1500, 0.5), stratum(24, 25, 500, 0.9)],
        [stratum(0, 20, 3000, 0.1), stratum(30, 60, 200, 0.8)],
        [stratum(5, 10, 20, 0.5), stratum(9, 60, 800, 0.5)],
        [stratum(n_yes, 5, 400, 0.5) for n_yes in (1, 2, 2, 3, 3, 4)],
    ],
)
def test_the_interval_inverts_the_score_test(strata):
    assert interval(strata)[1:] == pytest.approx(slow_score_interval(strata), abs=0.003)


@pytest.mark.parametrize("n_yes", [0, 1, 3])
def test_few_events_in_alike_strata_come_near_the_exact_interval(n_yes):
    found = interval([stratum(n_yes, 50, 500, 0.05), stratum(0, 50, 500, 0.05)])
    assert found[1:] == pytest.approx(exact_interval(n_yes, 100, 1000), abs=0.006)


def test_a_heavy_label_is_one_event_not_many():
    # Three of the four labels with a yes hardly count, so the tails of one event are added up.
    found = interval([stratum(1, 20, 4000, 0.1), stratum(3, 60, 60, 0.5)])
    assert found[1] < 0.005
    assert found[2] > 0.2


def test_tiny_lists_are_covered_whatever_they_hold():
    """Every sample of every list of two strata is enumerated: nothing is simulated."""
    sizes, drawn = (14, 8), (5, 4)
    predicted = (0.2, 0.8)
    ends = {
        yes: interval([stratum(y, n, size, f) for y, n, size, f in zip(yes, drawn, sizes, predicted, strict=True)])[1:]
        for yes in itertools.product(*(range(n + 1) for n in drawn))
    }
    coverages = []
    for held in itertools.product(*(range(size + 1) for size in sizes)):
        truth = sum(held) / sum(sizes)
        chance = {
            yes: math.prod(
                hypergeom.pmf(y, size, in_list, n) for y, size, in_list, n in zip(yes, sizes, held, drawn, strict=True)
            )
            for yes in ends
        }
        assert sum(chance.values()) == pytest.approx(1)
        covered = (p for yes, p in chance.items() if ends[yes][0] - 1e-9 <= truth <= ends[yes][1] + 1e-9)
        coverages.append(sum(covered))
    assert min(coverages) > 0.85
    assert np.mean(coverages) > 0.95


def test_half_labels_reach_at_least_as_far_as_whole_ones():
    few = [stratum(1, 30, 900, 0.1), stratum(1, 20, 300, 0.5)]
    split = [few[0], stratum(0, 20, 300, 0.5)]
    split[1].suspicious[0] = 0.5
    _, lower, upper = interval(split)
    # What is known of the list is half an account more; beyond that the lower end is that of one event fewer.
    assert lower <= interval([few[0], stratum(0, 20, 300, 0.5)])[1] + 0.5 / 1200 + 1e-9
    assert upper >= interval([few[0], stratum(1, 20, 300, 0.5)])[2] - 1e-9


def test_known_totals_weight_the_strata():
    # 10 % of 900 and 60 % of 100 followers, though as many accounts of each were fetched.
    strata = [stratum(5, 50, 50, population=900), stratum(30, 50, 50, population=100)]
    share, lower, upper = interval(strata)
    assert share == pytest.approx(0.15)
    assert lower < 0.11
    assert upper > 0.2


def test_infinite_populations_take_the_sizes_in_the_list_and_add_width():
    shares = [
        interval([stratum(10, 50, 500, population=p), stratum(25, 50, 500, population=p)]) for p in (500, math.inf)
    ]
    assert shares[0][0] == shares[1][0]
    assert shares[1][1] < shares[0][1] < shares[0][2] < shares[1][2]
    with pytest.raises(ValueError, match="finite populations"):
        interval([stratum(10, 50, 500), stratum(25, 50, 500, population=math.inf)])


@pytest.mark.parametrize("n_yes", [(1, 40), (0, 2)])
def test_sizes_that_are_estimates_add_width(n_yes):
    strata = [stratum(n_yes[0], 50, 500), stratum(n_yes[1], 50, 500)]
    found = [interval(strata, sizes_from=size) for size in (math.inf, 10_000, 1000, 200)]
    widths = [upper - lower for _, lower, upper in found]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


def test_predictions_sharpen_within_strata_where_their_means_are_known():
    rng = np.random.default_rng(4)
    strata = []
    for share in (0.3, 0.5):
        y = (np.arange(60) < 60 * share).astype(float)
        f = np.clip(y * 0.6 + 0.2 + 0.1 * rng.standard_normal(60), 0, 1)
        strata.append(LabeledSample(y, f, float(f.mean()), float((f**2).mean()), 3000, 3000))
    plain, sharp = interval(strata), interval(strata, are_means_known=True)
    assert sharp[0] == pytest.approx(plain[0])
    assert sharp[2] - sharp[1] < 0.8 * (plain[2] - plain[1])
    # The list scores higher than the labelled accounts, so it holds more suspicious ones.
    higher = [
        LabeledSample(s.suspicious, s.prediction, s.list_mean + 0.05, s.list_mean_square + 0.05, 3000, 3000)
        for s in strata
    ]
    assert interval(higher, are_means_known=True)[0] > plain[0] + 0.02
    assert interval(higher)[0] == plain[0]


def test_predictions_narrow_nothing_of_what_the_list_does_not_hold():
    strata = []
    for n_yes in (18, 30):
        y = (np.arange(60) < n_yes).astype(float)
        f = 0.1 + 0.8 * y
        strata.append(LabeledSample(y, f, float(f.mean()), float((f**2).mean()), 60, 3000))
    # All of the list is labelled: what is unsure is who was fetched, and of that a score says nothing.
    assert interval(strata, are_means_known=True) == pytest.approx(interval(strata), abs=1e-6)


def test_strata_without_labels_join_the_one_that_scores_alike():
    low, middle, high = stratum(1, 10, 100, 0.1), stratum(0, 0, 30, 0.7), stratum(8, 10, 50, 0.9)
    merged = merge_unlabeled([low, middle, high])
    assert [(len(one.suspicious), one.list_size, one.population) for one in merged] == [(10, 100, 100), (10, 80, 80)]
    assert merged[1].list_mean == pytest.approx((50 * 0.9 + 30 * 0.7) / 80)
    assert merge_unlabeled([middle]) == ()
    with pytest.raises(ValueError, match="a label in each"):
        interval([low, middle])
