"""The face: every public name is there, documented, and what the contract calls it."""

import inspect
from pathlib import Path

import pytest

import botscan as bs
from botscan import api

ROOT = Path(__file__).resolve().parents[1]

FUNCTIONS = {
    "audit", "compare_audits", "compare_rules", "correct_share", "estimate_bot_probability", "estimate_organic_share", "explain_account", "extract_features", "find_follow_blocks", "infer_follow_times", "load_model", "make_audience",
    "make_key", "make_label_sheet", "make_pseudonyms", "measure_model", "merge_label_sheets", "plan_sample_size", "read_accounts", "read_allow_list", "read_key", "read_labels", "read_posts", "read_series",
    "score_accounts", "simulate_purchase", "train_model", "write_report",
}  # fmt: skip
ERRORS = {"BotscanError", "FormatError", "ModelError", "NotEnoughAccounts", "OutputError", "SchemaError"}
VALUES = {
    "AccountTable", "AllowList", "Audit", "AuditComparison", "BotClassifier", "BotProbabilities", "CountSeries", "ErrorRates", "Explanation", "FollowBlock", "FollowBlocks", "FollowTimes", "LabelSheet", "LabelTable", "MergedLabels", "OrganicShare", "PostTable", "PseudonymKey", "PurchasePower", "RuleComparison", "SampleSizePlan",
    "ScoreHistogram", "ScoreProfile", "Scores",
}  # fmt: skip
VERBS = (
    "compare_",
    "correct_",
    "merge_",
    "read_",
    "extract_",
    "score_",
    "estimate_",
    "make_",
    "find_",
    "simulate_",
    "infer_",
    "measure_",
    "plan_",
    "write_",
    "load_",
    "explain_",
    "train_",
    "audit",
)


def test_the_names_are_these_and_no_others():
    assert set(bs.__all__) == FUNCTIONS | ERRORS | VALUES | {"__version__"}
    assert bs.__all__ == sorted(bs.__all__)
    assert set(dir(bs)) == set(bs.__all__)


@pytest.mark.parametrize("name", sorted(FUNCTIONS | VALUES | ERRORS))
def test_every_name_is_documented_and_lives_in_the_api(name):
    value = getattr(bs, name)
    assert value is getattr(api, name)
    assert name in api.__all__
    assert value.__doc__
    assert len(value.__doc__) > 20


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_says_what_each_argument_is_and_starts_with_a_verb(name):
    function = getattr(bs, name)
    assert name.startswith(VERBS)
    doc = inspect.getdoc(function)
    for argument in inspect.signature(function).parameters:
        assert argument in doc, f"{name} does not document {argument}"


@pytest.mark.parametrize("name", sorted(FUNCTIONS | VALUES))
def test_arguments_carry_types(name):
    value = getattr(bs, name)
    target = value if inspect.isfunction(value) else value.__init__
    for argument in inspect.signature(target).parameters.values():
        if argument.name != "self":
            assert argument.annotation is not inspect.Parameter.empty


def test_errors_share_one_base():
    assert all(issubclass(getattr(bs, name), bs.BotscanError) for name in ERRORS)


def test_an_unknown_name_raises_as_any_module_does():
    with pytest.raises(AttributeError, match="no attribute 'read_acounts'"):
        _ = bs.read_acounts


def test_the_version_is_that_of_the_project_file():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{bs.__version__}"' in text


def test_a_star_import_gives_the_public_names():
    space = {}
    exec("from botscan import *", space)  # the only way to write it inside a function
    assert set(bs.__all__) <= set(space)
