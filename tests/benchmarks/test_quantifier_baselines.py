"""Our few lines of each published quantifier against QuaPy, on the same probabilities and labels."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression

PATH = Path(__file__).resolve().parents[2] / "benchmarks" / "quantifier_baselines.py"
SHARES = (0.0, 0.03, 0.2, 0.5, 0.9, 1.0)
SEEDS = (0, 1, 2)


@pytest.fixture(scope="module")
def baselines():
    spec = importlib.util.spec_from_file_location("quantifier_baselines", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def quapy():
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # importing the oracle warns
        return pytest.importorskip("quapy", exc_type=ImportError)


def draw(share, seed, *, distance=1.8, n=900, n_suspicious=500, n_organic=700):
    """Probabilities of single accounts, and who they are; validation accounts are not balanced."""
    rng = np.random.default_rng([seed, round(100 * share)])
    k = round(n * share)
    sizes = {"suspicious": (n_suspicious, 0), "organic": (0, n_organic), "audience": (k, n - k)}
    parts = {}
    for name, (ones, zeros) in sizes.items():
        score = np.concatenate([rng.normal(distance, 1, ones), rng.normal(0, 1, zeros)])
        parts[name] = 1 / (1 + np.exp(-distance * (score - distance / 2))) * 0.96 + 0.02
    probability = np.concatenate(list(parts.values()))
    which = np.repeat(list(parts), [len(part) for part in parts.values()])
    counts = {name: (which == name).astype(float) for name in parts}
    return SimpleNamespace(probability=probability, parts=parts, **counts)


def oracle(quapy, method, drawn, *, crisp=False, **options):
    """Give the oracle the probabilities themselves; the classifier behind them is one that does nothing."""
    from sklearn.dummy import DummyClassifier

    both = lambda p: np.stack([1 - p, p], axis=1)  # noqa: E731
    given = (lambda p: (p > 0.5).astype(int)) if crisp else both
    classifier = DummyClassifier().fit([[0], [1]], [0, 1])
    quantifier = getattr(quapy.method.aggregative, method)(classifier, fit_classifier=False, **options)
    known = np.concatenate([drawn.parts["organic"], drawn.parts["suspicious"]])
    labels = np.repeat([0, 1], [len(drawn.parts["organic"]), len(drawn.parts["suspicious"])])
    quantifier.aggregation_fit(given(known), labels)
    quantifier.train_prevalence = np.array([1 - labels.mean(), labels.mean()])
    how = {"epsilon": 1e-9} if method == "EMQ" else {}
    return quantifier.aggregate(given(drawn.parts["audience"]), **how)[1]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("seed", SEEDS)
def test_ours_agree_with_quapy(baselines, quapy, share, seed):
    drawn = draw(share, seed)
    p, of_all = drawn.probability, (drawn.audience, drawn.suspicious, drawn.organic)
    plain = {"val_split": None}
    exact = {**plain, "solver": "exact-raise"}
    found = {
        "CC": (baselines.classify_and_count(p, drawn.audience), oracle(quapy, "CC", drawn, crisp=True)),
        "PCC": (baselines.mean_probability(p, drawn.audience), oracle(quapy, "PCC", drawn)),
        "ACC": (baselines.adjusted_count(p, *of_all), oracle(quapy, "ACC", drawn, crisp=True, **exact)),
        "PACC": (baselines.adjusted_probability(p, *of_all), oracle(quapy, "PACC", drawn, **exact)),
        "EMQ": (
            baselines.expectation_maximisation(p, drawn.audience, 500 / 1200),
            oracle(quapy, "EMQ", drawn, **plain),
        ),
        "KDEyML": (baselines.kernel_density(p, *of_all), oracle(quapy, "KDEyML", drawn, **plain)),
    }
    assert {name: one for name, one in found.items() if abs(one[0] - one[1]) > 1e-3} == {}


def test_a_histogram_gives_what_its_accounts_give(baselines):
    drawn = draw(0.3, 0)
    rounded = np.round(drawn.probability, 2)
    grid = np.unique(rounded)
    place = np.searchsorted(grid, rounded)
    singles = (drawn.audience, drawn.suspicious, drawn.organic)
    counts = [np.bincount(place, weights=part, minlength=len(grid)) for part in singles]
    for name in ("adjusted_count", "adjusted_probability", "kernel_density"):
        method = getattr(baselines, name)
        assert method(grid, *counts) == pytest.approx(method(rounded, *singles), abs=1e-9)
    assert baselines.expectation_maximisation(grid, counts[0], 0.4) == pytest.approx(
        baselines.expectation_maximisation(rounded, drawn.audience, 0.4), abs=1e-9
    )


def test_calibration_is_isotonic_regression(baselines):
    rng = np.random.default_rng(2)
    grid = np.linspace(0.01, 0.99, 80)
    suspicious = rng.binomial(20, np.clip(grid + rng.normal(0, 0.2, 80), 0, 1)).astype(float)
    organic = rng.binomial(20, 0.5, 80).astype(float)
    suspicious[[5, 40]] = organic[[5, 40]] = 0  # scores that no validation account has
    weight = suspicious + organic
    known = weight > 0
    oracle = IsotonicRegression().fit(grid[known], suspicious[known] / weight[known], sample_weight=weight[known])
    found = baselines.calibrated(grid, suspicious, organic)
    assert found == pytest.approx(oracle.predict(grid), abs=1e-9)
    assert (np.diff(found) >= 0).all()


def test_kinds_that_score_alike_leave_the_count_as_it_is(baselines):
    grid, counts = np.array([0.2, 0.8]), np.array([30.0, 70.0])
    assert baselines.adjusted_count(grid, np.array([5.0, 5.0]), counts, counts) == 0.5
    assert baselines.kernel_density(grid, np.array([0.0, 9.0]), counts, counts) == pytest.approx(0, abs=1e-9)


def test_the_bootstrap_of_the_audience_alone_is_the_narrower(baselines):
    drawn = draw(0.3, 1)
    of_all = (drawn.probability, drawn.audience, drawn.suspicious, drawn.organic)
    widths = []
    for validation_too in (False, True):
        lower, upper = baselines.bootstrap_interval(
            *of_all, np.random.default_rng(0), n_draws=400, validation_too=validation_too
        )
        assert lower < baselines.adjusted_probability(*of_all) < upper
        widths.append(upper - lower)
    assert widths[1] > 1.1 * widths[0]
    # Of the audience alone it is the spread of a mean, divided by how far the two kinds lie apart.
    p = drawn.parts
    spread = p["audience"].std() / np.sqrt(len(p["audience"])) / (p["suspicious"].mean() - p["organic"].mean())
    assert widths[0] == pytest.approx(2 * 1.96 * spread, rel=0.15)
