"""Inactive is not fake: quiet readers of simulated audiences are hardly ever called suspicious."""

import numpy as np
import pytest

import botscan as bs

#: Columns of lists that know less than everything, by evidence pattern.
COUNTS = ["followers_count", "following_count", "posts_count"]
LISTS = {
    "twitter/full": None,
    "twitter/no_text": [*COUNTS, "created_at", "observed_at"],
    "twitter/no_dates": [*COUNTS, "handle", "bio"],
    "twitter/counts_only": COUNTS,
    "tiktok/full": None,
    "instagram/full": None,
    "instagram/no_text": [*COUNTS, "handle", "has_avatar"],
    "general/counts_only": None,
}


@pytest.mark.parametrize("pattern", LISTS)
def test_at_most_two_in_a_hundred_quiet_readers_are_suspicious(pattern):
    platform = pattern.split("/")[0].replace("general", "mastodon")
    audience = bs.make_audience(20_000, 1.0, platform, random_state=3, columns=LISTS[pattern])
    scores = bs.score_accounts(audience.accounts)
    assert scores.pattern == pattern
    verdicts = np.array(scores.table["verdict"].to_pylist())
    quiet = verdicts[audience.kinds == "quiet_reader"]
    assert len(quiet) > 3_000
    assert (quiet == "suspicious").mean() <= 0.02


def test_empty_young_batches_are_found():
    audience = bs.make_audience(5_000, 0.0, random_state=3)
    verdicts = np.array(bs.score_accounts(audience.accounts).table["verdict"].to_pylist())
    assert (verdicts[audience.kinds == "empty_batch"] == "suspicious").mean() > 0.6


def test_verdicts_of_bought_and_organic_accounts_do_not_become_the_share():
    audience = bs.make_audience(2_000, 0.5, random_state=3)
    result = bs.audit(audience.accounts)
    assert result.segments["suspicious"] > 0
    assert result.share.organic_share is None
