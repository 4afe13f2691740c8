from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from botscan.evidence.scores import VERDICTS
from botscan.features.columns import Columns
from botscan.schema import ACCOUNT_COLUMN
from botscan.scoring.rules import RULES, follows_little, is_declared_bot, is_dormant, is_mass_follower

SEEN = datetime(2026, 6, 30, tzinfo=UTC)


def rows(**columns):
    arrays = {name: pa.array(values, ACCOUNT_COLUMN[name].arrow_type) for name, values in columns.items()}
    return Columns(pa.table(arrays))


def days_ago(*days):
    return [None if one is None else SEEN - timedelta(days=one) for one in days]


@pytest.mark.parametrize(
    ("following", "followers", "holds"),
    [
        (1_501, 700, True),
        (1_500, 10, False),
        (4_000, 2_000, False),
        (4_001, 2_000, True),
        (None, 1, False),
        (9_000, None, False),
    ],
)
def test_mass_followers(following, followers, holds):
    assert is_mass_follower(rows(following_count=[following], followers_count=[followers])).tolist() == [holds]


def test_the_latest_post_decides_where_it_is_known():
    table = rows(
        posts_count=[0, 5_000, 5_000, 5_000],
        created_at=days_ago(3_000, 3_000, 3_000, 3_000),
        last_post_at=days_ago(3, 179, 180, 900),
        observed_at=[SEEN] * 4,
    )
    assert is_dormant(table).tolist() == [False, False, True, True]


def test_without_it_never_or_hardly_ever_posting_does():
    table = rows(
        posts_count=[0, 1, 2, 5, 6, None],
        created_at=days_ago(20, 100, 1_000, 1_000, 1_000, 1_000),
        last_post_at=days_ago(None, None, None, None, None, None),
        observed_at=[SEEN] * 6,
    )
    assert is_dormant(table).tolist() == [True, False, True, True, False, False]


def test_an_account_is_taken_at_its_word():
    assert is_declared_bot(rows(is_declared_bot=[True, False, None])).tolist() == [True, False, False]


def test_unknown_is_not_true():
    empty = rows(posts_count=[3, None])
    for rule in RULES:
        assert rule.holds(empty).tolist() == [False, False]


@pytest.mark.parametrize(
    ("following", "age", "holds"),
    [
        (99, 10, True),
        (100, 10, False),
        (300, 749, False),
        (300, 751, True),
        (499, None, True),
        (500, None, False),
        (None, 2_000, False),
    ],
)
def test_quiet_following_spares(following, age, holds):
    table = rows(following_count=[following], created_at=days_ago(age), observed_at=[SEEN])
    assert follows_little(table).tolist() == [holds]


def test_rules_are_named_like_the_verdicts_they_give_and_say_where_they_are_from():
    names = [rule.name for rule in RULES if rule.effect == "verdict"]
    assert names == [verdict for verdict in VERDICTS if verdict in names]
    assert {*names, "unknown", "suspicious", "active"} == set(VERDICTS)
    for rule in RULES:
        assert set(rule.needs) <= set(ACCOUNT_COLUMN)
        assert rule.reference
