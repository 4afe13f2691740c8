"""The bundled list and its labels: made again to the byte, small, and of nobody."""

import importlib.util
from pathlib import Path

import pytest

import botscan as bs

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "src" / "botscan" / "demo"


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_demo", ROOT / "tools" / "make_demo.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_both_files_are_made_again_to_the_byte(maker, tmp_path):
    maker.make(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in FOLDER.iterdir())
    for path in FOLDER.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_the_list_is_small_and_needs_no_option():
    assert (FOLDER / "followers.csv").stat().st_size <= 700_000
    accounts = bs.read_accounts(FOLDER / "followers.csv")
    assert (accounts.n_accounts, accounts.platform, accounts.evidence_level) == (3_000, "twitter", 3)
    assert accounts.observed_at is not None
    assert not accounts.report.warnings
    assert bs.score_accounts(accounts).pattern == "twitter/full"


def test_the_list_is_the_simulated_audience(maker):
    audience = bs.make_audience(maker.N_ACCOUNTS, maker.ORGANIC_SHARE, random_state=maker.SEED)
    read = bs.read_accounts(FOLDER / "followers.csv")
    assert read.digest == audience.accounts.digest
    expected = bs.score_accounts(audience.accounts).table
    assert bs.score_accounts(read).table.equals(expected)


def test_two_raters_see_the_truth_mostly_but_not_always(maker):
    audience = bs.make_audience(maker.N_ACCOUNTS, maker.ORGANIC_SHARE, random_state=maker.SEED)
    ids = audience.accounts.table["account_id"].to_pylist()
    truth = dict(zip(ids, audience.is_suspicious.tolist(), strict=True))
    labels = bs.read_labels(FOLDER / "labels.csv")
    assert (len(labels.account_ids), labels.raters) == (150, ("rater_1", "rater_2"))
    for rater, n_looked in ((0, 150), (1, 100)):
        answers = labels.answers[:, rater].tolist()
        said = [(answer, truth[one]) for answer, one in zip(answers, labels.account_ids, strict=True) if answer >= 0]
        n_unsure = answers.count(-1)
        assert len(said) + n_unsure == n_looked
        assert 0 < n_unsure < 0.15 * n_looked
        right = sum(answer == is_bought for answer, is_bought in said) / len(said)
        assert 0.9 < right < 1


def test_the_interval_of_the_demo_holds_its_truth(maker):
    result = bs.audit(FOLDER / "followers.csv", FOLDER / "labels.csv", frame="full")
    assert result.share.organic_share_ci_lower <= maker.ORGANIC_SHARE <= result.share.organic_share_ci_upper
    assert result.share.n_labeled > 140
