import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import parametrize_with_checks

import botscan as bs
from botscan.evidence.histogram import STEPS_PER_LOG_ODDS
from botscan.features.grid import EDGES, MISSING, bin_codes
from botscan.training.classifier import BotClassifier, _balanced, _quantile_edges
from botscan.training.fit import FitSettings, balanced_weights, fit_tables

FEATURES = ["followers_count", "followers_following_ratio", "has_avatar", "age_days"]


@parametrize_with_checks([BotClassifier(), BotClassifier(max_bins=3, n_copies=1, random_state=None)])
def test_scikit_learn_finds_an_estimator(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def audience():
    audience = bs.make_audience(n=500, organic_share=0.6, random_state=4)
    features = bs.extract_features(audience.accounts)[FEATURES].reset_index(drop=True)
    features.loc[::7, "age_days"] = np.nan
    return features, audience.is_suspicious


@pytest.fixture(scope="module")
def fitted(audience):
    return BotClassifier().fit(*audience)


def test_contributions_add_up_exactly(audience, fitted):
    parts = fitted.explain(audience[0])
    assert parts.columns.tolist() == ["intercept", *FEATURES]
    assert parts.index.equals(audience[0].index)
    score = fitted.decision_function(audience[0])
    assert np.array_equal(parts.sum(axis=1).to_numpy() / STEPS_PER_LOG_ODDS, score)
    assert (fitted.predict(audience[0]) == (score > 0)).all()
    assert np.allclose(fitted.predict_proba(audience[0])[:, 1], 1 / (1 + np.exp(-score)))


def test_a_missing_value_contributes_nothing(audience, fitted):
    features = audience[0]
    gaps = features.copy()
    gaps["age_days"] = np.nan
    with_gaps, without = fitted.explain(gaps), fitted.explain(features)
    assert (with_gaps["age_days"] == 0).all()
    assert (without["age_days"] != 0).any()
    assert with_gaps.drop(columns="age_days").equals(without.drop(columns="age_days"))
    nothing = pd.DataFrame(np.full((1, len(FEATURES)), np.nan), columns=FEATURES)
    assert fitted.decision_function(nothing)[0] == fitted.intercept_ / STEPS_PER_LOG_ODDS


def test_on_the_grid_it_is_the_shipped_fit(audience):
    features, labels = audience
    # Few distinct rows make rounding visible; without copies nothing is drawn, and only sums differ in order.
    model = BotClassifier(n_copies=1, monotone={"followers_following_ratio": "falling"}).fit(features, labels)
    codes = bin_codes(features.to_numpy(np.float32), FEATURES)
    same = fit_tables(
        {name: codes[:, i] for i, name in enumerate(FEATURES)},
        labels.astype(np.int8),
        balanced_weights(np.zeros(len(labels)), labels.astype(np.int8)),
        monotone={"followers_following_ratio": "falling"},
        random_state=0,
        settings=FitSettings(n_copies=1),
    )
    assert abs(model.intercept_ - same.intercept) <= 1
    for name in FEATURES:
        assert np.array_equal(model.edges_[name], EDGES[name])
        assert np.abs(model.tables_[name] - same.tables[name]).max() <= 1
    assert (np.diff(model.tables_["followers_following_ratio"]) <= 0).all()


def test_an_array_has_no_names_and_is_cut_on_quantiles(audience):
    features, labels = audience
    model = BotClassifier(max_bins=8).fit(features.to_numpy(), labels)
    assert list(model.tables_) == ["x0", "x1", "x2", "x3"]
    assert [len(table) for table in model.tables_.values()] == [8, 8, 2, 8]
    assert (model.predict(features.to_numpy()) == labels).mean() > 0.9


def test_edges_come_from_training_rows_alone():
    values = np.arange(100.0)[:, None]
    labels = (values.ravel() > 50).astype(int)
    model = BotClassifier(max_bins=4).fit(values, labels)
    before = model.edges_["x0"].copy()
    model.predict(values * 1000)
    assert np.array_equal(model.edges_["x0"], before)
    assert before.max() < 100


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=False), min_size=1, max_size=60),
    st.integers(2, 9),
    st.integers(0, 10),
)
def test_quantile_edges_rise_and_part_values_that_occur(values, max_bins, seed):
    column = np.array(values)
    weights = np.random.Generator(np.random.Philox(seed)).integers(1, 4, size=len(column)).astype(float)
    edges = _quantile_edges(column, weights, max_bins)
    known = np.unique(column[~np.isnan(column)])
    assert len(edges) <= max_bins - 1
    assert (np.diff(edges) > 0).all()
    codes = np.searchsorted(edges, known, side="right")
    assert len(np.unique(codes)) == len(edges) + 1 or not len(known)
    repeated = np.repeat(column, weights.astype(int))
    assert np.array_equal(edges, _quantile_edges(repeated, np.ones(len(repeated)), max_bins))


def test_the_order_of_columns_and_rows_changes_no_bit(audience, fitted):
    features, labels = audience
    shuffled = np.random.Generator(np.random.Philox(3)).permutation(len(labels))
    other = BotClassifier().fit(features[FEATURES[::-1]].iloc[shuffled], labels[shuffled])
    assert other.intercept_ == fitted.intercept_
    for name in FEATURES:
        assert np.array_equal(other.tables_[name], fitted.tables_[name])


def test_a_weight_of_two_is_two_rows(audience):
    features, labels = audience
    weights = np.arange(len(labels)) % 3
    weighted = BotClassifier().fit(features, labels, sample_weight=weights)
    repeated = BotClassifier().fit(features.loc[features.index.repeat(weights)], np.repeat(labels, weights))
    assert weighted.intercept_ == repeated.intercept_
    for name in FEATURES:
        assert np.array_equal(weighted.tables_[name], repeated.tables_[name])


def test_sources_count_alike(audience):
    features, labels = audience
    sources = np.where(np.arange(len(labels)) < 60, "small", "large")
    model = BotClassifier(n_copies=1).fit(features, labels, sources=sources)
    plain = BotClassifier(n_copies=1).fit(features, labels)
    assert any(not np.array_equal(model.tables_[name], plain.tables_[name]) for name in FEATURES)
    ones = np.ones(len(labels))
    origin = (sources == "small").astype(np.int64)
    assert np.allclose(
        _balanced(ones, origin, labels.astype(np.int8)), balanced_weights(origin, labels.astype(np.int8))
    )


def test_labels_may_be_words_and_copies_are_clones(audience):
    features, labels = audience
    words = np.where(labels, "suspicious", "organic")
    model = BotClassifier(monotone={"age_days": "falling"}).fit(features, words)
    assert model.classes_.tolist() == ["organic", "suspicious"]
    assert set(model.predict(features)) == {"organic", "suspicious"}
    copied = clone(model)
    assert copied.get_params() == model.get_params()
    assert not hasattr(copied, "tables_")
    piped = make_pipeline(FunctionTransformer(), clone(model)).fit(features, words)
    assert np.array_equal(piped.predict(features), model.predict(features))


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("step_penalty", -1.0),
        ("ridge", 0),
        ("n_copies", 0),
        ("n_copies", 1.5),
        ("drop_probability", 1.0),
        ("max_bins", 1),
        ("max_bins", MISSING + 1),
        ("monotone", {"nothing": "falling"}),
        ("monotone", {"x0": "sideways"}),
    ],
)
def test_parameters_out_of_range_are_named(parameter, value):
    with pytest.raises(ValueError, match=parameter):
        BotClassifier(**{parameter: value}).fit([[0.0], [1.0]], [0, 1])


def test_weights_sources_and_classes_that_cannot_be():
    rows = [[0.0], [1.0], [2.0]]
    with pytest.raises(ValueError, match="negative"):
        BotClassifier().fit(rows, [0, 1, 1], sample_weight=[1, -1, 1])
    with pytest.raises(ValueError, match="sources has shape"):
        BotClassifier().fit(rows, [0, 1, 1], sources=["a"])
    with pytest.raises(ValueError, match="one class"):
        BotClassifier().fit(rows, [0, 1, 1], sample_weight=[1, 0, 0])
    with pytest.raises(ValueError, match="Only binary classification is supported"):
        BotClassifier().fit(rows, [0, 1, 2])


def test_the_public_name_is_lazy():
    code = (
        "import sys, botscan as bs, botscan.api\n"
        "assert 'sklearn' not in sys.modules\n"
        "assert bs.BotClassifier.__name__ == 'BotClassifier' and 'sklearn' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
