"""When accounts post: how often, in what rhythm, at which hours and on which days.

Hours and weekdays are counted in UTC. Another zone turns the clock: by whole hours it leaves the entropy of the hours
as it is, and it moves that of the weekdays only by the posts around midnight.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import numpy as np

from botscan.cells.dates import MICROSECONDS_PER_DAY
from botscan.features.grouped_posts import MICROSECONDS_PER_HOUR, GroupedPosts, Numbers, Whole, ratio
from botscan.features.post_feature import CHU_2012, GOH_2008, MIN_POSTS, PostFeature

#: A gap below this is a burst, in seconds.
BURST_SECONDS = 60
#: Twice the number of bins: an entropy of fewer posts is mostly their number. It still reads low by about
#: (bins - 1) / (2 ln 2 posts) bits (Miller 1955): .35 for hours at 48 posts, .03 at 500; and few posts lie in few days.
#: Compare entropies only between accounts of like numbers of posts.
MIN_POSTS_HOURS, MIN_POSTS_WEEKDAYS = 48, 14

_NOON = datetime(2024, 5, 6, 12, tzinfo=UTC)  # a Monday


def _n_posts_seen(posts: GroupedPosts) -> Numbers:
    return posts.n_posts.astype(np.float64)


def _posts_per_active_day(posts: GroupedPosts) -> Numbers:
    owner, day = posts.times.owner, posts.times.instant // MICROSECONDS_PER_DAY
    is_first = np.ones(len(owner), dtype=np.bool_)
    is_first[1:] = (owner[1:] != owner[:-1]) | (day[1:] != day[:-1])
    return ratio(posts.n_dated, posts.count(owner[is_first]), 1)


def _n_gaps(posts: GroupedPosts) -> Whole:
    """Gaps of each account, 0 where there are too few or where the file does not tell times of day."""
    n_gaps = posts.count(posts.gaps.owner)
    return np.where(n_gaps >= MIN_POSTS - 1, n_gaps, 0) if posts.knows_time_of_day else np.zeros_like(n_gaps)


def _median_gap_hours(posts: GroupedPosts) -> Numbers:
    gaps, n_gaps = posts.gaps, _n_gaps(posts)
    length = gaps.length[np.lexsort((gaps.length, gaps.owner))]
    counts = posts.count(gaps.owner)
    rows = np.flatnonzero(n_gaps)
    start = (np.cumsum(counts) - counts)[rows]
    middle = (length[start + (n_gaps[rows] - 1) // 2] + length[start + n_gaps[rows] // 2]) / 2
    medians = np.full(posts.n_accounts, np.nan)
    medians[rows] = middle / MICROSECONDS_PER_HOUR
    return medians


def _burst_gap_share(posts: GroupedPosts) -> Numbers:
    is_burst = posts.gaps.length < BURST_SECONDS * 1_000_000
    return ratio(posts.count(posts.gaps.owner[is_burst]), _n_gaps(posts), 1)


def _burstiness(posts: GroupedPosts) -> Numbers:
    gaps, n_gaps = posts.gaps, _n_gaps(posts)
    length = gaps.length.astype(np.float64)
    mean = ratio(posts.total(gaps.owner, length), n_gaps, 1)
    deviation = np.sqrt(ratio(posts.total(gaps.owner, (length - mean[gaps.owner]) ** 2), n_gaps, 1))
    both = deviation + mean
    return np.divide(deviation - mean, both, out=np.full(len(mean), np.nan), where=both > 0)


def _entropy(posts: GroupedPosts, bins: Whole, n_bins: int, min_posts: int) -> Numbers:
    """Return the entropy of the bins of the dated posts of each account, in bits, in [0, log2(n_bins)]."""
    n_dated = posts.n_dated
    entropy = np.full(posts.n_accounts, np.nan)
    # Only accounts of enough posts get a row of bins: there are never more cells than posts.
    rows = np.flatnonzero(n_dated >= min_posts)
    place = np.full(posts.n_accounts, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    row = place[posts.times.owner]
    cells = row[row >= 0] * n_bins + bins[row >= 0]
    counts = np.bincount(cells, minlength=len(rows) * n_bins).reshape(-1, n_bins)
    inner = (counts * np.log2(np.maximum(counts, 1))).sum(axis=1)
    entropy[rows] = np.maximum(np.log2(n_dated[rows]) - inner / n_dated[rows], 0.0)
    return entropy


def _hour_entropy(posts: GroupedPosts) -> Numbers:
    if not posts.knows_time_of_day:
        return np.full(posts.n_accounts, np.nan)
    return _entropy(posts, posts.times.instant // MICROSECONDS_PER_HOUR % 24, 24, MIN_POSTS_HOURS)


def _weekday_entropy(posts: GroupedPosts) -> Numbers:
    return _entropy(posts, posts.times.instant // MICROSECONDS_PER_DAY % 7, 7, MIN_POSTS_WEEKDAYS)


def _posts_at(*hours: float) -> tuple[Mapping[str, object], ...]:
    """Return made-up posts so many hours after a noon."""
    return tuple({"posted_at": _NOON + timedelta(hours=hour)} for hour in hours)


FEATURES: tuple[PostFeature, ...] = (
    PostFeature(
        name="n_posts_seen",
        unit="posts",
        meaning="posts of the account in the file, which need not be all it made",
        needs=(),
        min_posts=0,
        compute=_n_posts_seen,
        cost_to_fake="costly",
        reference="own",
        example=(_posts_at(0, 1, 2), 3.0),
    ),
    PostFeature(
        name="posts_per_active_day",
        unit="posts per day",
        meaning="posts per day (UTC) on which it posted",
        needs=("posted_at",),
        min_posts=1,
        compute=_posts_per_active_day,
        cost_to_fake="costly",
        reference="own",
        example=(_posts_at(0, 1, 2, 24, 48), 5 / 3),
    ),
    PostFeature(
        name="median_gap_hours",
        unit="hours",
        meaning="middle one of the times between one post and the next",
        needs=("posted_at",),
        min_posts=MIN_POSTS,
        compute=_median_gap_hours,
        cost_to_fake="cheap",
        reference="own",
        example=(_posts_at(0, 1, 2, 3, 5, 7, 10, 13, 20, 90), 2.0),
    ),
    PostFeature(
        name="burst_gap_share",
        unit="share",
        meaning="share of the times between one post and the next that are under 60 seconds",
        needs=("posted_at",),
        min_posts=MIN_POSTS,
        compute=_burst_gap_share,
        cost_to_fake="cheap",
        reference="own",
        example=(_posts_at(0, 0, 0.01, 3, 4, 5, 6, 6.01, 9, 9.5), 3 / 9),
    ),
    PostFeature(
        name="burstiness",
        unit="",
        meaning="spread less mean of the times between posts, over their sum: -1 a clock, 0 pure chance, near 1 bursts",
        needs=("posted_at",),
        min_posts=MIN_POSTS,
        compute=_burstiness,
        cost_to_fake="cheap",
        reference=GOH_2008,
        example=(_posts_at(*range(0, 50, 5)), -1.0),
    ),
    PostFeature(
        name="hour_entropy",
        unit="bits",
        meaning="spread of its posts over the 24 hours of the day: 0 one hour, 4.58 all alike",
        needs=("posted_at",),
        min_posts=MIN_POSTS_HOURS,
        compute=_hour_entropy,
        cost_to_fake="cheap",
        reference=CHU_2012,
        example=(_posts_at(*(24 * day + hour for day in range(12) for hour in (0, 1, 2, 3))), 2.0),
    ),
    PostFeature(
        name="weekday_entropy",
        unit="bits",
        meaning="spread of its posts over the days of the week: 0 one day, 2.81 all alike",
        needs=("posted_at",),
        min_posts=MIN_POSTS_WEEKDAYS,
        compute=_weekday_entropy,
        cost_to_fake="cheap",
        reference=CHU_2012,
        example=(_posts_at(*(24 * (7 * week + day) for week in range(7) for day in (0, 3))), 1.0),
    ),
)
