import json

import numpy as np
import pytest

import botscan as bs
from botscan.errors import ModelError, OutputError
from botscan.evidence.labels import NOTHING
from botscan.scoring.model_files import read_bundle
from botscan.scoring.patterns import PATTERNS
from botscan.training.fit import TableModel
from botscan.training.gates import ModelRefused
from botscan.training.left_out_sources import fit_own
from botscan.training.own_labels import train_model


def states(trained):
    return {gate.code: gate.state for gate in trained.gates}


@pytest.fixture(scope="module")
def trained(labelled):
    return train_model([labelled(1, n=400), labelled(2, n=400), labelled(3, n=400)])


def test_good_labels_of_three_audiences_pass_every_gate_and_the_model_scores(trained, labelled, tmp_path):
    assert set(states(trained).values()) == {"passed"}
    scorer = trained.save(tmp_path / "model")
    loaded = bs.load_model(tmp_path / "model")
    assert (loaded.name, loaded.sha256) == ("own-labels", scorer.sha256)
    assert set(loaded.model.sections) == {"mastodon"}
    fresh = bs.make_audience(n=500, platform="mastodon", random_state=9)
    scores = bs.score_accounts(fresh.accounts, model=loaded)
    called = np.array(scores.table["verdict"].to_pylist()) == "suspicious"
    assert called[fresh.is_suspicious].mean() > 0.4
    assert called[~fresh.is_suspicious].mean() < 0.05
    explained = bs.explain_account(fresh.accounts, fresh.accounts.table["account_id"][0].as_py(), model=loaded)
    assert explained.to_dict()["model"]["name"] == "own-labels"


def test_lists_of_other_platforms_are_refused(trained, tmp_path):
    trained.save(tmp_path / "model")
    with pytest.raises(bs.ModelError, match="scores mastodon only; the list is of tiktok"):
        bs.score_accounts(bs.make_audience(n=20, platform="tiktok").accounts, model=tmp_path / "model")


def test_the_same_labels_give_the_same_bytes(trained, labelled, tmp_path):
    again = train_model([labelled(1, n=400), labelled(2, n=400), labelled(3, n=400)])
    for name, model in (("a", trained), ("b", again)):
        model.save(tmp_path / name)
    one, other = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in "ab")
    assert one == other


def test_the_card_says_what_it_was_trained_on_and_names_nobody(trained, labelled, tmp_path):
    trained.save(tmp_path / "model")
    card = read_bundle(tmp_path / "model").card
    assert card["about"]["trained_on"] == "a user's own labels"
    section = card["platforms"]["mastodon"]
    assert section["validation"] == "left_out_sources"
    assert section["training"]["datasets"] == [
        {"dataset": f"source_{number}", "n_organic": 240, "n_suspicious": 160} for number in (1, 2, 3)
    ]
    text = json.dumps(card)
    accounts = labelled(1, n=400).accounts.table
    for column in ("account_id", "handle", "display_name"):
        assert not [value for value in accounts[column].to_pylist() if value and f'"{value}"' in text]
    assert "labels.csv" not in text
    assert str(tmp_path) not in text


def test_thresholds_leave_the_stated_share_of_every_left_out_source(trained):
    (pattern,) = trained.card["platforms"]["mastodon"]["patterns"]
    people = [one for one in pattern["left_out"]["datasets"] if one["kind"] == "organic"]
    assert len(people) == 3
    assert max(one["suspicious_rate"] for one in people) <= 1 - pattern["left_out"]["quantile"]
    assert pattern["thresholds"]["review"]["log_odds"] <= pattern["thresholds"]["suspicious"]["log_odds"]


@pytest.mark.parametrize("platform", ["twitter", "instagram", "mastodon"])
def test_the_card_tells_how_it_was_trained(labelled, platform):
    trained = train_model([labelled(1, platform=platform), labelled(2, platform=platform)])
    section = trained.card["platforms"][platform]
    method = " ".join(trained.card["about"]["method"])
    assert section["memory"] is None
    assert section["training"]["settings"]["memory"] is None
    assert "first layer" in method
    assert section["training"]["settings"]["line_share"] > 0
    assert "straight line" in method
    assert "as always with two sources or two halves, and with more than 12 sources, the models behind" in method


def test_points_that_no_card_holds_are_refused_before_anything_is_measured(labelled):
    # Two accounts, copied: every account of a kind has the very same counts.
    def alike(table, is_suspicious):
        counts = np.where(is_suspicious, 1_000, 3_000)
        return table.assign(followers_count=counts, posts_count=counts, following_count=1_000)

    n_fits = []

    def fit(table, rows, recipe):
        n_fits.append(len(rows))
        return fit_own(table, rows, recipe)

    with pytest.raises(ModelError, match=r"fitted for followers_count, posts_count are beyond \+-16") as caught:
        train_model([labelled(1, frame=alike), labelled(2, frame=alike)], fit=fit)
    assert "too few different accounts" in caught.value.problem
    assert len(n_fits) == 1
    assert not isinstance(caught.value, ModelRefused)


def test_points_at_the_limit_pass(labelled):
    def fit(table, rows, recipe):
        model = fit_own(table, rows, recipe)
        tables = dict(model.tables)
        tables["posts_count"] = np.clip(tables["posts_count"] * 1_000, -320, 320)
        return TableModel(model.intercept, tables)

    assert train_model([labelled(1), labelled(2)], fit=fit).card


def test_the_recipe_of_twitter_has_all_its_patterns(labelled, tmp_path):
    trained = train_model([labelled(1, platform="twitter"), labelled(2, platform="twitter")], name="two lists")
    assert not trained.is_refused
    scorer = trained.save(tmp_path / "model")
    assert scorer.patterns["twitter"] == PATTERNS["twitter"]
    fresh = bs.make_audience(n=200, random_state=9).accounts
    assert scorer.score(fresh).pattern == "twitter/full"


def test_one_source_gives_a_model_that_says_it_is_not_validated(labelled, tmp_path):
    trained = train_model([labelled(1)])
    assert states(trained)["sources"] == states(trained)["source_leak"] == "not_checked"
    assert not trained.is_refused
    assert "not validated" in str(trained)
    trained.save(tmp_path / "model")
    card = read_bundle(tmp_path / "model").card
    assert card["platforms"]["mastodon"]["validation"] == "random_halves"
    assert "tell nothing about a new audience" in card["about"]["limits"][0]


def test_labels_at_random_are_refused_by_rank(labelled, tmp_path):
    def shuffled(said):
        return np.random.Generator(np.random.Philox(1)).permutation(said)

    trained = train_model([labelled(1), labelled(2, answers=shuffled)])
    found = states(trained)
    assert found["auc"] == "failed"
    with pytest.raises(ModelRefused, match=r"failed \d of 5 gates and was not written.*source_\d is ranked") as caught:
        trained.save(tmp_path / "model")
    assert isinstance(caught.value, ModelError)
    assert caught.value.trained is trained
    assert not (tmp_path / "model").exists()


def test_no_better_than_a_ratio_is_refused(labelled):
    # What separates the kinds elsewhere says the opposite here, but for the ratio itself.
    def turned(table, is_suspicious):
        table = table.copy()
        followers = np.where(is_suspicious, 40_000, 4_000)
        jitter = 1 + np.arange(len(table)) % 7
        return table.assign(
            followers_count=followers * jitter,
            following_count=np.where(is_suspicious, 400_000, 400) * jitter,
            posts_count=np.where(is_suspicious, 4_000_000, 0) * jitter,
        )

    trained = train_model([labelled(1), labelled(2, frame=turned)])
    assert states(trained)["ratio"] == "failed"


def test_too_many_false_alarms_on_a_left_out_source_are_refused(labelled):
    # A third of the bought accounts of one list passes for people there.
    def lenient(said):
        bought = np.flatnonzero(said == 1)
        said[bought[::3]] = 0
        return said

    trained = train_model([labelled(1), labelled(2), labelled(3, answers=lenient)])
    found = states(trained)
    assert (found["auc"], found["false_alarms"]) == ("passed", "failed")
    worst = next(gate for gate in trained.gates if gate.code == "false_alarms")
    assert worst.found["left_out"] == "source_3"
    assert worst.found["rate"] > 0.05


def test_features_that_name_the_source_are_refused(labelled):
    def with_digits(table, _):
        handles = [f"u{row:07d}" for row in range(len(table))]
        return table.assign(handle=handles)

    same = train_model([labelled(1, n=400, platform="instagram"), labelled(2, n=400, platform="instagram")])
    assert states(same)["source_leak"] == "passed"
    other = train_model(
        [labelled(1, n=400, platform="instagram"), labelled(2, n=400, platform="instagram", frame=with_digits)]
    )
    assert states(other)["source_leak"] == "failed"
    assert other.is_refused


def test_measures_are_shown_in_both_languages_and_as_plain_data(trained):
    said = trained.to_dict()
    assert said["is_refused"] is False
    assert len(said["folds"]) == 3
    assert json.loads(trained.to_json()) == said
    for language, word in (("en", "Gate passed"), ("id", "Syarat terpenuhi")):
        text = trained.to_text(language)
        assert word in text
        assert "source_2" in text
    assert "card" not in said


def test_counts_of_labels_are_told(labelled):
    def answers(said):
        said[:20] = NOTHING
        return said

    first = labelled(1, answers=answers)
    text = train_model([first, first, labelled(2)]).to_text("en")
    assert "580 accounts are used" in text
    assert "280 labels repeated" in text


@pytest.mark.parametrize("name", ["", "x" * 101, "a\nb"])
def test_names_that_cannot_stand_in_a_card_are_refused(name):
    with pytest.raises(ModelError, match="name of the model"):
        train_model([], name=name)


def test_an_older_model_is_not_replaced_by_chance(trained, tmp_path):
    trained.save(tmp_path / "model")
    with pytest.raises(OutputError, match="A model stands there already"):
        trained.save(tmp_path / "model")
    trained.save(tmp_path / "model", restart=True)
