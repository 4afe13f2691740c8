import numpy as np
import pytest

from botscan.features.grid import MISSING, n_bins
from botscan.training.fit import balanced_weights
from botscan.training.line import fit_line

NAMES = ("followers_count", "following_count", "has_avatar")


def made_up(n=3_000, seed=0):
    rng = np.random.Generator(np.random.Philox(seed))
    bins = {name: rng.integers(0, n_bins(name), size=n).astype(np.uint8) for name in NAMES}
    log_odds = 2.0 - 0.2 * bins["followers_count"] - 1.0 * bins["has_avatar"]
    labels = (rng.random(n) < 1 / (1 + np.exp(-log_odds))).astype(np.int8)
    bins["following_count"][rng.random(n) < 0.3] = MISSING
    return bins, labels, balanced_weights(np.zeros(n), labels)


def test_every_table_is_a_line_with_mean_zero_where_known():
    bins, labels, weights = made_up()
    model = fit_line(bins, labels, weights, monotone={}, ridge=1e-4)
    for name in NAMES:
        assert np.allclose(np.diff(model.tables[name], 2), 0.0)
        known = bins[name] != MISSING
        assert np.average(model.tables[name][bins[name][known]], weights=weights[known]) == pytest.approx(0.0, abs=1e-6)


def test_it_finds_the_planted_slopes():
    bins, labels, weights = made_up(n=20_000)
    tables = fit_line(bins, labels, weights, monotone={}, ridge=1e-6).tables
    assert np.diff(tables["followers_count"])[0] == pytest.approx(-0.2, abs=0.02)
    assert np.diff(tables["has_avatar"])[0] == pytest.approx(-1.0, abs=0.15)
    assert np.diff(tables["following_count"])[0] == pytest.approx(0.0, abs=0.02)


def test_it_agrees_with_scikit_learn():
    from sklearn.linear_model import LogisticRegression

    bins, labels, weights = made_up()
    bins = {name: np.where(codes == MISSING, 3, codes).astype(np.uint8) for name, codes in bins.items()}
    ours = fit_line(bins, labels, weights, monotone={}, ridge=1e-3)
    columns = np.column_stack([bins[name] for name in NAMES]).astype(float)
    mean = np.average(columns, axis=0, weights=weights)
    spread = np.sqrt(np.average((columns - mean) ** 2, axis=0, weights=weights)) + 1e-6
    # Their penalty is a half of squared slopes against C times the summed loss.
    theirs = LogisticRegression(C=1 / (2 * 1e-3), tol=1e-10, max_iter=1_000)
    theirs.fit((columns - mean) / spread, labels, sample_weight=weights)
    for index, name in enumerate(NAMES):
        assert np.diff(ours.tables[name])[0] == pytest.approx(theirs.coef_[0, index] / spread[index], abs=1e-4)
    assert ours.intercept == pytest.approx(theirs.intercept_[0], abs=1e-4)


@pytest.mark.parametrize("direction", ["rising", "falling"])
def test_a_bound_direction_holds_against_the_data(direction):
    bins, labels, weights = made_up()
    slope = np.diff(
        fit_line(bins, labels, weights, monotone={"followers_count": direction}, ridge=1e-3).tables[NAMES[0]]
    )
    assert (slope <= 0).all() if direction == "falling" else np.allclose(slope, 0.0)


def test_a_field_that_nobody_knows_has_no_slope():
    bins, labels, weights = made_up()
    bins["has_avatar"] = np.full(len(labels), MISSING, dtype=np.uint8)
    assert np.allclose(fit_line(bins, labels, weights, monotone={}, ridge=1e-3).tables["has_avatar"], 0.0)


def test_one_row_with_a_rare_flag_decides_nothing():
    bins, labels, weights = made_up(n=2_000)
    rare = np.zeros(len(labels), dtype=np.uint8)
    rare[np.flatnonzero(labels == 1)[0]] = 1
    table = fit_line({**bins, "has_geo": rare}, labels, weights, monotone={}, ridge=1e-3).tables["has_geo"]
    # 5.3 where the spread is not held away from zero.
    assert 0 < table[1] - table[0] < 1.5
