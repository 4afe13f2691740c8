import numpy as np
import pytest

from botscan.features.grid import EDGES, MISSING, bin_codes
from botscan.prevalence.intervals import wilson_interval
from botscan.scoring.model import Thresholds
from botscan.training.bin_table import BinTable
from botscan.training.folds import Fold
from botscan.training.slices import FEWEST, SLICES, Slice, slice_rates
from botscan.training.thresholds import LeftOut

VALUES = {
    "age_days": [29, 30, 400, np.nan, 1_095],
    "has_avatar": [0, 1, 1, 0, np.nan],
    "posts_count": [4, 5, 0, 90, 500],
    "followers_count": [19, 20, 3, 500, 1_000],
    "following_count": [99, 100, 5, 3, 2_001],
}


def table(label, copies=1, source="x"):
    bins = {
        name: np.tile(bin_codes(np.array([values], dtype=np.float32).T, [name])[:, 0], copies)
        for name, values in VALUES.items()
    }
    n = 5 * copies
    words = np.full(n, source)
    return BinTable(words, words, words, np.full(n, label, dtype=np.int8), bins)


class Given:
    """The five accounts score 10, 0, 10, 0, 5, plus what is given."""

    def __init__(self, extra=0):
        self.extra = extra

    def score(self, bins, features):
        return np.resize(np.array([10, 0, 10, 0, 5]) + self.extra, len(bins[features[0]]))


def left_out(label, copies=FEWEST, source="x", extra=0):
    n = 5 * copies
    return LeftOut(Fold(source, np.ones(n, bool), np.zeros(0, np.int64)), Given(extra), table(label, copies, source))


def rates_of(items, lines=(10, 5), **options):
    found = slice_rates(items, ["posts_count"], Thresholds(*lines), **options)
    return {item["slice"]: item for item in found}


def test_slices_end_exactly_at_their_edge():
    members = {one.name: one.holds(table(0)).tolist() for one in SLICES if one.feature in VALUES}
    assert members["account under 30 days"] == [True, False, False, False, False]
    assert members["account of 30 to 364 days"] == [False, True, False, False, False]
    assert members["account of 3 years or more"] == [False, False, False, False, True]
    assert members["no profile picture"] == [True, False, False, True, False]
    assert members["own profile picture"] == [False, True, True, False, False]
    assert members["no posts"] == [False, False, True, False, False]
    assert members["fewer than 5 posts"] == [True, False, True, False, False]
    assert members["5 to 49 posts"] == [False, True, False, False, False]
    assert members["500 posts or more"] == [False, False, False, False, True]
    assert members["fewer than 20 followers"] == [True, False, True, False, False]
    assert members["1,000 followers or more"] == [False, False, False, False, True]
    assert members["follows fewer than 100"] == [True, False, True, True, False]
    assert members["follows 2,001 or more"] == [False, False, False, False, True]
    assert MISSING in table(0).bins["age_days"]


@pytest.mark.parametrize("one", SLICES, ids=lambda one: one.name)
def test_limits_are_edges_of_the_grid(one):
    limits = [limit for limit in (one.low, one.high) if np.isfinite(limit)]
    assert limits
    assert set(limits) <= set(EDGES[one.feature].tolist())


@pytest.mark.parametrize("feature", ["age_days", "followers_count", "has_avatar", "is_bio_empty"])
def test_bands_hold_every_known_account_once(feature):
    codes = np.array([*range(len(EDGES[feature]) + 1), MISSING], dtype=np.uint8)
    words = np.full(len(codes), "x")
    rows = BinTable(words, words, words, np.zeros(len(codes), np.int8), {feature: codes})
    held = sum(one.holds(rows).astype(int) for one in SLICES if one.feature == feature)
    assert held.tolist() == [1] * (len(codes) - 1) + [0]


def test_rates_are_of_the_kind_that_is_asked_for():
    both = [left_out(0), left_out(1, extra=100)]
    people, suspicious = rates_of(both), rates_of(both, label=1)
    assert people["all people"]["suspicious_rate"] == 0.4
    assert people["all people"]["review_rate"] == 0.6
    assert suspicious["all suspicious accounts"]["suspicious_rate"] == 1.0
    assert (people["no profile picture"]["n"], people["no profile picture"]["suspicious_rate"]) == (200, 0.5)
    assert people["fewer than 5 posts"]["suspicious_rate"] == 1.0
    assert rates_of([left_out(0)], label=1) == {}


def test_fewer_than_a_hundred_accounts_are_counted_and_not_measured():
    few = rates_of([left_out(0, copies=FEWEST - 1)])["no posts"]
    assert few["n"] == FEWEST - 1
    assert [few[name] for name in few if "rate" in name] == [None] * 4
    enough = rates_of([left_out(0, copies=FEWEST)])["no posts"]
    lower, upper = wilson_interval(1.0, FEWEST)
    assert (enough["suspicious_rate_ci_lower"], enough["suspicious_rate_ci_upper"]) == (round(lower, 4), upper)


def test_a_slice_without_accounts_or_without_its_feature_is_not_named():
    names = set(rates_of([left_out(0)]))
    assert "20 to 99 followers" in names
    assert "account of 30 to 364 days" in names
    assert not {"no bio", "has a bio", "50 posts or more"} & names


def test_the_worst_source_has_most_false_alarms_or_least_recall():
    people = [left_out(0, source="mild", extra=-20), left_out(0, source="harsh", extra=20), left_out(0, source="usual")]
    worst = rates_of(people)["all people"]["worst_source"]
    assert worst == {"n": 500, "source": "harsh", "suspicious_rate": 1.0}
    bots = [left_out(1, source="seen", extra=20), left_out(1, source="missed", extra=-20)]
    assert rates_of(bots, label=1)["no posts"]["worst_source"]["source"] == "missed"
    assert rates_of([left_out(0)])["no posts"]["worst_source"] is None
    few = [left_out(0, source="a"), left_out(0, copies=FEWEST - 1, source="b", extra=50)]
    assert rates_of(few)["no posts"]["worst_source"] is None


def test_a_slice_without_limits_holds_all_that_is_known():
    assert Slice("any", "age_days").holds(table(0)).tolist() == [True, True, True, False, True]
