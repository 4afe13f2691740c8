"""Differences after minus before: their signs, their coverage, and what stands beside them."""

import json
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

import botscan as bs
from botscan.audit_comparison import compare_audits
from botscan.errors import SchemaError
from botscan.prevalence.intervals import exact_interval

LATER = {"observed_at": "2026-06-01T00:00:00Z"}
OTHER_MODEL = {"name": "default", "sha256": "b" * 64, "pattern": "twitter/full"}


def share_of(share, lower, upper, **more):
    ends = {"organic_share": share, "organic_share_ci_lower": lower, "organic_share_ci_upper": upper}
    return ends | more


def codes(notes):
    return [note.code for note in notes]


def test_the_interval_is_that_of_the_two_intervals(audit_of):
    comparison = compare_audits(
        audit_of(share=share_of(0.71, 0.64, 0.78)), audit_of(share=share_of(0.68, 0.62, 0.72), **LATER)
    )
    assert comparison.difference == -0.03
    # Below: 6 points of the later share, 7 above of the earlier; above: 4 and 7.
    assert comparison.difference_ci_lower == pytest.approx(-0.03 - math.hypot(0.06, 0.07), abs=1e-6)
    assert comparison.difference_ci_upper == pytest.approx(-0.03 + math.hypot(0.04, 0.07), abs=1e-6)
    assert comparison.confidence_level == 0.95
    assert comparison.days_between == 31


ends = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted).map(lambda three: (three[1], three[0], three[2]))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ends, second=ends, n=st.integers(1, 10**6))
def test_swapping_the_audits_swaps_the_signs(audit_of, first, second, n):
    one, other = audit_of(share=share_of(*first)), audit_of(share=share_of(*second), n=n)
    forth, back = compare_audits(one, other), compare_audits(other, one)
    assert back.difference == pytest.approx(-forth.difference, abs=2e-6)
    assert back.difference_ci_lower == pytest.approx(-forth.difference_ci_upper, abs=2e-6)
    assert back.difference_ci_upper == pytest.approx(-forth.difference_ci_lower, abs=2e-6)
    assert -1 <= forth.difference_ci_lower <= forth.difference <= forth.difference_ci_upper <= 1
    assert abs(back.organic_count_difference + forth.organic_count_difference) <= 1
    assert (
        forth.organic_count_difference_ci_lower
        <= forth.organic_count_difference
        <= forth.organic_count_difference_ci_upper
    )
    assert back.segments["active"].difference == -forth.segments["active"].difference


def simulated_share(rng, n_organic, n_accounts, n_labels):
    """Draw labels from a list and make a share with an exact interval of them."""
    drawn = int(rng.hypergeometric(n_organic, n_accounts - n_organic, n_labels))
    lower, upper = exact_interval(drawn, n_labels, n_accounts)
    return share_of(drawn / n_labels, lower, upper, method="exact", n_labeled=n_labels)


def test_the_intervals_hold_the_truth_at_least_as_often_as_they_say(audit_of):
    rng = np.random.Generator(np.random.Philox(3))
    n_runs, share_held, count_held = 800, 0, 0
    for _ in range(n_runs):
        sizes = rng.integers(300, 3000, 2)
        organic = np.rint(rng.choice([0.0, 0.02, 0.1, 0.3, 0.5, 0.8, 0.97, 1.0], 2) * sizes).astype(int)
        n_labels = rng.choice([30, 100, 250], 2)
        before, after = (
            audit_of(n=int(size), share=simulated_share(rng, good, size, int(n)) | {"n_scored": int(size)})
            for size, good, n in zip(sizes, organic, n_labels, strict=True)
        )
        found = compare_audits(before, after)
        truth = organic[1] / sizes[1] - organic[0] / sizes[0]
        share_held += found.difference_ci_lower - 1e-6 <= truth <= found.difference_ci_upper + 1e-6
        count = organic[1] - organic[0]
        count_held += found.organic_count_difference_ci_lower <= count <= found.organic_count_difference_ci_upper
    for held in (share_held, count_held):
        assert stats.binomtest(held, n_runs).proportion_ci(0.99).low >= 0.94


def test_the_same_labels_under_two_models_never_look_like_a_change():
    """Errors that go together make the interval too wide, never too narrow."""
    audience = bs.make_audience(n=400, random_state=4)
    ids = audience.accounts.table["account_id"].to_pylist()
    rng = np.random.Generator(np.random.Philox(5))
    for _ in range(10):
        drawn = rng.permutation(len(ids))[:60]
        labels = [{"account_id": ids[row], "is_suspicious": bool(audience.is_suspicious[row])} for row in drawn]
        plain = bs.audit(audience.accounts, labels, frame="full").to_dict()
        without_scores = dict(plain, model=OTHER_MODEL)
        n_organic = sum(not one["is_suspicious"] for one in labels)
        lower, upper = exact_interval(n_organic, len(labels), len(ids))
        without_scores["organic_share"] = plain["organic_share"] | share_of(
            n_organic / len(labels), lower, upper, method="exact"
        )
        found = compare_audits(plain, without_scores)
        assert found.difference_ci_lower <= 0 <= found.difference_ci_upper


def test_followers_that_came_and_went_are_counted_where_all_were_seen(audit_of):
    grown = compare_audits(audit_of(), audit_of(n=2000, **LATER))
    assert grown.difference == 0.0
    assert grown.organic_count_difference == 710
    # 2000 * 0.07 and 1000 * 0.07 to either side.
    assert grown.organic_count_difference_ci_lower == round(710 - math.hypot(140, 70))
    assert grown.organic_count_difference_ci_upper == round(710 + math.hypot(140, 70))


def test_of_a_random_sample_the_known_population_counts(audit_of):
    random = {"frame": "random", "population": 50_000}
    found = compare_audits(audit_of(share=random), audit_of(share=random | {"population": 60_000}, **LATER))
    assert found.organic_count_difference == 7100
    assert found.before.n_followers == 50_000
    unknown = compare_audits(audit_of(share=random), audit_of(share={"frame": "random"}, **LATER))
    assert unknown.organic_count_difference is None
    assert "compare_counts_unknown" in codes(unknown.notes)


@pytest.mark.parametrize("population", [-1, 900, 1.5, "many", True])
def test_a_population_that_cannot_be_is_refused(audit_of, population):
    with pytest.raises(SchemaError, match="population"):
        compare_audits(audit_of(), audit_of(share={"frame": "random", "population": population}))


def test_where_all_were_scored_a_share_of_the_scored_is_one_of_all(audit_of):
    share = {"share_of": "scored", "n_scored": 1000}
    assert compare_audits(audit_of(share=share), audit_of(share=share, **LATER)).organic_count_difference == 0


def test_a_share_of_the_scored_gives_no_count_of_followers(audit_of):
    share = {"share_of": "scored"}
    found = compare_audits(audit_of(share=share), audit_of(share=share, **LATER))
    assert found.difference == 0.0
    assert found.organic_count_difference is None


@pytest.mark.parametrize("after", ["2026-04-30T23:59:59Z", "2026-05-01T01:00:00+07:00", "2020-01-01"])
def test_audits_in_the_wrong_order_are_refused(audit_of, after):
    with pytest.raises(SchemaError, match="wrong order") as caught:
        compare_audits(audit_of(), audit_of(observed_at=after))
    assert "earlier audit first" in caught.value.remedy
    assert caught.value.source == "before and after"


def test_the_wrong_order_names_the_files(audit_of, tmp_path):
    paths = [tmp_path / name for name in ("june.json", "may.json")]
    for path, observed_at in zip(paths, ("2026-06-01", "2026-05-01"), strict=True):
        path.write_text(json.dumps(audit_of(observed_at=observed_at)))
    with pytest.raises(SchemaError, match="seen 31 days before the first") as caught:
        compare_audits(*paths)
    assert caught.value.source == f"{paths[0]} and {paths[1]}"


def test_a_day_without_an_hour_is_not_before_its_own_morning(audit_of):
    found = compare_audits(audit_of(observed_at="2026-05-01T09:30:00Z"), audit_of(observed_at="2026-05-01"))
    assert found.days_between == 0


def test_the_same_audit_twice_differs_in_nothing(audit_of):
    found = compare_audits(audit_of(), audit_of())
    assert found.is_same_list
    assert found.difference == found.organic_count_difference == found.days_between == 0
    assert {change.difference for change in found.segments.values()} == {0}
    assert found.new_warnings == found.gone_warnings == ()
    assert "one list" in found.headline()


@pytest.mark.parametrize("n", [0, 1])
def test_lists_too_small_for_a_share_are_told(n):
    frames = [bs.make_audience(n=1, random_state=seed).accounts.to_frame().head(n) for seed in (1, 2)]
    audits = [bs.audit(one, frame="full", platform="twitter") for one in frames]
    scores = [bs.score_accounts(one, platform="twitter") for one in frames]
    found = compare_audits(*audits, scores_before=scores[0], scores_after=scores[1])
    assert codes(found.reasons) == ["compare_share_missing_both"]
    assert found.interval is None
    assert found.common_accounts.n_common + found.common_accounts.n_only_before == n
    assert ("nothing to compare" in found.headline()) == (n == 0)
    assert found.segments["active"].share_difference is None or n


def test_an_empty_list_beside_a_full_one(audit_of, no_share):
    empty = audit_of(
        n=0, share=no_share | {"n_scored": 0, "n_labeled": 0}, segments=dict.fromkeys(audit_of()["segments"], 0)
    )
    found = compare_audits(audit_of(), empty)
    assert codes(found.reasons) == ["compare_share_missing_after"]
    assert found.segments["active"].difference == -600
    assert found.segments["active"].share_difference is None
    assert found.headline() == "One of the two lists holds no accounts, so there is nothing to compare."


def test_segments_are_counted_and_set_against_the_size_of_the_list(audit_of):
    after = audit_of(n=2000, segments=audit_of()["segments"] | {"active": 1400, "suspicious": 365}, **LATER)
    active = compare_audits(audit_of(), after).segments["active"]
    assert (active.before, active.after, active.difference) == (600, 1400, 800)
    assert active.share_difference == pytest.approx(0.1)


def test_segments_that_nobody_could_judge_stay_unknown(audit_of):
    not_judged = {"code": "segments_not_judged", "column": None, "count": 1000, "text": "Nobody could judge them."}
    segments = dict.fromkeys(audit_of()["segments"], 0) | {"unknown": 995, "declared_bot": 5}
    found = compare_audits(audit_of(), audit_of(segments=segments, warnings=[not_judged], **LATER))
    assert found.segments["active"].after is None
    assert found.segments["active"].difference is None
    assert found.segments["declared_bot"].difference == 0
    assert found.segments["unknown"].difference == 985


def warning(code, column=None, count=None, text="As it was told."):
    return {"code": code, "column": column, "count": count, "text": text}


def test_warnings_that_came_and_went(audit_of):
    stays = warning("blocks_not_examined")
    before = audit_of(warnings=[stays, warning("x", "created_at", 3)])
    after = audit_of(warnings=[warning("x", "followed_at", 3), stays, warning("y", None, 2)], **LATER)
    found = compare_audits(before, after)
    assert [(one.code, one.column, one.count) for one in found.new_warnings] == [
        ("x", "followed_at", 3),
        ("y", None, 2),
    ]
    assert [(one.code, one.column) for one in found.gone_warnings] == [("x", "created_at")]
