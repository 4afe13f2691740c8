import numpy as np
import pyarrow as pa
import pytest

from botscan.errors import SchemaError
from botscan.evidence.labels import LabelDesign, LabelTable
from botscan.notes import Note
from botscan.prevalence import estimate_from_labels
from botscan.prevalence.intervals import exact_interval, wilson_interval
from botscan.prevalence.sample_size import effective_size

N = 1000


@pytest.fixture
def scores(scores_of):
    """A thousand accounts, 300 of which score high."""
    return scores_of(np.where(np.arange(N) < 300, 2.0, -2.0))


def note(share, code):
    return next((found for found in share.notes if found.code == code), None)


def labels_for(rows, is_suspicious):
    return {f"a{row}": int(answer) for row, answer in zip(rows, is_suspicious, strict=True)}


@pytest.fixture
def hundred(labels_of):
    """Every tenth account, labelled as it scores but for ten."""
    rows = np.arange(0, N, 10)
    truth = (rows < 300) ^ (rows % 100 == 0)
    return labels_of(labels_for(rows, truth))


def test_share_of_the_list_with_its_interval(scores, hundred):
    share = estimate_from_labels(scores, hundred, frame="full")
    # 30 high of which 3 were turned, 70 low of which 7 were.
    assert share.organic_share == pytest.approx(0.66, abs=0.001)
    wilson = wilson_interval(0.66, effective_size(100, N))
    assert wilson[0] < share.organic_share_ci_lower < share.organic_share < share.organic_share_ci_upper < wilson[1]
    assert (share.method, share.share_of, share.estimand) == ("ppi_wilson", "list", "not_suspicious_to_raters")
    assert share.validated
    assert (share.n_accounts, share.n_scored, share.n_labeled) == (N, N, 100)
    assert share.organic_count == 660
    assert {found.code for found in share.notes} == {"includes_dormant", "raters_not_purchases"}


def test_unscored_accounts_are_part_of_the_list(scores_of, hundred):
    log_odds = np.where(np.arange(N) < 300, 2.0, -2.0)
    log_odds[5::10] = np.nan
    share = estimate_from_labels(scores_of(log_odds), hundred, frame="full")
    assert (share.share_of, share.n_accounts, share.n_scored) == ("list", N, 900)
    assert note(share, "unscored_inside").count == 100
    assert share.organic_share == pytest.approx(0.66, abs=0.01)


def test_labels_of_unscored_accounts_count_too(scores_of, labels_of):
    share = estimate_from_labels(
        scores_of(np.full(50, np.nan)), labels_of(labels_for(range(50), np.arange(50) < 20)), frame="full"
    )
    assert (share.organic_share, share.organic_share_ci_lower, share.organic_share_ci_upper) == (0.6, 0.6, 0.6)


def test_ids_only_get_the_plain_interval_of_the_labels(scores_of, labels_of):
    share = estimate_from_labels(
        scores_of(np.full(N, np.nan)), labels_of(labels_for(range(100), np.arange(100) < 40)), frame="full"
    )
    lower, upper = wilson_interval(0.4, effective_size(100, N))
    assert share.organic_share == 0.6
    assert (share.organic_share_ci_lower, share.organic_share_ci_upper) == pytest.approx(
        (1 - upper, 1 - lower), abs=2e-6
    )


def test_declared_bots_are_known_and_their_labels_not_needed(scores_of, labels_of):
    log_odds = np.where(np.arange(N) < 300, 2.0, -2.0)
    scores = scores_of(log_odds, declared=range(900, 1000))
    rows = np.arange(0, 900, 9)
    share = estimate_from_labels(scores, labels_of(labels_for(rows, np.zeros(100))), frame="full")
    assert share.organic_share == 0.9
    assert share.organic_share_ci_upper == 0.9
    assert share.organic_share_ci_lower == pytest.approx(0.9 * (1 - exact_interval(0, 100, 900)[1]), abs=1e-6)
    assert note(share, "declared_bots_not_organic").count == 100
    with_more = estimate_from_labels(
        scores, labels_of({**labels_for(rows, np.zeros(100)), "a950": 0, "a951": 1}), frame="full"
    )
    assert note(with_more, "labels_of_declared_bots").count == 2
    assert (with_more.organic_share_ci_lower, with_more.n_labeled) == (share.organic_share_ci_lower, 100)


def test_unsure_accounts_are_left_out_with_a_worst_case_band(scores, hundred, labels_of):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    unsure = {**answers, **dict.fromkeys(list(answers)[40:60], -1)}
    share = estimate_from_labels(scores, labels_of(unsure), frame="full")
    without = {key: value for key, value in unsure.items() if value != -1}
    assert share.organic_share == estimate_from_labels(scores, labels_of(without), frame="full").organic_share
    assert share.n_labeled == 80
    band = note(share, "labels_unsure_band")
    assert band.count == 20
    worst = estimate_from_labels(scores, labels_of({k: 1 if v == -1 else v for k, v in unsure.items()}), frame="full")
    best = estimate_from_labels(scores, labels_of({k: 0 if v == -1 else v for k, v in unsure.items()}), frame="full")
    assert band.numbers["ci_lower"] == worst.organic_share_ci_lower < share.organic_share_ci_lower
    assert band.numbers["ci_upper"] == best.organic_share_ci_upper > share.organic_share_ci_upper


@pytest.mark.parametrize(("n_undecided", "validated"), [(0, True), (10, True), (11, False), (60, False)])
def test_many_undecided_accounts_leave_the_share_unvalidated(scores, hundred, labels_of, n_undecided, validated):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    for unsure_or_nothing in (-1, -2):
        some = {**answers, **dict.fromkeys(list(answers)[30 : 30 + n_undecided], unsure_or_nothing)}
        assert estimate_from_labels(scores, labels_of(some)).validated is validated


def test_accounts_passed_over_are_in_the_band_and_those_not_reached_are_not(scores, hundred, labels_of):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    rows = list(answers)
    unsure = estimate_from_labels(scores, labels_of({**answers, **dict.fromkeys(rows[40:60], -1)}))
    skipped = estimate_from_labels(scores, labels_of({**answers, **dict.fromkeys(rows[40:60], -2)}))
    assert note(skipped, "labels_unsure_band") == note(unsure, "labels_unsure_band")
    assert note(skipped, "labels_unanswered") is None
    stopped = estimate_from_labels(scores, labels_of({**answers, **dict.fromkeys(rows[80:], -2)}))
    assert note(stopped, "labels_unsure_band") is None
    assert note(stopped, "labels_unanswered").count == 20


def test_raters_who_disagree_give_half_a_label(scores, labels_of):
    rows = range(0, N, 10)
    agreed = labels_of({f"a{row}": [int(row < 400), int(row < 400)] for row in rows})
    split = labels_of({f"a{row}": [int(row < 500), int(row < 300)] for row in rows})
    share, halves = (estimate_from_labels(scores, labels, frame="full") for labels in (agreed, split))
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


def test_each_rater_has_a_share_and_a_count_of_unsure(scores, labels_of):
    answers = {f"a{row}": [int(row < 10), [-1, 0, 1, -2][row % 4]] for row in range(40)}
    share = estimate_from_labels(scores, labels_of(answers))
    of_raters = {found.column: (found.count, found.numbers) for found in share.notes if found.code == "rater_share"}
    assert of_raters == {
        "rater_1": (40, {"suspicious_share": 0.25, "n_unsure": 0}),
        "rater_2": (20, {"suspicious_share": 0.5, "n_unsure": 10}),
    }


def test_raters_who_always_say_the_same_have_no_kappa(scores, labels_of):
    share = estimate_from_labels(scores, labels_of({f"a{row}": [0, 0] for row in range(50)}))
    assert note(share, "rater_agreement_one_answer").count == 50


def test_one_rater_decides_where_the_other_is_unsure(scores, labels_of):
    share = estimate_from_labels(scores, labels_of({f"a{row}": [int(row < 20), -1] for row in range(40)}))
    assert share.n_labeled == 40
    assert note(share, "labels_unsure_band") is None


def test_foreign_labels_are_counted_and_all_foreign_refused(scores, hundred, labels_of):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    share = estimate_from_labels(scores, labels_of({**answers, "b1": 1, "b2": 0}))
    assert note(share, "labels_foreign").count == 2
    assert share.organic_share == estimate_from_labels(scores, hundred).organic_share
    with pytest.raises(SchemaError, match="None of the 2 labelled accounts"):
        estimate_from_labels(scores, labels_of({"b1": 1, "b2": 0}))


def test_a_sheet_of_another_list_is_refused(scores, labels_of):
    with pytest.raises(SchemaError, match=r"sheet\.csv.*another list"):
        estimate_from_labels(scores, labels_of({"a1": 1, "a2": 0}, digest="e" * 64))


def test_unequal_probabilities_are_refused(scores, labels_of):
    labels = labels_of({"a1": 1, "a2": 0}, probability=np.array([0.1, 0.2]))
    with pytest.raises(SchemaError, match="unequal probabilities"):
        estimate_from_labels(scores, labels)


def test_a_bare_table_is_taken_as_random_and_said_so(scores, hundred, labels_of):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    share = estimate_from_labels(scores, labels_of(answers, kind="assumed_simple_random", digest=""))
    assert note(share, "labels_assumed_random") is not None
    assert not share.validated
    assert share.organic_share == estimate_from_labels(scores, hundred).organic_share


@pytest.mark.parametrize(
    ("answers", "code", "n_labeled"),
    [
        ({}, "labels_none", 0),
        ({"a1": -2, "a2": -2}, "labels_none", 0),
        ({"a1": -1, "a2": -1, "a3": -2}, "labels_all_unsure", 0),
        ({"a1": 1}, "labels_too_few", 1),
        ({"a1": 1, "a2": -1}, "labels_too_few", 1),
    ],
)
def test_too_little_is_no_number(scores, labels_of, answers, code, n_labeled):
    share = estimate_from_labels(scores, labels_of(answers))
    assert share.organic_share is None
    assert share.notes[0].code == code
    assert share.n_labeled == n_labeled
    assert share.n_labels_needed == 276


def test_two_labels_give_a_wide_interval(scores, labels_of):
    share = estimate_from_labels(scores, labels_of({"a1": 1, "a999": 0}))
    assert share.organic_share == 0.5
    assert share.organic_share_ci_upper - share.organic_share_ci_lower > 0.9


def test_an_empty_list_with_a_sheet_is_no_crash(scores_of, labels_of):
    assert estimate_from_labels(scores_of([]), labels_of({})).organic_share is None


def test_unanswered_rows_are_counted(scores, hundred, labels_of):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    share = estimate_from_labels(scores, labels_of({**answers, "a1": -2, "a2": -2, "a3": -2}))
    assert note(share, "labels_unanswered").count == 3
    assert share.n_labeled == 100


def test_notes_of_reading_stay(scores, hundred, labels_of):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    share = estimate_from_labels(scores, labels_of(answers, notes=[Note("labels_merged", count=4)]))
    assert note(share, "labels_merged").count == 4


def test_a_random_sample_speaks_of_its_population(scores, hundred):
    full, sample, endless = (
        estimate_from_labels(scores, hundred, frame=frame, population=population)
        for frame, population in (("full", None), ("random", 3000), ("random", None))
    )
    widths = [share.organic_share_ci_upper - share.organic_share_ci_lower for share in (full, sample, endless)]
    assert widths[0] < widths[1] < widths[2]
    numbers = note(sample, "frame_random_population").numbers
    assert numbers["organic_count"] == pytest.approx(3000 * sample.organic_share, abs=1)
    assert note(endless, "frame_random") is not None


@pytest.mark.parametrize("frame", ["newest", "unknown"])
def test_other_frames_are_never_carried_over(scores, hundred, frame):
    share = estimate_from_labels(scores, hundred, frame=frame)
    assert note(share, f"frame_{frame}") is not None
    assert share.organic_count == 660
    full = estimate_from_labels(scores, hundred, frame="full")
    assert share.organic_share_ci_upper == full.organic_share_ci_upper


def test_declared_bots_of_a_random_sample_are_a_sample_too(scores_of):
    rng = np.random.default_rng(8)
    held = {"random": [], "unknown": []}
    for _ in range(300):
        # Of all followers 30 % call themselves automated, and 20 % of the others are suspicious: 56 % are organic.
        declared = np.flatnonzero(rng.random(200) < 0.3)
        others = np.setdiff1d(np.arange(200), declared)
        answers = {f"a{row}": [int(rng.random() < 0.2)] for row in others}
        labels = LabelTable(
            tuple(answers), ("r",), np.array(list(answers.values())), LabelDesign("simple_random"), None, ""
        )
        scores = scores_of(np.zeros(200), declared=declared)
        for frame, found in held.items():
            share = estimate_from_labels(scores, labels, frame=frame)
            found.append(share.organic_share_ci_lower <= 0.56 <= share.organic_share_ci_upper)
    assert np.mean(held["random"]) >= 0.93
    assert np.mean(held["unknown"]) < 0.2  # of the list itself everything is known


def test_the_order_of_rows_changes_nothing(scores_of, labels_of):
    rng = np.random.default_rng(5)
    log_odds = np.rint(20 * rng.normal(0, 2, N)) / 20
    answers = labels_for(range(0, N, 10), rng.random(100) < 0.4)
    straight = estimate_from_labels(scores_of(log_odds), labels_of(answers))
    for _ in range(5):
        order = rng.permutation(N)
        scores = scores_of(log_odds[order], ids=pa.array([f"a{row}" for row in order], pa.large_string()))
        shuffled = dict(sorted(answers.items(), key=lambda _: rng.random()))
        assert estimate_from_labels(scores, labels_of(shuffled)) == straight


def test_repeated_rows_have_one_label(scores_of, labels_of):
    ids = pa.array([f"a{row % 500}" for row in range(N)], pa.large_string())
    scores = scores_of(np.where(np.arange(N) % 500 < 150, 2.0, -2.0), ids=ids, has_duplicates=True)
    rows = range(0, 500, 5)
    share = estimate_from_labels(scores, labels_of(labels_for(rows, np.arange(100) < 30)))
    assert share.n_labeled == 100
    assert note(share, "duplicates_counted") is not None
    assert share.organic_share == pytest.approx(0.7, abs=0.001)
