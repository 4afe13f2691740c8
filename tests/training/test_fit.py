import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.features.grid import EDGES, MISSING, n_bins
from botscan.training.fit import FitSettings, balanced_weights, fit_tables

NAMES = ("followers_count", "following_count", "followers_following_ratio", "has_avatar")


def made_up(n=4_000, seed=0, missing=0.2):
    """Rows whose truth depends on followers (falling), on having an avatar, and not on following."""
    rng = np.random.Generator(np.random.Philox(seed))
    bins = {name: rng.integers(0, n_bins(name), size=n).astype(np.uint8) for name in NAMES}
    log_odds = 2.0 - 0.25 * bins["followers_count"] + 1.5 * (bins["has_avatar"] == 0)
    labels = (rng.random(n) < 1 / (1 + np.exp(-log_odds))).astype(np.int8)
    for codes in bins.values():
        codes[rng.random(n) < missing] = MISSING
    return bins, labels


def fitted(bins, labels, **changes):
    weights = balanced_weights(np.zeros(len(labels)), labels)
    arguments = {"monotone": {}, "random_state": 0, "settings": None} | changes
    return fit_tables(bins, labels, weights, **arguments)


def test_it_finds_what_was_planted():
    bins, labels = made_up()
    model = fitted(bins, labels)
    followers, avatar = model.tables["followers_count"], model.tables["has_avatar"]
    assert followers[0] > followers[10] > followers[20]
    assert avatar[0] - avatar[1] > 12
    assert np.ptp(model.tables["following_count"]) < 15
    fresh, truth = made_up(seed=1)
    steps = model.score(fresh)
    assert (steps[truth == 1][:, None] > steps[truth == 0][None, :]).mean() > 0.8


def test_the_same_seed_gives_the_same_tables_and_another_seed_nearly_the_same():
    bins, labels = made_up(n=1_500)
    first, again, other = (fitted(bins, labels, random_state=seed) for seed in (0, 0, 1))
    assert first.intercept == again.intercept
    for name in NAMES:
        assert np.array_equal(first.tables[name], again.tables[name])
        assert np.abs(first.tables[name] - other.tables[name]).max() <= 5
    assert any(not np.array_equal(first.tables[name], other.tables[name]) for name in NAMES)


@pytest.mark.parametrize("direction", ["rising", "falling"])
def test_a_monotone_table_never_turns_even_against_the_data(direction):
    bins, labels = made_up(n=1_500)
    monotone = {"followers_count": direction, "followers_following_ratio": direction}
    model = fitted(bins, labels, monotone=monotone)
    sign = 1 if direction == "rising" else -1
    for name in monotone:
        assert (np.diff(model.tables[name]) * sign >= 0).all()
    if direction == "falling":
        assert np.ptp(model.tables["followers_count"]) > 20
    else:
        assert np.ptp(model.tables["followers_count"]) <= 4


def test_the_optimum_is_one():
    """Any nudge of the exact solution raises the penalised loss, worked out here from its definition."""
    bins, labels = made_up(n=400)
    weights = balanced_weights(np.zeros(len(labels)), labels)
    settings_ = FitSettings(n_copies=1)
    model = fit_tables(bins, labels, weights, monotone={}, random_state=0, settings=settings_)

    def loss(intercept, tables):
        z = np.full(len(labels), intercept)
        for name in NAMES:
            z += np.append(tables[name], np.zeros(256 - len(tables[name])))[bins[name]]
        total = (weights * np.log1p(np.exp(-np.where(labels == 1, z, -z)))).sum()
        for table in tables.values():
            total += 3e-3 * (np.diff(table) ** 2).sum() + 1e-3 * (table**2).sum()
        return total

    def fitted_loss(shift):
        # Centring moves the mean of a table into the intercept, which matters where fields are missing: undo none.
        return loss(shift, {name: table / 20 for name, table in model.tables.items()})

    best = min(fitted_loss(model.intercept / 20 + shift) for shift in np.arange(-1, 1.01, 0.05))
    for name in NAMES:
        for position in range(0, len(model.tables[name]), 5):
            for nudge in (-0.5, 0.5):
                tables = {key: table / 20 for key, table in model.tables.items()}
                tables[name] = tables[name].copy()
                tables[name][position] += nudge
                assert min(loss(model.intercept / 20 + shift, tables) for shift in (-0.05, 0, 0.05)) > best - 2e-4


def test_tables_are_centred_on_the_rows_that_know_the_field():
    bins, labels = made_up()
    weights = balanced_weights(np.zeros(len(labels)), labels)
    model = fitted(bins, labels)
    for name in NAMES:
        known = bins[name] != MISSING
        assert abs(np.average(model.tables[name][bins[name][known]], weights=weights[known])) < 0.5


def test_a_field_nobody_knows_stays_flat_and_silent():
    bins, labels = made_up(n=800)
    bins["followers_following_ratio"][:] = MISSING
    model = fitted(bins, labels)
    assert not model.tables["followers_following_ratio"].any()


def test_bins_without_rows_lie_between_their_neighbours():
    bins, labels = made_up(missing=0)
    codes = bins["followers_count"]
    codes[(codes > 8) & (codes < 14)] = 8
    table = fitted(bins, labels).tables["followers_count"]
    low, high = sorted((table[8], table[14]))
    assert ((table[9:14] >= low - 1) & (table[9:14] <= high + 1)).all()


def test_scores_are_sums_and_missing_adds_zero():
    bins, labels = made_up(n=600)
    model = fitted(bins, labels)
    for row in range(0, 600, 97):
        total = model.intercept
        for name in NAMES:
            code = int(bins[name][row])
            total += 0 if code == MISSING else int(model.tables[name][code])
        assert model.score(bins)[row] == total
    some = model.score(bins, NAMES[:2])
    rest = {name: np.full(600, MISSING, np.uint8) if name in NAMES[2:] else codes for name, codes in bins.items()}
    assert np.array_equal(some, model.score(rest))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([0, 1])), min_size=1, max_size=40))
def test_weights_balance_sources_and_classes(rows):
    sources = np.array([source for source, _ in rows])
    labels = np.array([label for _, label in rows])
    weights = balanced_weights(sources, labels)
    assert (weights > 0).all()
    assert weights.sum() == pytest.approx(1)
    n_classes = len(np.unique(labels))
    for label in np.unique(labels):
        of_class = labels == label
        assert weights[of_class].sum() == pytest.approx(1 / n_classes)
        sums = [weights[of_class & (sources == source)].sum() for source in np.unique(sources[of_class])]
        assert sums == pytest.approx([sums[0]] * len(sums))


def test_tables_have_a_point_for_every_bin():
    bins, labels = made_up(n=400)
    assert {name: len(table) for name, table in fitted(bins, labels).tables.items()} == {
        name: len(EDGES[name]) + 1 for name in NAMES
    }
