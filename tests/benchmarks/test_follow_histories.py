"""Histories for the benchmark of blocks: made-up rows stand for the scored accounts, which take a model each."""

import importlib
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from botscan.simulate import Purchase
from botscan.training.bin_table import BinTable

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
MODULES = ("resumable", "held_out_rows", "follow_histories")
KEYS = {"created_at", "followed_at", "log_odds", "is_inactive", "handle_shape", "is_bought", "viral"}


@pytest.fixture
def modules(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(FOLDER))
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    made = SimpleNamespace(**{name: importlib.import_module(name) for name in MODULES})
    monkeypatch.setattr(made.held_out_rows, "RESULTS", tmp_path)
    yield made
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.fixture
def histories(modules, monkeypatch):
    rows = modules.held_out_rows.HeldOutRows
    people = rows(np.linspace(-4, 2, 500), np.arange(500) % 10 == 0, np.repeat("people", 500))
    bought = rows(np.repeat([5.0, 6.0], 50), np.ones(100, np.int8), np.repeat(["seller/a", "seller/b"], 50))
    people.is_inactive.dtype = np.int8
    monkeypatch.setattr(modules.follow_histories, "held_out_rows", lambda _source: (bought, people))
    return modules.follow_histories


def test_a_history_stands_in_follow_order_with_its_truth(histories):
    made = histories.history(1, n=3_000, purchase=Purchase(200, 400), n_viral=3)
    assert made.keys() == KEYS
    assert len({len(array) for array in made.values()}) == 1
    assert made["is_bought"].sum() == 200
    assert (made["viral"] < 0).sum() == 3_200
    assert set(made["viral"]) == {-1, 0, 1, 2}
    assert (np.diff(made["followed_at"]) >= 0).all()
    assert (made["created_at"] <= made["followed_at"]).all()
    assert made["created_at"].dtype == made["followed_at"].dtype == np.int64
    assert (made["handle_shape"].dtype, made["is_inactive"].dtype) == (np.int32, np.int8)
    assert np.datetime64(int(made["followed_at"][-1]), "us") <= np.datetime64("2026-06-30")


def test_bought_accounts_are_of_one_seller_and_score_as_such_unless_invisible(histories):
    for seed, seller in ((0, 5.0), (1, 5.0), (4, 6.0), (8, 5.0)):
        seen = histories.history(seed, n=2_000, purchase=Purchase(300, 400))
        assert set(seen["log_odds"][seen["is_bought"]]) == {seller}
        assert seen["is_inactive"][seen["is_bought"]].all()
        assert seen["log_odds"][~seen["is_bought"]].max() <= 2
    hidden = histories.history(0, n=2_000, purchase=Purchase(300, 400), visible=False)
    is_bought = hidden["is_bought"]
    assert hidden["log_odds"][is_bought].max() <= 2
    assert abs(hidden["log_odds"][is_bought].mean() - hidden["log_odds"][~is_bought].mean()) < 0.4
    assert 0.03 < hidden["is_inactive"][is_bought].mean() < 0.2
    assert np.ptp(hidden["created_at"][is_bought]) <= 20 * 86_400_000_000  # the band is still there


def test_seeds_repeat_themselves_and_go_through_the_sources(histories):
    one, again, other = (histories.history(seed, n=500, n_viral=1) for seed in (2, 2, 3))
    assert all((one[name] == again[name]).all() for name in KEYS)
    assert not np.isin(one["created_at"], other["created_at"]).all()
    assert [histories.source_of(seed)[0] for seed in range(4)] == list(histories.BOUGHT)
    assert "cresci-2017" not in histories.BOUGHT


def test_a_clean_history_holds_nobody_bought(histories):
    made = histories.history(5, n=800)
    assert not made["is_bought"].any()
    assert (made["viral"] == -1).all()
    assert len(made["log_odds"]) == 800


def test_a_viral_crowd_looks_more_suspicious_by_its_tilt(histories):
    means = []
    for tilt in (0.0, 0.1, 0.3):
        made = histories.history(3, n=20_000, n_viral=8, viral_tilt=tilt)
        crowd = made["viral"] >= 0
        means.append(made["log_odds"][crowd].mean() - made["log_odds"][~crowd].mean())
    assert abs(means[0]) < 0.25  # the regulars drift
    assert means[0] + 0.15 < means[1] < means[2] - 0.3


def test_organic_scores_drift_a_little(histories):
    shifts = []
    for seed in range(12):
        scores = histories.history(seed, n=8_000)["log_odds"]
        shifts.append(abs(scores[:2_000].mean() - scores[-2_000:].mean()))
    assert 0.1 < max(shifts) < 0.6


def test_handle_shapes_have_a_long_tail_and_a_purchase_its_own(histories):
    made = histories.history(6, n=20_000, purchase=Purchase(2_000, 400))
    organic = np.bincount(made["handle_shape"][~made["is_bought"]], minlength=401)
    assert 0.07 < organic.max() / organic.sum() < 0.09
    assert (organic[:400] > 0).sum() > 390
    assert organic[400] == 0
    bought = np.bincount(made["handle_shape"][made["is_bought"]], minlength=401) / 2_000
    own = np.argsort(bought)[-3:]
    assert 400 in own
    assert 0.55 < bought[own].sum() < 0.75
    other = histories.history(7, n=500, purchase=Purchase(2_000, 400))
    shapes = np.bincount(other["handle_shape"][other["is_bought"]], minlength=401)
    assert set(np.argsort(shapes)[-3:]) != set(own)


def test_models_never_see_the_rows_they_score(modules, monkeypatch):
    sources = {"cresci-2015": 2, "vendor-purchased-2019": 1, "caverlee-2011": 2, "pronbots-2019": 1, "cresci-2017": 2}
    source = np.repeat(list(sources), [10 * kinds for kinds in sources.values()])
    label = np.concatenate([np.repeat([1, 0][:kinds], 10) for kinds in sources.values()]).astype(np.int8)
    dataset = np.where(label == 1, source, np.char.add(source, "/genuine"))
    number = np.arange(len(source)).astype(np.uint8)
    flags = np.where(number % 3 == 0, 255, number % 2).astype(np.uint8)
    table = BinTable(
        np.repeat("twitter", len(source)), dataset, source, label, {"posts_count": number, "has_no_posts": flags}
    )
    fitted = []

    def fit(rows, train, _recipe):
        fitted.append(set(rows.bins["posts_count"][train].tolist()))

        def score(bins, _features):
            assert not fitted[-1] & set(bins["posts_count"].tolist())
            return bins["posts_count"].astype(np.int32)

        return SimpleNamespace(score=score)

    monkeypatch.setattr("botscan.training.bin_table.read_bin_table", lambda: table)
    monkeypatch.setattr("botscan.training.fitted.fit_recipe", fit)
    monkeypatch.setattr(BinTable, "of_platform", lambda self, *_: self)
    module = modules.held_out_rows
    for name in module.BOUGHT:
        bought, people = module.held_out_rows(name)
        assert set(bought.dataset) == {name}
        assert len(bought) == len(people) == 10
        numbers = np.rint(bought.log_odds / module.STEP).astype(int)
        assert (bought.is_inactive == np.where(numbers % 3 == 0, -1, numbers % 2)).all()
    assert len(fitted) == len(module.BOUGHT)  # once for all sources, then from the file
