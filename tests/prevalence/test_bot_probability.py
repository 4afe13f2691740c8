import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botscan.errors import ModelError, SchemaError
from botscan.evidence.histogram import N_BINS, ScoreHistogram
from botscan.evidence.labels import LabelDesign, LabelTable
from botscan.evidence.profile import ScoreProfile
from botscan.notes import Note
from botscan.prevalence import cannot_say, estimate_from_labels, estimate_from_profile
from botscan.prevalence.bot_probability import (
    BotProbabilities,
    estimate_bot_probability,
    rising_log_ratio,
    shift_to_mean,
)
from botscan.prevalence.share import OrganicShare

ENDS = ("bot_probability", "lower", "upper")


def share_of_labels(scores, point, lower, upper, **values):
    n = scores.n_accounts
    n_judged = int((scores.is_scored | scores.is_declared_bot).sum())
    said = ("ppi_wilson", True, "not_suspicious_to_raters", "list", "full")
    return OrganicShare(point, lower, upper, 0.95, *said, n, n_judged, values.pop("n_labeled", min(n, 40)), **values)


def estimate_from_labels_of(scores, n):
    """Return the share from labels of n accounts, every fourth of them suspicious."""
    answers = np.array([[int(row % 4 == 0)] for row in range(n)], dtype=np.int8)
    ids = tuple(scores.account_ids.to_pylist()[:n])
    labels = LabelTable(ids, ("rater_1",), answers, LabelDesign("simple_random", scores.list_digest), None, "sheet.csv")
    return estimate_from_labels(scores, labels, frame="full")


def share_of_profile(scores, point, lower, upper):
    histogram = scores.histogram()
    n_judged = histogram.n_scored + histogram.n_declared_bots
    said = ("binned_posterior", False, "unlike_suspicious_profile", "scored", "full")
    return OrganicShare(point, lower, upper, 0.95, *said, scores.n_accounts, n_judged, 0)


def codes(result):
    return [note.code for note in result.notes]


@pytest.fixture
def mixture(scores_of):
    """A list of 900 organic and 300 suspicious accounts, four declared ones and 40 without a score."""
    rng = np.random.default_rng(0)
    log_odds = np.concatenate([rng.normal(-2, 1.5, 900), rng.normal(2, 1.5, 300), np.zeros(4), np.full(40, np.nan)])
    return scores_of(np.round(log_odds * 20) / 20, declared=range(1200, 1204))


def test_the_sums_reproduce_the_share_of_the_list(mixture):
    share = share_of_labels(mixture, 0.75, 0.6, 0.85)
    found = estimate_bot_probability(mixture, share)
    scored = mixture.is_scored & ~mixture.is_declared_bot
    for values, organic in zip((getattr(found, end) for end in ENDS), (0.75, 0.85, 0.6), strict=True):
        assert np.isnan(values[1204:]).all()
        assert (values[1200:1204] == 1.0).all()
        # Accounts without a score count as average: the scored undeclared ones carry the share of all undeclared.
        of_undeclared = 1 - organic * 1244 / 1240
        assert values[scored].mean() == pytest.approx(of_undeclared, abs=1e-8)
        assert (4 + of_undeclared * 1240) / 1244 == pytest.approx(1 - organic)
    assert codes(found) == ["probability_under_share", "probability_unscored"]


def test_the_sums_reproduce_the_share_of_the_scored(mixture, profile_of):
    profile = profile_of({400: 20, 500: 80, 700: 400}, {300: 400, 500: 90, 700: 10}, edges=(450, 512, 560))
    share = estimate_from_profile(mixture.histogram(), profile, frame="full")
    found = estimate_bot_probability(mixture, share, profile)
    known = np.isfinite(found.bot_probability)
    assert known.sum() == share.n_scored == 1204
    assert found.bot_probability[known].mean() == pytest.approx(1 - share.organic_share, abs=1e-6)
    assert round((1 - found.bot_probability[known]).sum()) == share.organic_count
    assert found.lower[known].mean() == pytest.approx(1 - share.organic_share_ci_upper, abs=1e-6)
    assert found.upper[known].mean() == pytest.approx(1 - share.organic_share_ci_lower, abs=1e-6)


def test_where_the_profile_is_exactly_right_the_offset_is_that_of_bayes(scores_of, profile_of):
    # One bin below 0, one above; the list is the mixture at 0.25 to the account.
    profile = profile_of({300: 1_000_000, 700: 3_000_000}, {300: 4_000_000, 700: 1_000_000}, edges=(512,))
    scores = scores_of([-2.0] * 66_250 + [2.0] * 33_750)
    found = estimate_bot_probability(scores, share_of_profile(scores, 0.75, 0.7, 0.8), profile)
    for row, p, q in ((0, 0.25, 0.8), (-1, 0.75, 0.2)):
        assert found.bot_probability[row] == pytest.approx(0.25 * p / (0.25 * p + 0.75 * q), abs=1e-5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    log_odds=st.lists(st.one_of(st.none(), st.integers(-400, 400)), min_size=1, max_size=60),
    ends=st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)),
    counts=st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=5, max_size=5),
    from_labels=st.booleans(),
)
def test_probabilities_rise_with_the_score_and_stay_in_order(scores_of, log_odds, ends, counts, from_labels):
    scores = scores_of([np.nan if one is None else one / 20 for one in log_odds])
    lower, point, upper = sorted(ends)
    if from_labels:
        found = estimate_bot_probability(scores, share_of_labels(scores, point, lower, upper))
    else:
        arrays = np.zeros((2, N_BINS), dtype=np.uint64)
        arrays[:, [200, 400, 500, 600, 800]] = np.array(counts, dtype=np.uint64).T + np.array(
            [0, 0, 1, 0, 0], np.uint64
        )
        profile = ScoreProfile({"a": arrays[0]}, {"b": arrays[1]}, (300, 450, 550, 700), "m" * 64, "twitter/full")
        found = estimate_bot_probability(scores, share_of_profile(scores, point, lower, upper), profile)
    scored = scores.is_scored
    order = np.argsort(scores.steps[scored], kind="stable")
    for end in ENDS:
        values = getattr(found, end)
        assert np.isnan(values[~scored]).all()
        assert (np.diff(values[scored][order]) >= 0).all()
        assert ((values[scored] >= 0) & (values[scored] <= 1)).all()
    assert (found.lower[scored] <= found.bot_probability[scored]).all()
    assert (found.bot_probability[scored] <= found.upper[scored]).all()
    if scored.any():
        for end, organic in zip(ENDS, (point, upper, lower), strict=True):
            assert getattr(found, end)[scored].mean() == pytest.approx(1 - organic, abs=1e-6)


def test_without_a_share_nobody_has_a_probability(mixture):
    found = estimate_bot_probability(mixture, cannot_say(mixture.histogram()))
    for end in ENDS:
        assert np.isnan(getattr(found, end)).all()
    assert codes(found) == ["probability_needs_share", "new_audience"]
    assert found.to_dict()["mean_bot_probability"] is None
    assert found.n_known == 0


def test_a_share_that_nobody_scored_stands_behind(scores_of):
    scores = scores_of([np.nan, np.nan, 0.0], declared=[2])
    found = estimate_bot_probability(scores, share_of_labels(scores, 0.5, 0.2, 0.6))
    assert np.isnan(found.bot_probability[:2]).all()
    assert found.bot_probability[2] == 1.0


def test_an_empty_list(scores_of):
    scores = scores_of([])
    found = estimate_bot_probability(scores, cannot_say(scores.histogram()))
    assert len(found) == len(found.to_frame()) == 0
    assert codes(found) == ["probability_needs_share", "no_accounts"]


def test_a_share_of_another_list_is_refused(mixture, scores_of):
    with pytest.raises(SchemaError, match="list of 3 accounts"):
        estimate_bot_probability(mixture, share_of_labels(scores_of([0, 0, 0]), 0.5, 0.4, 0.6))


def test_a_list_as_long_with_other_counts_is_refused(mixture, scores_of):
    share = estimate_from_labels_of(mixture, 60)
    judged = scores_of(np.where(np.arange(1244) < 1203, 0.0, np.nan), declared=range(1200, 1203))
    with pytest.raises(SchemaError, match="1204 judged accounts, the scores are of 1203"):
        estimate_bot_probability(judged, share)
    declared = scores_of(np.where(np.arange(1244) < 1204, 0.0, np.nan), declared=range(1200, 1203))
    with pytest.raises(SchemaError, match="4 accounts that call themselves automated, the scores are of 3"):
        estimate_bot_probability(declared, share)


def test_labels_of_another_list_and_other_labels_than_those_of_the_share_are_refused(mixture, labels_of):
    share = estimate_from_labels_of(mixture, 60)
    with pytest.raises(SchemaError, match="another list"):
        estimate_bot_probability(mixture, share, labels=labels_of({f"a{row}": 0 for row in range(60)}, digest="e" * 64))
    with pytest.raises(SchemaError, match="from 60 labels, but 59 accounts"):
        estimate_bot_probability(mixture, share, labels=labels_of({f"a{row}": 0 for row in range(59)}))


@pytest.mark.parametrize("change", [{"model": "other"}, {"pattern": "twitter/no_text"}])
def test_a_profile_of_another_model_or_pattern_is_refused(mixture, profile_of, change):
    profile = replace(profile_of({700: 10}, {300: 10}), **change)
    with pytest.raises(ModelError, match="another model or evidence pattern"):
        estimate_bot_probability(mixture, share_of_profile(mixture, 0.7, 0.6, 0.8), profile)


def test_a_profile_of_one_kind_is_refused(mixture, profile_of):
    with pytest.raises(ModelError, match="lacks suspicious or organic"):
        estimate_bot_probability(mixture, share_of_profile(mixture, 0.7, 0.6, 0.8), profile_of({}, {300: 10}))


def test_sources_count_alike_and_families_of_one_audience_by_their_accounts(scores_of):
    def counts(low, high):
        return np.bincount([300] * low + [700] * high, minlength=N_BINS)

    # A large family that scores low and a small one that scores high.
    profile = ScoreProfile(
        {"a": counts(900, 100), "b": counts(0, 100)}, {"c": counts(600, 400)}, (512,), "m" * 64, "twitter/full"
    )
    scores = scores_of([-3.0, 3.0])
    of_audience = share_of_profile(scores, 0.5, 0.4, 0.6)
    of_sources = replace(of_audience, method="source_random_effects", estimand="unlike_known_suspicious")
    pooled = estimate_bot_probability(scores, of_audience, profile).bot_probability
    alike = estimate_bot_probability(scores, of_sources, profile).bot_probability
    assert pooled[0] == pooled[1]  # pooled, the high bin speaks against: the ratio is levelled
    assert alike[1] > 0.55 > alike[0]


def test_the_ratio_is_pooled_where_it_falls_and_kept_where_it_rises():
    suspicious, organic = np.array([0.1, 0.3, 0.1, 0.5]), np.array([0.4, 0.2, 0.3, 0.1])
    ratio = np.exp(rising_log_ratio(suspicious, organic))
    assert ratio == pytest.approx([0.25, 0.8, 0.8, 5.0])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(1e-6, 1), st.floats(1e-6, 1)), min_size=1, max_size=12))
def test_the_ratio_never_falls_and_keeps_what_was_rising(pairs):
    suspicious, organic = np.array(pairs).T
    found = rising_log_ratio(suspicious, organic)
    assert (np.diff(found) >= 0).all()
    raw = np.log(suspicious) - np.log(organic)
    assert found.min() >= raw.min() - 1e-9
    assert found.max() <= raw.max() + 1e-9
    if (np.diff(raw) > 1e-9).all():
        assert found == pytest.approx(raw)


def test_the_offset_reaches_any_mean():
    evidence, weights = np.array([-16.0, 0.0, 16.0]), np.array([5.0, 3.0, 2.0])
    for mean in (0.0, 1e-6, 0.3, 0.999999, 1.0):
        assert float(weights @ shift_to_mean(evidence, weights, mean)) / 10 == pytest.approx(mean, abs=1e-9)


def test_labels_correct_how_strongly_the_score_speaks(scores_of, labels_of):
    rng = np.random.default_rng(1)
    log_odds = rng.normal(0, 4, 4000)
    truth = rng.random(4000) < 1 / (1 + np.exp(-0.3 * log_odds))  # three times as sure as it should be
    scores = scores_of(np.round(log_odds * 20) / 20)
    labels = labels_of({f"a{row}": int(truth[row]) for row in range(600)})
    share = estimate_from_labels(scores, labels, frame="full")
    plain = estimate_bot_probability(scores, share)
    told = estimate_bot_probability(scores, share, labels=labels)
    slope = next(note for note in told.notes if note.code == "probability_slope")
    assert 0.2 < slope.numbers["slope"] < 0.45
    assert slope.count == 600

    def loss(found):
        p = np.clip(found.bot_probability[600:], 1e-6, 1 - 1e-6)
        return -np.where(truth[600:], np.log(p), np.log(1 - p)).mean()

    assert loss(told) < 0.8 * loss(plain)
    for found in (plain, told):
        assert found.bot_probability.mean() == pytest.approx(1 - share.organic_share, abs=1e-6)


@pytest.mark.parametrize(("n_yes", "has_slope"), [(7, False), (8, True)])
def test_fewer_than_eight_of_a_class_leave_the_slope(scores_of, labels_of, n_yes, has_slope):
    scores = scores_of(np.linspace(-3, 3, 61).round(2))
    labels = labels_of({f"a{row}": int(row >= 61 - n_yes) for row in range(61)})
    share = share_of_labels(scores, 0.8, 0.7, 0.9, n_labeled=61)
    found = estimate_bot_probability(scores, share, labels=labels)
    assert ("probability_slope" in codes(found)) is has_slope


def test_declared_unscored_undecided_and_foreign_labels_do_not_bend_the_slope(scores_of, labels_of):
    log_odds = np.r_[np.linspace(-3, 3, 61).round(2), np.nan, 3.0]
    scores = scores_of(log_odds, declared=[62])
    answers = {f"a{row}": int(row >= 40) for row in range(61)}
    more = {**answers, "a61": 1, "a62": 1, "elsewhere": 1}
    one, other = (
        estimate_bot_probability(
            scores, share_of_labels(scores, 0.8, 0.7, 0.9, n_labeled=n), labels=labels_of(said, digest="")
        )
        for said, n in ((answers, 61), (more, 62))
    )
    assert np.array_equal(one.bot_probability, other.bot_probability, equal_nan=True)


def test_how_it_shows_itself(mixture):
    found = estimate_bot_probability(mixture, share_of_labels(mixture, 0.75, 0.6, 0.85))
    frame = found.to_frame()
    names = ["account_id", "bot_probability", "bot_probability_ci_lower", "bot_probability_ci_upper"]
    assert list(frame) == names
    assert frame["account_id"].tolist() == mixture.account_ids.to_pylist()
    for shown in (repr(found), str(found), found.to_text("id"), found.to_json()):
        assert "a12" not in shown
    assert found.to_dict()["n_known"] == 1204
    assert not found.bot_probability.flags.writeable
    with pytest.raises(ValueError, match="wanted"):
        BotProbabilities(mixture.account_ids, np.zeros(3), np.zeros(3), np.zeros(3), (Note("no_accounts"),))


def test_a_million_accounts_in_half_a_second(scores_of):
    rng = np.random.default_rng(0)
    scores = scores_of(np.round(rng.normal(-1, 3, 1_000_000) * 20) / 20, ids=["a"] * 1_000_000)
    share = share_of_labels(scores, 0.75, 0.6, 0.85)
    begun = time.process_time()
    estimate_bot_probability(scores, share)
    assert time.process_time() - begun < 0.5


def test_the_histogram_and_the_probabilities_see_the_same_accounts(mixture):
    histogram = mixture.histogram()
    assert isinstance(histogram, ScoreHistogram)
    found = estimate_bot_probability(mixture, share_of_labels(mixture, 0.75, 0.6, 0.85))
    assert found.n_known == histogram.n_scored + histogram.n_declared_bots
