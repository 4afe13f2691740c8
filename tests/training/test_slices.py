import numpy as np

from botscan.features.grid import MISSING, bin_codes
from botscan.scoring.model import Thresholds
from botscan.training.bin_table import BinTable
from botscan.training.folds import Fold
from botscan.training.slices import SLICES, slice_rates
from botscan.training.thresholds import LeftOut

VALUES = {
    "age_days": [29, 30, 400, np.nan],
    "has_avatar": [0, 1, 1, 0],
    "posts_count": [4, 5, 0, 90],
    "followers_count": [19, 20, 3, 500],
    "following_count": [99, 100, 5, 3],
}
SCORES = np.array([10, 0, 10, 0])


class Given:
    def score(self, bins, features):
        return SCORES[: len(bins[features[0]])]


def table(label):
    bins = {name: bin_codes(np.array([values], dtype=np.float32).T, [name])[:, 0] for name, values in VALUES.items()}
    words = np.full(4, "x")
    return BinTable(words, words, words, np.full(4, label, dtype=np.int8), bins)


def test_slices_end_exactly_at_their_edge():
    members = {one.name: one.holds(table(0)).tolist() for one in SLICES}
    assert members == {
        "account under 30 days": [True, False, False, False],
        "no profile picture": [True, False, False, True],
        "fewer than 5 posts": [True, False, True, False],
        "fewer than 20 followers": [True, False, True, False],
        "follows fewer than 100": [True, False, True, True],
    }
    assert MISSING in table(0).bins["age_days"]


def test_rates_are_of_people_alone():
    fold = Fold("x", np.ones(4, bool), np.zeros(0, np.int64))
    left_out = [LeftOut(fold, Given(), table(0)), LeftOut(fold, Given(), table(1))]
    rates = {item["slice"]: item for item in slice_rates(left_out, ["posts_count"], Thresholds(10, 10))}
    assert rates["all people"] == {"slice": "all people", "n": 4, "review_rate": 0.5, "suspicious_rate": 0.5}
    assert rates["no profile picture"]["n"] == 2
    assert rates["fewer than 5 posts"]["suspicious_rate"] == 1.0
