"""The seven signals, each worked out by hand."""

import math

import pytest

from botscan.scoring.rule_sets import judge
from botscan.scoring.yardsticks.state_of_search import STATE_OF_SEARCH

SIGNAL = {rule.name: rule for rule in STATE_OF_SEARCH.criteria}


def answers(found):
    return [None if math.isnan(one) else one for one in found.tolist()]


@pytest.mark.parametrize(
    ("bio", "answer"),
    [
        ("I am a bot.", 1),
        ("BOT", 1),
        ("(bot)", 1),
        ("a bot", 1),
        ("botany and robots", 0),
        ("my_bot", 0),
        ("bot2", 0),
        ("robôt", 0),
        ("ébot", 0),
        ("kopi", 0),
        (None, None),
    ],
)
def test_the_bio_says_so_in_a_word_of_its_own(accounts, bio, answer):
    batch = accounts(bio=[bio], bio_length=[None if bio is None else len(bio)])
    assert answers(SIGNAL["sos_bio_says_so"].flags(batch)) == [answer]


def test_words_do_not_reach_from_one_bio_into_the_next(accounts):
    batch = accounts(bio=["a b", "ot", "bot", "s"], bio_length=[3, 2, 3, 1])
    assert answers(SIGNAL["sos_bio_says_so"].flags(batch)) == [0, 0, 1, 0]


def test_an_empty_bio_says_nothing(accounts):
    assert answers(SIGNAL["sos_bio_says_so"].flags(accounts(bio=[None], bio_length=[0]))) == [0]


def test_a_hundred_for_one(accounts):
    batch = accounts(following_count=[100, 99, 0], followers_count=[1, 1, 0])
    assert answers(SIGNAL["sos_ratio_100"].flags(batch)) == [1, 0, 0]


def test_three_signals_are_never_known_from_a_list(accounts):
    batch = accounts(posts_count=[0, 9])
    for name in ("sos_duplicate_pictures", "sos_instant_replies", "sos_follow_unfollow"):
        assert answers(SIGNAL[name].flags(batch)) == [None, None]
    for name in ("sos_same_sentence", "sos_tweets_from_api"):
        assert answers(SIGNAL[name].flags(batch)) == [0, None]


def test_it_can_flag_but_never_clear(accounts):
    batch = accounts(
        bio=["a bot", "kopi", "kopi"],
        bio_length=[5, 4, 4],
        following_count=[1, 100, 1],
        followers_count=[1, 1, 1],
        posts_count=[0, 0, 0],
    )
    result = judge(STATE_OF_SEARCH, batch)
    assert answers(result.flagged) == [1, 1, None]
    assert (result.low.tolist(), result.high.tolist()) == ([1, 1, 0], [4, 4, 3])
