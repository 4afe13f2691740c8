"""Inactive is not fake: quiet readers of simulated audiences are hardly ever called suspicious."""

import numpy as np
import pytest

import botscan as bs

THIN = pytest.mark.xfail(
    reason="the model of this platform has two sources of quiet people: 14 % measured", strict=True
)


@pytest.mark.parametrize("platform", ["twitter", "tiktok", "mastodon", pytest.param("instagram", marks=THIN)])
def test_at_most_two_in_a_hundred_quiet_readers_are_suspicious(platform):
    audience = bs.make_audience(20_000, 1.0, platform, random_state=3)
    verdicts = np.array(bs.score_accounts(audience.accounts).table["verdict"].to_pylist())
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
