import copy
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botscan.errors import ModelError
from botscan.features.registry import FEATURE
from botscan.scoring.card import features_of, model_from_bundle, threshold_entry
from botscan.scoring.model import GROUPS, RESEMBLANCE
from botscan.scoring.model_files import Bundle, find_default_model, read_bundle
from botscan.scoring.patterns import PATTERNS


def model_of(card, arrays):
    return model_from_bundle(Bundle({**card, "arrays": {}, "sha256": "0" * 64}, arrays, "folder"))


def places_of(value, path=()):
    """Every place in the structural part of a card, with the path that leads there."""
    yield path
    if isinstance(value, dict):
        for key in value:
            if key not in ("about", "training", "left_out"):
                yield from places_of(value[key], (*path, key))
    if isinstance(value, list):
        for index in sorted({0, len(value) // 2, len(value) - 1}):
            if value:
                yield from places_of(value[index], (*path, index))


def replaced(card, path, value):
    changed = copy.deepcopy(card)
    inner = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


def test_a_good_card_means_what_it_says(small_card, small_arrays):
    model = model_of(small_card, small_arrays)
    section = model.sections["twitter"]
    assert (model.name, section.intercept, section.validation) == ("small", -4, "left_out_sources")
    assert [table.name for table in section.tables] == [
        item["name"] for item in small_card["platforms"]["twitter"]["features"]
    ]
    for table, item in zip(section.tables, small_card["platforms"]["twitter"]["features"], strict=True):
        assert (table.steps / 20).tolist() == pytest.approx(item["points"], abs=1e-12)
    (pattern,) = section.patterns
    assert (pattern.thresholds.suspicious, pattern.thresholds.review) == (14, 6)
    assert pattern.profile.pattern == "twitter/counts_only"
    assert np.array_equal(pattern.profile.suspicious["family_1"], small_arrays["twitter_suspicious.npy"][1])


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_value_of_another_kind_anywhere_is_refused(small_card, small_arrays, data):
    path = data.draw(st.sampled_from([place for place in places_of(small_card) if place]))
    old = small_card
    for step in path:
        old = old[step]
    junk = [None, True, "?", -1, 3.14159, math.nan, math.inf, 1e300, [], {}, [[]], {"a": 1}, 10**30]
    new = data.draw(st.sampled_from([value for value in junk if type(value) is not type(old) or value != old]))
    if isinstance(new, str) and path[-1] in ("name", "needs_botscan") and "features" not in path:
        return  # another name is no fault
    if new == -1 and type(new) is int and ("points" in path or path[-1] == "intercept"):
        return  # a whole number is a multiple of 0.05 too
    if path[-1] == "monotone" and new is None:
        return  # a curve may do without a direction
    if path[-1] == "memory" and new is None:
        return  # a platform may do without pairs
    if "steps" in path and new == -1 and type(new) is int:
        return
    if path[-1] == "abstain_below" and new is not True and isinstance(new, (int, float)) and 0 <= new <= 1:
        return
    if path[-1] in ("about", "training", "left_out"):
        return  # written for people
    with pytest.raises(ModelError) as caught:
        model_of(replaced(small_card, path, new), small_arrays)
    assert str(caught.value).startswith("folder/card.json: ")


@pytest.mark.parametrize(
    "path",
    [("platforms", "twitter"), ("platforms", "twitter", "features", 0), ("platforms", "twitter", "patterns", 0), ()],
)
def test_missing_and_unknown_keys_are_refused(small_card, small_arrays, path):
    inner = small_card
    for step in path:
        inner = inner[step]
    for key in list(inner):
        if key == "platforms":
            continue
        card = copy.deepcopy(small_card)
        target = card
        for step in path:
            target = target[step]
        del target[key]
        with pytest.raises(ModelError):
            model_of(card, small_arrays)
    card = copy.deepcopy(small_card)
    target = card
    for step in path:
        target = target[step]
    target["loader"] = "os.system"
    with pytest.raises(ModelError):
        model_of(card, small_arrays)


def _at(card, *path):
    for step in path:
        card = card[step]
    return card


FEATURE_PATH = ("platforms", "twitter", "features")
PATTERN_PATH = ("platforms", "twitter", "patterns", 0)


def _edit(*path, value):
    return lambda card: _at(card, *path[:-1]).__setitem__(path[-1], value)


FAULTS = {
    "edges of another grid": _edit(*FEATURE_PATH, 0, "edges", 3, value=6.0),
    "edges that do not rise": lambda card: _at(card, *FEATURE_PATH, 0)["edges"].reverse(),
    "too few points": lambda card: _at(card, *FEATURE_PATH, 0)["points"].pop(),
    "points between steps": _edit(*FEATURE_PATH, 0, "points", 0, value=0.07),
    "points almost a step": _edit(*FEATURE_PATH, 0, "points", 0, value=0.05000000001),
    "points out of range": _edit(*FEATURE_PATH, 0, "points", 0, value=16.05),
    "missing that adds": _edit(*FEATURE_PATH, 0, "missing", value=0.05),
    "monotone that is not": _edit(*FEATURE_PATH, 4, "monotone", value="rising"),
    "feature twice": lambda card: _at(card, *FEATURE_PATH).append(_at(card, *FEATURE_PATH)[0]),
    "feature of tomorrow": _edit(*FEATURE_PATH, 0, "name", value="mood"),
    "group of another feature": _edit(*FEATURE_PATH, 0, "group", value="bio"),
    "platform of tomorrow": lambda card: card["platforms"].update(myspace=card["platforms"]["twitter"]),
    "no platform": lambda card: card["platforms"].clear(),
    "pattern twice": lambda card: _at(card, *PATTERN_PATH[:-1]).append(_at(card, *PATTERN_PATH)),
    "pattern without columns": _edit(*PATTERN_PATH, "columns", value=[]),
    "pattern that lacks a feature": lambda card: _at(card, *PATTERN_PATH)["features"].pop(),
    "pattern that reads another column": lambda card: _at(card, *PATTERN_PATH)["columns"].pop(),
    "features in another order": lambda card: _at(card, *PATTERN_PATH)["features"].reverse(),
    "review above suspicious": _edit(*PATTERN_PATH, "thresholds", "review", value=threshold_entry(15)),
    "score that does not fit its log-odds": _edit(*PATTERN_PATH, "thresholds", "review", "bot_score", value=0.5),
    "bin edges that stand still": _edit(*PATTERN_PATH, "profile", "bin_edges", value=[5, 5]),
    "bin edges out of range": _edit(*PATTERN_PATH, "profile", "bin_edges", value=[0, 1024]),
    "n that is not the sum": lambda card: _at(card, *PATTERN_PATH, "profile", "organic", "families", 0).update(n=7),
    "family twice": lambda card: _at(card, *PATTERN_PATH, "profile", "organic", "families", 0).update(name="family_1"),
    "no family": _edit(*PATTERN_PATH, "profile", "organic", "families", value=[]),
    "array that is not listed": _edit(*PATTERN_PATH, "profile", "organic", "array", value="other.npy"),
    "format of another program": _edit("format", value="pickle"),
    "grid of tomorrow": _edit("grid_version", value=2),
    "validation unknown": _edit("platforms", "twitter", "validation", value="trust me"),
    "abstain above one": _edit("platforms", "twitter", "abstain_below", value=1.5),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_every_rule_about_meaning(fault, small_card, small_arrays):
    model_of(small_card, small_arrays)
    FAULTS[fault](small_card)
    with pytest.raises(ModelError):
        model_of(small_card, small_arrays)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((2, 1023), np.uint16),
        np.zeros((3, 1024), np.uint16),
        np.zeros(1024, np.uint16),
        np.zeros((2, 1024), np.int16),
    ],
)
def test_arrays_of_the_wrong_shape_or_kind(array, small_card, small_arrays):
    with pytest.raises(ModelError):
        model_of(small_card, {**small_arrays, "twitter_organic.npy": array})


def test_counts_that_would_wrap_around(small_card, small_arrays):
    forged = np.zeros((2, 1024), np.uint64)
    forged[0, :3] = [2**63, 2**63, small_arrays["twitter_organic.npy"][0].sum()]
    forged[1] = small_arrays["twitter_organic.npy"][1]
    with pytest.raises(ModelError, match="sum to n"):
        model_of(small_card, {**small_arrays, "twitter_organic.npy": forged})


def test_features_of_a_pattern_keep_the_order_of_the_model():
    names = ("bio_has_link", "posts_count", "followers_per_day", "followers_count")
    by_name = {pattern.name: pattern for pattern in PATTERNS["twitter"]}
    assert features_of(by_name["full"], names) == names
    assert features_of(by_name["no_text"], names) == names[1:]
    assert features_of(by_name["no_dates"], names) == ("bio_has_link", "posts_count", "followers_count")


def test_the_shipped_card_keeps_its_promises():
    bundle = read_bundle(find_default_model())
    model = model_from_bundle(bundle)
    assert set(model.sections) == {"twitter", "instagram", "tiktok", "general"}
    for platform, section in model.sections.items():
        assert [item.pattern for item in section.patterns] == list(PATTERNS[platform])
        assert {table.group for table in section.tables} <= set(GROUPS)
    twitter = {table.name: table for table in model.sections["twitter"].tables}
    assert len(twitter) == 18
    assert len(model.sections["twitter"].memory.pairs) == 91
    for name in ("followers_following_ratio", "posts_following_ratio", "posts_per_day", "has_avatar"):
        assert twitter[name].monotone == "falling"
    assert "instafake" not in str(bundle.card)
    assert set(GROUPS) == {RESEMBLANCE} | {feature.group for feature in FEATURE.values()}
    # Nothing says when or where it was made.
    assert not any(word in str(bundle.card) for word in ("/home", "/work", "/tmp", "2026-"))
