"""Socialbakers FakeFollowerCheck: eight criteria for suspicious or empty followers.

The tool gave each criterion a number of points and called an account suspicious above a number of points; neither was
ever published. Its first announcement says that any one criterion is enough, and so do we.
"""

from __future__ import annotations

import numpy as np

from botscan.features.columns import Columns
from botscan.scoring.rule_sets import Answers, RuleSet, ThumbRule, all_of, unless_unknown
from botscan.scoring.yardsticks.profile_answers import (
    follows_times,
    has_avatar,
    has_bio,
    has_location,
    only_of_posts,
)

REFERENCE = (
    "Socialbakers, FakeFollowerCheck methodology, as printed in Cresci et al. 2015,"
    " https://doi.org/10.1016/j.dss.2015.09.003 (arXiv 1509.04098)"
)
COMBINATION = "any one, as the tool's first announcement (2012) has it; its later points were never published"
#: Two months, in days.
TWO_MONTHS = 61.0
#: Accounts followed above which an empty profile counts.
FOLLOWING = 100


def has_old_default_image(columns: Columns) -> Answers:
    """Whether each account is more than two months old and still has the default picture.

    Examples
    --------
    >>> import pyarrow as pa
    >>> has_old_default_image(Columns(pa.table({"has_avatar": [True, False]}))).tolist()
    [0.0, nan]
    """
    age = columns.age_days()
    return all_of(1.0 - has_avatar(columns), unless_unknown(age > TWO_MONTHS, age))


def is_empty_and_follows(columns: Columns) -> Answers:
    """Whether each account states neither bio nor place and follows more than 100 accounts.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"bio_length": [0, 0, 9], "location": ["", None, None], "following_count": [101, 101, 101]})
    >>> is_empty_and_follows(Columns(table)).tolist()
    [1.0, nan, 0.0]
    """
    following = columns.count("following_count")
    is_many = unless_unknown(following > FOLLOWING, following)
    return all_of(1.0 - has_bio(columns), 1.0 - has_location(columns), is_many)


def has_never_tweeted(columns: Columns) -> Answers:
    """Whether each account has no post."""
    posts = columns.count("posts_count")
    return np.where(np.isnan(posts), np.nan, posts == 0)


SOCIALBAKERS = RuleSet(
    name="socialbakers",
    reference=REFERENCE,
    criteria=(
        ThumbRule(
            "sb_ratio_50",
            "following / followers",
            "50:1 or more",
            follows_times(50),
            ("following_count", "followers_count"),
            REFERENCE,
        ),
        ThumbRule(
            "sb_spam_phrases",
            "share of posts with phrases such as diet, make money, work from home",
            "over 30 %",
            only_of_posts(),
            ("posts_count",),
            REFERENCE,
            "posts",
            ("post_texts",),
        ),
        ThumbRule(
            "sb_repeated_tweets",
            "times that the same post is repeated",
            "over 3",
            only_of_posts(most=3),
            ("posts_count",),
            REFERENCE,
            "posts",
            ("post_texts",),
        ),
        ThumbRule(
            "sb_retweets",
            "share of posts that repeat somebody else's",
            "over 90 %",
            only_of_posts(),
            ("posts_count",),
            REFERENCE,
            "posts",
            ("post_kinds",),
        ),
        ThumbRule(
            "sb_links",
            "share of posts that are links",
            "over 90 %",
            only_of_posts(),
            ("posts_count",),
            REFERENCE,
            "posts",
            ("post_texts",),
        ),
        ThumbRule("sb_never_tweeted", "posts", "0", has_never_tweeted, ("posts_count",), REFERENCE),
        ThumbRule(
            "sb_old_default_image",
            "age, picture",
            "over two months and the default picture",
            has_old_default_image,
            ("created_at", "observed_at", "has_avatar"),
            REFERENCE,
        ),
        ThumbRule(
            "sb_empty_and_follows",
            "bio, place, following",
            "neither bio nor place, and over 100",
            is_empty_and_follows,
            ("bio_length", "location", "following_count"),
            REFERENCE,
        ),
    ),
    combine="any",
    combination=COMBINATION,
)
