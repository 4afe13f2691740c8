import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts.coverage import measure_coverage
from botscan.features.registry import FEATURE
from botscan.schema import ACCOUNT_COLUMN, PLATFORMS
from botscan.scoring.patterns import COUNTS, GENERAL, PATTERNS, choose_pattern

ALL = dict.fromkeys(ACCOUNT_COLUMN, 1.0)


def chosen(platform, coverage):
    pattern = choose_pattern(PATTERNS, platform, coverage)
    return pattern and pattern.id


@pytest.mark.parametrize(
    ("platform", "lacks", "wanted"),
    [
        ("twitter", (), "twitter/full"),
        ("twitter", ("has_geo",), "twitter/no_geo"),
        ("twitter", ("has_geo", "listed_count"), "twitter/no_lists"),
        ("twitter", ("listed_count",), "twitter/no_lists"),
        ("twitter", ("bio", "bio_length"), "twitter/no_text"),
        ("twitter", ("has_avatar",), "twitter/no_text"),
        ("twitter", ("observed_at",), "twitter/no_dates"),
        ("twitter", ("created_at", "bio_length"), "twitter/counts_only"),
        ("twitter", ("posts_count",), None),
        ("twitter", ("followers_count",), None),
        ("instagram", (), "instagram/full"),
        ("instagram", ("bio_length",), "instagram/no_text"),
        ("instagram", ("handle_digit_ratio",), "instagram/counts_only"),
        ("tiktok", ("likes_received_count",), "tiktok/counts_only"),
        ("tiktok", ("handle_digit_ratio",), "tiktok/no_text"),
        ("mastodon", (), "general/counts_only"),
        (None, (), "general/counts_only"),
    ],
)
def test_the_richest_pattern_that_the_columns_allow(platform, lacks, wanted):
    assert chosen(platform, {name: share for name, share in ALL.items() if name not in lacks}) == wanted


@pytest.mark.parametrize(("share", "wanted"), [(0.5, "twitter/full"), (0.49, "twitter/no_geo")])
def test_a_column_known_in_half_of_the_rows_is_present(share, wanted):
    assert chosen("twitter", {**ALL, "has_geo": share}) == wanted


def test_bios_that_are_empty_are_known():
    # Nobody in this list has a bio: the text is null everywhere, its length 0.
    nobody = pa.table({"bio": pa.nulls(2, pa.large_string()), "bio_length": [0, 0]})
    assert chosen("twitter", {**ALL, **measure_coverage(nobody)}) == "twitter/full"
    lengths_only = {name: share for name, share in ALL.items() if name != "bio"}
    assert chosen("twitter", lengths_only) == "twitter/no_text"


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from([*PLATFORMS, GENERAL]),
    st.dictionaries(st.sampled_from(list(ACCOUNT_COLUMN)), st.floats(0, 1)),
    st.dictionaries(st.sampled_from(list(ACCOUNT_COLUMN)), st.floats(0, 1)),
)
def test_more_coverage_never_gives_a_poorer_pattern(platform, coverage, more):
    better = {name: max(coverage.get(name, 0.0), more.get(name, 0.0)) for name in (*coverage, *more)}
    order = [None, *(pattern.id for pattern in reversed(PATTERNS.get(platform, PATTERNS[GENERAL])))]
    before, after = chosen(platform, coverage), chosen(platform, better)
    assert order.index(after) >= order.index(before) or before is None


def test_every_pattern_is_of_canonical_columns_and_holds_the_three_counts():
    for patterns in PATTERNS.values():
        for pattern in patterns:
            assert set(COUNTS) <= set(pattern.columns) <= set(ACCOUNT_COLUMN)
        # Each poorer pattern knows strictly less than the richest.
        assert all(set(pattern.columns) < set(patterns[0].columns) for pattern in patterns[1:])


def test_bio_marks_need_what_the_patterns_ask_for():
    assert FEATURE["bio_has_link"].needs == ("bio", "bio_length")
