"""Laws that every rule and set keeps: unknown flags nobody, and more knowledge never turns an answer round."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.features.columns import Columns
from botscan.schema import ACCOUNT_COLUMN
from botscan.scoring.rule_sets import judge
from botscan.scoring.yardsticks import ALL_RULES, RULE_SETS, YARDSTICKS

EVERY = tuple({rule.name: rule for rule in (*YARDSTICKS, *ALL_RULES)}.values())
SEEN = datetime(2026, 6, 30, tzinfo=UTC)
COUNTS = st.sampled_from([0, 1, 3, 4, 29, 30, 49, 50, 100, 101, 1_500, 1_501, 3_100, 10_000])
COLUMNS = (
    "display_name", "display_name_words", "bio", "bio_length", "location", "created_at", "observed_at",
    "followers_count", "following_count", "posts_count", "likes_received_count", "listed_count", "has_avatar",
    "has_website", "handle_digits",
)  # fmt: skip


@st.composite
def whole_accounts(draw):
    """Draw an account of which everything is known, without contradiction."""
    posts = draw(COUNTS)
    bio, name = draw(st.sampled_from(["", "kopi", "a bot", "botany"])), draw(st.sampled_from(["", "Ana"]))
    return {
        "display_name": name,
        "display_name_words": len(name.split()),
        "bio": bio,
        "bio_length": len(bio),
        "location": draw(st.sampled_from(["", "Solo"])),
        "created_at": SEEN - timedelta(days=draw(st.sampled_from([0, 29, 30, 61, 62, 900]))),
        "observed_at": SEEN,
        "followers_count": draw(COUNTS),
        "following_count": draw(COUNTS),
        "posts_count": posts,
        "likes_received_count": draw(COUNTS) if posts else 0,
        "listed_count": draw(COUNTS),
        "has_avatar": draw(st.booleans()),
        "has_website": draw(st.booleans()),
        "handle_digits": draw(st.integers(0, 8)),
    }


def batch(accounts):
    return Columns(
        pa.table({name: pa.array([one[name] for one in accounts], ACCOUNT_COLUMN[name].arrow_type) for name in COLUMNS})
    )


@given(whole_accounts(), st.sets(st.sampled_from(COLUMNS)), st.sets(st.sampled_from(COLUMNS)))
def test_more_knowledge_turns_no_answer_round(account, first, further):
    less = {name: None if name in first | further else cell for name, cell in account.items()}
    more = {name: None if name in first else cell for name, cell in account.items()}
    columns = batch([less, more])
    for rule in EVERY:
        before, after = judge(rule, columns).flagged.tolist()
        assert math.isnan(before) or before == after, rule.name


@given(whole_accounts(), st.sets(st.sampled_from(COLUMNS)))
def test_counts_close_in_on_each_other_and_hold_the_truth_between_them(account, hidden):
    columns = batch([{name: None if name in hidden else cell for name, cell in account.items()}, account])
    for rule in EVERY:
        judged = judge(rule, columns)
        assert (judged.low <= judged.high).all(), rule.name
        assert judged.low[0] <= judged.low[1], rule.name
        assert judged.high[1] <= judged.high[0], rule.name
        assert judged.n_checked[0] <= judged.n_checked[1] <= len(rule.criteria), rule.name


@given(st.lists(whole_accounts(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(accounts, random):
    order = list(range(len(accounts)))
    random.shuffle(order)
    one, other = batch(accounts), batch([accounts[index] for index in order])
    for rule in EVERY:
        np.testing.assert_array_equal(judge(rule, one).flagged[order], judge(rule, other).flagged)


def test_of_an_account_of_which_nothing_is_known_no_rule_says_anything():
    columns = batch([dict.fromkeys(COLUMNS)])
    for rule in EVERY:
        judged = judge(rule, columns)
        assert math.isnan(judged.flagged[0]), rule.name
        assert judged.n_checked[0] == 0, rule.name


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_a_rule_says_what_it_looks_at_where_it_is_from_and_what_it_costs(rule):
    assert set(rule.needs) <= set(ACCOUNT_COLUMN)
    assert rule.looks_at
    assert rule.threshold
    assert rule.reference
    # What only costs a row needs nothing else; what lacks something cannot be had with the list.
    assert (rule.cost == "list") is not bool(rule.lacks) or rule.name == "cc_in_favorites"


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_a_rule_reads_no_column_that_it_does_not_name(rule):
    whole = {
        "display_name": "", "display_name_words": 0, "bio": "", "bio_length": 0, "location": "", "created_at": SEEN,
        "observed_at": SEEN, "followers_count": 0, "following_count": 9_000, "posts_count": 0,
        "likes_received_count": 0, "listed_count": 0, "has_avatar": False, "has_website": False, "handle_digits": 8,
    }  # fmt: skip
    named = {name: cell if name in rule.needs else None for name, cell in whole.items()}
    first, second = rule.flags(batch([whole, named])).tolist()
    assert first == second or (math.isnan(first) and math.isnan(second))


def test_names_are_unique_and_sets_say_who_combines_them():
    names = [rule.name for rule in EVERY]
    assert len(set(names)) == len(names)
    assert all(rule.combination and rule.reference for rule in RULE_SETS)
