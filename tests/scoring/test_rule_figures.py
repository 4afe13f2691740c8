"""The file of figures: every rule is in it, and what it says of itself holds."""

import pytest

from botscan.scoring.rule_figures import FIGURES_FILE, RuleFigures, figures_of, read_rule_figures
from botscan.scoring.yardsticks import ALL_RULES, RULE_SETS, YARDSTICKS
from botscan.training.sources import training_sets

EVERY = sorted({rule.name for rule in (*YARDSTICKS, *ALL_RULES)})
RATES = ("recall", "false_alarm_rate", "guard_false_alarm_rate")


@pytest.mark.parametrize("name", EVERY)
def test_every_rule_has_figures_or_the_reason_why_not(name):
    entry = read_rule_figures()["rules"][name]
    assert ("not_measured" in entry) is not ("recall" in entry)
    figures = figures_of(name)
    assert bool(figures.not_measured) is (figures.recall is None)


def test_the_file_holds_no_rule_that_is_gone():
    assert sorted(read_rule_figures()["rules"]) == EVERY


@pytest.mark.parametrize("name", EVERY)
def test_figures_of_a_rule_agree_with_each_other(name):
    entry = read_rule_figures()["rules"][name]
    if "not_measured" in entry:
        return
    for rate in RATES:
        found = entry[rate]
        by_source = found["by_source"].values()
        assert all(0 <= one <= 1 for one in by_source)
        assert found["mean"] == pytest.approx(sum(by_source) / len(by_source), abs=2e-4)
        assert found["worst"] == (min if rate == "recall" else max)(by_source)
    for which in ("mean", "worst"):
        recall, alarms = entry["recall"][which], entry["false_alarm_rate"][which]
        precision = entry["precision"][which]
        if precision is None:
            assert recall + alarms == pytest.approx(0, abs=1e-4)
        elif alarms > 0.002:  # below that the rounding of the rates shows
            assert precision == pytest.approx(recall / (recall + alarms), abs=0.03)


def test_sources_are_those_of_the_training_sets_and_the_guard():
    sizes = read_rule_figures()["sources"]
    sets = list(training_sets("twitter"))
    assert set(sizes["suspicious"]) == {one.source for one in sets if one.suspicious == "train"}
    assert set(sizes["organic"]) == {one.source for one in sets if one.organic == "train"}
    assert set(sizes["guard"]) == {one.source for one in sets if one.organic == "light"}
    for kind in sizes:
        assert read_rule_figures()[f"n_{kind}"] == sum(sizes[kind].values())


def test_published_sets_found_few_of_the_bought_followers_they_were_tried_on():
    """Cresci et al. 2015: most of the rules that media proposed perform unsatisfactorily."""
    for name in ("socialbakers", "state_of_search", "camisani_calzolari_2012"):
        found = read_rule_figures()["rules"][name]["on_cresci_2015"]
        assert found["precision"] > 0.9, name
        assert found["recall"] < 0.25, name


def test_the_file_is_small_and_holds_no_row():
    assert FIGURES_FILE.stat().st_size < 60_000
    assert not {"handle", "bio", "account_id", "display_name"} & set(read_rule_figures())


def test_an_unknown_name_has_no_figures():
    assert figures_of("nothing of the kind") == RuleFigures(not_measured="not in the file of figures")


@pytest.mark.parametrize("name", EVERY)
def test_what_has_no_answer_is_told_beside_the_rates(name):
    told, figures = read_rule_figures()["rules"][name]["unknown_share"], figures_of(name)
    assert (figures.unknown_share_suspicious, figures.unknown_share_organic) == (told["suspicious"], told["organic"])
    assert min(told.values()) >= 0


def test_the_published_sets_and_no_rule_with_rates_lack_an_answer_for_most_accounts_of_both_kinds():
    """What is said of the three sets by name stands or falls with this."""
    figures = {name: figures_of(name) for name in EVERY}
    mostly = {
        name
        for name, one in figures.items()
        if one.recall is not None and min(one.unknown_share_suspicious, one.unknown_share_organic) > 0.5
    }
    assert mostly == {rule.name for rule in RULE_SETS if rule.lacks}
