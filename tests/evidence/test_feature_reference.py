import pytest

from botscan.evidence.feature_reference import DriftLines, Family, FeatureReference

FAMILIES = (Family("a", "organic", 10), Family("b", "organic", 4), Family("c", "suspicious", 5))


def reference(tree, **changes):
    counts = {
        "followers_count": [[10, 0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 2], [0, 0, 0, 0, 0, 0, 5]],
        "posts_count": [[0, 0, 0, 0, 10], [0, 0, 0, 0, 4], [0, 0, 0, 0, 5]],
        "has_avatar": [[4, 6, 0], [0, 0, 4], [5, 0, 0]],
    }
    given = {"families": FAMILIES, "counts": counts, "tree": tree, "lines": {}, "model": "m", "grid_version": 1}
    return FeatureReference(**(given | changes))


def test_shares_are_of_known_accounts_and_what_is_not_known_is_like_its_kind(tree):
    made = reference(tree)
    assert made.shares("has_avatar").tolist() == [[0.4, 0.6], [0.4, 0.6], [1.0, 0.0]]
    # No suspicious family knows this one: it is taken to be like all others.
    assert made.shares("followers_count")[:, :2].tolist() == [[1.0, 0.0], [0.5, 0.5], [0.75, 0.25]]
    assert made.shares("posts_count") is None


@pytest.mark.parametrize(
    "change",
    [
        {"families": ()},
        {"counts": {"has_avatar": [[4, 6, 0], [0, 0, 4], [5, 0, 0]]}},
        {"families": (*FAMILIES[:2], Family("c", "suspicious", 6))},
        {"families": FAMILIES[:2]},
    ],
)
def test_what_does_not_fit_together_is_refused(tree, change):
    with pytest.raises(ValueError, match=r"family|features|counts"):
        reference(tree, **change)


@pytest.mark.parametrize(
    "fields",
    [
        {"rare_from": 600},
        {"rare_from": 5, "joint": 0.2},
        {"rare_from": 5, "sources": ("a",)},
        {"rare_from": 5, "features": {"has_geo": 0.1}},
        {"rare_from": 5, "sources": ("a",), "joint": 1.2, "rare_share": 0.1, "excess": 0.1},
    ],
)
def test_lines_stand_with_their_sources_or_not_at_all(fields):
    with pytest.raises(ValueError, match=r"line|rare_from"):
        DriftLines(**fields)
