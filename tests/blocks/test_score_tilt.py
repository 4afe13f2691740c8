"""Scores of a crowd that leans to suspicion as a whole, and of one with a second group in it."""

import numpy as np
import pytest
from scipy.stats import norm

from botscan.blocks.score_tilt import STRONGEST_TILT, predicted_by_tilt

SPREAD = 1.5
QUANTILES = norm.ppf((np.arange(20_000) + 0.5) / 20_000)
#: A normal law, tilted by exp(b x), is the same law moved by b times its variance.
NEIGHBOURS = -2.0 + SPREAD * QUANTILES


@pytest.mark.parametrize("threshold", [-1.0, 0.0, 1.0])
@pytest.mark.parametrize("tilt", [0.0, 0.1, 0.2, 0.3])
def test_an_exactly_tilted_crowd_is_explained(tilt, threshold):
    crowd = NEIGHBOURS + tilt * SPREAD**2
    found = predicted_by_tilt(crowd, NEIGHBOURS, threshold)
    assert found == pytest.approx((crowd > threshold).mean(), rel=0.02, abs=1e-4)


def test_no_crowd_is_granted_more_than_the_strongest_tilt_nor_less_than_none():
    strongest = predicted_by_tilt(NEIGHBOURS + STRONGEST_TILT * SPREAD**2, NEIGHBOURS, 0.0)
    assert predicted_by_tilt(NEIGHBOURS + 1.2 * STRONGEST_TILT * SPREAD**2, NEIGHBOURS, 0.0) <= strongest * 1.01
    assert predicted_by_tilt(NEIGHBOURS - 5.0, NEIGHBOURS, 0.0) == pytest.approx((NEIGHBOURS > 0.0).mean())


def test_a_crowd_that_no_tilt_makes_is_not_explained():
    strongest = predicted_by_tilt(NEIGHBOURS + STRONGEST_TILT * SPREAD**2, NEIGHBOURS, 0.0)
    assert predicted_by_tilt(NEIGHBOURS + 5.0, NEIGHBOURS, 0.0) < strongest / 10


@pytest.mark.parametrize("share", [0.1, 0.2, 0.4])
def test_a_second_group_is_not_explained(share):
    crowd = NEIGHBOURS.copy()
    crowd[: int(share * len(crowd))] = 2.0
    crowd = np.concatenate([NEIGHBOURS, np.full(int(share / (1 - share) * len(NEIGHBOURS)), 2.0)])
    held = (crowd > 0.0).mean()
    assert predicted_by_tilt(crowd, NEIGHBOURS, 0.0) < held - 0.5 * share


def test_unknown_scores_are_left_aside_and_ties_stand_half_below_the_middle():
    rough = np.repeat(np.round(NEIGHBOURS), 2)
    holey = np.where(np.arange(len(rough)) % 2, rough, np.nan)
    wanted = (np.round(NEIGHBOURS) > 0.0).mean()
    assert predicted_by_tilt(holey, holey, 0.0) == pytest.approx(wanted)
    assert predicted_by_tilt(np.zeros(50), np.zeros(50), 1.0) == 0.0


@pytest.mark.parametrize("empty", [np.zeros(0), np.full(3, np.nan)])
def test_of_nobody_nothing_is_predicted(empty):
    assert predicted_by_tilt(empty, NEIGHBOURS, 0.0) == 0.0
    assert predicted_by_tilt(NEIGHBOURS, empty, 0.0) == 0.0
