"""Rules of cadence: where each begins to hold, and that they only tell."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from math import log2

import numpy as np
import pytest

from botscan.accounts.posts import PostTable
from botscan.evidence.scores import VERDICTS
from botscan.features.cadence import POST_FEATURES, cadence_matrix
from botscan.scoring.cadence_rules import CADENCE_RULES, Limit, ToldCadence, cadence_conditions, tell_cadence
from botscan.scoring.rules import RULES
from botscan.wording import LANGUAGES, has_words, say

NAMES = [feature.name for feature in POST_FEATURES]
RULE = {rule.name: rule for rule in CADENCE_RULES}
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)

each_rule = pytest.mark.parametrize("rule", CADENCE_RULES, ids=lambda rule: rule.name)


def row(**values):
    """One account of which only these numbers are known."""
    return np.array([[values.get(name, np.nan) for name in NAMES]], dtype=np.float32)


def at_the_line(rule):
    return {"n_posts_seen": rule.min_posts} | {limit.feature: limit.threshold for limit in rule.limits}


def beyond(limit, step):
    """A value that is a little inside (step > 0) or outside of a limit."""
    return limit.threshold + (step if limit.bound == "at_least" else -step)


def holds(rule, **values):
    return rule.holds(row(**values)).tolist() == [True]


def table_of(posts):
    rows = [{"account_id": "7", "post_id": str(number), **post} for number, post in enumerate(posts)]
    other = {"account_id": "8", "post_id": "x", "posted_at": MONDAY + timedelta(hours=1.7)}
    return PostTable.from_frame([*rows, other], platform="bluesky")


def told(posts):
    return [one.rule for one in tell_cadence(table_of(posts), "7")]


@each_rule
def test_a_rule_holds_from_its_thresholds_on(rule):
    line = at_the_line(rule)
    assert holds(rule, **line)
    for limit in rule.limits:
        assert holds(rule, **line | {limit.feature: beyond(limit, 0.01)})
        assert not holds(rule, **line | {limit.feature: beyond(limit, -0.01)})


@each_rule
def test_a_rule_needs_its_posts_and_knows_what_it_says(rule):
    line = at_the_line(rule)
    assert not holds(rule, **line | {"n_posts_seen": rule.min_posts - 1})
    for name in line:
        assert not holds(rule, **line | {name: np.nan})


@each_rule
def test_declarations_are_whole(rule):
    assert set(NAMES) >= {limit.feature for limit in rule.limits}
    assert rule.limits
    assert rule.meaning
    assert rule.basis
    assert rule.reference
    least = {feature.name: feature.min_posts for feature in POST_FEATURES}
    assert all(rule.min_posts >= least[limit.feature] for limit in rule.limits)


def test_rules_of_cadence_give_no_verdict_and_share_no_name():
    assert len(RULE) == len(CADENCE_RULES)
    assert not set(RULE) & {*VERDICTS, *(rule.name for rule in RULES)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [*(f"rule_{name}" for name in RULE), *(f"feature_{name}" for name in NAMES)])
def test_every_rule_and_number_has_words(code, language):
    assert has_words(code)
    assert say(code, language)


def test_conditions_are_those_of_the_rules():
    matrix = np.vstack([row(**at_the_line(rule)) for rule in CADENCE_RULES])
    found = cadence_conditions(matrix)
    assert list(found) == list(RULE)
    np.testing.assert_array_equal(np.array(list(found.values())), np.eye(len(CADENCE_RULES), dtype=bool))


def test_a_limit_compares_in_the_precision_of_the_features():
    third = np.float32(1 / 3)
    matrix = row(repost_share=third)
    assert Limit("repost_share", "at_least", 1 / 3).holds(matrix).tolist() == [True]
    assert Limit("repost_share", "at_most", 1 / 3).holds(matrix).tolist() == [True]


def test_who_posts_every_hour_of_the_day_posts_round_the_clock():
    assert told({"posted_at": MONDAY + timedelta(hours=n, seconds=n % 3)} for n in range(240)) == [
        "posts_round_the_clock",
        "posts_like_a_clock",
    ]


def test_who_sleeps_three_hours_does_not():
    awake = [hour for hour in range(24 * 20) if hour % 24 >= 3]
    assert told({"posted_at": MONDAY + timedelta(hours=hour, minutes=hour % 50)} for hour in awake) == []


def test_an_even_spread_is_found_at_the_least_number_of_posts():
    dice = random.Random(1)
    runs = [
        [{"posted_at": MONDAY + timedelta(minutes=dice.randrange(60 * 24 * 90))} for _ in range(240)] for _ in range(40)
    ]
    assert sum("posts_round_the_clock" in told(run) for run in runs) >= 30


def test_threads_are_bursts():
    threads = [{"posted_at": MONDAY + timedelta(days=n // 3, hours=7 * (n // 3) % 5, seconds=n % 3)} for n in range(30)]
    assert told(threads) == ["posts_in_bursts"]


def test_an_ordinary_poster_meets_no_rule():
    dice = random.Random(4)
    posts = [
        {
            "posted_at": MONDAY + timedelta(days=day, hours=dice.gauss(14, 3), minutes=dice.random() * 60),
            "source_app": "Android",
            "is_repost": dice.random() < 0.4,
            "is_reply": dice.random() < 0.3,
            "text": f"catatan {day} {dice.random()}",
        }
        for day in range(300)
        for _ in range(dice.randint(0, 3))
    ]
    assert told(posts) == []


def test_one_app_is_a_sign_only_where_it_is_a_tool():
    assert told([{"source_app": "Twitter for Android"}] * 30) == []
    (one,) = tell_cadence(table_of([{"source_app": "dlvr.it"}] * 29 + [{"source_app": "Android"}]), "7")
    assert (one.rule, one.app, one.n_posts) == ("one_source_app", "dlvr.it", 30)
    # Two tools by turns are tools, and not one.
    assert told([{"source_app": ("dlvr.it", "IFTTT")[n % 2]} for n in range(30)]) == []


def test_a_told_rule_brings_its_number_and_its_line():
    posts = [{"text": ("beli sekarang", f"kata {n}")[n % 4 == 0]} for n in range(40)]
    assert tell_cadence(table_of(posts), "7") == (
        ToldCadence("repeats_its_texts", "repeated_text_share", 0.725, "at_least", 0.5, 40),
    )


def test_nothing_is_told_of_an_account_without_posts():
    table = table_of([{"is_repost": True}] * 30)
    assert tell_cadence(table, "9") == ()
    assert not any(mask.any() for mask in cadence_conditions(cadence_matrix(table, ["9", None])).values())


def test_the_line_of_the_clock_is_that_of_22_even_hours():
    (limit,) = RULE["posts_round_the_clock"].limits
    assert limit.threshold == log2(22)
    posts = [
        {"posted_at": MONDAY + timedelta(days=day, hours=hour, minutes=day)} for day in range(12) for hour in range(22)
    ]
    assert cadence_matrix(table_of(posts), ["7"])[0, NAMES.index("hour_entropy")] == pytest.approx(log2(22), abs=1e-6)
