from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import binom

from botscan.evidence.labels import LabelDesign, LabelTable
from botscan.notes import Note
from botscan.prevalence import estimate_from_labels
from botscan.prevalence.error_correction import ErrorRates
from botscan.prevalence.intervals import exact_interval, wilson_interval
from botscan.prevalence.planning.sample_size import effective_size

N = 1000


def note(share, code):
    return next((found for found in share.notes if found.code == code), None)


def labels_for(rows, is_suspicious):
    return {f"a{row}": int(answer) for row, answer in zip(rows, is_suspicious, strict=True)}


def test_share_of_the_list_with_its_interval(thousand, hundred):
    share = estimate_from_labels(thousand, hundred, frame="full")
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


def test_unsure_accounts_are_left_out_of_the_share_and_the_interval_holds_whatever_they_are(
    thousand, hundred, labels_of
):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    unsure = {**answers, **dict.fromkeys(list(answers)[40:60], -1)}
    share = estimate_from_labels(thousand, labels_of(unsure), frame="full")
    alone = estimate_from_labels(
        thousand, labels_of({key: value for key, value in unsure.items() if value != -1}), frame="full"
    )
    assert share.organic_share == alone.organic_share
    assert share.n_labeled == 80
    widened = note(share, "labels_unsure_widened")
    assert widened.count == 20
    assert widened.numbers == {"ci_lower": alone.organic_share_ci_lower, "ci_upper": alone.organic_share_ci_upper}
    for level, is_inside in ((0.95, True), (0.9, False)):
        # One-sided ends of the two extremes: narrower than two-sided ones, as wide as those of a lower level.
        worst, best = (
            estimate_from_labels(
                thousand,
                labels_of({k: kind if v == -1 else v for k, v in unsure.items()}),
                frame="full",
                confidence_level=level,
            )
            for kind in (1, 0)
        )
        assert worst.organic_share < share.organic_share < best.organic_share
        ends = (worst.organic_share_ci_lower, best.organic_share_ci_upper)
        if is_inside:
            assert ends[0] < share.organic_share_ci_lower < share.organic_share_ci_upper < ends[1]
        else:
            assert ends == pytest.approx((share.organic_share_ci_lower, share.organic_share_ci_upper), abs=1e-3)


def test_one_undecided_account_hardly_widens_the_interval(thousand, hundred, labels_of):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    widths = [
        share.organic_share_ci_upper - share.organic_share_ci_lower
        for share in (
            estimate_from_labels(thousand, labels_of({**answers, **dict.fromkeys(list(answers)[50 : 50 + n], -1)}))
            for n in (0, 1, 10)
        )
    ]
    assert widths[0] < widths[1] < widths[0] + 0.02 < widths[2]


@pytest.mark.parametrize("kind", ["simple_random", "stratified"])
def test_the_interval_holds_where_suspicious_accounts_stay_undecided(thousand, labels_of, kind):
    held = {"whole": [], "decided": []}
    for run in range(60):
        rng = np.random.default_rng([5, run])
        # 30 % are suspicious; raters cannot decide about a third of these.
        truth = np.where(np.arange(N) < 300, rng.random(N) < 0.8, rng.random(N) < 60 / 700)
        rows = rng.choice(N, 120, replace=False)
        answers = np.where(truth[rows] & (rng.random(120) < 1 / 3), -1, truth[rows]).tolist()
        design = {"strata": (("A", 300), ("B", 700)), "stratum": rows >= 300} if kind == "stratified" else {}
        labels = labels_of(labels_for(rows, answers), **design)
        share = estimate_from_labels(thousand, labels, frame="full")
        organic = 1 - truth.mean()
        numbers = note(share, "labels_unsure_widened").numbers
        held["whole"].append(share.organic_share_ci_lower <= organic <= share.organic_share_ci_upper)
        held["decided"].append(numbers["ci_lower"] <= organic <= numbers["ci_upper"])
    assert np.mean(held["whole"]) >= binom.ppf(0.001, 60, 0.95) / 60
    assert np.mean(held["decided"]) < 0.8


@pytest.mark.parametrize(("n_undecided", "validated"), [(0, True), (10, True), (11, False), (60, False)])
def test_many_undecided_accounts_leave_the_share_unvalidated(thousand, hundred, labels_of, n_undecided, validated):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    for unsure_or_nothing in (-1, -2):
        some = {**answers, **dict.fromkeys(list(answers)[30 : 30 + n_undecided], unsure_or_nothing)}
        assert estimate_from_labels(thousand, labels_of(some)).validated is validated


def test_accounts_passed_over_are_in_the_band_and_those_not_reached_are_not(thousand, hundred, labels_of):
    answers = dict(zip(hundred.account_ids, hundred.answers[:, 0].tolist(), strict=True))
    rows = list(answers)
    unsure = estimate_from_labels(thousand, labels_of({**answers, **dict.fromkeys(rows[40:60], -1)}))
    skipped = estimate_from_labels(thousand, labels_of({**answers, **dict.fromkeys(rows[40:60], -2)}))
    assert note(skipped, "labels_unsure_widened") == note(unsure, "labels_unsure_widened")
    assert skipped.organic_share_ci_lower == unsure.organic_share_ci_lower
    assert note(skipped, "labels_unanswered") is None
    stopped = estimate_from_labels(thousand, labels_of({**answers, **dict.fromkeys(rows[80:], -2)}))
    assert note(stopped, "labels_unsure_widened") is None
    assert note(stopped, "labels_unanswered").count == 20


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
def test_too_little_is_no_number(thousand, labels_of, answers, code, n_labeled):
    share = estimate_from_labels(thousand, labels_of(answers))
    assert share.organic_share is None
    assert share.notes[0].code == code
    assert share.n_labeled == n_labeled
    assert share.n_labels_needed == 276


def test_two_labels_give_a_wide_interval(thousand, labels_of):
    share = estimate_from_labels(thousand, labels_of({"a1": 1, "a999": 0}))
    assert share.organic_share == 0.5
    assert share.organic_share_ci_upper - share.organic_share_ci_lower > 0.9


def test_an_empty_list_with_a_sheet_is_no_crash(scores_of, labels_of):
    assert estimate_from_labels(scores_of([]), labels_of({})).organic_share is None


def test_a_random_sample_speaks_of_its_population(thousand, hundred):
    full, sample, endless = (
        estimate_from_labels(thousand, hundred, frame=frame, population=population)
        for frame, population in (("full", None), ("random", 3000), ("random", None))
    )
    widths = [share.organic_share_ci_upper - share.organic_share_ci_lower for share in (full, sample, endless)]
    assert widths[0] < widths[1] < widths[2]
    numbers = note(sample, "frame_random_population").numbers
    assert numbers["organic_count"] == pytest.approx(3000 * sample.organic_share, abs=1)
    assert note(endless, "frame_random") is not None


@pytest.mark.parametrize("frame", ["newest", "unknown"])
def test_other_frames_are_never_carried_over(thousand, hundred, frame):
    share = estimate_from_labels(thousand, hundred, frame=frame)
    assert note(share, f"frame_{frame}") is not None
    assert share.organic_count == 660
    full = estimate_from_labels(thousand, hundred, frame="full")
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


def test_labels_from_strata_are_weighted_by_their_accounts(thousand, by_score):
    share = estimate_from_labels(thousand, by_score, frame="full")
    assert share.organic_share == pytest.approx(1 - (0.7 * 3 / 60 + 0.3 * 30 / 40), abs=1e-6)
    assert (share.method, share.validated, share.n_labeled) == ("stratified", True, 100)
    assert {found.code for found in share.notes} == {"includes_dormant", "raters_not_purchases"}
    plain = wilson_interval(1 - share.organic_share, effective_size(100, N))
    assert share.organic_share_ci_upper - share.organic_share_ci_lower < 0.8 * (plain[1] - plain[0])


def test_a_stratified_random_sample_speaks_of_its_population(thousand, by_score):
    full, sample, endless = (
        estimate_from_labels(thousand, by_score, frame=frame, population=population)
        for frame, population in (("full", None), ("random", 3000), ("random", None))
    )
    widths = [share.organic_share_ci_upper - share.organic_share_ci_lower for share in (full, sample, endless)]
    assert widths[0] < widths[1] < widths[2]
    assert full.organic_share == sample.organic_share == endless.organic_share


def test_declared_bots_stand_outside_the_strata(scores_of, by_score):
    log_odds = np.where(np.arange(N) < 300, 2.0, -2.0)
    strata = (("A", 600), ("B", 300))
    labels = replace(by_score, design=replace(by_score.design, strata=strata))
    share = estimate_from_labels(scores_of(log_odds, declared=range(900, 1000)), labels, frame="full")
    assert share.organic_share == pytest.approx(0.9 - (0.6 * 3 / 60 + 0.3 * 30 / 40), abs=1e-6)


def test_a_stratum_without_a_decision_joins_another_and_this_is_said(thousand, by_score):
    # The rater stopped before the stratum that thousand low.
    answers = by_score.answers.copy()
    answers[40:] = -2
    share = estimate_from_labels(thousand, replace(by_score, answers=answers))
    merged = note(share, "labels_strata_merged")
    assert (merged.count, merged.numbers) == (1, {"share": 0.7})
    assert not share.validated
    assert share.n_labeled == 40
    assert note(share, "labels_unanswered").count == 60


def test_an_undecided_stratum_is_in_the_interval_with_both_answers(thousand, by_score):
    answers = by_score.answers.copy()
    answers[:40] = -1
    share = estimate_from_labels(thousand, replace(by_score, answers=answers), frame="full")
    assert share.organic_share_ci_lower < 1 - (0.7 * 3 / 60 + 0.3)
    assert share.organic_share_ci_upper > 1 - 0.7 * 3 / 60
    assert not share.validated


def test_one_sided_labels_from_strata_leave_room_for_the_other_side(thousand, by_score):
    share = estimate_from_labels(thousand, replace(by_score, answers=np.zeros_like(by_score.answers)), frame="full")
    assert (share.organic_share, share.organic_share_ci_upper) == (1.0, 1.0)
    assert 0.92 < share.organic_share_ci_lower < 0.98


def test_two_labels_from_strata_give_a_wide_interval(thousand, labels_of):
    labels = labels_of({"a1": 1, "a999": 0}, strata=(("A", 300), ("B", 700)), stratum=[0, 1])
    share = estimate_from_labels(thousand, labels)
    assert share.organic_share == pytest.approx(0.7)
    assert share.organic_share_ci_upper - share.organic_share_ci_lower > 0.8


@pytest.mark.parametrize("kind", ["simple_random", "stratified"])
def test_the_interval_holds_where_rows_of_suspicious_accounts_were_deleted(thousand, labels_of, kind):
    held, decided = [], []
    for run in range(60):
        rng = np.random.default_rng([6, run])
        truth = np.where(np.arange(N) < 300, rng.random(N) < 0.8, rng.random(N) < 60 / 700)
        strata = (("A", 300), ("B", 700)) if kind == "stratified" else ()
        if strata:
            rows = np.concatenate([rng.choice(300, 60, replace=False), 300 + rng.choice(700, 60, replace=False)])
            rng.shuffle(rows)
            probability = np.where(rows < 300, 60 / 300, 60 / 700)
        else:
            rows, probability = rng.choice(N, 120, replace=False), np.full(120, 0.12)
        kept = ~(truth[rows] & (rng.random(120) < 0.5))
        n_missing = int((~kept)[: np.flatnonzero(kept)[-1]].sum())
        labels = labels_of(
            labels_for(rows[kept], truth[rows][kept]),
            probability=probability[kept],
            strata=strata,
            stratum=(rows >= 300)[kept] if strata else None,
        )
        share = estimate_from_labels(thousand, replace(labels, n_missing=n_missing), frame="full")
        organic = 1 - truth.mean()
        numbers = note(share, "labels_unsure_widened").numbers
        held.append(share.organic_share_ci_lower <= organic <= share.organic_share_ci_upper)
        decided.append(numbers["ci_lower"] <= organic <= numbers["ci_upper"])
        assert share.validated is bool(n_missing / (n_missing + kept.sum()) <= 0.1)
    assert np.mean(held) >= binom.ppf(0.001, 60, 0.95) / 60
    assert np.mean(decided) < 0.6


@pytest.mark.parametrize(("n_missing", "validated"), [(1, True), (11, True), (12, False)])
def test_missing_rows_count_as_undecided(thousand, hundred, n_missing, validated):
    share = estimate_from_labels(thousand, replace(hundred, n_missing=n_missing), frame="full")
    whole = estimate_from_labels(thousand, hundred, frame="full")
    assert share.validated is validated
    assert note(share, "labels_unsure_widened").count == n_missing
    assert share.organic_share == whole.organic_share
    assert share.organic_share_ci_lower < whole.organic_share_ci_lower
    assert share.organic_share_ci_upper > whole.organic_share_ci_upper


def test_missing_rows_widen_corrected_shares_too(thousand, hundred):
    rates = ErrorRates(180, 200, 10, 200)
    whole, cut = (
        estimate_from_labels(thousand, replace(hundred, n_missing=n), frame="full", rater_errors=rates) for n in (0, 20)
    )
    assert cut.organic_share == whole.organic_share
    assert cut.organic_share_ci_lower < whole.organic_share_ci_lower - 0.05


def test_missing_rows_have_no_place_in_the_follow_order(thousand, hundred):
    share = estimate_from_labels(thousand, replace(hundred, n_missing=5), frame="random", population=3_000)
    assert share.organic_share_ci_lower < share.organic_share < share.organic_share_ci_upper


def test_where_the_order_is_lost_nothing_is_validated_and_every_row_without_an_answer_counts(thousand, hundred):
    answers = np.array(hundred.answers)
    answers[95:] = -2
    stopped = replace(hundred, answers=answers)
    share, lost = (estimate_from_labels(thousand, replace(stopped, is_order_lost=is_lost)) for is_lost in (False, True))
    assert share.validated
    assert note(share, "labels_unanswered").count == 5
    assert not lost.validated
    assert note(lost, "labels_unanswered") is None
    assert note(lost, "labels_unsure_widened").count == 5
    # The probabilities tell that 120 were drawn.
    probability = np.full(100, 0.12)
    deleted = estimate_from_labels(thousand, replace(hundred, inclusion_probability=probability, is_order_lost=True))
    assert note(deleted, "labels_unsure_widened").count == 20
    nothing = estimate_from_labels(thousand, replace(stopped, answers=np.full((100, 1), -2), is_order_lost=True))
    assert nothing.notes[0].code == "labels_none"


@pytest.mark.parametrize("kind", ["simple_random", "systematic", "stratified", "assumed_simple_random"])
@pytest.mark.parametrize("n", [1, 2, 50])
def test_a_census_leaves_no_interval(scores_of, labels_of, kind, n):
    scores = scores_of(np.linspace(-2, 2, n + 2), declared=[n, n + 1])
    design = {"strata": (("A", n),), "stratum": np.zeros(n)} if kind == "stratified" else {"kind": kind}
    if kind == "assumed_simple_random":
        design["digest"] = ""
    labels = labels_of(labels_for(range(n), np.arange(n) < n // 2), **design)
    labels = replace(labels, is_order_lost=kind == "systematic", notes=(Note("labels_order_lost"),))
    share = estimate_from_labels(scores, labels, frame="full")
    exact = pytest.approx((n - n // 2) / (n + 2), abs=1e-6)
    assert (share.organic_share, share.organic_share_ci_lower, share.organic_share_ci_upper) == (exact, exact, exact)
    assert share.validated
    assert not {"labels_assumed_random", "labels_systematic", "labels_order_lost"} & {one.code for one in share.notes}
    endless = estimate_from_labels(scores, labels, frame="random")
    assert endless.organic_share_ci_lower < endless.organic_share_ci_upper


def test_a_census_counts_repeated_rows_and_ends_where_one_is_undecided(scores_of, labels_of):
    ids = pa.array(["a0", "a0", "a0", "a1"], pa.large_string())
    scores = scores_of(np.zeros(4), ids=ids, has_duplicates=True)
    share = estimate_from_labels(scores, labels_of({"a0": 0, "a1": 1}), frame="full")
    assert (share.organic_share, share.organic_share_ci_lower, share.organic_share_ci_upper) == (0.75, 0.75, 0.75)
    assert estimate_from_labels(scores, labels_of({"a0": 0, "a1": -1})).organic_share is None


def test_corrected_shares_say_what_is_not_corrected(thousand, hundred):
    share = estimate_from_labels(thousand, hundred, rater_errors=ErrorRates(180, 200, 10, 200))
    codes = {one.code for one in share.notes}
    assert "labels_errors_share_only" in codes
    assert "raters_not_purchases" not in codes


def with_places(scores, places):
    table = scores.table
    column = table.schema.get_field_index("follow_rank")
    values = pa.array(places, table.schema.field(column).type)
    return replace(scores, table=table.set_column(column, table.schema.field(column), values))


@pytest.mark.parametrize(
    ("places", "population", "told"),
    [
        ([*range(9_000, 9_999), None], 10_000, "ranks_not_usable"),
        (list(range(9_000, 10_000)), 9_800, "ranks_beyond_population"),
    ],
)
def test_a_head_never_speaks_of_all_followers_whatever_is_wrong_with_its_places(
    thousand, hundred, places, population, told
):
    head = with_places(thousand, places)
    share = estimate_from_labels(head, hundred, frame="random", population=population)
    assert share.frame == "unknown"
    assert {"ranks_in_few_runs", told} <= {note.code for note in share.notes}
    sample = with_places(thousand, [*range(0, 9_990, 10), None])
    assert estimate_from_labels(sample, hundred, frame="random", population=10_000).frame == "random"
