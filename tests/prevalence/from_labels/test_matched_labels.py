from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from botscan.errors import SchemaError
from botscan.prevalence import estimate_from_labels
from botscan.prevalence.from_labels.matched_labels import MatchedLabels

N = 1000


def note(share, code):
    return next((found for found in share.notes if found.code == code), None)


def labels_for(rows, is_suspicious):
    return {f"a{row}": int(answer) for row, answer in zip(rows, is_suspicious, strict=True)}


BARE = {"kind": "assumed_simple_random", "digest": ""}


def test_foreign_labels_are_counted_and_all_foreign_refused(thousand, hundred, labels_of):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    foreign = {f"b{row}": row % 2 for row in range(200)}
    share = estimate_from_labels(thousand, labels_of({**answers, **foreign}, **BARE))
    assert note(share, "labels_foreign").count == 200
    assert share.organic_share_ci_lower == estimate_from_labels(thousand, hundred).organic_share_ci_lower
    with pytest.raises(SchemaError, match="None of the 2 labelled accounts"):
        estimate_from_labels(thousand, labels_of({"b1": 1, "b2": 0}, **BARE))


@pytest.mark.parametrize(("n_damaged", "validated"), [(9, True), (11, False), (50, False)])
def test_ids_that_are_not_in_the_list_of_the_sheet_are_damaged_and_count_as_undecided(
    thousand, hundred, n_damaged, validated
):
    ids = tuple(f"x{one}" if row < n_damaged else one for row, one in enumerate(hundred.account_ids))
    share = estimate_from_labels(thousand, replace(hundred, account_ids=ids), frame="full")
    assert note(share, "labels_ids_damaged").count == n_damaged
    assert note(share, "labels_foreign") is None
    assert note(share, "labels_unsure_widened").count == n_damaged
    assert share.n_labeled == 100 - n_damaged
    assert share.validated is validated
    truth = 0.66
    width = share.organic_share_ci_upper - share.organic_share_ci_lower
    assert share.organic_share_ci_lower < truth < share.organic_share_ci_upper
    assert width > n_damaged / 100


def test_damaged_ids_after_the_last_answer_were_not_reached(thousand, hundred):
    answers = np.array(hundred.answers)
    answers[80:] = -2
    ids = tuple(f"x{one}" if row >= 80 else one for row, one in enumerate(hundred.account_ids))
    share = estimate_from_labels(thousand, replace(hundred, account_ids=ids, answers=answers))
    assert note(share, "labels_ids_damaged").count == 20
    assert note(share, "labels_unsure_widened") is None
    assert share.validated


def test_a_sheet_whose_ids_are_mostly_damaged_is_refused(thousand, hundred):
    ids = tuple(f"x{one}" if row < 51 else one for row, one in enumerate(hundred.account_ids))
    with pytest.raises(SchemaError, match=r"51 of the 100 account ids in the rows.*15 digits.*\.xlsx"):
        estimate_from_labels(thousand, replace(hundred, account_ids=ids))


def test_a_stratum_whose_rows_are_all_gone_is_told(thousand, by_score):
    # What reading makes of a sheet without the rows of one stratum.
    kept = by_score.stratum == 0
    labels = replace(
        by_score,
        account_ids=tuple(one for one, keep in zip(by_score.account_ids, kept, strict=True) if keep),
        answers=by_score.answers[kept],
        inclusion_probability=by_score.inclusion_probability[kept],
        stratum=by_score.stratum[kept],
        design=replace(by_score.design, strata=by_score.design.strata[:1]),
        n_missing=40,
    )
    with pytest.raises(SchemaError, match=r"All rows of a stratum are missing.*700.*1000.*Put the rows back, or merge"):
        estimate_from_labels(thousand, labels)


def test_missing_rows_of_strata_are_found_by_the_probabilities(thousand, by_score):
    def without(rows, **values):
        kept = np.setdiff1d(np.arange(100), rows)
        return MatchedLabels.of(
            thousand,
            replace(
                by_score,
                account_ids=tuple(by_score.account_ids[row] for row in kept),
                answers=by_score.answers[kept],
                inclusion_probability=by_score.inclusion_probability[kept],
                stratum=by_score.stratum[kept],
                **values,
            ),
        )

    assert without([3, 4, 70], n_missing=3).n_unknown_of.tolist() == [1, 2]
    # Two of the three were not reached: nobody knows which, so the one goes where it weighs most.
    assert without([3, 4, 70], n_missing=1).n_unknown_of.tolist() == [1, 0]
    assert without([3, 4, 70], is_order_lost=True).n_unknown_of.tolist() == [1, 2]
    assert without([], n_missing=0).n_unknown == 0


def test_no_more_rows_are_missing_than_the_list_holds(thousand, hundred):
    matched = MatchedLabels.of(thousand, replace(hundred, n_missing=10**18))
    assert matched.n_unknown == 900
    assert estimate_from_labels(thousand, replace(hundred, n_missing=10**18)).organic_share_ci_lower < 0.1


def test_a_sheet_of_another_list_is_refused(thousand, labels_of):
    with pytest.raises(SchemaError, match=r"sheet\.csv.*another list"):
        estimate_from_labels(thousand, labels_of({"a1": 1, "a2": 0}, digest="e" * 64))


def test_unequal_probabilities_are_refused(thousand, labels_of):
    labels = labels_of({"a1": 1, "a2": 0}, probability=np.array([0.1, 0.2]))
    with pytest.raises(SchemaError, match="unequal probabilities"):
        estimate_from_labels(thousand, labels)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stratum": None}, "not said from which"),
        ({"stratum": np.full(100, 2)}, "not said from which"),
        ({"strata": ()}, "not said from which"),
        ({"strata": (("A", 700), ("B", 250))}, r"hold 950 accounts, but 1000 accounts"),
        ({"strata": (("A", 990), ("B", 10))}, r"40 labelled accounts are of the stratum 'B', which holds 10"),
        ({"inclusion_probability": np.linspace(0.1, 0.2, 100)}, "one stratum were drawn with unequal"),
        ({"kind": "simple_random"}, "unequal probabilities; wanted a random sample"),
        ({"kind": "systematic"}, "unequal probabilities; wanted a random sample"),
    ],
)
def test_designs_that_do_not_fit_are_refused(thousand, by_score, changes, message):
    of_design = {key: changes.pop(key) for key in ("strata", "kind") if key in changes}
    labels = replace(by_score, design=replace(by_score.design, **of_design), **changes)
    with pytest.raises(SchemaError, match=message):
        estimate_from_labels(thousand, labels)


def test_repeated_rows_have_one_label(scores_of, labels_of):
    ids = pa.array([f"a{row % 500}" for row in range(N)], pa.large_string())
    scores = scores_of(np.where(np.arange(N) % 500 < 150, 2.0, -2.0), ids=ids, has_duplicates=True)
    rows = range(0, 500, 5)
    share = estimate_from_labels(scores, labels_of(labels_for(rows, np.arange(100) < 30)))
    assert share.n_labeled == 100
    assert note(share, "duplicates_counted") is not None
    assert share.organic_share == pytest.approx(0.7, abs=0.001)
