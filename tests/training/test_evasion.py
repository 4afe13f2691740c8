from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.features.extract import extract_matrix
from botscan.features.grid import EDGES, MISSING, bin_codes, n_bins
from botscan.features.registry import FEATURE
from botscan.training.bin_table import BinTable
from botscan.training.evasion import (
    cheap_features,
    disguise,
    disguise_all,
    disguise_knowingly,
    evasion_entry,
    measure_steps,
    usual_bins,
)
from botscan.training.recipes import RECIPES

RECIPE = next(recipe for recipe in RECIPES if recipe.platform == "twitter")
COUNTS = ("followers_count", "following_count", "posts_count", "listed_count")
#: All features of the recipe that counts and dates suffice for.
NAMES = tuple(name for name in RECIPE.features if set(FEATURE[name].needs) <= {*COUNTS, "created_at", "observed_at"})
FLAG_OF = {
    "followers_count": "has_no_followers",
    "following_count": "has_no_following",
    "posts_count": "has_no_posts",
    "listed_count": "has_no_lists",
}
SEEN = datetime(2020, 1, 1, tzinfo=UTC)


def bins_of(counts, ages):
    columns = {name: pa.array(counts[:, place], pa.int64()) for place, name in enumerate(COUNTS)}
    instant = pa.timestamp("us", tz="UTC")
    columns["created_at"] = pa.array([SEEN - timedelta(days=float(age)) for age in ages], instant)
    columns["observed_at"] = pa.array([SEEN] * len(ages), instant)
    codes = bin_codes(extract_matrix(pa.table(columns), NAMES), NAMES)
    return {name: codes[:, place].copy() for place, name in enumerate(NAMES)}


rows = st.lists(
    st.tuples(*[st.integers(0, 3) | st.integers(0, 6_000)] * len(COUNTS), st.floats(0.0, 7_000.0)),
    min_size=1,
    max_size=20,
)


@settings(deadline=None, max_examples=100)
@given(rows, st.sampled_from(COUNTS))
def test_one_instead_of_none_is_what_counting_again_gives(drawn, count):
    numbers = np.array(drawn)
    counts, ages = numbers[:, :4].astype(np.int64), numbers[:, 4]
    place = COUNTS.index(count)
    counted = counts.copy()
    counted[:, place] = np.maximum(counted[:, place], 1)
    before, wanted = bins_of(counts, ages), bins_of(counted, ages)
    found = disguise(before, FLAG_OF[count], 0)
    for name in NAMES:
        if name.endswith("_per_day"):
            # The age is known to its bin alone: widest from a day to a week.
            assert np.abs(found[name].astype(int) - wanted[name]).max() <= 2
        else:
            assert np.array_equal(found[name], wanted[name]), name
    kept = counts[:, place] > 0
    assert all(np.array_equal(found[name][kept], before[name][kept]) for name in NAMES)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(1_000, 3_000), min_size=1, max_size=20))
def test_unfollowing_ends_below_the_limit(following):
    counts = np.zeros((len(following), 4), dtype=np.int64)
    counts[:, 1] = following
    ages = np.full(len(following), 500.0)
    fewer = counts.copy()
    near = (counts[:, 1] >= 1_900) & (counts[:, 1] <= 2_001)
    fewer[near, 1] = 1_899
    found, wanted = disguise(bins_of(counts, ages), "is_near_follow_limit", 0), bins_of(fewer, ages)
    for name in ("following_count", "is_near_follow_limit", "has_no_following"):
        assert np.array_equal(found[name], wanted[name]), name
    for name in ("posts_following_ratio", "followers_following_ratio", "following_per_day"):
        assert np.abs(found[name].astype(int) - wanted[name]).max() <= 1


def test_a_flag_of_a_count_can_only_be_lost_and_the_unknown_stays_unknown():
    given_bins = {
        "posts_count": np.array([0, 4, MISSING], np.uint8),
        "has_no_posts": np.array([1, 0, MISSING], np.uint8),
        "has_avatar": np.array([0, 1, MISSING], np.uint8),
    }
    before = {name: codes.copy() for name, codes in given_bins.items()}
    for value in (0, 1):
        found = disguise(disguise(given_bins, "has_avatar", value), "has_no_posts", 1)
        assert found["has_avatar"].tolist() == [value, value, MISSING]
        assert found["has_no_posts"].tolist() == [1, 0, MISSING]
    assert disguise(given_bins, "has_no_posts", 0)["posts_count"].tolist() == [1, 4, MISSING]
    assert all(np.array_equal(given_bins[name], before[name]) for name in before)


def test_what_is_cheap_is_what_says_so():
    cheap = cheap_features(RECIPE.features)
    assert {"bio_has_link", "has_avatar", "has_geo", "has_no_posts", "is_near_follow_limit"} <= set(cheap)
    assert all(FEATURE[name].cost_to_fake == "cheap" for name in cheap)
    assert not {"age_days", "followers_count", "posts_following_ratio", "posts_per_day"} & set(cheap)


def test_every_cheap_field_of_the_recipe_has_a_way_to_be_faked():
    """Set freely, or lost with the count that it follows from."""
    for name in cheap_features(RECIPE.features):
        follows = FEATURE[name].family == "activity"
        assert FEATURE[name].family == "profile" or (follows and len(EDGES[name]) == 1), name
        if follows:
            assert FEATURE[name].needs[0] in RECIPE.features


def people(source, values, label=0):
    words = np.full(len(values), source)
    bins = {"bio_length": np.array(values, dtype=np.uint8)}
    return BinTable(np.full(len(values), "twitter"), words, words, np.full(len(values), label, np.int8), bins)


def joined(*tables):
    parts = ("platform", "dataset", "source", "label")
    columns = {name: np.concatenate([getattr(one, name) for one in tables]) for name in parts}
    return BinTable(**columns, bins={"bio_length": np.concatenate([one.bins["bio_length"] for one in tables])})


def test_the_usual_bin_counts_sources_alike_lightly_where_they_train_lightly_and_people_alone():
    many, few, unknown = people("a", [1] * 50), people("b", [5, 5, 6]), people("c", [MISSING] * 9)
    light, suspicious = people("verified-2019", [9] * 400), people("a", [12] * 99, label=1)
    assert usual_bins(joined(many, few, suspicious), ["bio_length"]) == {"bio_length": 1}
    assert usual_bins(joined(many, few, people("d", [6]), suspicious), ["bio_length"]) == {"bio_length": 5}
    assert usual_bins(joined(many, few, people("d", [6]), unknown, light), ["bio_length"]) == {"bio_length": 5}


class Tables:
    """Random points per bin."""

    def __init__(self, seed):
        rng = np.random.Generator(np.random.Philox(seed))
        self.points = {name: rng.integers(-40, 40, n_bins(name)) for name in RECIPE.features}

    def score(self, bins, features):
        steps = np.zeros(len(bins[features[0]]), dtype=np.int32)
        for name in features:
            padded = np.zeros(MISSING + 1, dtype=np.int32)
            padded[: len(self.points[name])] = self.points[name]
            steps += padded[bins[name]]
        return steps


@pytest.fixture
def random_bins():
    rng = np.random.Generator(np.random.Philox(5))
    counts = np.where(rng.random((200, 4)) < 0.4, 0, rng.integers(0, 2_500, (200, 4)))
    bins = bins_of(counts, rng.uniform(0, 4_000, 200))
    for name in set(RECIPE.features) - set(NAMES):
        bins[name] = rng.choice([0, 1, MISSING], 200).astype(np.uint8)
    return bins


@pytest.mark.parametrize("seed", range(5))
def test_whoever_knows_the_card_never_scores_higher_than_before(random_bins, seed):
    model, cheap = Tables(seed), cheap_features(RECIPE.features)
    best = disguise_knowingly(model, random_bins, RECIPE.features, cheap)
    before, after = (model.score(bins, RECIPE.features) for bins in (random_bins, best))
    assert (after <= before).all()
    assert (after < before).any()
    untouched = set(RECIPE.features) - {"posts_count", "following_count", "followers_count", "listed_count"}
    assert all(np.array_equal(best[name], random_bins[name]) for name in untouched & {"age_days"})
    assert all(((best[name] == MISSING) == (random_bins[name] == MISSING)).all() for name in RECIPE.features)


def test_faking_what_is_usual_twice_is_faking_it_once(random_bins):
    usual = {name: int(name in ("has_avatar", "has_geo")) for name in cheap_features(RECIPE.features)}
    once = disguise_all(random_bins, usual)
    twice = disguise_all(once, usual)
    for name in RECIPE.features:
        assert np.array_equal(once[name], twice[name]), name
    assert not once["has_no_posts"].any()
    assert set(np.unique(once["has_avatar"])) == {1, MISSING}


def test_measures_by_hand():
    people_steps = np.arange(100, dtype=np.int32)
    before, after = np.array([99, 97, 95, 10]), np.array([96, 97, 5, 10])
    found = measure_steps(before, after, people_steps, line=90)
    # One person in a hundred reaches 99, five reach 95, ten reach 90.
    assert found["before"] == pytest.approx(
        {"recall_at_1": 0.25, "recall_at_5": 0.75, "recall_at_line": 0.75, "counted_share": 0.2 * 0.75 + 0.8 * 0.1}
    )
    assert found["after"] == pytest.approx(
        {"recall_at_1": 0.0, "recall_at_5": 0.5, "recall_at_line": 0.5, "counted_share": 0.2 * 0.5 + 0.8 * 0.1}
    )
    assert found["mean_drop"] == pytest.approx((3 + 0 + 90 + 0) / 4 / 20)


def test_the_entry_is_plain_aggregates_of_accounts_never_seen(small_loso):
    table, recipe, models = small_loso
    entry = evasion_entry(table, recipe, models, line=20)
    assert [one["feature"] for one in entry["fields"]] == ["has_no_posts", "bio_has_link", "has_avatar"]
    assert set(entry["unseen"]) == set(entry["seen"]) == {"usual", "knowing"}
    assert entry["seen"]["usual"]["n_cells"] == 45
    for way in ("usual", "knowing"):
        folds = entry["unseen"][way]["folds"]
        assert [one["left_out"] for one in folds] == [one.fold.name for one in models]
        mean = np.mean([one["after"]["recall_at_5"] for one in folds])
        assert entry["unseen"][way]["mean"]["after"]["recall_at_5"] == pytest.approx(mean, abs=1e-4)
        assert entry["unseen"]["usual"]["mean"]["before"] == entry["unseen"][way]["mean"]["before"]
    assert entry["unseen"]["knowing"]["mean"]["mean_drop"] >= entry["unseen"]["usual"]["mean"]["mean_drop"]
    assert all(one == round(one, 4) for one in numbers(entry))


def numbers(value):
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [one for item in value for one in numbers(item)]
    return [value] if isinstance(value, float) else []
