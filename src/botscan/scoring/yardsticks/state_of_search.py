"""State of Search: seven signals for recognising automated accounts, most of which only posts show."""

from __future__ import annotations

import numpy as np

from botscan.features.columns import Columns
from botscan.scoring.rule_sets import Answers, RuleSet, ThumbRule
from botscan.scoring.yardsticks.profile_answers import follows_times, has_bio, has_word, only_of_posts, unknown_to_all

REFERENCE = (
    "Van den Beld, stateofsearch.com 2012, as printed in Cresci et al. 2015,"
    " https://doi.org/10.1016/j.dss.2015.09.003 (arXiv 1509.04098)"
)
COMBINATION = "any one is a signal; the source does not say how many are needed"


def says_it_is_automated(columns: Columns) -> Answers:
    """Whether the bio says that the account is a machine: it holds the word bot on its own.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = pa.table({"bio": ["I am a bot", "botany", None], "bio_length": [10, 6, None]})
    >>> says_it_is_automated(Columns(table)).tolist()
    [1.0, 0.0, nan]
    """
    in_bio = has_word(columns.text("bio"), b"bot")
    # A bio known to be empty says nothing.
    return np.where(np.isnan(in_bio) & (has_bio(columns) == 0), 0.0, in_bio)


STATE_OF_SEARCH = RuleSet(
    name="state_of_search",
    reference=REFERENCE,
    criteria=(
        ThumbRule(
            "sos_bio_says_so",
            "bio",
            "says that the account is automated",
            says_it_is_automated,
            ("bio", "bio_length"),
            REFERENCE,
        ),
        ThumbRule(
            "sos_ratio_100",
            "following / followers",
            "in the order of 100:1, taken as 100:1 or more",
            follows_times(100),
            ("following_count", "followers_count"),
            REFERENCE,
        ),
        ThumbRule(
            "sos_same_sentence",
            "accounts that get the same sentence",
            "many",
            only_of_posts(),
            ("posts_count",),
            REFERENCE,
            "posts",
            ("post_texts",),
        ),
        ThumbRule(
            "sos_duplicate_pictures",
            "accounts with the same picture",
            "2 or more",
            unknown_to_all,
            (),
            REFERENCE,
            "pictures",
            ("pictures",),
        ),
        ThumbRule(
            "sos_tweets_from_api",
            "posts sent through the API",
            "1 or more",
            only_of_posts(),
            ("posts_count",),
            REFERENCE,
            "posts",
            ("source_app",),
        ),
        ThumbRule(
            "sos_instant_replies",
            "time from a post to its reply or follow",
            "milliseconds",
            unknown_to_all,
            (),
            REFERENCE,
            "history",
            ("reply_times",),
        ),
        ThumbRule(
            "sos_follow_unfollow",
            "time from following to leaving",
            "within 24 hours",
            unknown_to_all,
            (),
            REFERENCE,
            "history",
            ("follow_history",),
        ),
    ),
    combine="any",
    combination=COMBINATION,
)
