import numpy as np
import pytest

from botscan.errors import ModelError
from botscan.features.grid import MISSING
from botscan.training.bin_table import BinTable, read_bin_table
from botscan.training.leak_gate import (
    MAX_RISE,
    MIN_ROWS,
    NOISE_ERRORS,
    REFERENCE_FEATURES,
    LeakReport,
    SourceLeak,
    check_leak,
)
from botscan.training.recipes import RECIPES

RECIPE = {recipe.platform: recipe for recipe in RECIPES}
SMALLEST = "twibot-20"


@pytest.fixture(scope="module")
def people():
    """Organic rows of Twitter with the features of the reference and of the recipe."""
    table = read_bin_table().of_platform("twitter", sorted({*REFERENCE_FEATURES, *RECIPE["twitter"].features}))
    return table.take(table.label == 0)


def rng(seed=0):
    return np.random.Generator(np.random.Philox([7, seed]))


def plus(table, **columns):
    bins = {**table.bins, **{name: np.asarray(codes, dtype=np.uint8) for name, codes in columns.items()}}
    return BinTable(table.platform, table.dataset, table.source, table.label, bins)


def hide(table, source, names):
    gone = table.source == source
    return plus(table, **{name: np.where(gone, MISSING, table.bins[name]) for name in names})


def names_source(table, share, seed=0):
    """A code per source, right in a share of the rows and random in the others."""
    numbers = np.unique(table.source, return_inverse=True)[1]
    n_sources = int(numbers.max()) + 1
    codes = rng(seed).permutation(n_sources)[numbers]
    is_right = rng(seed + 100).random(len(table)) < share
    return np.where(is_right, codes, rng(seed + 200).integers(0, n_sources, len(table)))


def noise(table, n_codes=12, seed=0):
    return rng(seed).integers(0, n_codes, len(table))


def made_up(*sizes, seed=0):
    """Organic rows of so many sources, told apart by nothing."""
    source = np.repeat([f"source_{index}" for index in range(len(sizes))], sizes)
    bins = {name: rng(seed + place).integers(0, 6, len(source)).astype(np.uint8) for place, name in enumerate("abc")}
    return BinTable(np.full(len(source), "twitter"), source, source, np.zeros(len(source), dtype=np.int8), bins)


def leak_of(report, source):
    return next(leak for leak in report.sources if leak.source == source)


def test_the_shipped_recipe_passes(people):
    report = check_leak(people, RECIPE["twitter"].features)
    assert report.is_passed, str(report)
    assert [leak.source for leak in report.sources] == np.unique(people.source).tolist()
    assert not report.small_sources
    assert not report.not_comparable


def test_the_reference_is_24_features_and_does_not_rise_against_itself(people):
    assert len(set(REFERENCE_FEATURES)) == 24
    report = check_leak(people, REFERENCE_FEATURES)
    assert report.added == ()
    assert all((leak.rise, leak.rise_se) == (0, 0) for leak in report.sources)
    assert all(0.7 < leak.auc_reference < 1 for leak in report.sources)


@pytest.mark.parametrize("seed", [0, 1])
def test_a_column_that_names_the_source_in_30_percent_of_the_rows_fails(people, seed):
    table = plus(people, leak=names_source(people, 0.3, seed))
    report = check_leak(table, (*REFERENCE_FEATURES, "leak"), random_state=seed)
    assert report.outcome == "failed"
    assert report.added == ("leak",)
    assert all(leak.rise > 0 for leak in report.sources)
    assert leak_of(report, "cresci-2017").is_named
    assert leak_of(report, "cresci-2017").rise > 4 * leak_of(report, "cresci-2017").rise_se


def test_a_leak_is_not_hidden_by_noise_beside_it(people):
    columns = {f"noise_{seed}": noise(people, seed=seed) for seed in range(10)}
    table = plus(people, leak=names_source(people, 0.4), **columns)
    assert check_leak(table, (*REFERENCE_FEATURES, *columns, "leak")).outcome == "failed"


@pytest.mark.parametrize("n_codes", [2, 12, 200])
def test_noise_passes_with_room_to_spare(people, n_codes):
    columns = {f"noise_{seed}": noise(people, n_codes, seed) for seed in range(3)}
    report = check_leak(plus(people, **columns), (*REFERENCE_FEATURES, *columns))
    assert report.is_passed
    assert max(leak.rise for leak in report.sources) < 0.25 * MAX_RISE
    # Nor does it lower the areas, which would leave room for a leak.
    assert min(leak.rise for leak in report.sources) > -0.1 * MAX_RISE


def test_sources_dealt_at_random_cannot_be_told(people):
    leaking = plus(people, leak=names_source(people, 0.3))
    shuffled = BinTable(
        leaking.platform, leaking.dataset, rng().permutation(leaking.source), leaking.label, leaking.bins
    )
    report = check_leak(shuffled, (*REFERENCE_FEATURES, "leak"))
    assert report.is_passed
    for leak in report.sources:
        assert leak.auc_reference == pytest.approx(0.5, abs=0.07)
        assert leak.gap_auc_candidate == pytest.approx(0.5, abs=0.07)


def test_a_source_does_not_stand_out_by_what_it_lacks(people):
    """The gaps name it, yet by values it is told as by the features it has."""
    lacked = [name for name in REFERENCE_FEATURES if name.startswith(("bio_", "has_avatar", "has_geo"))]
    has = [name for name in REFERENCE_FEATURES if name not in lacked]
    table = hide(people, "cresci-2017", lacked)
    known = leak_of(check_leak(table, has, has), "cresci-2017").auc_reference
    leak = leak_of(check_leak(table, REFERENCE_FEATURES, has), "cresci-2017")
    assert leak.auc_candidate == pytest.approx(known, abs=0.005)
    assert leak.gap_auc_candidate > 0.8
    assert leak.gap_auc_reference < 0.75


def test_a_feature_that_one_source_knows_fails_and_is_told(people):
    codes = np.where(people.source == "cresci-2015", noise(people), MISSING)
    report = check_leak(plus(people, extra=codes), (*REFERENCE_FEATURES, "extra"))
    assert report.outcome == "failed"
    assert report.not_comparable == ("extra",)
    assert not any(leak.is_named for leak in report.sources)
    assert leak_of(report, "cresci-2015").is_named_by_gaps
    assert "Known in fewer than two sources" in str(report)
    assert "What is missing tells this source better" in str(report)


def test_gaps_alone_are_told_and_fail_nothing(people):
    codes = np.where(np.isin(people.source, ["cresci-2015", "verified-2019"]), noise(people), MISSING)
    report = check_leak(plus(people, extra=codes), (*REFERENCE_FEATURES, "extra"))
    assert report.is_passed
    assert leak_of(report, "cresci-2015").is_named_by_gaps
    assert max(abs(leak.rise) for leak in report.sources) < 0.25 * MAX_RISE


def test_a_leak_among_few_sources_that_know_the_feature_is_caught(people):
    sources = ["cresci-2017", SMALLEST]
    codes = np.where(np.isin(people.source, sources), people.source == SMALLEST, MISSING)
    report = check_leak(plus(people, extra=codes), (*REFERENCE_FEATURES, "extra"))
    assert {leak.source for leak in report.sources if leak.is_named} >= set(sources)


def test_a_feature_that_nobody_knows_is_harmless(people):
    report = check_leak(plus(people, extra=np.full(len(people), MISSING)), (*REFERENCE_FEATURES, "extra"))
    assert report.is_passed
    assert all(leak.rise == 0 for leak in report.sources)


def test_suspicious_rows_are_not_looked_at():
    table = made_up(300, 300)
    label = (np.arange(600) % 3 == 0).astype(np.int8)
    leak = np.where(label == 1, table.source == "source_0", 0).astype(np.uint8)
    hidden = BinTable(table.platform, table.dataset, table.source, label, {**table.bins, "leak": leak})
    assert check_leak(hidden, ["a", "leak"], ["a"]).is_passed
    open_ = BinTable(table.platform, table.dataset, table.source, 1 - label, hidden.bins)
    assert check_leak(open_, ["a", "leak"], ["a"]).outcome == "not_checked"


def test_known_among_suspicious_rows_alone_is_no_knowledge():
    table = made_up(300, 300)
    label = (np.arange(600) % 4 == 0).astype(np.int8)
    extra = np.where(label == 1, 1, MISSING).astype(np.uint8)
    table = BinTable(table.platform, table.dataset, table.source, label, {**table.bins, "extra": extra})
    report = check_leak(table, ["a", "extra"], ["a"])
    assert (report.outcome, report.not_comparable) == ("failed", ("extra",))


@pytest.mark.parametrize("sizes", [(), (1_000,), (1_000, 5), (MIN_ROWS - 1, MIN_ROWS - 1)])
def test_fewer_than_two_sources_are_not_checked_and_never_passed(sizes):
    report = check_leak(made_up(*sizes), ["a", "b"], ["a"])
    assert report.outcome == "not_checked"
    assert not report.is_passed
    assert not report.sources
    assert report.small_sources == tuple(f"source_{index}" for index, size in enumerate(sizes) if size < MIN_ROWS)
    assert "not checked" in str(report)


def test_a_source_of_five_rows_is_told_and_the_others_are_checked():
    report = check_leak(made_up(300, 5, 250), ["a", "b"], ["a"])
    assert report.is_passed
    assert [leak.n_rows for leak in report.sources] == [300, 250]
    assert report.small_sources == ("source_1",)
    assert ("source_1", f"Fewer than {MIN_ROWS} organic accounts: not compared.") in report._rows("en")


def test_a_feature_that_is_not_in_the_table_is_refused():
    with pytest.raises(ModelError, match="lacks 1 of 2 features") as caught:
        check_leak(made_up(300, 300), ["a", "nowhere"])
    assert "'nowhere'" in str(caught.value)


def test_a_reference_that_is_not_in_the_table_is_left_out():
    report = check_leak(made_up(300, 300), ["a"], ["nowhere"])
    assert report.is_passed
    assert all(leak.auc_reference == 0.5 for leak in report.sources)


def test_the_same_seed_gives_the_same_report_and_another_seed_other_rows():
    table = made_up(900, 900)
    first, again, other = (check_leak(table, ["a", "b"], ["a"], random_state=seed) for seed in (0, 0, 1))
    assert first == again
    assert first != other


def test_what_passes_shrinks_where_little_is_missing_to_one():
    table = made_up(400, 400)
    near = np.where(rng().random(800) < 0.99, table.source == "source_0", table.source != "source_0")
    table = plus(table, near=near, whole=table.source == "source_0")
    assert all(leak.max_rise == MAX_RISE for leak in check_leak(table, ["a"], ["a"]).sources)
    report = check_leak(table, ["near", "whole"], ["near"])
    for leak in report.sources:
        assert leak.max_rise == pytest.approx((1 - leak.auc_reference) / 2)
        assert leak.is_named
    # What is named already cannot be named better.
    assert check_leak(table, ["whole", "a"], ["whole"]).is_passed


def leak_with(rise, se):
    return SourceLeak("a", 300, 0.6, 0.6 + rise, rise, se, MAX_RISE, 0.5, 0.5)


@pytest.mark.parametrize(("rise", "is_named"), [(MAX_RISE, False), (MAX_RISE + 1e-9, True), (-0.5, False)])
def test_the_limit_itself_passes(rise, is_named):
    assert leak_with(rise, 0.001).is_named is is_named


def test_a_rise_within_noise_passes_and_is_told():
    noisy, clear = leak_with(0.03, 0.0301 / NOISE_ERRORS), leak_with(0.03, 0.0299 / NOISE_ERRORS)
    assert (noisy.is_above_limit, noisy.is_named) == (True, False)
    assert clear.is_named
    told = "It is within three standard errors"
    for leak, is_told in ((noisy, True), (clear, False), (leak_with(0.01, 0.02), False)):
        words = " ".join(str(LeakReport("passed", (leak,), (), (), ())).split())
        assert (told in words) is is_told


@pytest.mark.parametrize("n_columns", [1, 10])
def test_noise_passes_even_where_the_reference_tells_nothing(n_columns):
    """Above the limit it is in many of these, beyond noise in at most one."""
    named, above = 0, 0
    for seed in range(12):
        table = made_up(250, 300, seed=100 * seed)
        columns = {f"noise_{place}": noise(table, 6, 50 * seed + place) for place in range(n_columns)}
        report = check_leak(plus(table, **columns), ["a", "b", "c", *columns], ["a", "b", "c"], random_state=seed)
        named += report.outcome == "failed"
        above += any(leak.is_above_limit for leak in report.sources)
    assert named <= 1
    assert above >= 1


@pytest.mark.parametrize("language", ["en", "id"])
def test_it_shows_itself_in_both_languages(language):
    table = made_up(300, 300, 5)
    table = plus(table, leak=table.source == "source_0", lone=np.where(table.source == "source_0", 1, MISSING))
    report = check_leak(table, ["a", "leak", "lone"], ["a"])
    text = report.to_text(language)
    assert all(word in text for word in ("source_0", "source_1", "source_2", "lone"))
    assert {"en": "Named: AUC 1.000", "id": "Terbocorkan: AUC 1,000"}[language] in text
    assert report.to_dict()["sources"][0]["auc_candidate"] == 1.0
    assert report.to_dict()["outcome"] == "failed"
