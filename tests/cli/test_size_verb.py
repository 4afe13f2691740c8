"""botscan labels size."""

import json

import pytest
from click.testing import CliRunner

import botscan as bs
from botscan.cli.size_verb import size
from botscan.errors import BotscanError, NotEnoughAccounts


def run(*arguments):
    return CliRunner().invoke(size, [str(one) for one in arguments], standalone_mode=True)


@pytest.fixture
def path(tmp_path):
    bs.make_audience(n=150).accounts.to_frame().to_csv(tmp_path / "followers.csv", index=False)
    return tmp_path / "followers.csv"


def test_the_first_line_is_what_to_do():
    out = run("--margin", "0.03", "--share", "0.7", "--auc", "0.95").output
    plan = bs.plan_sample_size(0.03, organic_share=0.7, auc=0.95, cost_per_fetch=1, cost_per_label=50)
    assert out.splitlines()[0] == plan.advice()
    assert out.startswith(f"Fetch {plan.n_fetch:,} followers at random and label {plan.n_drawn} of them")
    assert run("--margin", "0.03", "--language", "id").output.startswith("Ambil 1.064 pengikut secara acak")


def test_json_holds_the_plan():
    asked = ("--population", 5_000, "--undecided", 0.04, "--raters", 2, "--json")
    found = json.loads(run(*asked, "--cost-label", 50).output)
    plan = bs.plan_sample_size(
        population=5_000, undecided_share=0.04, n_raters=2, cost_per_fetch=1.0, cost_per_label=50.0
    )
    assert found == {"schema_version": 1, "advice": plan.advice(), **plan.to_dict()}
    # A sum in a unit that nobody named would only puzzle.
    assert json.loads(run(*asked).output) == found | {"cost": None}


def test_a_list_is_counted_and_may_be_a_sample(path):
    listed = json.loads(run(path, "--json").output)
    assert listed["list_size"] == 150
    assert listed["n_labels"] == bs.plan_sample_size(list_size=150).n_labels
    assert listed["n_fetch"] == 0
    sample = json.loads(run(path, "--margin", "0.1", "--population", 5_000, "--json").output)
    assert sample["n_labels"] == bs.plan_sample_size(0.1, list_size=150, population=5_000).n_labels


def test_options_reach_the_plan():
    found = json.loads(run("--auc", 0.95, "--validation", 2_000, "--confidence", 0.9, "--share", 0.8, "--json").output)
    assert (found["n_labels"], found["confidence_level"], found["organic_share"]) == (0, 0.9, 0.8)
    dear, cheap = (
        json.loads(run("--auc", 0.95, "--cost-fetch", cost, "--cost-label", 10, "--json").output) for cost in (5, 0.1)
    )
    assert dear["n_fetch"] < cheap["n_fetch"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--margin", 0),
        ("--margin", 0.5),
        ("--share", 1.5),
        ("--population", 0),
        ("--cost-fetch", -1),
        ("--auc", 1),
        ("--confidence", 1),
        ("--undecided", 1),
        ("--raters", 0),
        ("--validation", 1),
        ("--language", "fr"),
    ],
    ids=str,
)
def test_usage_errors(arguments):
    outcome = run(*arguments)
    assert outcome.exit_code == 2
    assert arguments[0] in outcome.output


@pytest.mark.parametrize(
    "arguments", [("--margin", "nan"), ("--cost-label", "inf"), ("--validation", 100), ("--undecided", 0.1)], ids=str
)
def test_what_click_lets_pass_the_plan_refuses(arguments):
    assert isinstance(run(*arguments).exception, BotscanError)


def test_too_small_a_sample_is_refused_with_what_is_needed(path):
    error = run(path, "--margin", "0.03", "--population", 5_000).exception
    assert isinstance(error, NotEnoughAccounts)
    assert "fetch about" in error.remedy


def test_an_empty_list_has_nothing_to_label(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("account_id,platform\n")
    assert isinstance(run(path, "--platform", "twitter").exception, NotEnoughAccounts)


def test_accounts_that_call_themselves_automated_need_no_label(tmp_path):
    path = tmp_path / "list.csv"
    rows = [f"{n},twitter,5,{'yes' if n > 40 else 'no'}\n" for n in range(1, 1_001)]
    path.write_text("account_id,platform,followers_count,is_declared_bot\n" + "".join(rows))
    found = json.loads(run(path, "--json").output)
    assert (found["list_size"], found["n_labels"]) == (40, bs.plan_sample_size(list_size=40).n_labels)
    assert found["notes"][0] == {"code": "declared_bots_not_organic", "count": 960}
    path.write_text("account_id,platform,followers_count,is_declared_bot\n" + "".join(rows[40:]))
    error = run(path).exception
    assert isinstance(error, NotEnoughAccounts)
    assert "no label is needed" in str(error)
    assert str(path) in str(error)


def test_refusals_name_the_list(path):
    assert str(path) in str(run(path, "--margin", "0.03", "--population", 5_000).exception)
    error = run(path, "--population", 100).exception
    assert (type(error), error.source) == (BotscanError, str(path))
