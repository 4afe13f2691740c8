"""How often the intervals hold the truth: seeded, with a binomial bound that a broken interval would break."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from botscan.evidence.histogram import ScoreHistogram, histogram_bins
from botscan.evidence.profile import ScoreProfile, equal_mass_edges
from botscan.prevalence import error_correction, estimate_from_profile
from botscan.prevalence.error_correction import ErrorRates, corrected_suspicious_share
from botscan.prevalence.from_labels.prediction_powered import LabeledSample, estimate_suspicious_share
from botscan.prevalence.intervals import highest_density_interval
from botscan.prevalence.mixture import share_posterior
from botscan.prevalence.without_labels import quantifiers


def gaussian_steps(rng, label, n, distance=2.3):
    """Log-odds of two unit normals this far apart, in steps of 0.05."""
    return np.rint(20 * distance * (rng.normal(label * distance, 1, n) - distance / 2)).astype(np.int32)


def bounds(n_runs):
    """What a true 95 % interval holds in all but one of a thousand seeds, to either side."""
    return binom.ppf(0.001, n_runs, 0.95) / n_runs, binom.ppf(0.999, n_runs, 0.95) / n_runs


def known_domain(shares, n_runs, *, distance=2.3, n=600, n_validation=(300, 300)):
    """Whether each run holds the truth, how wide it is and how far off."""
    held, widths, errors = [], [], []
    for run in range(n_runs):
        rng = np.random.default_rng([11, run])
        share = shares[run % len(shares)]
        n_suspicious = round(share * n)
        known = [
            histogram_bins(gaussian_steps(rng, label, size, distance))
            for label, size in zip((1, 0), n_validation, strict=True)
        ]
        suspicious, organic = (np.bincount(bins, minlength=1024).astype(np.uint64) for bins in known)
        profile = ScoreProfile({"s": suspicious}, {"o": organic}, equal_mass_edges([suspicious, organic]), "m", "p")
        parts = [gaussian_steps(rng, 1, n_suspicious, distance), gaussian_steps(rng, 0, n - n_suspicious, distance)]
        audience = ScoreHistogram.from_steps(np.concatenate(parts), n_unscored=0, model="m", pattern="p")
        found = estimate_from_profile(audience, profile, frame="full")
        if found.organic_share is None:  # by chance a profile that tells too little
            held.append(np.nan)
            continue
        held.append(found.organic_share_ci_lower <= 1 - share <= found.organic_share_ci_upper)
        widths.append(found.organic_share_ci_upper - found.organic_share_ci_lower)
        errors.append(abs(found.organic_share - (1 - share)))
    return np.array(held, dtype=float), np.array(widths), np.array(errors)


SHARES = (0.0, 0.02, 0.1, 0.3, 0.5, 0.8, 1.0)


def test_known_domain():
    held, widths, errors = known_domain(SHARES, 406)
    lowest, highest = bounds(len(held))
    assert lowest <= np.mean(held) <= highest
    assert np.mean(widths) < 0.07
    assert np.mean(errors) < 0.015


def test_known_domain_would_notice_a_narrow_interval(monkeypatch):
    def four_fifths(points, mass, confidence_level):
        lower, upper = highest_density_interval(points, mass, confidence_level)
        mode = points[int(np.argmax(mass))]
        return mode - 0.8 * (mode - lower), mode + 0.8 * (upper - mode)

    monkeypatch.setattr(quantifiers, "highest_density_interval", four_fifths)
    held, _, _ = known_domain(SHARES, 406)
    assert np.mean(held) < bounds(len(held))[0]


def test_known_domain_would_notice_a_profile_taken_as_known(monkeypatch):
    def as_if_known(audience, suspicious, organic):
        return share_posterior(audience, 1e3 * suspicious, 1e3 * organic)

    monkeypatch.setattr(quantifiers, "share_posterior", as_if_known)
    held, _, _ = known_domain(SHARES, 406)
    assert np.mean(held) < bounds(len(held))[0]


@pytest.mark.parametrize(("distance", "n_validation"), [(1.47, (150, 150)), (1.47, (60, 540)), (3.3, (150, 150))])
def test_known_domain_of_few_validation_accounts(distance, n_validation):
    # The bootstrap of the audience alone holds the truth in 50 to 65 % of such runs; a Dirichlet prior of 1/2 in every
    # bin holds it in three quarters at the ends.
    held, _, _ = known_domain((0.0, 0.03, 0.3, 0.9, 1.0), 300, distance=distance, n_validation=n_validation)
    assert np.isnan(held).mean() <= 0.1
    assert np.nanmean(held) >= bounds(len(held))[0]
    assert min(np.nanmean(held[place::5]) for place in range(5)) >= 0.8


def error_corrected(n_runs, *, rates_known_from=(60, 150), size=4000, n=400):
    """Counts of a random sample of a list, flagged by somebody whose errors are known from few accounts."""
    held = []
    for run in range(n_runs):
        rng = np.random.default_rng([13, run])
        share, sensitivity, false_alarms = rng.choice([0.1, 0.3, 0.6]), rng.uniform(0.6, 0.9), rng.uniform(0.03, 0.15)
        found, alarms = rng.binomial(rates_known_from, (sensitivity, false_alarms))
        rates = ErrorRates(int(found), rates_known_from[0], int(alarms), rates_known_from[1])
        drawn = rng.hypergeometric(round(size * share), round(size * (1 - share)), n)
        flagged = int(rng.binomial(drawn, sensitivity) + rng.binomial(n - drawn, false_alarms))
        _, lower, upper = corrected_suspicious_share(flagged, n, rates, size=size)
        held.append(lower <= share <= upper)
    return np.array(held)


def test_error_correction():
    held = error_corrected(600)
    lowest, highest = bounds(len(held))
    assert lowest <= np.mean(held) <= highest


def test_error_correction_would_notice_rates_taken_as_known(monkeypatch):
    def as_if_known(audience, suspicious, organic, strengths):
        return share_posterior(audience, 1e3 * suspicious, 1e3 * organic, strengths)

    monkeypatch.setattr(error_correction, "share_posterior", as_if_known)
    held = error_corrected(600)
    assert np.mean(held) < bounds(len(held))[0]


def labelled_run(rng, share, *, level=0.95, n_labels=100, n=4000, distance=1.8):
    """One audience whose scores transfer badly: shifted and squeezed, but still rising with suspicion."""
    suspicious = np.arange(n) < round(share * n)
    raw = rng.normal(suspicious * distance, 1, n)
    prediction = 1 / (1 + np.exp(-0.5 * raw - 0.4))
    rows = rng.choice(n, n_labels, replace=False)
    sample = LabeledSample(
        suspicious[rows].astype(float), prediction[rows], prediction.mean(), (prediction**2).mean(), n, n
    )
    return estimate_suspicious_share(sample, level)


def test_a_hundred_labels():
    held, held_by_share = [], {}
    for share in (0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.95):
        found = [labelled_run(np.random.default_rng([7, round(share * 100), run]), share) for run in range(300)]
        held_by_share[share] = [lower <= share <= upper for _, lower, upper, _ in found]
        held += held_by_share[share]
    assert np.mean(held) >= 0.94
    lowest, _ = bounds(300)
    assert {share: np.mean(cell) for share, cell in held_by_share.items() if np.mean(cell) < lowest} == {}


def test_a_hundred_labels_would_notice_a_narrow_interval():
    held = []
    for share in (0.05, 0.3, 0.7):
        found = [
            labelled_run(np.random.default_rng([7, round(share * 100), run]), share, level=0.85) for run in range(150)
        ]
        held += [lower <= share <= upper for _, lower, upper, _ in found]
    assert np.mean(held) < bounds(len(held))[0]


def test_labels_are_worth_more_with_scores():
    from botscan.prevalence.intervals import wilson_interval

    ratios = []
    for share in (0.1, 0.3, 0.5):
        for run in range(60):
            _, lower, upper, _ = labelled_run(np.random.default_rng([9, run]), share)
            plain = wilson_interval(share, 100 / (1 - 100 / 4000))
            ratios.append((upper - lower) / (plain[1] - plain[0]))
    assert np.mean(ratios) < 0.9
