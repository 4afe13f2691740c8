"""The bars of a waterfall begin where the one before ended, and end at the score, to the step."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import botscan as bs
from botscan.report.waterfall import waterfall_bars, waterfall_range, waterfall_ticks
from botscan.scoring import GroupPoints, load_model


@cache
def simulated(platform, random_state):
    accounts = bs.make_audience(n=30, platform=platform, random_state=random_state).accounts
    return accounts, accounts.table["account_id"].to_pylist()


def explanation(platform="twitter", random_state=0, row=0):
    accounts, ids = simulated(platform, random_state)
    return load_model().explain(accounts, ids[row])


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["twitter", "instagram", "tiktok", "mastodon"]), st.integers(0, 5), st.integers(0, 29))
def test_bars_of_any_account_add_up_to_its_score_exactly(platform, random_state, row):
    found = explanation(platform, random_state, row)
    *parts, whole = waterfall_bars(found)
    assert parts[0].log_odds == found.intercept
    assert parts[0].start == 0
    for before, bar in pairwise(parts):
        assert bar.start == before.end
    for bar in (*parts, whole):
        assert round(bar.start * 20) + round(bar.log_odds * 20) == bar.end * 20
    assert (whole.kind, whole.start, whole.end, whole.log_odds) == ("score", 0, found.log_odds, found.log_odds)
    assert parts[-1].end == found.log_odds
    assert sum(round(bar.log_odds * 20) for bar in parts) == round(found.log_odds * 20)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["twitter", "tiktok"]), st.integers(0, 5), st.integers(0, 29))
def test_every_story_stands_in_one_bar_and_the_largest_have_their_own(platform, random_state, row):
    found = explanation(platform, random_state, row)
    bars = waterfall_bars(found)
    told = [group for bar in bars for group in bar.groups]
    assert sorted(group.group for group in told) == sorted(group.group for group in found.groups if group.log_odds)
    named = [bar for bar in bars if bar.kind in ("for", "against")]
    assert all(len(bar.groups) == 1 for bar in named)
    assert all((bar.log_odds > 0) == (bar.kind == "for") for bar in named)
    sizes = [abs(bar.log_odds) for bar in named]
    assert sizes == sorted(sizes, reverse=True)
    for kind, reasons in (("for", found.reasons_for), ("against", found.reasons_against)):
        assert tuple(bar.groups[0] for bar in named if bar.kind == kind) == reasons
        assert len(reasons) <= 3
    assert [bar.kind for bar in bars].count("other") <= 1


def with_groups(*sums, intercept=0.0):
    groups = tuple(GroupPoints(f"story{place}", value, ()) for place, value in enumerate(sums))
    score = round(20 * (intercept + sum(sums))) / 20
    return replace(explanation(), groups=groups, intercept=intercept, log_odds=score)


def test_more_than_three_of_a_side_are_summed_and_what_adds_nothing_has_no_bar():
    bars = waterfall_bars(with_groups(2.0, 1.5, -1.0, 0.5, 0.25, 0.1, 0.0))
    assert [(bar.kind, bar.log_odds) for bar in bars] == [
        ("start", 0.0), ("for", 2.0), ("for", 1.5), ("against", -1.0), ("for", 0.5), ("other", 0.35), ("score", 3.35),
    ]  # fmt: skip
    assert len(bars[-2].groups) == 2
    assert [bar.way for bar in bars] == ["for", "for", "for", "against", "for", "for", "score"]


def test_a_kind_of_evidence_that_is_not_known_here_has_its_bar_like_any_other():
    found = explanation()
    more = GroupPoints("of_another_kind", 4.0, ())
    bars = waterfall_bars(replace(found, groups=(more, *found.groups), log_odds=round(20 * found.log_odds + 80) / 20))
    assert bars[1].groups == (more,)
    assert bars[-2].end == bars[-1].end


def test_without_a_score_there_are_no_bars():
    assert waterfall_bars(bs.explain_account([{"account_id": "9", "handle": "akun"}], "9", platform="twitter")) == ()


def test_the_range_holds_zero_all_bars_and_both_lines():
    found = replace(with_groups(-2.0, 0.5), suspicious_threshold=2.0, review_threshold=-3.0)
    assert waterfall_range(found) == (-3.0, 2.0)
    assert waterfall_range(replace(found, suspicious_threshold=None, review_threshold=None)) == (-2.0, 0.0)


@given(st.floats(-60, 0), st.floats(0, 60))
def test_ticks_are_few_round_and_inside(low, high):
    ticks = waterfall_ticks(low, high)
    assert 1 <= len(ticks) <= 9
    assert 0 in ticks
    assert low <= ticks[0] <= ticks[-1] <= high


@pytest.mark.parametrize("row", range(5))
def test_reasons_are_the_largest_stories_of_their_side(row):
    found = explanation(random_state=3, row=row)
    for reasons, way in ((found.reasons_for, 1), (found.reasons_against, -1)):
        sums = sorted((way * group.log_odds for group in found.groups if way * group.log_odds > 0), reverse=True)
        assert [way * group.log_odds for group in reasons] == sums[:3]
    assert "suspicious_threshold" not in found.to_dict()
    assert found.review_threshold <= found.suspicious_threshold
