from dataclasses import replace

import numpy as np
import pytest

from botscan.notes import Note
from botscan.prevalence import estimate_from_labels

N = 1000


def note(share, code):
    return next((found for found in share.notes if found.code == code), None)


def test_raters_who_disagree_give_half_a_label(thousand, labels_of):
    rows = range(0, N, 10)
    agreed = labels_of({f"a{row}": [int(row < 400), int(row < 400)] for row in rows})
    split = labels_of({f"a{row}": [int(row < 500), int(row < 300)] for row in rows})
    share, halves = (estimate_from_labels(thousand, labels, frame="full") for labels in (agreed, split))
    assert halves.organic_share == pytest.approx(share.organic_share, abs=0.02)
    assert note(halves, "labels_half").count == 20
    assert note(share, "labels_half") is None
    per_rater = [found for found in halves.notes if found.code == "rater_share"]
    assert [(found.column, found.count, found.numbers["suspicious_share"]) for found in per_rater] == [
        ("rater_1", 100, 0.5),
        ("rater_2", 100, 0.3),
    ]
    agreement = note(halves, "rater_agreement")
    assert (agreement.count, agreement.numbers["agreement"]) == (100, 0.8)
    # Chance agreement .5 * .3 + .5 * .7 = .5.
    assert agreement.numbers["kappa"] == pytest.approx(0.6)
    assert note(share, "rater_agreement").numbers["kappa"] == 1.0


def test_each_rater_has_a_share_and_a_count_of_unsure(thousand, labels_of):
    answers = {f"a{row}": [int(row < 10), [-1, 0, 1, -2][row % 4]] for row in range(40)}
    share = estimate_from_labels(thousand, labels_of(answers))
    of_raters = {found.column: (found.count, found.numbers) for found in share.notes if found.code == "rater_share"}
    assert of_raters == {
        "rater_1": (40, {"suspicious_share": 0.25, "n_unsure": 0}),
        "rater_2": (20, {"suspicious_share": 0.5, "n_unsure": 10}),
    }


def test_raters_who_always_say_the_same_have_no_kappa(thousand, labels_of):
    share = estimate_from_labels(thousand, labels_of({f"a{row}": [0, 0] for row in range(50)}))
    assert note(share, "rater_agreement_one_answer").count == 50


def test_one_rater_decides_where_the_other_is_unsure(thousand, labels_of):
    share = estimate_from_labels(thousand, labels_of({f"a{row}": [int(row < 20), -1] for row in range(40)}))
    assert share.n_labeled == 40
    assert note(share, "labels_unsure_widened") is None


def test_shares_of_raters_are_weighted_where_the_sample_is(thousand, by_score):
    answers = np.concatenate([by_score.answers, 1 - by_score.answers], axis=1)
    labels = replace(by_score, raters=("rater_1", "rater_2"), answers=answers)
    share = estimate_from_labels(thousand, labels)
    found = {one.column: one.numbers["suspicious_share"] for one in share.notes if one.code == "rater_share"}
    assert found == pytest.approx({"rater_1": 0.26, "rater_2": 0.74}, abs=1e-6)
    assert note(share, "rater_shares_weighted") is not None
    assert note(share, "rater_agreement").numbers["agreement"] == 0.0


def test_unanswered_rows_are_counted(thousand, hundred, labels_of):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    share = estimate_from_labels(thousand, labels_of({**answers, "a1": -2, "a2": -2, "a3": -2}))
    assert note(share, "labels_unanswered").count == 3
    assert share.n_labeled == 100


def test_notes_of_reading_stay(thousand, hundred, labels_of):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    share = estimate_from_labels(thousand, labels_of(answers, notes=[Note("labels_merged", count=4)]))
    assert note(share, "labels_merged").count == 4


def test_a_bare_table_is_taken_as_random_and_said_so(thousand, hundred, labels_of):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    share = estimate_from_labels(thousand, labels_of(answers, kind="assumed_simple_random", digest=""))
    assert note(share, "labels_assumed_random") is not None
    assert not share.validated
    assert share.organic_share == estimate_from_labels(thousand, hundred).organic_share


def test_a_systematic_sample_counts_as_a_simple_random_one_and_this_is_said(thousand, hundred):
    systematic = replace(hundred, design=replace(hundred.design, kind="systematic"))
    share, simple = (estimate_from_labels(thousand, labels, frame="full") for labels in (systematic, hundred))
    assert note(share, "labels_systematic") is not None
    assert share.validated
    assert (share.organic_share, share.organic_share_ci_lower) == (simple.organic_share, simple.organic_share_ci_lower)
