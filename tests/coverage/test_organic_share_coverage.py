"""How often the intervals hold the truth: seeded, with a binomial bound that a broken interval would break."""

from __future__ import annotations

import numpy as np
from scipy.stats import binom

from botscan.evidence.histogram import ScoreHistogram, histogram_bins
from botscan.evidence.profile import ScoreProfile, equal_mass_edges
from botscan.prevalence import estimate_from_profile
from botscan.prevalence.prediction_powered import LabeledSample, estimate_suspicious_share


def gaussian_steps(rng, label, n, distance=2.3):
    """Log-odds of two unit normals this far apart, in steps of 0.05."""
    return np.rint(20 * distance * (rng.normal(label * distance, 1, n) - distance / 2)).astype(np.int32)


def bounds(n_runs):
    """What a true 95 % interval holds in all but one of a thousand seeds, to either side."""
    return binom.ppf(0.001, n_runs, 0.95) / n_runs, binom.ppf(0.999, n_runs, 0.95) / n_runs


def test_known_domain():
    shares = (0.0, 0.02, 0.1, 0.3, 0.5, 0.8, 1.0)
    n, held, widths, errors = 600, [], [], []
    for run in range(301):
        rng = np.random.default_rng([11, run])
        share = shares[run % len(shares)]
        n_suspicious = round(share * n)
        known = [histogram_bins(gaussian_steps(rng, label, 300)) for label in (1, 0)]
        suspicious, organic = (np.bincount(bins, minlength=1024).astype(np.uint64) for bins in known)
        profile = ScoreProfile({"s": suspicious}, {"o": organic}, equal_mass_edges([suspicious, organic]), "m", "p")
        steps = np.concatenate([gaussian_steps(rng, 1, n_suspicious), gaussian_steps(rng, 0, n - n_suspicious)])
        audience = ScoreHistogram.from_steps(steps, n_unscored=0, model="m", pattern="p")
        found = estimate_from_profile(audience, profile, frame="full")
        held.append(found.organic_share_ci_lower <= 1 - share <= found.organic_share_ci_upper)
        widths.append(found.organic_share_ci_upper - found.organic_share_ci_lower)
        errors.append(abs(found.organic_share - (1 - share)))
    lowest, highest = bounds(len(held))
    assert lowest <= np.mean(held) <= highest
    assert np.mean(widths) < 0.07
    assert np.mean(errors) < 0.015


def labelled_run(rng, share, n_labels=100, n=4000, distance=1.8):
    """One audience whose scores transfer badly: shifted and squeezed, but still rising with suspicion."""
    suspicious = np.arange(n) < round(share * n)
    raw = rng.normal(suspicious * distance, 1, n)
    prediction = 1 / (1 + np.exp(-0.5 * raw - 0.4))
    rows = rng.choice(n, n_labels, replace=False)
    sample = LabeledSample(
        suspicious[rows].astype(float), prediction[rows], prediction.mean(), (prediction**2).mean(), n, n
    )
    return estimate_suspicious_share(sample, 0.95)


def test_a_hundred_labels():
    held, held_by_share = [], {}
    for share in (0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.95):
        found = [labelled_run(np.random.default_rng([7, round(share * 100), run]), share) for run in range(300)]
        held_by_share[share] = [lower <= share <= upper for _, lower, upper, _ in found]
        held += held_by_share[share]
    assert np.mean(held) >= 0.94
    lowest, _ = bounds(300)
    assert {share: np.mean(cell) for share, cell in held_by_share.items() if np.mean(cell) < lowest} == {}


def test_labels_are_worth_more_with_scores():
    from botscan.prevalence.intervals import wilson_interval

    ratios = []
    for share in (0.1, 0.3, 0.5):
        for run in range(60):
            _, lower, upper, _ = labelled_run(np.random.default_rng([9, run]), share)
            plain = wilson_interval(share, 100 / (1 - 100 / 4000))
            ratios.append((upper - lower) / (plain[1] - plain[0]))
    assert np.mean(ratios) < 0.9
