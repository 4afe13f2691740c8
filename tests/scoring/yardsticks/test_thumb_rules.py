import math

import pytest

from botscan.scoring.rule_sets import judge
from botscan.scoring.rules import is_mass_follower
from botscan.scoring.yardsticks.thumb_rules import EMPTY_PROFILE, THUMB_RULES

RULE = {rule.name: rule for rule in THUMB_RULES}


def answers(found):
    return [None if math.isnan(one) else one for one in found.tolist()]


@pytest.mark.parametrize(
    ("following", "followers", "answer"),
    [(1_501, 700, 1), (1_500, 10, 0), (4_000, 2_000, 0), (4_001, 2_000, 1), (900, None, 0), (9_000, None, None)],
)
def test_mass_followers_are_those_of_the_verdict(accounts, following, followers, answer):
    batch = accounts(following_count=[following], followers_count=[followers])
    assert answers(RULE["mass_following"].flags(batch)) == [answer]
    assert is_mass_follower(batch).tolist() == [answer == 1]


@pytest.mark.parametrize("times", [2, 10, 50, 100])
def test_each_line_of_the_ratio_holds_from_its_number_on(accounts, times):
    batch = accounts(following_count=[3 * times, 3 * times - 1], followers_count=[3, 3])
    assert answers(RULE[f"ratio_{times}"].flags(batch)) == [1, 0]


@pytest.mark.parametrize(
    ("name", "columns", "wanted"),
    [
        ("no_avatar", {"has_avatar": [False, True, None]}, [1, 0, None]),
        ("no_bio", {"bio_length": [0, 1, None]}, [1, 0, None]),
        ("no_posts", {"posts_count": [0, 1, None]}, [1, 0, None]),
        ("young_account", {"age_days": [29, 30, None]}, [1, 0, None]),
        ("digits_in_handle", {"handle_digits": [4, 3, None]}, [1, 0, None]),
    ],
)
def test_rules_that_look_at_one_thing(accounts, name, columns, wanted):
    assert answers(RULE[name].flags(accounts(**columns))) == wanted


def test_an_empty_profile_lacks_all_three(accounts):
    batch = accounts(has_avatar=[False, False, False, True], bio_length=[0, 0, None, None], posts_count=[0, 1, 0, 0])
    assert answers(judge(EMPTY_PROFILE, batch).flagged) == [1, 0, None, 0]
