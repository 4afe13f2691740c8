import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.scoring.card import features_of
from botscan.scoring.patterns import PATTERNS
from botscan.training.folds import Fold
from botscan.training.scoreboard import FoldScores, decide, rank, score_fold, score_models, summarise
from botscan.training.thresholds import line_quantile


def both_kinds(rows):
    return {label for label, _ in rows} == {0, 1}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from([0, 1]), st.integers(-5, 5)), min_size=2, max_size=30).filter(both_kinds))
def test_figures_against_their_definitions(rows):
    labels = np.array([label for label, _ in rows])
    scores = np.array([score for _, score in rows])
    found = rank(labels, scores)
    pairs = list(itertools.product(scores[labels == 1], scores[labels == 0]))
    assert found.auc == pytest.approx(np.mean([(a > b) + 0.5 * (a == b) for a, b in pairs]))
    recalls = [
        float((scores[labels == 1] >= line).mean())
        for line in np.unique(scores)
        if (scores[labels == 0] >= line).mean() <= 0.05
    ]
    assert found.recall_at_5 == pytest.approx(max(recalls, default=0.0))
    assert found.recall_at_1 <= found.recall_at_5
    assert (found.n_suspicious, found.n_organic) == ((labels == 1).sum(), (labels == 0).sum())


def test_decisions():
    labels = np.array([1, 1, 1, 0, 0, 0, 0, 0])
    flagged = np.array([1, 1, 0, 1, 0, 0, 0, 0], dtype=bool)
    found = decide(labels, flagged)
    assert found.true_positive_rate == pytest.approx(2 / 3)
    assert found.false_positive_rate == pytest.approx(1 / 5)
    assert found.mcc == pytest.approx((2 * 4 - 1 * 1) / np.sqrt(3 * 3 * 5 * 5))


def test_parts_of_a_fold_face_all_its_people():
    fold = FoldScores(
        Fold("x", np.ones(5, bool), np.zeros(0, np.int64)),
        np.array(["x/a", "x/b", "x/people", "x/people", "x/people"]),
        np.array([1, 1, 0, 0, 0]),
        np.array([9, 1, 0, 2, 3], dtype=np.int32),
        line=3,
    )
    first, second = fold.by_dataset()
    assert (first["left_out"], first["auc"], first["n_organic"]) == ("x/a", 1.0, 3)
    assert (second["left_out"], second["auc"]) == ("x/b", pytest.approx(1 / 3))
    assert fold.measure()["false_positive_rate"] == pytest.approx(1 / 3)


def test_fitted_models_and_a_fold_fitted_on_the_spot_score_alike(small_loso):
    table, recipe, models = small_loso
    patterns = PATTERNS["twitter"]
    fitted = score_models(table, recipe, patterns, models[:1])
    again = score_fold(table, recipe, patterns, models[0].fold)
    assert list(fitted) == list(again) == [pattern.name for pattern in patterns]
    for pattern in patterns:
        one, other = fitted[pattern.name][0], again[pattern.name]
        assert one.line == other.line == models[0].line(features_of(pattern, recipe.features), line_quantile(pattern))
        assert np.array_equal(one.steps, other.steps)
        assert np.array_equal(one.labels, table.label[models[0].fold.test])
    assert score_models(table, recipe, patterns, []) == {}


def test_the_worst_false_alarm_rate_is_the_largest():
    found = summarise([{"left_out": "a", "n": 3, "auc": 0.9, "false_positive_rate": 0.1},
                       {"left_out": "b", "n": 3, "auc": 0.8, "false_positive_rate": 0.3}])  # fmt: skip
    assert found["worst"] == {"auc": 0.8, "false_positive_rate": 0.3}
    assert found["mean"] == {"auc": pytest.approx(0.85), "false_positive_rate": pytest.approx(0.2)}
