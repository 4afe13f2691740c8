import numpy as np

from botscan.evidence.histogram import histogram_bins
from botscan.scoring.card import features_of
from botscan.scoring.patterns import PATTERNS
from botscan.training.bin_table import read_bin_table
from botscan.training.profiles import left_out_histograms, profile_entry
from botscan.training.recipes import RECIPES
from botscan.training.thresholds import leave_out


def test_every_left_out_row_is_counted_once_in_its_family():
    (recipe,) = [recipe for recipe in RECIPES if recipe.platform == "instagram"]
    table = read_bin_table().of_platform("instagram", recipe.features)
    left_out = leave_out(table, recipe)
    features = features_of(PATTERNS["instagram"][0], recipe.features)
    histograms = left_out_histograms(left_out, features)
    for label, kind in ((0, "organic"), (1, "suspicious")):
        assert set(histograms[kind]) == {"belericks_all", "belericks_public", "kaggle_ig"}
        for family, counts in histograms[kind].items():
            assert counts.sum() == ((table.dataset == family) & (table.label == label)).sum()
    # One family by hand, from the model that never saw its source.
    (fold,) = [item for item in left_out if item.fold.name == "kaggle_ig"]
    rows = table.take((table.dataset == "kaggle_ig") & (table.label == 1))
    steps = fold.model.score(rows.bins, features)
    assert np.array_equal(histograms["suspicious"]["kaggle_ig"], np.bincount(histogram_bins(steps), minlength=1024))


def test_the_entry_names_its_arrays_and_their_sums():
    one = np.zeros(1024, np.uint64)
    one[500:512] = 7
    histograms = {"organic": {"a": one, "b": one * 2}, "suspicious": {"c": one[::-1].copy()}}
    entry, arrays = profile_entry("twitter_full", histograms)
    assert set(arrays) == {"twitter_full_organic.npy", "twitter_full_suspicious.npy"}
    assert entry["organic"] == {
        "array": "twitter_full_organic.npy",
        "families": [{"n": 84, "name": "a"}, {"n": 168, "name": "b"}],
    }
    assert arrays["twitter_full_organic.npy"].shape == (2, 1024)
    assert arrays["twitter_full_organic.npy"].dtype == np.uint16
    edges = entry["bin_edges"]
    assert len(edges) == 11
    assert edges == sorted(set(edges))
