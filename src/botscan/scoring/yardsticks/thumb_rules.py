"""Rules of thumb on their own: ratio lines, empty profiles, young accounts, digits in the handle."""

from __future__ import annotations

from botscan.features.columns import Columns
from botscan.features.references import CRESCI_2015, KAGGLE_2019, LEE_2011
from botscan.scoring.rule_sets import Answers, RuleSet, ThumbRule, all_of, unless_unknown
from botscan.scoring.rules import MASS_FOLLOWING
from botscan.scoring.yardsticks.profile_answers import at_least, follows_times, has_avatar, has_bio

#: An account is young below this age, in days.
YOUNG_DAYS = 30.0
#: Digits in a handle from which it looks as if a machine had made it.
MANY_DIGITS = 4


def follows_the_mass(columns: Columns) -> Answers:
    """Whether each account follows more than 1,500 accounts and more than twice as many as follow it.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"following_count": [3_000, 900, 3_000], "followers_count": [100, None, None]})
    >>> follows_the_mass(Columns(table)).tolist()
    [1.0, 0.0, nan]
    """
    following, followers = columns.count("following_count"), columns.count("followers_count")
    is_many = unless_unknown(following > MASS_FOLLOWING, following)
    return all_of(is_many, unless_unknown(following > 2 * followers, following, followers))


def has_no_posts(columns: Columns) -> Answers:
    """Whether each account has no post."""
    posts = columns.count("posts_count")
    return unless_unknown(posts == 0, posts)


def is_young(columns: Columns) -> Answers:
    """Whether each account was younger than 30 days when it was seen."""
    age = columns.age_days()
    return unless_unknown(age < YOUNG_DAYS, age)


def has_no_avatar(columns: Columns) -> Answers:
    """Whether each account has the picture that everybody starts with."""
    return 1.0 - has_avatar(columns)


def has_no_bio(columns: Columns) -> Answers:
    """Whether each account is known to have no bio."""
    return 1.0 - has_bio(columns)


def _ratio(times: int, reference: str) -> ThumbRule:
    return ThumbRule(
        f"ratio_{times}",
        "following / followers",
        f"{times}:1 or more",
        follows_times(times),
        ("following_count", "followers_count"),
        reference,
    )


NO_AVATAR = ThumbRule("no_avatar", "picture", "the default picture", has_no_avatar, ("has_avatar",), CRESCI_2015)
NO_BIO = ThumbRule("no_bio", "bio", "empty", has_no_bio, ("bio_length",), CRESCI_2015)
NO_POSTS = ThumbRule("no_posts", "posts", "0", has_no_posts, ("posts_count",), CRESCI_2015)

THUMB_RULES: tuple[ThumbRule, ...] = (
    ThumbRule(
        "mass_following",
        "following, following / followers",
        "over 1,500, and over 2:1",
        follows_the_mass,
        ("following_count", "followers_count"),
        f"{CRESCI_2015} (2:1); the floor of 1,500 is our own",
    ),
    _ratio(2, CRESCI_2015),
    _ratio(10, "own; a round number in wide use"),
    _ratio(50, CRESCI_2015),
    _ratio(100, CRESCI_2015),
    NO_AVATAR,
    NO_BIO,
    NO_POSTS,
    ThumbRule("young_account", "age", "under 30 days", is_young, ("created_at", "observed_at"), LEE_2011),
    ThumbRule(
        "digits_in_handle",
        "digits in the handle",
        "4 or more",
        at_least("handle_digits", MANY_DIGITS),
        ("handle_digits",),
        f"{KAGGLE_2019} (share of digits); four is our own",
    ),
)

EMPTY_PROFILE = RuleSet(
    name="empty_profile",
    reference="own",
    criteria=(NO_AVATAR, NO_BIO, NO_POSTS),
    combine="all",
    combination="own",
)
