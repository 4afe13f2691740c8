"""What became of accounts that stand in both lists: counts only."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botscan.audit_comparison import compare_audits
from botscan.audit_comparison.common_accounts import match_accounts
from botscan.errors import SchemaError
from botscan.evidence.scores import SEGMENT_ORDER


def moved(common):
    return {(first, second): count for first, second, count in common.moves()}


def test_accounts_are_matched_by_id_whatever_their_order(scores_of):
    before = scores_of(["1", "2", "3", "4"], ["active", "active", "dormant", "unknown"], [-2.0, 0.5, 1.0, None])
    after = scores_of(["5", "3", "2", "4"], ["active", "dormant", "suspicious", "active"], [0.0, 1.5, 4.0, -1.0])
    common = match_accounts(before, after)
    assert (common.n_common, common.n_only_before, common.n_only_after) == (3, 1, 1)
    assert common.n_verdict_kept == 1
    assert moved(common) == {("active", "suspicious"): 1, ("unknown", "active"): 1}
    assert common.n_scored_in_both == 2
    assert common.mean_log_odds_change == pytest.approx((3.5 + 0.5) / 2)
    assert list(common.transitions) == list(SEGMENT_ORDER) == list(common.transitions["active"])


def test_scores_of_two_models_share_no_scale(scores_of):
    before = scores_of(["1"], ["active"], [1.0])
    for other in ({"model": "b" * 64}, {"pattern": "twitter/counts_only"}):
        common = match_accounts(before, scores_of(["1"], ["suspicious"], [9.0], **other))
        assert (common.n_scored_in_both, common.mean_log_odds_change) == (1, None)
        assert moved(common) == {("active", "suspicious"): 1}


def test_rows_without_an_id_and_repeated_accounts_count_once_or_not(scores_of):
    before = scores_of(["1", None, "1", "2"], ["active", "unknown", "dormant", "active"], [1.0, None, 2.0, 0.0])
    after = scores_of([None, "1", "1"], ["unknown", "active", "suspicious"], [None, 1.5, 9.0])
    common = match_accounts(before, after)
    assert (common.n_common, common.n_only_before, common.n_only_after) == (1, 1, 0)
    assert common.n_verdict_kept == 1
    assert common.mean_log_odds_change == 0.5


def test_empty_lists_have_nothing_in_common(scores_of):
    empty, one = scores_of([], [], []), scores_of(["1"], ["active"], [1.0])
    for first, second, sizes in ((empty, empty, (0, 0)), (empty, one, (0, 1)), (one, empty, (1, 0))):
        common = match_accounts(first, second)
        assert (common.n_common, common.n_only_before, common.n_only_after) == (0, *sizes)
        assert (common.n_scored_in_both, common.mean_log_odds_change, common.moves()) == (0, None, ())


accounts = st.dictionaries(
    st.integers(0, 12).map(str),
    st.tuples(st.sampled_from(SEGMENT_ORDER), st.none() | st.integers(-200, 200).map(lambda step: step / 20)),
    max_size=12,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=accounts, second=accounts)
def test_both_ways_round_tell_the_same_and_everything_adds_up(scores_of, first, second):
    before, after = (
        scores_of(list(one), [verdict for verdict, _ in one.values()], [score for _, score in one.values()])
        for one in (first, second)
    )
    forth, back = match_accounts(before, after), match_accounts(after, before)
    shared = first.keys() & second.keys()
    assert forth.n_common == back.n_common == len(shared)
    assert (forth.n_only_before, forth.n_only_after) == (len(first) - len(shared), len(second) - len(shared))
    assert (back.n_only_after, back.n_only_before) == (forth.n_only_before, forth.n_only_after)
    for one in SEGMENT_ORDER:
        for other in SEGMENT_ORDER:
            expected = sum(first[key][0] == one and second[key][0] == other for key in shared)
            assert forth.transitions[one][other] == back.transitions[other][one] == expected
    changes = [second[key][1] - first[key][1] for key in shared if None not in (first[key][1], second[key][1])]
    assert forth.n_scored_in_both == len(changes)
    if changes:
        assert forth.mean_log_odds_change == pytest.approx(sum(changes) / len(changes))
        assert back.mean_log_odds_change == pytest.approx(-forth.mean_log_odds_change)


@pytest.fixture
def small(audit_of, scores_of):
    """Two audits of three accounts each, two in common, and their scores."""
    share = {"n_labeled": 3, "n_scored": 3}
    audits = [
        audit_of(n=3, share=share, observed_at=observed_at) for observed_at in ("2026-05-01", "2026-06-01")
    ]  # fmt: skip
    first = scores_of(["id-71", "id-72", "id-73"], ["active", "active", "dormant"], [0.0, 0.0, 0.0])
    second = scores_of(["id-72", "id-73", "id-74"], ["suspicious", "dormant", "active"], [1.0, 0.0, 0.0])
    return audits, {"scores_before": first, "scores_after": second}


def test_a_comparison_counts_them_and_never_names_them(small):
    audits, scores = small
    comparison = compare_audits(*audits, **scores)
    common = comparison.common_accounts
    assert (common.n_common, common.n_only_before, common.n_only_after) == (2, 1, 1)
    assert comparison.to_dict()["common_accounts"]["transitions"]["active"]["suspicious"] == 1
    for language in ("en", "id"):
        for shown in (comparison.to_json(language=language), comparison.to_text(language), repr(comparison)):
            assert "id-7" not in shown
    assert "active, then shows signs of a bought or inauthentic follower: 1 account" in " ".join(
        str(comparison).split()
    )
    assert compare_audits(*audits).common_accounts is None


def test_the_digest_tells_whether_the_lists_are_one(small):
    audits, scores = small
    undated = [one | {"observed_at": None} for one in audits]
    assert not compare_audits(*undated, **scores).is_same_list
    assert compare_audits(*undated, **scores | {"scores_after": scores["scores_before"]}).is_same_list
    one_day = [audits[0], audits[0]]
    assert compare_audits(*one_day).is_same_list
    assert not compare_audits(*one_day, **scores).is_same_list


def test_ids_that_were_made_here_match_nothing(small):
    audits, scores = small
    made = {"code": "ids_made", "column": "account_id", "count": 3, "text": "3 rows have no id."}
    comparison = compare_audits(audits[0], audits[1] | {"warnings": [made]}, **scores)
    assert comparison.common_accounts is None
    assert comparison.notes[-1].code == "compare_ids_made"


def test_lists_without_a_common_account_are_told(small, scores_of):
    audits, scores = small
    others = scores_of(["a", "b", "c"], ["active"] * 3, [0.0] * 3)
    comparison = compare_audits(*audits, **scores | {"scores_after": others})
    assert comparison.common_accounts.n_common == 0
    assert comparison.notes[-1].code == "compare_none_common"


def test_ids_of_two_platforms_are_not_matched(small, scores_of):
    audits, scores = small
    others = scores_of(["id-72", "id-73", "id-74"], ["active"] * 3, [0.0] * 3, platform="instagram")
    comparison = compare_audits(
        audits[0], audits[1] | {"platform": "instagram"}, **scores | {"scores_after": others}
    )  # fmt: skip
    assert comparison.common_accounts is None


@pytest.mark.parametrize("change", [{"model": "b" * 64}, {"pattern": "x"}, {"platform": "instagram"}])
def test_scores_of_another_model_or_list_are_refused(small, scores_of, change):
    audits, scores = small
    others = scores_of(["1", "2", "3"], ["active"] * 3, [0.0] * 3, **change)
    with pytest.raises(SchemaError, match="scores_after is not of the list or the model"):
        compare_audits(*audits, **scores | {"scores_after": others})
    with pytest.raises(SchemaError, match="scores_before is not of the list or the model"):
        compare_audits(*audits, **scores | {"scores_before": scores_of(["1"], ["active"], [0.0])})


def test_scores_of_one_list_only_are_refused(small):
    audits, scores = small
    for name, missing in (("scores_before", "scores_after"), ("scores_after", "scores_before")):
        with pytest.raises(SchemaError, match=f"{missing} is of type NoneType"):
            compare_audits(*audits, **{name: scores[name]})
