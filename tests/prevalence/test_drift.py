import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import ModelError
from botscan.evidence.feature_counts import FeatureCounts
from botscan.evidence.feature_reference import DriftLines, Family, FeatureReference
from botscan.evidence.rarity import RarityTree
from botscan.prevalence.drift import measure_drift
from botscan.wording import say, say_note

#: Bins of followers hang on those of the age; the avatar hangs on nothing.
NAMES = ("age_days", "followers_count", "has_avatar")
SIZES = (8, 8, 2)
#: Middle of the bins of age and of followers, and share with a picture, of each family.
FAMILIES = {"people": (5.0, 0.9), "others": (3.5, 0.7), "shop": (1.0, 0.1)}
#: Cells of the tree: followers three bins and more from those of the age are rare.
NEAR = np.array([[0, *(abs(age - bin_) * 25 - 40 for bin_ in range(8))] for age in range(8)])
LINES = DriftLines(
    rare_from=135, sources=("a", "b"), joint=0.2, rare_share=0.05, excess=0.2, features=dict.fromkeys(NAMES, 0.15)
)
seeds = st.integers(0, 10_000)


def tree():
    tables = (np.zeros((1, 9)), np.vstack([np.zeros(9), NEAR]), np.zeros((1, 3)))
    return RarityTree(NAMES, (-1, 0, -1), tables)


def draw(family, n, rng):
    middle, picture = FAMILIES[family]
    age = np.clip(np.rint(rng.normal(middle, 1.2, n)), 0, 7)
    followers = np.clip(np.rint(age + rng.normal(0, 0.8, n)), 0, 7)
    return np.column_stack([age, followers, rng.random(n) < picture]).astype(np.uint8)


def counted(codes, pattern="twitter/full", names=NAMES, model="m"):
    return FeatureCounts.from_codes(
        np.asfortranarray(codes), names, tree(), model=model, pattern=pattern, grid_version=1
    )


@pytest.fixture(scope="module")
def reference():
    rng = np.random.Generator(np.random.Philox(1))
    parts = [counted(draw(family, 4_000, rng)) for family in FAMILIES]
    return FeatureReference(
        tuple(Family(name, "suspicious" if name == "shop" else "organic", 4_000) for name in FAMILIES),
        {name: np.stack([part.features[name] for part in parts]) for name in NAMES},
        tree(),
        {"full": LINES, "bare": DriftLines(rare_from=135)},
        "m",
        1,
    )


def mixture(seed, n, shares=None):
    rng = np.random.Generator(np.random.Philox(seed))
    shares = rng.dirichlet(np.ones(len(FAMILIES))) if shares is None else shares
    return np.concatenate(
        [draw(name, size, rng) for name, size in zip(FAMILIES, rng.multinomial(n, shares), strict=True)]
    )


@settings(deadline=None, max_examples=20)
@given(seeds)
def test_a_long_list_of_the_same_mixture_is_at_distance_zero(reference, seed):
    drift = measure_drift(counted(mixture(seed, 50_000)), reference)
    assert drift.joint_distance.value < 0.03
    assert drift.largest_excess.value == 0.0
    assert drift.is_far is False
    assert drift.warnings == ()


def test_the_very_mixture_of_the_counts_is_at_distance_zero(reference):
    counts = {name: np.array([3, 1, 2]) @ reference.counts[name].astype(int) for name in NAMES}
    rarity = np.zeros(512, np.uint64)
    rarity[128] = 24_000
    drift = measure_drift(FeatureCounts(counts, rarity, "m", "twitter/full", 1), reference)
    assert drift.joint_distance.value < 0.003
    assert all(item.distance.value < 0.005 for item in drift.features)


@pytest.mark.parametrize("n", [1, 5, 20, 100])
def test_short_lists_of_known_mixtures_raise_no_alarm(reference, n):
    far = [measure_drift(counted(mixture(seed, n)), reference).is_far for seed in range(200)]
    assert np.mean(far) <= 0.05


def test_the_noise_of_few_accounts_is_no_distance(reference):
    # The mean of 60 accounts is 0.08 away from where it was drawn; what is left after the noise is taken off is less.
    drifts = [measure_drift(counted(mixture(seed, 60)), reference) for seed in range(100)]
    assert np.mean([drift.joint_distance.value for drift in drifts]) < 0.03


@pytest.mark.parametrize("position", range(3))
def test_distance_grows_with_a_planted_shift_and_names_the_feature(reference, position):
    name = NAMES[position]
    rng = np.random.Generator(np.random.Philox(3))
    distances = []
    for share in (0.0, 0.2, 0.4, 0.7, 1.0):
        codes = mixture(9, 3_000, (0.5, 0.5, 0.0))
        # The last bin of a count is rare; nobody without a picture is rare among these.
        codes[rng.random(3_000) < share, position] = 0 if name == "has_avatar" else 7
        drift = measure_drift(counted(codes), reference)
        distances.append(next(item.distance.value for item in drift.features if item.name == name))
    assert distances == sorted(distances)
    assert distances[-1] > 0.15
    assert name in drift.most_unlike
    assert drift.is_far


def test_unusual_combinations_of_usual_bins_are_seen(reference):
    codes = mixture(4, 3_000)
    rng = np.random.Generator(np.random.Philox(4))
    shuffled = np.column_stack([rng.permutation(column) for column in codes.T])
    before, after = (measure_drift(counted(some), reference) for some in (codes, shuffled))
    assert before.joint_distance == after.joint_distance
    assert before.rare_share.value < 0.02
    assert before.is_far is False
    assert after.rare_share.is_beyond
    assert after.is_far is True
    assert [note.code for note in after.warnings] == ["audience_combinations_rare"]


@settings(deadline=None, max_examples=15)
@given(seeds)
def test_the_order_of_the_accounts_says_nothing(reference, seed):
    codes = mixture(seed, 300)
    shuffled = np.random.Generator(np.random.Philox(seed)).permutation(codes)
    assert measure_drift(counted(codes), reference) == measure_drift(counted(shuffled), reference)


@settings(deadline=None, max_examples=15)
@given(seeds, seeds)
def test_lists_added_are_one_list(reference, one, other):
    parts = [mixture(seed, 150) for seed in (one, other)]
    together = measure_drift(counted(parts[0]) + counted(parts[1]), reference)
    assert together == measure_drift(counted(np.concatenate(parts)), reference)


def test_a_feature_that_nobody_knows_is_left_out_and_changes_nothing_else(reference):
    codes = mixture(5, 2_000)
    codes[:, 2] = 255
    drift = measure_drift(counted(codes), reference)
    assert {item.name for item in drift.features} == {"age_days", "followers_count"}
    without = measure_drift(counted(codes[:, :2], names=NAMES[:2]), reference)
    assert without == drift


def test_unknown_fields_are_told_and_are_no_distance(reference):
    codes = mixture(6, 20_000)
    codes[::4, 1] = 255
    drift = measure_drift(counted(codes), reference)
    (followers,) = [item for item in drift.features if item.name == "followers_count"]
    assert followers.unknown_share == 0.25
    assert followers.distance.value < 0.05
    assert "not known for 25 %" in drift.to_text()


def test_nothing_known_is_nothing_said(reference):
    for codes in (np.zeros((0, 3), np.uint8), np.full((9, 3), 255, np.uint8)):
        drift = measure_drift(counted(codes), reference)
        assert drift.joint_distance is None
        assert drift.largest_excess is None
        assert drift.excess_feature is None
        assert drift.is_far is None
        assert drift.features == ()
        assert drift.warnings == ()
        assert "cannot be said" in drift.to_text()


def test_without_lines_nobody_is_called_far(reference):
    codes = np.full((2_000, 3), 7, np.uint8)
    codes[:, 2] = 0
    drift = measure_drift(counted(codes, "tiktok/bare"), reference)
    assert drift.joint_distance.value > 0.5
    assert drift.is_far is None
    assert [note.code for note in drift.warnings] == ["audience_likeness_not_known"]
    assert measure_drift(counted(codes), reference).is_far is True


def test_a_list_of_its_own_warns_in_both_languages_with_its_numbers(reference):
    codes = mixture(7, 2_000)
    codes[:, 0] = np.where(codes[:, 1] > 3, 0, 7)
    drift = measure_drift(counted(codes), reference)
    assert drift.warnings[0].code == "audience_unlike_training"
    assert drift.warnings[0].numbers["line"] == 0.2
    for language, mark in (("en", "."), ("id", ",")):
        told = say_note(drift.warnings[0], language)
        assert f"{drift.joint_distance.value:.2f}".replace(".", mark) in told
        assert say("feature_age_days", language) in told
        assert told in " ".join(drift.to_text(language).split())


def test_one_feature_alone_can_be_too_far(reference):
    codes = mixture(8, 3_000, (0.6, 0.4, 0.0))
    codes[:, 2] = 0
    lines = replace(LINES, joint=0.9)
    drift = measure_drift(counted(codes), replace(reference, lines={"full": lines}))
    assert [note.code for note in drift.warnings] == ["audience_unlike_in_feature"]
    assert drift.warnings[0].numbers["feature"] == "has_avatar"
    assert drift.largest_excess.value == pytest.approx(drift.features[0].distance.value - 0.15)


def test_the_surest_excess_is_named_and_not_the_largest_of_a_few_accounts(reference):
    codes = mixture(8, 1_000, (0.6, 0.4, 0.0))
    codes[6:, 0] = 255
    codes[:6, 0] = np.clip(codes[:6, 1], 1, 2)
    codes[:, 2] = 0
    lines = replace(
        LINES, joint=0.9, excess=0.02, features={"age_days": 0.15, "followers_count": 0.9, "has_avatar": 0.25}
    )
    drift = measure_drift(counted(codes), replace(reference, lines={"full": lines}))
    few, avatar = drift.features[:2]
    assert (few.name, avatar.name) == ("age_days", "has_avatar")
    assert few.distance.ci_lower - 0.15 < drift.largest_excess.ci_lower
    assert drift.excess_feature == drift.to_dict()["excess_feature"] == "has_avatar"
    assert drift.largest_excess.value == pytest.approx(avatar.distance.value - 0.25)
    told = next(note for note in drift.warnings if note.code == "audience_unlike_in_feature").numbers
    assert told == {"feature": "has_avatar", "distance": avatar.distance.value, "line": 0.25}


def test_intervals_hold_their_points_and_the_dict_is_plain(reference):
    drift = measure_drift(counted(mixture(11, 80)), reference)
    for figure in (drift.joint_distance, drift.rare_share, *(item.distance for item in drift.features)):
        assert 0.0 <= figure.ci_lower <= figure.value <= figure.ci_upper <= 1.0
    told = json.loads(drift.to_json())
    assert told["is_far"] is False
    assert told["joint_distance"]["line"] == 0.2
    assert told["line_sources"] == ["a", "b"]
    assert len(told["features"]) == 3


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"model": "x"}, "model"),
        ({"pattern": "twitter/other"}, "no lines"),
    ],
)
def test_counts_of_another_model_or_pattern_are_refused(reference, change, match):
    with pytest.raises(ModelError, match=match):
        measure_drift(counted(mixture(1, 10), **change), reference)


def test_counts_of_another_grid_are_refused(reference):
    with pytest.raises(ModelError, match="grid"):
        measure_drift(counted(mixture(1, 10)), replace(reference, grid_version=2))
