"""The points worked out by hand."""

import math

import pytest

from botscan.scoring.rule_sets import judge
from botscan.scoring.yardsticks.camisani_calzolari import BELOW, CAMISANI_CALZOLARI

#: A profile in which each of the nine features holds, but no post is known.
FULL = {
    "display_name_words": 1,
    "has_avatar": True,
    "location": "Solo",
    "bio_length": 4,
    "followers_count": 30,
    "listed_count": 1,
    "posts_count": 50,
    "has_website": True,
    "following_count": 60,
}
EMPTY = {
    "display_name_words": 0,
    "has_avatar": False,
    "location": "",
    "bio_length": 0,
    "followers_count": 29,
    "listed_count": 0,
    "posts_count": 49,
    "has_website": False,
    "following_count": 59,
}


def test_there_are_22_features_and_the_api_worth_the_printed_points():
    names = [rule.name for rule in CAMISANI_CALZOLARI.criteria]
    assert len(names) == 23
    assert names[-1] == "cc_uses_only_api"
    if_true, if_false = zip(*CAMISANI_CALZOLARI.points, strict=True)
    assert if_true[:22] == (1.0,) * 20 + (2.0, 3.0)
    no_points_against = {names[index] for index in range(22) if if_false[index] == 0}
    assert no_points_against == {
        "cc_is_geolocated", "cc_uses_iphone", "cc_uses_android", "cc_uses_foursquare", "cc_uses_instagram", "cc_uses_website",
    }  # fmt: skip
    assert CAMISANI_CALZOLARI.points[20:] == ((2.0, -2.0), (3.0, -1.0), (-2.0, 0.0))


@pytest.mark.parametrize(
    ("name", "column", "holds", "fails"),
    [
        ("cc_has_name", "display_name_words", 1, 0),
        ("cc_has_image", "has_avatar", True, False),
        ("cc_has_address", "location", "Solo", ""),
        ("cc_has_biography", "bio_length", 1, 0),
        ("cc_has_30_followers", "followers_count", 30, 29),
        ("cc_is_in_a_list", "listed_count", 1, 0),
        ("cc_has_50_tweets", "posts_count", 50, 49),
        ("cc_has_url", "has_website", True, False),
    ],
)
def test_a_feature_of_the_profile_speaks_against_an_account_without_it(accounts, name, column, holds, fails):
    rule = next(rule for rule in CAMISANI_CALZOLARI.criteria if rule.name == name)
    found = rule.flags(accounts(**{column: [holds, fails, None]})).tolist()
    assert found[:2] == [0.0, 1.0]
    assert math.isnan(found[2])


def test_twice_the_followers_may_equal_the_following(accounts):
    rule = next(rule for rule in CAMISANI_CALZOLARI.criteria if rule.name == "cc_follows_at_most_twice")
    batch = accounts(followers_count=[30, 30, 0, None], following_count=[60, 61, 0, 5])
    assert rule.flags(batch).tolist()[:3] == [0.0, 1.0, 0.0]
    assert math.isnan(rule.flags(batch)[3])


def judged(accounts, profile):
    return judge(CAMISANI_CALZOLARI, accounts(**{name: [cell] for name, cell in profile.items()}))


def test_a_full_profile_is_cleared_whatever_its_posts_are(accounts):
    # Nine points for the profile. Unknown: 10, 11, 12, 18, 20 (1 or -1), 21 (2 or -2), 22 (3 or -1), 8 and 13 to 17
    # (1 or 0), the API (0 or -2): between -5 - 2 - 1 - 2 = -10 and 5 + 2 + 3 + 6 = 16.
    result = judged(accounts, FULL)
    assert (result.low[0], result.high[0], result.flagged[0]) == (9 - 10, 9 + 16, 0.0)
    assert result.n_checked[0] == 9


def test_an_empty_profile_that_posts_stays_open(accounts):
    # 29 followers are half of 58, not of 59: nine points against it.
    result = judged(accounts, EMPTY)
    assert (result.low[0], result.high[0]) == (-9 - 10, -9 + 16)
    assert math.isnan(result.flagged[0])


def test_without_a_post_everything_but_the_api_is_settled(accounts):
    # Eight features hold, 50 posts do not: 7. Of the posts: 10, 11, 12, 18, 20 give -5, 21 gives -2, 22 gives -1.
    result = judged(accounts, {**FULL, "posts_count": 0})
    assert (result.low[0], result.high[0], result.flagged[0]) == (7 - 8 - 2, 7 - 8, 0.0)
    assert result.n_checked[0] == 22


@pytest.mark.parametrize(
    ("missing", "high", "flagged"),
    # One feature less takes two points: 7 - 8 - 2 = -3 and -5. The API may take two more.
    [((), -1, 0.0), (("has_website",), -3, None), (("has_website", "has_avatar"), -5, 1.0)],
)
def test_the_line_lies_below_minus_four(accounts, missing, high, flagged):
    profile = {**FULL, "posts_count": 0, **dict.fromkeys(missing, False)}
    result = judged(accounts, profile)
    assert result.high[0] == high
    assert (None if math.isnan(result.flagged[0]) else result.flagged[0]) == flagged
    assert BELOW == -4


def test_likes_received_show_that_others_liked_a_post(accounts):
    rule = next(rule for rule in CAMISANI_CALZOLARI.criteria if rule.name == "cc_in_favorites")
    found = rule.flags(accounts(likes_received_count=[3, 0, None, None], posts_count=[5, 5, 0, 5])).tolist()
    assert found[:3] == [0.0, 1.0, 1.0]
    assert math.isnan(found[3])
