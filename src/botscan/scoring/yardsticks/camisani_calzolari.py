"""Camisani-Calzolari 2012: points for a person against points for a machine, from 22 features and the use of the API.

The features and their points are those that Cresci et al. 2015 print: an account gets the points of every feature that
holds, and a point against it for one that does not. What counts differently against it, and the lines at 0 and -4, are
as a public re-implementation of the paper has them (iMADDDDDD/ICYBM121-p1): nothing for being located and for the five
ways to log in, two for no post that was repeated, two for using the API only. A sum above 0 means a person, from -4
to 0 neither, below -4 a machine. The author later moved the line to -9.

Thirteen features and the use of the API show in posts only. An account without a post has none of these features; for
any other account they are unknown.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from botscan.features.columns import Columns
from botscan.scoring.rule_sets import Answers, RuleSet, ThumbRule, unless_unknown
from botscan.scoring.yardsticks.profile_answers import (
    at_least,
    has_avatar,
    has_bio,
    has_location,
    has_name,
    has_website,
    only_of_posts,
    unknown_to_all,
)

REFERENCE = (
    "Camisani-Calzolari 2012, as printed in Cresci et al. 2015, https://doi.org/10.1016/j.dss.2015.09.003"
    " (arXiv 1509.04098)"
)
COMBINATION = "points and the line at -4 as in iMADDDDDD/ICYBM121-p1, a re-implementation of Cresci et al. 2015"
#: Sum of points below which an account is taken for a machine.
BELOW = -4.0


def follows_at_most_twice(columns: Columns) -> Answers:
    """Whether twice the followers are as many as the accounts it follows, or more.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"followers_count": [50, 49, 0], "following_count": [100, 100, 0]})
    >>> follows_at_most_twice(Columns(table)).tolist()
    [1.0, 0.0, 1.0]
    """
    following, followers = columns.count("following_count"), columns.count("followers_count")
    return unless_unknown(2 * followers >= following, following, followers)


def is_liked(columns: Columns) -> Answers:
    """Whether a post of the account was liked by somebody."""
    likes = columns.count("likes_received_count")
    return np.where(columns.count("posts_count") == 0, 0.0, unless_unknown(likes > 0, likes))


def _of_profile(
    code: str, answer: Callable[[Columns], Answers], looks_at: str, threshold: str, needs: tuple[str, ...]
) -> ThumbRule:
    return ThumbRule(f"cc_{code}", looks_at, threshold, answer, needs, REFERENCE, speaks_for="organic")


def _of_posts(code: str, looks_at: str, *lacks: str, threshold: str = "at least 1") -> ThumbRule:
    return ThumbRule(
        f"cc_{code}", looks_at, threshold, only_of_posts(), ("posts_count",), REFERENCE, "posts", lacks, "organic"
    )


_SOURCE = "source_app"

#: Rule, points where it holds, points where it does not; in printed order, the use of the API last.
_TABLE: tuple[tuple[ThumbRule, int, int], ...] = (
    (_of_profile("has_name", has_name, "shown name", "not empty", ("display_name_words",)), 1, -1),
    (_of_profile("has_image", has_avatar, "picture", "not the default", ("has_avatar",)), 1, -1),
    (_of_profile("has_address", has_location, "stated place", "not empty", ("location",)), 1, -1),
    (_of_profile("has_biography", has_bio, "bio", "not empty", ("bio_length",)), 1, -1),
    (
        _of_profile(
            "has_30_followers", at_least("followers_count", 30), "followers", "30 or more", ("followers_count",)
        ),
        1,
        -1,
    ),
    (
        _of_profile("is_in_a_list", at_least("listed_count", 1), "lists that hold it", "1 or more", ("listed_count",)),
        1,
        -1,
    ),
    (_of_profile("has_50_tweets", at_least("posts_count", 50), "posts", "50 or more", ("posts_count",)), 1, -1),
    (_of_posts("is_geolocated", "posts with a place", "post_places"), 1, 0),
    (_of_profile("has_url", has_website, "link in the profile", "not empty", ("has_website",)), 1, -1),
    (
        ThumbRule(
            "cc_in_favorites",
            "likes its posts received",
            "1 or more",
            is_liked,
            ("likes_received_count", "posts_count"),
            REFERENCE,
            "posts",
            speaks_for="organic",
        ),
        1,
        -1,
    ),
    (_of_posts("uses_punctuation", "posts with punctuation", "post_texts"), 1, -1),
    (_of_posts("uses_hashtag", "posts with a hashtag", "post_texts"), 1, -1),
    (_of_posts("uses_iphone", "posts sent from an iPhone", _SOURCE), 1, 0),
    (_of_posts("uses_android", "posts sent from an Android device", _SOURCE), 1, 0),
    (_of_posts("uses_foursquare", "posts sent through Foursquare", _SOURCE), 1, 0),
    (_of_posts("uses_instagram", "posts sent through Instagram", _SOURCE), 1, 0),
    (_of_posts("uses_website", "posts sent from twitter.com", _SOURCE), 1, 0),
    (_of_posts("mentions_somebody", "posts that name another account", "post_texts"), 1, -1),
    (
        _of_profile(
            "follows_at_most_twice",
            follows_at_most_twice,
            "followers and following",
            "2 x followers >= following",
            ("followers_count", "following_count"),
        ),
        1,
        -1,
    ),
    (_of_posts("not_only_urls", "posts that are more than a link", "post_texts"), 1, -1),
    (_of_posts("was_retweeted", "posts that others repeated", "post_reposts"), 2, -2),
    (_of_posts("uses_clients", "apps its posts were sent from", _SOURCE, threshold="2 or more"), 3, -1),
    # Not among the 22. What an account without a post was made with, nobody sees: unknown.
    (ThumbRule("cc_uses_only_api", "apps", "the API only", unknown_to_all, (), REFERENCE, "posts", (_SOURCE,)), -2, 0),
)

CAMISANI_CALZOLARI = RuleSet(
    name="camisani_calzolari_2012",
    reference=REFERENCE,
    criteria=tuple(rule for rule, _, _ in _TABLE),
    combine="sum",
    combination=COMBINATION,
    points=tuple((float(if_true), float(if_false)) for _, if_true, if_false in _TABLE),
    below=BELOW,
)
