"""Every value of a plan outside its range is refused: what was found, what is wanted, what to do."""

import pytest

from botscan.errors import BotscanError, NotEnoughAccounts
from botscan.evidence.profile import ScoreProfile
from botscan.prevalence.planning.plan_question import check_sizes
from botscan.prevalence.planning.sample_size import plan_sample_size

NAN, ENDLESS = float("nan"), float("inf")


@pytest.mark.parametrize(
    "options",
    [
        {"margin": 0.0},
        {"margin": 0.00001},
        {"margin": 0.5},
        {"margin": -0.03},
        {"margin": 3},
        {"margin": NAN},
        {"organic_share": 1.2},
        {"organic_share": -0.1},
        {"organic_share": NAN},
        {"confidence_level": 95},
        {"confidence_level": 0.0},
        {"variance_ratio": 0.5},
        {"variance_ratio": ENDLESS},
        {"variance_ratio": NAN},
        {"auc": 0.4},
        {"auc": 1.0},
        {"auc": NAN},
        {"cost_per_fetch": 1.0},
        {"cost_per_label": 50.0},
        {"cost_per_fetch": 0.0, "cost_per_label": 0.0},
        {"cost_per_fetch": -1.0, "cost_per_label": 50.0},
        {"cost_per_fetch": 1.0, "cost_per_label": ENDLESS},
        {"cost_per_fetch": NAN, "cost_per_label": 50.0},
        {"n_raters": 0},
        {"undecided_share": 1.0},
        {"undecided_share": -0.1},
        {"undecided_share": NAN},
        {"undecided_share": 0.1, "margin": 0.05},
        {"n_validation": 1, "auc": 0.9},
        {"n_validation": 2_000},
        {"auc": 0.9, "variance_ratio": 2.0},
    ],
    ids=str,
)
def test_values_outside_their_range_are_refused(options):
    with pytest.raises(BotscanError, match=r"^Found .*wanted .*\.") as caught:
        plan_sample_size(**options)
    assert caught.value.remedy


def test_a_profile_says_itself_what_the_scores_are_worth():
    counts = [0] * 1024
    counts[3] = counts[700] = 50
    profile = ScoreProfile({"a": counts}, {"b": counts}, (512,), "m", "p")
    with pytest.raises(BotscanError, match="more than one"):
        plan_sample_size(profile=profile, auc=0.9)
    with pytest.raises(BotscanError, match="without an AUC"):
        plan_sample_size(profile=profile, n_validation=100)


@pytest.mark.parametrize("options", [{"list_size": 0}, {"population": 0}, {"list_size": -3}])
def test_where_nobody_is_there_is_nothing_to_plan(options):
    with pytest.raises(NotEnoughAccounts, match="nothing to plan"):
        plan_sample_size(**options)


def test_a_list_is_no_larger_than_its_audience():
    with pytest.raises(BotscanError, match="population of 100 followers, but the list alone holds 101"):
        plan_sample_size(list_size=101, population=100)
    assert plan_sample_size(list_size=100, population=100).n_labels == plan_sample_size(list_size=100).n_labels


NUMBERS = ("margin", "organic_share", "confidence_level", "undecided_share", "auc", "variance_ratio", "cost_per_fetch")
COUNTS = ("list_size", "population", "n_raters", "n_validation")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, value) for name in NUMBERS for value in ("x", True, [1])),
        *((name, value) for name in COUNTS for value in ("5", 1.5, True)),
        *((name, None) for name in ("margin", "confidence_level", "undecided_share", "variance_ratio", "n_raters")),
        ("profile", "x"),
    ],
)
def test_values_of_another_type_are_refused_with_what_is_wanted(name, value):
    with pytest.raises(BotscanError, match=r"^Found .*, wanted .*\.") as caught:
        plan_sample_size(**{name: value})
    assert caught.value.remedy


def test_the_list_is_named_where_its_name_is_known():
    with pytest.raises(NotEnoughAccounts, match=r"^a\.csv: The list holds no accounts"):
        check_sizes(0, None, "a.csv")
    with pytest.raises(BotscanError, match=r"^a\.csv: Found a population of 3"):
        check_sizes(4, 3, "a.csv")
    with pytest.raises(NotEnoughAccounts, match=r"^The audience holds"):
        check_sizes(4, 0, "a.csv")
