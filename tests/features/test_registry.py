"""What every declaration promises, checked for all of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from botscan.features.columns import Columns
from botscan.features.registry import FEATURE, FEATURES
from botscan.schema import ACCOUNT_COLUMN
from botscan.training.recipes import RECIPES

FAMILIES = {"age", "activity", "ratios", "handle", "profile", "follow_delay"} | {
    "character_pairs",
    "emoji",
    "name_similarity",
    "scripts",
}
GROUPS = {"audience", "following", "posting", "balance", "age", "bio", "avatar", "place", "handle"}

each_feature = pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)


def one_account(row):
    arrays = {name: pa.array([value], ACCOUNT_COLUMN[name].arrow_type) for name, value in row.items()}
    return Columns(pa.table(arrays))


@each_feature
def test_the_worked_example_holds(feature):
    row, wanted = feature.example
    found = feature.compute(one_account(row))
    assert found.dtype == np.float32
    assert found.tolist() == [np.float32(wanted)]


@each_feature
def test_the_worked_example_shows_all_that_is_needed_and_no_more(feature):
    row, _ = feature.example
    assert set(row) == set(feature.needs)
    assert len(set(feature.needs)) == len(feature.needs) > 0


@each_feature
def test_an_unknown_needed_column_makes_the_value_unknown(feature):
    row, _ = feature.example
    for column in feature.needs:
        found = feature.compute(one_account({**row, column: None}))
        # The length of a bio only matters where the bio itself is null.
        still_known = column == "bio_length" and "bio" in feature.needs
        assert np.isnan(found).tolist() == [not still_known], column


@each_feature
def test_declarations_are_whole(feature):
    assert feature.family in FAMILIES
    assert feature.group in GROUPS
    assert feature.cost_to_fake in ("cheap", "costly")
    assert feature.meaning
    assert not feature.meaning.endswith(".")
    assert feature.reference
    assert set(feature.needs) <= set(ACCOUNT_COLUMN)
    is_flag = feature.name.startswith(("is_", "has_", "bio_has_"))
    assert bool(feature.unit) != is_flag
    assert feature.name.endswith("_per_day") == feature.unit.endswith("per day")
    assert feature.name.endswith("_days") == (feature.unit == "days")


def test_names_are_unique_and_every_feature_is_found_by_its_name():
    assert len(FEATURE) == len(FEATURES)
    assert all(FEATURE[feature.name] is feature for feature in FEATURES)


def test_every_recipe_is_made_of_features_that_there_are():
    for recipe in RECIPES:
        assert set(recipe.features) <= set(FEATURE)
        assert len(set(recipe.features)) == len(recipe.features)


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_each_family_lives_in_its_own_file(family):
    members = [feature for feature in FEATURES if feature.family == family]
    assert members
    assert {feature.compute.__module__ for feature in members} == {f"botscan.features.{family}"}


def test_no_feature_reads_what_names_the_source():
    # Absolute dates, ids, language and platform tell data sets apart, not accounts. The delay of following is told
    # beside the score and stands in no recipe.
    scored = [feature for feature in FEATURES if feature.family != "follow_delay"]
    told = {column for feature in scored for column in feature.needs}
    assert not told & {
        "account_id",
        "platform",
        "language",
        "is_verified",
        "follow_rank",
        "followed_at",
        "account_status",
    }
    for feature in scored:
        assert ("created_at" in feature.needs) == ("observed_at" in feature.needs)
    assert not any("follow_delay_days" in recipe.features for recipe in RECIPES)
