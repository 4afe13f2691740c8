"""Weighting along the follow order removes what an uneven sample does to a share after a purchase."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from botscan.prevalence.from_labels.post_strata import (
    labeled_samples,
    post_stratified_share,
    undeclared_share_of_strata,
)
from botscan.prevalence.from_labels.prediction_powered import LabeledSample, estimate_suspicious_share
from botscan.prevalence.from_labels.rank_coverage import find_post_strata

N = 20_000


def audience(random):
    """8 % of organic-looking trickle, and one purchase that arrived in a burst; oldest first."""
    is_suspicious = random.random(N) < 0.08
    start, size = int(random.uniform(0.05, 0.85) * N), int(random.uniform(0.03, 0.1) * N)
    is_suspicious[start : start + size] = True
    return is_suspicious.astype(float)


def spread(random, n=1_000):
    return np.sort(random.choice(N, n, replace=False))


def newer_half_nine_times(random):
    return np.sort(
        np.concatenate([random.choice(N // 2, 100, replace=False), N // 2 + random.choice(N // 2, 900, replace=False)])
    )


def thinning_out(random):
    chance = np.linspace(1, 6, N)
    return np.sort(random.choice(N, 1_000, replace=False, p=chance / chance.sum()))


def head_and_a_few(random):
    return np.concatenate([np.sort(random.choice(N - 2_000, 500, replace=False)), np.arange(N - 2_000, N)])


def pages(random, n=40, size=100):
    return np.sort((random.choice(N // size, n, replace=False)[:, None] * size + np.arange(size)).ravel())


def codes(found):
    return [note.code for note in found.notes]


# What weighting is good for


@pytest.mark.parametrize("draw", [newer_half_nine_times, thinning_out, head_and_a_few])
def test_it_removes_the_error_of_an_uneven_sample_after_a_burst(draw):
    random = np.random.default_rng(1)
    naive, weighted = [], []
    for _ in range(80):
        is_suspicious = audience(random)
        ranks = draw(random)
        found = find_post_strata(ranks, N)
        if found.strata is None:
            assert codes(found) == ["ranks_too_uneven"]
            continue
        naive.append(abs(is_suspicious[ranks].mean() - is_suspicious.mean()))
        weighted.append(abs(found.strata.mean(is_suspicious[ranks]) - is_suspicious.mean()))
    assert len(weighted) >= 70
    assert np.mean(weighted) < 0.6 * np.mean(naive)
    assert np.mean(weighted) < 0.016


def test_an_even_sample_loses_nothing_by_it():
    random = np.random.default_rng(2)
    naive, weighted = [], []
    for _ in range(80):
        is_suspicious, ranks = audience(random), spread(random)
        found = find_post_strata(ranks, N)
        assert found.strata.population == N
        naive.append(is_suspicious[ranks].mean() - is_suspicious.mean())
        weighted.append(found.strata.mean(is_suspicious[ranks]) - is_suspicious.mean())
    assert np.std(weighted) < 1.02 * np.std(naive)


def test_labels_of_an_uneven_sample_cover_the_share_of_all_followers():
    random = np.random.default_rng(3)
    covered = {"plain": [], "weighted": []}
    for _ in range(60):
        truth, ranks = audience(random), thinning_out(random)
        rows = np.sort(random.choice(len(ranks), 150, replace=False))
        is_labeled = np.isin(np.arange(len(ranks)), rows)
        prediction = np.clip(0.3 + 0.4 * truth[ranks] + random.normal(0, 0.2, len(ranks)), 0, 1)
        strata = find_post_strata(ranks, N, is_labeled).strata
        if strata is None:
            continue
        everyone = np.ones(len(ranks), bool)
        labels = truth[ranks[rows]]
        _, lower, upper, method = post_stratified_share(
            strata, rows, labels, prediction, everyone, confidence_level=0.95
        )
        assert method == "stratified"
        covered["weighted"].append(lower <= 1 - truth.mean() <= upper)
        sample = LabeledSample(labels, prediction[rows], prediction.mean(), (prediction**2).mean(), len(ranks), N)
        _, low, high, _ = estimate_suspicious_share(sample, 0.95)
        covered["plain"].append(low <= truth.mean() <= high)
    assert len(covered["weighted"]) >= 55
    assert np.mean(covered["weighted"]) >= 0.9
    assert np.mean(covered["weighted"]) > np.mean(covered["plain"])


def test_good_scores_tell_nothing_of_followers_who_were_not_fetched():
    # Every account fetched has its label, so scores add nothing; the older half was fetched three times as densely.
    random, n, covered = np.random.default_rng(5), 300, []
    chance = np.where(np.arange(N) < N // 2, 3.0, 1.0)
    everyone = np.ones(n, bool)
    for _ in range(300):
        truth = (random.random(N) < 0.3).astype(float)
        score = random.normal(0, 1, N) + 3 * truth
        prediction = 1 / (1 + 7 / 3 * np.exp(-3 * (score - 1.5)))
        ranks = np.sort(random.choice(N, n, replace=False, p=chance / chance.sum()))
        strata = find_post_strata(ranks, N, everyone).strata
        if strata is not None:
            _, lower, upper, _ = post_stratified_share(
                strata, np.arange(n), truth[ranks], prediction[ranks], everyone, confidence_level=0.95
            )
            covered.append(lower <= 1 - truth.mean() <= upper)
    assert len(covered) >= 200
    assert sum(covered) >= binom.ppf(0.001, len(covered), 0.95)


# What labels are put into


def test_labels_stand_with_their_strata():
    ranks = np.arange(0, N, 20)
    is_undeclared = np.arange(1_000) % 10 > 0
    prediction = ranks / N
    rows = np.flatnonzero(is_undeclared)[::3]
    strata = find_post_strata(ranks, N, np.isin(np.arange(1_000), rows)).strata
    samples = labeled_samples(strata, rows, np.ones(len(rows)), prediction, is_undeclared)
    assert sum(len(one.suspicious) for one in samples) == len(rows)
    assert sum(one.list_size for one in samples) == 900
    assert sum(one.population for one in samples) == pytest.approx(0.9 * N)
    assert (np.diff([one.list_mean for one in samples]) > 0).all()
    assert samples[0].list_mean_square == pytest.approx((prediction[(strata.stratum == 0) & is_undeclared] ** 2).mean())
    share, lower, upper = undeclared_share_of_strata(strata, is_undeclared, 0.95)
    assert share == pytest.approx(0.9)
    assert lower < share < upper


def test_a_stratum_of_self_declared_accounts_alone_has_no_sample():
    ranks = np.arange(0, N, 20)
    strata = find_post_strata(ranks, N).strata
    samples = labeled_samples(strata, np.array([999]), np.ones(1), np.zeros(1_000), strata.stratum > 0)
    assert len(samples) == len(strata.sizes) - 1


# Neighbours


def test_pages_of_neighbours_are_worth_less_than_accounts_drawn_alone():
    random = np.random.default_rng(9)
    effects, errors, alone = [], [], []
    for _ in range(60):
        is_suspicious = audience(random)
        ranks = pages(random)
        strata = find_post_strata(ranks, N).strata
        if strata is None:
            continue
        effects.append(strata.design_effect(is_suspicious[ranks]))
        errors.append(strata.mean(is_suspicious[ranks]) - is_suspicious.mean())
        alone.append(is_suspicious.mean() * (1 - is_suspicious.mean()) / len(ranks))
    assert len(effects) > 50
    measured = np.mean(np.square(errors)) / np.mean(alone)
    assert measured > 3
    assert 0.4 * measured < np.mean(effects) < 2.5 * measured


def test_labels_of_pages_get_a_wider_interval():
    random = np.random.default_rng(12)
    covered, narrow, wider = [], [], []
    for _ in range(60):
        truth, ranks = audience(random), pages(random, 60)
        rows = np.sort(random.choice(len(ranks), 200, replace=False))
        prediction = np.clip(0.3 + 0.4 * truth[ranks] + random.normal(0, 0.1, len(ranks)), 0, 1)
        strata = find_post_strata(ranks, N, np.isin(np.arange(len(ranks)), rows)).strata
        alone = replace(strata, run=np.arange(len(ranks)))
        rest = truth[ranks[rows]], prediction, np.ones(len(ranks), bool)
        _, lower, upper, _ = post_stratified_share(strata, rows, *rest, confidence_level=0.95)
        _, low, high, _ = post_stratified_share(alone, rows, *rest, confidence_level=0.95)
        assert upper - lower >= high - low
        wider.append(upper - lower > 1.1 * (high - low))
        covered.append(lower <= 1 - truth.mean() <= upper)
        narrow.append(low <= 1 - truth.mean() <= high)
    assert np.mean(wider) > 0.5
    assert np.mean(covered) >= np.mean(narrow) + 0.03
    assert np.mean(covered) >= 0.88


def test_accounts_drawn_alone_have_no_design_effect():
    random = np.random.default_rng(10)
    is_suspicious, ranks = audience(random), spread(random)
    strata = find_post_strata(ranks, N).strata
    assert 1.0 <= strata.design_effect(is_suspicious[ranks]) < 1.15
    assert strata.design_effect(np.zeros(len(ranks))) == 1.0
