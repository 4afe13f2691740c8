import numpy as np
import pytest

from botscan.accounts.table import AccountTable
from botscan.errors import BotscanError
from botscan.features.registry import FEATURE
from botscan.scoring import load_model
from botscan.scoring.model import RESEMBLANCE
from botscan.simulate import make_audience


@pytest.fixture(scope="module")
def scorer():
    return load_model()


@pytest.mark.parametrize("platform", ["twitter", "instagram", "tiktok", "mastodon"])
def test_the_parts_add_up_to_the_score_exactly(scorer, platform):
    accounts = make_audience(n=60, platform=platform, random_state=4).accounts
    for row in scorer.score(accounts).table.to_pylist():
        found = scorer.explain(accounts, row["account_id"])
        steps = round(found.intercept * 20) + sum(round(group.log_odds * 20) for group in found.groups)
        assert steps / 20 == found.log_odds == row["log_odds"]
        assert found.bot_score == row["bot_score"]
        assert (found.verdict, found.review, found.known_share) == (row["verdict"], row["review"], row["known_share"])
        for group in found.groups:
            parts = sum(round(item.log_odds * 20) for item in group.features)
            if group.group == RESEMBLANCE:
                parts = max(sum(round(pair.log_odds * 20) for pair in found.resemblance.pairs), 0)
            assert parts == round(group.log_odds * 20)
            for item in group.features:
                assert FEATURE[item.name].group == group.group
                assert item.low is None or item.low <= item.value
                assert item.high is None or item.value < item.high
        sizes = [abs(group.log_odds) for group in found.groups]
        assert sizes == sorted(sizes, reverse=True)
        positive = sorted((group for group in found.groups if group.log_odds > 0), key=lambda group: -group.log_odds)
        assert {group.group for group in positive[:3]} == set(row["reasons"]) or len(positive) > 3
        assert [group.log_odds for group in positive[:1]] == [
            group.log_odds for group in found.groups if row["reasons"][:1] == [group.group]
        ]


def test_what_is_not_known_gives_no_reason_and_is_listed(scorer):
    frame = make_audience(n=40, random_state=4).accounts.table.to_pylist()
    frame[7] |= {"bio": None, "bio_length": None, "listed_count": None}
    accounts = AccountTable.from_frame(frame, platform="twitter")
    found = scorer.explain(accounts, frame[7]["account_id"])
    assert found.pattern == "twitter/full"
    assert set(found.not_known) == {"bio", "bio_length", "listed_count"}
    told = {item.name for group in found.groups for item in group.features}
    assert not told & {"listed_count", "bio_has_link", "listed_per_day", "has_no_lists"}


def test_values_are_told_as_they_stand_in_the_list(scorer):
    accounts = make_audience(n=40, random_state=4).accounts
    row = accounts.table.slice(5, 1).to_pylist()[0]
    found = scorer.explain(accounts, row["account_id"])
    values = {item.name: item.value for group in found.groups for item in group.features}
    for name in ("followers_count", "following_count", "posts_count"):
        assert values[name] == row[name]
    assert values["followers_following_ratio"] == pytest.approx(
        (row["followers_count"] + 1) / (row["following_count"] + 1), rel=1e-6
    )


def test_without_a_pattern_there_is_nothing_to_explain(scorer):
    accounts = AccountTable.from_frame([{"account_id": "9", "handle": "akun"}], platform="twitter")
    found = scorer.explain(accounts, "9")
    assert (found.log_odds, found.bot_score, found.verdict, found.pattern) == (None, None, "unknown", "")
    assert found.groups == found.not_known == ()


def test_an_account_that_is_not_there(scorer):
    accounts = make_audience(n=5).accounts
    with pytest.raises(BotscanError) as caught:
        scorer.explain(accounts, "secret-id-123")
    assert "secret-id-123" not in str(caught.value)
    assert "None of the 5 accounts" in str(caught.value)


@pytest.mark.parametrize("language", ["en", "id"])
def test_it_shows_itself_in_words_and_as_data(scorer, language):
    accounts = make_audience(n=30, random_state=4).accounts
    for account_id in accounts.table["account_id"].to_pylist():
        found = scorer.explain(accounts, account_id)
        text = found.to_text(language)
        assert len(text.splitlines()) > 10
        assert "feature_" not in text
        data = found.to_dict()
        assert data["log_odds"] == pytest.approx(data["intercept"] + sum(group["log_odds"] for group in data["groups"]))
    assert np.isfinite(data["known_share"])
