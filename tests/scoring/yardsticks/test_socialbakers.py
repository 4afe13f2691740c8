"""The eight criteria, each worked out by hand."""

import math

import pytest

from botscan.scoring.rule_sets import judge
from botscan.scoring.yardsticks.socialbakers import SOCIALBAKERS

CRITERION = {rule.name: rule for rule in SOCIALBAKERS.criteria}


def answers(found):
    return [None if math.isnan(one) else one for one in found.tolist()]


def test_there_are_eight_and_four_of_them_ask_for_posts():
    assert [rule.name for rule in SOCIALBAKERS.criteria] == [
        "sb_ratio_50", "sb_spam_phrases", "sb_repeated_tweets", "sb_retweets",
        "sb_links", "sb_never_tweeted", "sb_old_default_image", "sb_empty_and_follows",
    ]  # fmt: skip
    assert [bool(rule.lacks) for rule in SOCIALBAKERS.criteria] == [False, True, True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("following", "followers", "answer"),
    [(50, 1, 1), (49, 1, 0), (1, 0, 1), (0, 0, 0), (0, None, 0), (500, None, None), (None, 3, None)],
)
def test_fifty_for_one(accounts, following, followers, answer):
    batch = accounts(following_count=[following], followers_count=[followers])
    assert answers(CRITERION["sb_ratio_50"].flags(batch)) == [answer]


def test_what_posts_say_is_known_only_where_there_are_none(accounts):
    batch = accounts(posts_count=[0, 3, 4, None])
    assert answers(CRITERION["sb_spam_phrases"].flags(batch)) == [0, None, None, None]
    assert answers(CRITERION["sb_retweets"].flags(batch)) == [0, None, None, None]
    assert answers(CRITERION["sb_links"].flags(batch)) == [0, None, None, None]
    # Three posts cannot be more than three times the same.
    assert answers(CRITERION["sb_repeated_tweets"].flags(batch)) == [0, 0, None, None]
    assert answers(CRITERION["sb_never_tweeted"].flags(batch)) == [1, 0, 0, None]


@pytest.mark.parametrize(
    ("age", "has_avatar", "answer"),
    [(62, False, 1), (61, False, 0), (400, True, 0), (None, True, 0), (None, False, None), (400, None, None)],
)
def test_the_default_picture_after_two_months(accounts, age, has_avatar, answer):
    batch = accounts(age_days=[age], has_avatar=[has_avatar])
    assert answers(CRITERION["sb_old_default_image"].flags(batch)) == [answer]


@pytest.mark.parametrize(
    ("bio_length", "location", "following", "answer"),
    [
        (0, "", 101, 1),
        (0, "", 100, 0),
        (3, "", 101, 0),
        (0, "Solo", 101, 0),
        (0, None, 101, None),
        (0, None, 100, 0),
        (None, "", 101, None),
        (None, "Solo", 101, 0),
    ],
)
def test_neither_bio_nor_place_but_over_a_hundred(accounts, bio_length, location, following, answer):
    batch = accounts(bio_length=[bio_length], location=[location], following_count=[following])
    assert answers(CRITERION["sb_empty_and_follows"].flags(batch)) == [answer]


def test_one_criterion_is_enough_and_none_clears_an_account_whose_posts_are_unknown(accounts):
    batch = accounts(
        following_count=[500, 500, 20, 20],
        followers_count=[1, 400, 400, 400],
        posts_count=[7, 0, 7, None],
        has_avatar=[True, True, True, True],
        bio_length=[4, 4, 4, 4],
    )
    result = judge(SOCIALBAKERS, batch)
    assert answers(result.flagged) == [1, 1, None, None]
    assert result.low.tolist() == [1, 1, 0, 0]
    assert result.high.tolist() == [1 + 4, 1, 4, 5]
    assert result.n_checked.tolist() == [4, 8, 4, 3]
