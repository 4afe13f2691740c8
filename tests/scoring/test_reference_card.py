import copy
import json

import numpy as np
import pytest

from botscan.errors import ModelError
from botscan.evidence.feature_reference import DriftLines, Family, FeatureReference
from botscan.evidence.rarity import RarityTree
from botscan.features.grid import GRID_VERSION, n_bins
from botscan.scoring.reference_card import reference_from
from botscan.training.reference import reference_entry

NAMES = ("has_avatar", "followers_count", "has_no_followers")


@pytest.fixture(scope="module")
def reference():
    rng = np.random.Generator(np.random.Philox(1))
    sizes = [n_bins(name) for name in NAMES]
    tables = [rng.integers(-50, 400, (1 if parent < 0 else 1 + sizes[parent], 1 + size)) for parent, size in
              zip((1, -1, 1), sizes, strict=True)]  # fmt: skip
    for table in tables:
        table[:, 0] = 0
    counts = {name: rng.multinomial(500, np.full(size + 1, 1 / (size + 1)), 2) for name, size in
              zip(NAMES, sizes, strict=True)}  # fmt: skip
    lines = {
        "full": DriftLines(200, ("a", "b"), 0.25, 0.03, 0.1, {"has_avatar": 0.2}),
        "counts_only": DriftLines(190),
    }
    families = (Family("a/one", "organic", 500), Family("a/one", "suspicious", 500))
    return FeatureReference(families, counts, RarityTree(NAMES, (1, -1, 1), tables), lines, "m", GRID_VERSION)


@pytest.fixture
def written(reference):
    entry, arrays = reference_entry("twitter", reference)
    return json.loads(json.dumps(entry)), arrays


def read(entry, arrays, features=NAMES, patterns=("full", "counts_only")):
    return reference_from(entry, arrays, model="m", features=features, patterns=patterns, source="card.json")


def test_what_was_written_is_read_again(reference, written):
    found = read(*written, features=NAMES[::-1])
    assert found.families == reference.families
    assert dict(found.lines) == dict(reference.lines)
    assert (found.tree.features, found.tree.parents) == (reference.tree.features, reference.tree.parents)
    assert all(np.array_equal(one, two) for one, two in zip(found.tree.tables, reference.tree.tables, strict=True))
    assert all(np.array_equal(found.counts[name], reference.counts[name]) for name in NAMES)
    assert found.counts["has_avatar"].dtype == np.uint64


def test_arrays_have_the_types_a_model_folder_may_hold(written):
    entry, arrays = written
    assert set(arrays) == {entry["bins"], entry["rarity"]} == {"twitter_bins.npy", "twitter_rarity.npy"}
    assert [arrays[entry[name]].dtype.str for name in ("bins", "rarity")] == ["<u2", "<i2"]


CHANGES = [
    (("bins",), "other.npy", "reference.bins"),
    (("rarity",), 7, "reference.rarity"),
    (("families", 0, "n"), 501, "reference.bins"),
    (("families", 0, "n"), True, r"reference.families\[0\].n"),
    (("families", 0, "kind"), "fine", "kind"),
    (("families", 1, "kind"), "organic", "families"),
    (("families",), [], "families"),
    (("features", 0, "name"), "has_geo", "features"),
    (("features", 0, "depends_on"), "has_geo", "features"),
    (("features", 0, "depends_on"), None, "rarity"),
    (("features", 0), {"name": "has_avatar"}, r"features\[0\]"),
    (("lines", 0, "joint"), 1.5, "joint"),
    (("lines", 0, "joint"), None, "joint"),
    (("lines", 1, "joint"), 0.2, r"lines\[1\]"),
    (("lines", 0, "rare_from"), 513, "rare_from"),
    (("lines", 0, "rare_from"), 2.0, "rare_from"),
    (("lines", 0, "features"), {"has_geo": 0.1}, "features"),
    (("lines", 0, "features", "has_avatar"), "0.1", "has_avatar"),
    (("lines", 0, "left_out"), "a", r"lines\[0\]"),
    (("lines", 0, "pattern"), "counts_only", "lines"),
    (("lines", 0), {}, r"lines\[0\]"),
    (("more",), 1, "exactly"),
]


@pytest.mark.parametrize(("path", "value", "place"), CHANGES)
def test_any_other_entry_is_refused_by_name(written, path, value, place):
    entry, arrays = written
    changed = copy.deepcopy(entry)
    target = changed
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    with pytest.raises(ModelError, match=place):
        read(changed, arrays)


@pytest.mark.parametrize(
    "change",
    [
        lambda array: array[:, :-1] if array.ndim == 2 else array[:-1],
        lambda array: array.astype(np.int64 if array.ndim == 2 else np.uint16),
        lambda array: array + 1,
    ],
)
@pytest.mark.parametrize("which", ["bins", "rarity"])
def test_arrays_that_do_not_fit_are_refused(written, which, change):
    entry, arrays = written
    with pytest.raises(ModelError, match=which):
        read(entry, {**arrays, entry[which]: change(arrays[entry[which]])})


def test_every_pattern_has_lines(written):
    with pytest.raises(ModelError, match="every pattern"):
        read(*written, patterns=("full",))
