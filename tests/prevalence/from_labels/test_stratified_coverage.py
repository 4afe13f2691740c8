"""How often the interval of labels from strata holds the truth: seeded, with a bound that a broken one would break."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from botscan.labels.strata import cut_strata, share_out
from botscan.prevalence.from_labels.prediction_powered import LabeledSample
from botscan.prevalence.from_labels.stratified import estimate_stratified

N = 2000
N_RUNS = 80
SHARES = (0.01, 0.05, 0.2, 0.5, 0.8, 0.97)


def labelled_run(rng, share, distance, n_labels):
    """One audience whose scores transfer badly, with labels drawn as a stratified sheet draws them."""
    suspicious = np.arange(N) < round(share * N)
    score = 1 / (1 + np.exp(-0.7 * rng.normal(suspicious * distance, 1) - 0.4))
    cells = cut_strata(score, rng.permutation(N), n_labels)
    sizes = np.bincount(cells.stratum)
    drawn = np.bincount(share_out(sizes, cells.weights, n_labels), minlength=len(sizes))
    strata = []
    for number, size in enumerate(sizes.tolist()):
        rows = rng.permutation(np.flatnonzero(cells.stratum == number))[: drawn[number]]
        f = score[rows]
        strata.append(LabeledSample(suspicious[rows].astype(float), f, f.mean(), (f**2).mean(), size, size))
    return estimate_stratified(strata, 0.95)


@pytest.mark.parametrize(
    ("n_labels", "distance"),
    [
        pytest.param(50, 1.8, id="few labels"),
        pytest.param(100, 1.8, id="useful scores"),
        pytest.param(100, -1.0, id="scores upside down"),
        pytest.param(300, 0.0, id="useless scores"),
    ],
)
def test_the_truth_is_held_whatever_the_scores_are(n_labels, distance):
    held = {}
    for share in SHARES:
        found = (
            labelled_run(np.random.default_rng([13, n_labels, round(share * 100), run]), share, distance, n_labels)
            for run in range(N_RUNS)
        )
        held[share] = float(np.mean([lower <= share <= upper for _, lower, upper, _ in found]))
    assert np.mean(list(held.values())) >= 0.94
    lowest = binom.ppf(0.001, N_RUNS, 0.95) / N_RUNS
    assert {share: cell for share, cell in held.items() if cell < lowest} == {}
