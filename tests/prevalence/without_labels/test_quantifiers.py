import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botscan.errors import BotscanError, ModelError
from botscan.evidence.histogram import N_BINS, ScoreHistogram
from botscan.evidence.profile import ScoreProfile
from botscan.prevalence import estimate_from_profile
from botscan.prevalence.mixture import share_posterior
from botscan.prevalence.without_labels.quantifiers import _fit, separation_of

LOW, MIDDLE, HIGH = 100, 500, 900


def codes(share):
    return [note.code for note in share.notes]


@pytest.fixture
def profile(profile_of):
    return profile_of({LOW: 20, MIDDLE: 80, HIGH: 400}, {LOW: 400, MIDDLE: 90, HIGH: 10})


def test_the_share_of_a_plain_mixture(histogram_of, profile):
    # 600 organic and 400 suspicious accounts in the proportions of the profile.
    histogram = histogram_of({LOW: 480 + 16, MIDDLE: 108 + 64, HIGH: 12 + 320})
    share = estimate_from_profile(histogram, profile, frame="full")
    assert share.organic_share == pytest.approx(0.6, abs=0.01)
    assert share.organic_share_ci_lower < 0.6 < share.organic_share_ci_upper
    assert share.organic_share_ci_upper - share.organic_share_ci_lower < 0.12
    assert (share.method, share.validated, share.share_of, share.estimand) == (
        "binned_posterior",
        False,
        "scored",
        "unlike_suspicious_profile",
    )
    assert (share.n_accounts, share.n_scored, share.n_labeled) == (1000, 1000, 0)
    assert codes(share) == ["includes_dormant", "profile_assumed_same_audience"]


@pytest.mark.parametrize(("kind", "expected"), [(LOW, 1.0), (HIGH, 0.0)])
def test_the_interval_reaches_the_end(histogram_of, profile_of, kind, expected):
    profile = profile_of({HIGH: 1000}, {LOW: 1000})
    share = estimate_from_profile(histogram_of({kind: 500}), profile)
    assert share.organic_share == expected
    assert expected in (share.organic_share_ci_lower, share.organic_share_ci_upper)


@pytest.mark.parametrize("n", [300, 3_000])
def test_a_profile_that_tells_little_gives_no_share(histogram_of, profile_of, n):
    # 54 % of one kind and 46 % of the other above the middle: AUC .54, whatever the number of accounts up to thousands.
    weak = profile_of({LOW: 46 * n // 100, HIGH: 54 * n // 100}, {LOW: 54 * n // 100, HIGH: 46 * n // 100})
    share = estimate_from_profile(histogram_of({LOW: 500, HIGH: 500}), weak)
    assert share.organic_share is None
    assert codes(share)[0] == "profile_tells_little"
    assert share.notes[0].numbers["auc"] == 0.54


def test_few_accounts_that_are_far_apart_are_enough(histogram_of, profile_of):
    share = estimate_from_profile(histogram_of({LOW: 500, HIGH: 500}), profile_of({HIGH: 19, LOW: 1}, {LOW: 20}))
    assert share.organic_share is not None


def test_separation_against_scikit_learn(profile_of):
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(3)
    suspicious, organic = rng.integers(0, 50, 12).astype(float), rng.integers(0, 50, 12).astype(float)
    truth = np.repeat([1, 0], [int(suspicious.sum()), int(organic.sum())])
    scores = np.concatenate([np.repeat(np.arange(12), kind.astype(int)) for kind in (suspicious, organic)])
    assert separation_of(suspicious, organic)[0] == pytest.approx(roc_auc_score(truth, scores))


def test_declared_bots_are_known_not_to_be_organic(histogram_of, profile):
    counts = {LOW: 496, MIDDLE: 172, HIGH: 332}
    without = estimate_from_profile(histogram_of(counts), profile)
    with_bots = estimate_from_profile(histogram_of(counts, n_declared_bots=250, n_unscored=50), profile)
    assert with_bots.organic_share == pytest.approx(without.organic_share * 1000 / 1250, abs=1e-6)
    assert with_bots.organic_count == without.organic_count
    assert (with_bots.n_accounts, with_bots.n_scored) == (1300, 1250)
    assert "declared_bots_not_organic" in codes(with_bots)
    assert "unscored_outside" in codes(with_bots)


def test_nothing_scored_is_no_number(histogram_of, profile):
    for histogram, reason in (
        (histogram_of({}), "no_accounts"),
        (histogram_of({}, n_unscored=70), "not_enough_evidence"),
    ):
        share = estimate_from_profile(histogram, profile)
        assert share.organic_share is None
        assert codes(share)[0] == reason


@pytest.mark.parametrize("change", [{"model": "other"}, {"pattern": "twitter/no_dates"}])
def test_a_profile_of_other_scores_is_refused(histogram_of, profile_of, change):
    with pytest.raises(ModelError, match="profile"):
        estimate_from_profile(histogram_of({LOW: 5}), profile_of({HIGH: 9}, {LOW: 9}, **change))


@pytest.mark.parametrize(("suspicious", "organic"), [({}, {LOW: 9}), ({HIGH: 9}, {})])
def test_a_profile_without_one_kind_is_refused(histogram_of, profile_of, suspicious, organic):
    with pytest.raises(ModelError, match="holds no"):
        estimate_from_profile(histogram_of({LOW: 5}), profile_of(suspicious, organic))


@pytest.mark.parametrize(
    "options", [{"frame": "all"}, {"population": 3}, {"confidence_level": 1.0}, {"confidence_level": float("nan")}]
)
def test_options_outside_their_range_are_refused(histogram_of, profile, options):
    with pytest.raises(BotscanError):
        estimate_from_profile(histogram_of({LOW: 5}), profile, **options)


@pytest.mark.parametrize(
    ("frame", "code"),
    [("full", None), ("newest", "frame_newest"), ("unknown", "frame_unknown"), ("random", "frame_random")],
)
def test_the_frame_is_said(histogram_of, profile, frame, code):
    share = estimate_from_profile(histogram_of({LOW: 500, HIGH: 500}), profile, frame=frame)
    assert share.frame == frame
    assert [found for found in codes(share) if found.startswith("frame")] == ([code] if code else [])


def test_a_random_sample_speaks_of_its_population(histogram_of, profile):
    histogram = histogram_of({LOW: 496, MIDDLE: 172, HIGH: 332})
    full = estimate_from_profile(histogram, profile, frame="full")
    sample = estimate_from_profile(histogram, profile, frame="random", population=50_000)
    assert sample.organic_share == pytest.approx(full.organic_share, abs=0.005)
    assert sample.organic_share_ci_lower < full.organic_share_ci_lower
    assert sample.organic_share_ci_upper > full.organic_share_ci_upper
    note = next(note for note in sample.notes if note.code == "frame_random_population")
    assert note.numbers["organic_count"] == pytest.approx(50_000 * sample.organic_share, abs=1)
    assert note.numbers["ci_lower"] < note.numbers["organic_count"] < note.numbers["ci_upper"]
    whole = estimate_from_profile(histogram, profile, frame="random", population=1000)
    assert whole.organic_share_ci_upper == full.organic_share_ci_upper


def test_a_sample_of_everybody_is_the_whole_list(histogram_of, profile):
    histogram = histogram_of({LOW: 496, MIDDLE: 172, HIGH: 332}, n_declared_bots=100, n_unscored=400)
    full = estimate_from_profile(histogram, profile, frame="full")
    whole = estimate_from_profile(histogram, profile, frame="random", population=1500)
    assert (whole.organic_share_ci_lower, whole.organic_share_ci_upper) == (
        full.organic_share_ci_lower,
        full.organic_share_ci_upper,
    )


def test_declared_bots_of_a_random_sample_are_a_sample_too(histogram_of, profile_of):
    profile = profile_of({HIGH: 10**6}, {LOW: 10**6})
    share = estimate_from_profile(histogram_of({LOW: 700}, n_declared_bots=300), profile, frame="random")
    # 30 % of a thousand, and nothing else to be unsure about: 1.96 * sqrt(.3 * .7 / 1000).
    assert share.organic_share_ci_lower == pytest.approx(0.7 - 0.0284, abs=0.003)
    assert share.organic_share_ci_upper == pytest.approx(0.7 + 0.0284, abs=0.003)


def test_newest_is_never_carried_over(histogram_of, profile):
    histogram = histogram_of({LOW: 500, HIGH: 500})
    share = estimate_from_profile(histogram, profile, frame="newest")
    assert share.organic_count <= 1000
    assert not any("population" in note.numbers for note in share.notes)


any_counts = st.dictionaries(st.integers(0, N_BINS - 1), st.integers(0, 300), max_size=8)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    any_counts, any_counts.filter(lambda found: any(found.values())), st.tuples(st.integers(0, 9), st.integers(0, 9))
)
def test_any_histogram_gives_an_interval_or_a_reason(histogram_of, profile_of, counts, known, others):
    n_unscored, n_declared = others
    histogram = histogram_of(counts, n_unscored=n_unscored, n_declared_bots=n_declared)
    share = estimate_from_profile(histogram, profile_of(known, {LOW: 40, HIGH: 2}))
    if histogram.n_scored == 0:
        assert share.organic_share == (0 if n_declared and not n_unscored else None)
    elif share.organic_share is None:
        assert codes(share)[0] == "profile_tells_little"
    else:
        assert 0 <= share.organic_share_ci_lower <= share.organic_share <= share.organic_share_ci_upper <= 1
        assert share.organic_share_ci_upper <= histogram.n_scored / (histogram.n_scored + n_declared) + 1e-6


@pytest.mark.parametrize("count", [1, 2, 10**9])
def test_one_account_and_a_billion(histogram_of, profile, count):
    share = estimate_from_profile(histogram_of({MIDDLE: count}), profile)
    assert share.organic_share is not None
    if count == 1:  # one account of the middle tells next to nothing
        assert (share.organic_share_ci_lower, share.organic_share_ci_upper) == (0, 1)


def test_a_monotone_distortion_of_all_scores_changes_nothing():
    rng = np.random.default_rng(3)
    suspicious, organic, audience = rng.normal(2, 1, 500), rng.normal(0, 1, 500), rng.normal(0.5, 1.4, 800)
    edges = np.quantile(np.concatenate([suspicious, organic]), np.arange(1, 12) / 12)
    shares = []
    for distort in (lambda x: x, lambda x: 3 * x + 2, lambda x: np.sign(x) * np.abs(x) ** 1.7):
        low, high = distort(np.array([-9.0, 9.0]))
        scale = lambda x: (N_BINS - 1) * (distort(x) - low) / (high - low)  # noqa: E731, B023
        bins = [np.bincount(scale(x).astype(int), minlength=N_BINS) for x in (suspicious, organic, audience)]
        # The edge falls behind the bin that holds it, wherever the distortion puts that bin.
        cuts = tuple(int(cut) + 1 for cut in scale(edges))
        profile = ScoreProfile({"s": bins[0]}, {"o": bins[1]}, cuts, "m", "p")
        shares.append((profile, ScoreHistogram(bins[2], 0, "m", "p")))
    folded = [profile.fold(histogram.counts) for profile, histogram in shares]
    # Cutting to bins moves at most the few accounts that share a bin with an edge.
    assert np.abs(folded[1] - folded[0]).max() <= 4
    found = [estimate_from_profile(histogram, profile).organic_share for profile, histogram in shares]
    assert found == pytest.approx([found[0]] * 3, abs=0.01)


def test_shuffled_and_split_histograms_give_the_same_bits(profile):
    rng = np.random.default_rng(0)
    steps = rng.integers(-300, 300, 900).astype(np.int32)
    make = lambda rows: ScoreHistogram.from_steps(rows, n_unscored=0, model="m" * 64, pattern="twitter/full")  # noqa: E731
    whole = estimate_from_profile(make(steps), profile)
    assert estimate_from_profile(make(rng.permutation(steps)), profile) == whole
    assert estimate_from_profile(make(steps[:10]) + make(steps[10:]), profile) == whole


def test_a_misfit_is_said(histogram_of, profile_of):
    profile = profile_of({LOW: 10, MIDDLE: 20, HIGH: 470}, {LOW: 470, MIDDLE: 20, HIGH: 10})
    share = estimate_from_profile(histogram_of({MIDDLE: 900, LOW: 50, HIGH: 50}), profile)
    assert codes(share)[0] == "profile_misfit"


def test_the_p_value_of_the_fit_is_even_where_the_profile_fits():
    rng = np.random.default_rng(4)
    suspicious, organic = rng.dirichlet(np.arange(1, 13)), rng.dirichlet(np.arange(12, 0, -1))
    found = []
    for share in (0.1, 0.5, 0.8):
        for _ in range(200):
            known = [rng.multinomial(500, kind).astype(float) for kind in (suspicious, organic)]
            n_suspicious = round(share * 1500)
            audience = rng.multinomial(n_suspicious, suspicious) + rng.multinomial(1500 - n_suspicious, organic)
            audience = audience.astype(float)
            found.append(_fit(audience, *known, share_posterior(audience, *known).mode))
    assert np.mean(found) == pytest.approx(0.5, abs=0.05)
    assert np.mean(np.array(found) < 0.1) == pytest.approx(0.1, abs=0.04)


def test_a_misfit_is_seldom_said_of_the_profiles_own_audience(profile_of):
    rng = np.random.default_rng(1)
    edges = tuple(range(80, 1000, 83))[:11]
    suspicious, organic = rng.dirichlet(np.arange(1, 13)), rng.dirichlet(np.arange(12, 0, -1))

    def draw(probability, n):
        return {40 + 83 * k: c for k, c in enumerate(rng.multinomial(n, probability))}

    found = []
    for _ in range(60):
        profile = profile_of(draw(suspicious, 400), draw(organic, 400), edges)
        counts = np.zeros(N_BINS, dtype=np.uint64)
        for position, count in draw(0.3 * suspicious + 0.7 * organic, 800).items():
            counts[position] = count
        share = estimate_from_profile(ScoreHistogram(counts, 0, "m" * 64, "twitter/full"), profile)
        found.append("profile_misfit" in codes(share))
    assert not any(found)
