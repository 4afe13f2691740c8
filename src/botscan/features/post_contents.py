"""What accounts post with: from which apps, how much of it is somebody else's, an answer, or said before."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from botscan.features.grouped_posts import GroupedPosts, Numbers, Whole, ratio
from botscan.features.post_feature import CHU_2012, MAZZA_2019, MIN_POSTS, PostFeature

#: Tools that post by schedule, from a feed or from a program, as they call themselves; compared in lower case. Clients
#: in which a person types (TweetDeck, phone apps) are none.
SCHEDULERS = (
    *("autotweety.net", "blog2social app", "buffer", "cheap bots, done quick!", "crowdfire inc.", "dlvr.it"),
    *("easybotter", "echobox", "hootsuite", "hootsuite inc.", "hypefury", "ifttt", "roundteam", "socialflow"),
    *("socialoomph", "sprout social", "twibble.io", "twittbot.net", "twitterfeed", "zapier", "zapier.com"),
)


def _source_app_count(posts: GroupedPosts) -> Numbers:
    n_apps = posts.count(posts.uses("source_app").owner)
    return np.where(n_apps > 0, n_apps, np.nan)


def _top_source_app_share(posts: GroupedPosts) -> Numbers:
    uses = posts.uses("source_app")
    most = np.zeros(posts.n_accounts, dtype=np.int64)
    np.maximum.at(most, uses.owner, uses.n_posts)
    return ratio(most, _n_with_app(posts), MIN_POSTS)


def _scheduler_share(posts: GroupedPosts) -> Numbers:
    uses = posts.uses("source_app")
    names = pc.utf8_lower(pc.utf8_trim_whitespace(uses.words))
    is_scheduler = np.asarray(pc.is_in(names, pa.array(SCHEDULERS, names.type)).to_numpy(zero_copy_only=False))
    ours = is_scheduler[uses.word]
    return ratio(posts.total(uses.owner[ours], uses.n_posts[ours]), _n_with_app(posts), MIN_POSTS)


def _n_with_app(posts: GroupedPosts) -> Whole:
    uses = posts.uses("source_app")
    return posts.total(uses.owner, uses.n_posts).astype(np.int64)


def _flag_share(name: str) -> Callable[[GroupedPosts], Numbers]:
    def compute(posts: GroupedPosts) -> Numbers:
        return ratio(*posts.flag_counts(name), MIN_POSTS)

    return compute


def _repeated_text_share(posts: GroupedPosts) -> Numbers:
    uses = posts.uses("text")
    n_texts = posts.total(uses.owner, uses.n_posts).astype(np.int64)
    return ratio(n_texts - posts.count(uses.owner), n_texts, MIN_POSTS)


def _posts_with(column: str, *values: object) -> tuple[Mapping[str, object], ...]:
    return tuple({column: value} for value in values)


FEATURES: tuple[PostFeature, ...] = (
    PostFeature(
        name="source_app_count",
        unit="apps",
        meaning="apps it posted from",
        needs=("source_app",),
        min_posts=1,
        compute=_source_app_count,
        cost_to_fake="cheap",
        reference=CHU_2012,
        example=(_posts_with("source_app", "Web", "IFTTT", "Web"), 2.0),
    ),
    PostFeature(
        name="top_source_app_share",
        unit="share",
        meaning="share of its posts from the app it uses most",
        needs=("source_app",),
        min_posts=MIN_POSTS,
        compute=_top_source_app_share,
        cost_to_fake="cheap",
        reference="own",
        example=(_posts_with("source_app", *["IFTTT"] * 6, *["Web"] * 4), 0.6),
    ),
    PostFeature(
        name="scheduler_share",
        unit="share",
        meaning="share of its posts from tools that post by schedule, from a feed or from a program",
        needs=("source_app",),
        min_posts=MIN_POSTS,
        compute=_scheduler_share,
        cost_to_fake="cheap",
        reference=CHU_2012,
        example=(_posts_with("source_app", *["IFTTT"] * 3, *["dlvr.it"] * 2, *["Web"] * 5), 0.5),
    ),
    PostFeature(
        name="repost_share",
        unit="share",
        meaning="share of its posts that repeat somebody else's",
        needs=("is_repost",),
        min_posts=MIN_POSTS,
        compute=_flag_share("is_repost"),
        cost_to_fake="cheap",
        reference=MAZZA_2019,
        example=(_posts_with("is_repost", *[True] * 3, *[False] * 9), 0.25),
    ),
    PostFeature(
        name="reply_share",
        unit="share",
        meaning="share of its posts that answer a post",
        needs=("is_reply",),
        min_posts=MIN_POSTS,
        compute=_flag_share("is_reply"),
        cost_to_fake="cheap",
        reference="own",
        example=(_posts_with("is_reply", *[True] * 3, *[False] * 9), 0.25),
    ),
    PostFeature(
        name="repeated_text_share",
        unit="share",
        meaning="share of its texts that it had posted before, apart from capitals, white space and links",
        needs=("text",),
        min_posts=MIN_POSTS,
        compute=_repeated_text_share,
        cost_to_fake="cheap",
        reference="own",
        example=(_posts_with("text", "Halo!", "halo!", "HALO!  https://t.co/a", *"abcdefg"), 0.2),
    ),
)
