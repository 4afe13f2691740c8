import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botscan.errors import BotscanError, ModelError
from botscan.evidence.histogram import N_BINS, ScoreHistogram
from botscan.evidence.profile import ScoreProfile
from botscan.prevalence.without_labels import new_audience
from botscan.prevalence.without_labels.new_audience import (
    WIDEST,
    bought_families,
    estimate_from_sources,
    estimate_without_labels,
)
from botscan.prevalence.without_labels.new_audience_figures import PatternFigures

MODEL, PATTERN = "m" * 64, "twitter/full"
SOURCES = ("cresci-2015", "vendor-purchased-2019", "caverlee-2011", "pronbots-2019", "cresci-2017")
GOOD = PatternFigures(8000, 0.65, 0.97, 0.39, 0.9, 0.7)


def spread(*parts):
    """Return counts that fill thirds of the scale."""
    counts = np.zeros(N_BINS, dtype=np.uint64)
    for start, count in zip((100, 450, 800), parts, strict=True):
        counts[start : start + 100] = count
    return counts


LOW, HIGH = spread(16, 3, 1), spread(1, 3, 16)
SUSPICIOUS = {
    **{f"cresci-2015/{shop}": HIGH for shop in ("FSF", "INT", "TWT")},
    **dict.fromkeys(SOURCES[1:4], HIGH),
    "cresci-2017/campaign": LOW,
}
ORGANIC = {**{f"people_{number}": LOW for number in range(7)}, "quieter_people": spread(10, 6, 4)}


@pytest.fixture
def profile():
    return ScoreProfile(SUSPICIOUS, ORGANIC, (400, 700), MODEL, PATTERN)


@pytest.fixture(autouse=True)
def measured(monkeypatch):
    monkeypatch.setattr(new_audience, "new_audience_figures", lambda pattern: GOOD if pattern == PATTERN else None)
    monkeypatch.setattr(new_audience, "measured_sources", lambda: frozenset(SOURCES))


def mixed(tenths, **values):
    return ScoreHistogram(tenths * HIGH + (10 - tenths) * LOW, 0, MODEL, PATTERN, **values)


def codes(share):
    return [note.code for note in share.notes]


def ends(share):
    return share.organic_share_ci_lower, share.organic_share, share.organic_share_ci_upper


def test_a_list_of_hardly_any_suspicious_accounts_is_answered(profile):
    share = estimate_without_labels(mixed(1), profile)
    assert share.organic_share == pytest.approx(0.9, abs=0.1)
    assert (share.method, share.estimand, share.share_of, share.validated) == (
        "source_random_effects",
        "unlike_known_suspicious",
        "scored",
        False,
    )
    assert codes(share) == [
        "new_audience_measured",
        "new_audience_other_bots",
        "new_audience_labels",
        "includes_dormant",
        "frame_unknown",
    ]
    assert share.notes[0].numbers["coverage"] == GOOD.coverage
    assert share.notes[2].numbers["n_labels"] > 100


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10), st.integers(0, 400), st.integers(0, 400), st.sampled_from(["full", "random", "newest"]))
def test_the_share_is_inside_its_interval_whatever_the_list(profile, tenths, n_declared, n_unscored, frame):
    histogram = dataclasses.replace(mixed(tenths), n_declared_bots=n_declared, n_unscored=n_unscored)
    share = estimate_from_sources(histogram, profile, frame=frame, widest=1.0, people_are_like_known=True)
    lower, middle, upper = ends(share)
    assert 0 <= lower <= middle <= upper <= 1
    undeclared = histogram.n_scored / (histogram.n_scored + n_declared)
    assert middle <= undeclared + 1e-6
    assert share.n_scored == histogram.n_scored + n_declared
    assert ends(estimate_from_sources(histogram, profile, frame=frame, widest=1.0, people_are_like_known=True)) == (
        lower,
        middle,
        upper,
    )


@pytest.mark.parametrize("tenths", [0, 1, 5, 9, 10])
def test_more_confidence_is_a_wider_interval_around_the_same_share(profile, tenths):
    intervals = [
        ends(
            estimate_from_sources(
                mixed(tenths), profile, confidence_level=level, widest=1.0, people_are_like_known=True
            )
        )
        for level in (0.5, 0.8, 0.95, 0.99)
    ]
    for (lower, middle, upper), (wider_lower, same, wider_upper) in pairwise(intervals):
        assert middle == same
        assert wider_lower <= lower
        assert upper <= wider_upper
    assert intervals[-1][2] - intervals[-1][0] > intervals[0][2] - intervals[0][0]


def test_values_are_rounded(profile):
    for value in ends(estimate_without_labels(mixed(1), profile)):
        assert value == round(value, 6)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10), st.floats(0, 1))
def test_a_lower_bound_is_kept_or_the_list_is_not_answered(profile, tenths, bound):
    share = estimate_from_sources(
        mixed(tenths), profile, suspicious_share_lower_bound=bound, widest=1.0, people_are_like_known=True
    )
    assert share.suspicious_share_lower_bound == bound
    if share.organic_share is None:
        assert codes(share)[0] == "new_audience_bound_contradicts"
    else:
        assert share.organic_share_ci_upper <= 1.0 - bound + 1e-6


def test_a_lower_bound_inside_the_interval_narrows_it(profile):
    lower, _, upper = ends(estimate_without_labels(mixed(2), profile))
    bound = 1.0 - upper + 0.05
    share = estimate_without_labels(mixed(2), profile, suspicious_share_lower_bound=bound)
    assert share.organic_share_ci_upper == pytest.approx(upper - 0.05, abs=0.01)
    assert share.organic_share_ci_lower == pytest.approx(lower, abs=0.05)
    assert ends(estimate_without_labels(mixed(2), profile, suspicious_share_lower_bound=0.0)) == (lower, _, upper)


def test_accounts_behind_the_bound_may_have_no_score(profile):
    histogram = mixed(0, n_declared_bots=0)
    some = dataclasses.replace(histogram, n_unscored=histogram.n_scored)
    plain = estimate_without_labels(some, profile)
    assert ends(estimate_without_labels(some, profile, suspicious_share_lower_bound=0.5)) == ends(plain)
    of_all = estimate_without_labels(some, profile, suspicious_share_lower_bound=0.55)
    assert of_all.organic_share_ci_upper == pytest.approx(0.9, abs=1e-6)


def test_a_bound_beyond_what_the_scores_see_is_no_answer(profile):
    share = estimate_without_labels(mixed(0), profile, suspicious_share_lower_bound=0.95)
    assert share.organic_share is None
    assert codes(share)[0] == "new_audience_bound_contradicts"
    assert share.suspicious_share_lower_bound == 0.95


@pytest.mark.parametrize("bound", [-0.1, 1.5, float("nan")])
def test_a_bound_that_is_no_share_is_refused(profile, bound):
    with pytest.raises(BotscanError, match="wanted a share"):
        estimate_without_labels(mixed(1), profile, suspicious_share_lower_bound=bound)


def test_families_of_other_bots_are_no_reference(profile):
    assert "cresci-2017/campaign" not in bought_families(profile)
    other = {**SUSPICIOUS, "cresci-2017/campaign": HIGH}
    assert ends(estimate_without_labels(mixed(1), dataclasses.replace(profile, suspicious=other))) == ends(
        estimate_without_labels(mixed(1), profile)
    )


@pytest.mark.parametrize(
    ("suspicious", "organic"),
    [
        ({**SUSPICIOUS, "cresci-2015/FSF": 0 * HIGH, "cresci-2015/INT": 0 * HIGH}, ORGANIC),
        (SUSPICIOUS, {name: counts for name, counts in ORGANIC.items() if name < "people_4"}),
    ],
    ids=["few families of shops", "few sources of people"],
)
def test_a_thin_reference_is_no_answer(profile, suspicious, organic):
    thin = dataclasses.replace(profile, suspicious=suspicious, organic=organic)
    share = estimate_without_labels(mixed(1), thin)
    assert share.organic_share is None
    assert codes(share)[0] == "new_audience_no_reference"
    assert share.n_labels_needed == share.notes[0].numbers["n_labels"]


def test_a_profile_without_the_measured_sources_is_no_answer(profile):
    own = {name.replace("pronbots-2019", "my-shop"): counts for name, counts in SUSPICIOUS.items()}
    share = estimate_without_labels(mixed(1), dataclasses.replace(profile, suspicious=own))
    assert codes(share)[0] == "new_audience_not_measured"


@pytest.mark.parametrize("pattern", ["instagram/full", "general/counts_only"])
def test_a_pattern_that_was_not_measured_is_no_answer(profile, pattern):
    histogram = dataclasses.replace(mixed(1), pattern=pattern)
    share = estimate_without_labels(histogram, dataclasses.replace(profile, pattern=pattern))
    assert (share.organic_share, codes(share)[0]) == (None, "new_audience_not_measured")


@pytest.mark.parametrize("bad", [{"coverage": 0.89}, {"coverage_worst": 0.79}])
def test_a_pattern_whose_intervals_did_not_hold_is_no_answer(profile, monkeypatch, bad):
    monkeypatch.setattr(new_audience, "new_audience_figures", lambda _: dataclasses.replace(GOOD, **bad))
    share = estimate_without_labels(mixed(1), profile)
    assert (share.organic_share, codes(share)[0]) == (None, "new_audience_unreliable")


def test_an_interval_that_says_too_little_is_not_given(profile):
    # What is above the lines is 1 in 5 of one seller's accounts and nearly all of another's.
    vague = {**SUSPICIOUS, **dict.fromkeys(SOURCES[1:3], spread(14, 3, 3))}
    profile = dataclasses.replace(profile, suspicious=vague)
    share = estimate_without_labels(mixed(2), profile)
    assert (share.organic_share, codes(share)[0]) == (None, "new_audience_too_wide")
    numbers = share.notes[0].numbers
    assert numbers["upper"] - numbers["lower"] > WIDEST
    # Whether there is an answer does not hang on the confidence asked for.
    assert estimate_without_labels(mixed(2), profile, confidence_level=0.5).organic_share is None


def test_a_list_beyond_all_known_people_is_not_answered(profile):
    """What is above the line of people may be people that are quieter than those somebody labelled."""
    assert estimate_without_labels(mixed(1), profile).organic_share is not None
    share = estimate_without_labels(mixed(8), profile)
    assert (share.organic_share, codes(share)[0]) == (None, "new_audience_beyond_people")
    assert share.notes[0].numbers["share"] > share.notes[0].numbers["of_people"]
    # One source of people who look so is enough, however many do not.
    quiet = dataclasses.replace(profile, organic={**ORGANIC, "quiet": HIGH})
    assert codes(estimate_without_labels(mixed(8), quiet))[0] != "new_audience_beyond_people"
    assert estimate_from_sources(mixed(8), profile, people_are_like_known=True).organic_share == pytest.approx(
        0.2, abs=0.1
    )


def test_no_scores(profile):
    empty = ScoreHistogram(np.zeros(N_BINS), 0, MODEL, "")
    assert codes(estimate_without_labels(empty, profile))[0] == "no_accounts"
    unscored = ScoreHistogram(np.zeros(N_BINS), 50, MODEL, PATTERN, n_declared_bots=3)
    assert codes(estimate_without_labels(unscored, profile))[0] == "not_enough_evidence"


@pytest.mark.parametrize("n", [1, 2, 29])
def test_a_short_list_is_labelled_instead(profile, n):
    counts = np.zeros(N_BINS)
    counts[500] = n
    share = estimate_without_labels(ScoreHistogram(counts, 0, MODEL, PATTERN), profile)
    assert share.organic_share is None
    assert codes(share)[0] in ("new_audience_small", "new_audience_few_scored")


@pytest.mark.parametrize("position", [0, 500, N_BINS - 1])
def test_all_accounts_in_one_bin(profile, position):
    counts = np.zeros(N_BINS)
    counts[position] = 5000
    share = estimate_from_sources(
        ScoreHistogram(counts, 0, MODEL, PATTERN), profile, widest=1.0, people_are_like_known=True
    )
    assert 0 <= share.organic_share_ci_lower <= share.organic_share <= share.organic_share_ci_upper <= 1
    assert (share.organic_share > 0.5) == (position < 700)


def test_people_that_leave_no_line_are_no_reference(profile):
    counts = np.zeros(N_BINS, dtype=np.uint64)
    counts[-1] = 100
    top = dataclasses.replace(profile, organic=dict.fromkeys(ORGANIC, counts))
    assert codes(estimate_without_labels(mixed(1), top))[0] == "new_audience_no_reference"


def test_a_random_sample_of_many_is_no_narrower_than_the_list_itself(profile):
    counts = ScoreHistogram((mixed(1).counts // 20).astype(np.uint64), 0, MODEL, PATTERN)
    full = ends(estimate_without_labels(counts, profile, frame="full"))
    sample = estimate_without_labels(counts, profile, frame="random", population=1_000_000)
    assert sample.organic_share_ci_lower <= full[0] + 0.005
    assert sample.organic_share_ci_upper - sample.organic_share_ci_lower >= full[2] - full[0] - 0.005
    assert sample.population == 1_000_000


def test_scores_of_another_model_are_refused(profile):
    for other in ({"model": "other"}, {"pattern": "twitter/no_text"}):
        with pytest.raises(ModelError, match="come from"):
            estimate_without_labels(mixed(1), dataclasses.replace(profile, **other))


def test_every_reason_has_words_in_both_languages(profile):
    shares = [
        estimate_without_labels(mixed(1), profile),
        estimate_without_labels(mixed(0), profile, suspicious_share_lower_bound=0.95),
        estimate_without_labels(mixed(1), dataclasses.replace(profile, organic={"people": LOW})),
    ]
    for share in shares:
        assert str(share)
