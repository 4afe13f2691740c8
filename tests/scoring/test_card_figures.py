"""What a card says of left-out accounts: shown where it is a figure, absent where it is anything else."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.scoring.card import model_from_bundle
from botscan.scoring.card_figures import card_figures
from botscan.scoring.model_files import find_default_model, read_bundle


@pytest.fixture(scope="module")
def bundle():
    return read_bundle(find_default_model())


@pytest.fixture(scope="module")
def model(bundle):
    return model_from_bundle(bundle)


def test_every_pattern_has_its_lines_and_what_the_card_measured(bundle, model):
    figures = card_figures(bundle.card, model)
    wanted = [(platform, one.pattern.name) for platform, section in model.sections.items() for one in section.patterns]
    assert [(one.platform, one.pattern) for one in figures.patterns] == wanted
    full = next(one for one in figures.patterns if (one.platform, one.pattern) == ("twitter", "full"))
    card = next(one for one in bundle.card["platforms"]["twitter"]["patterns"] if one["name"] == "full")
    loso = card["left_out"]["loso_5"]
    assert [fold.left_out for fold in full.folds] == [fold["left_out"] for fold in loso["folds"]]
    assert [fold.auc for fold in full.folds] == [fold["auc"] for fold in loso["folds"]]
    assert full.mean.found_rate == loso["mean"]["true_positive_rate"]
    assert full.worst.false_alarm_rate == loso["worst"]["false_positive_rate"]
    assert full.suspicious_log_odds == card["thresholds"]["suspicious"]["log_odds"]
    assert full.review_bot_score == pytest.approx(card["thresholds"]["review"]["bot_score"], abs=1e-6)
    assert [one.dataset for one in full.datasets] == [one["dataset"] for one in card["left_out"]["datasets"]]
    assert figures.n_configurations_tried == bundle.card["about"]["n_configurations_tried"]
    assert figures.to_dict()["model"] == {"name": model.name, "sha256": model.sha256}


def test_words_say_where_the_figures_are_from(bundle, model):
    text = " ".join(str(card_figures(bundle.card, model)).split())
    assert "nothing was measured now" in text
    assert "which flatters them" in text
    assert "without caverlee-2011" in text
    assert "not validated" in text


def test_folds_of_a_model_for_own_labels_have_their_names(bundle, model):
    card = copy.deepcopy(dict(bundle.card))
    entry = card["platforms"]["instagram"]["patterns"][0]
    entry["left_out"] = {
        "folds": [
            {"left_out": "source_1", "auc": 0.9, "ratio_auc": 0.8, "false_alarm_rate": 0.01, "found_rate": 0.7},
            {"left_out": "source_2", "auc": None, "ratio_auc": None, "false_alarm_rate": 0.02, "found_rate": None},
        ]
    }
    figures = card_figures(card, model)
    one = next(one for one in figures.patterns if one.platform == "instagram")
    first, second = one.folds
    assert (first.auc, first.ratio_auc, first.found_rate, first.false_alarm_rate) == (0.9, 0.8, 0.7, 0.01)
    assert (second.auc, second.false_alarm_rate) == (None, 0.02)
    assert one.mean is one.worst is None
    assert second.said() == "false alarms 2.0 %"


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=120),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["folds", "mean", "worst", "loso_5", "datasets", "auc", "left_out", "n", "kind", "mcc"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(deadline=None, max_examples=150)
@given(JUNK, JUNK)
def test_no_card_that_loads_can_break_it(bundle, model, left_out, about):
    card = copy.deepcopy(dict(bundle.card))
    card["about"] = about
    card["platforms"]["twitter"]["patterns"][0]["left_out"] = left_out
    figures = card_figures(card, model)
    assert isinstance(figures.to_text(), str)
    assert isinstance(figures.to_json(), str)
    for fold in figures.patterns[0].folds:
        assert fold.auc is None or -1 <= fold.auc <= 1
