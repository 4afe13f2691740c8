import json
import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botscan.errors import BotscanError, SchemaError
from botscan.evidence.labels import LabelDesign, LabelTable
from botscan.evidence.scores import SCORE_SCHEMA, SEGMENT_ORDER, VERDICTS, Scores
from botscan.prevalence import estimate_from_labels
from botscan.prevalence.bot_probability import estimate_bot_probability
from botscan.prevalence.intervals import exact_interval, wilson_interval
from botscan.prevalence.segments import SegmentShare, measure_segments

DIGEST = "d" * 64


def list_of(verdicts, log_odds=None):
    """Make Scores from verdicts; unknown accounts have no score."""
    n = len(verdicts)
    log_odds = np.zeros(n) if log_odds is None else np.asarray(log_odds, dtype=float)
    is_unknown = np.array([verdict == "unknown" for verdict in verdicts], dtype=bool)
    columns = {
        "account_id": pa.array([f"a{row}" for row in range(n)], pa.large_string()),
        "log_odds": pa.array(log_odds, pa.float64(), mask=is_unknown),
        "bot_score": pa.array(1 / (1 + np.exp(-log_odds)), pa.float64(), mask=is_unknown),
        "verdict": pa.DictionaryArray.from_arrays(
            pa.array([VERDICTS.index(verdict) for verdict in verdicts], pa.int8()), pa.array(VERDICTS, pa.string())
        ),
    }
    table = pa.table({field.name: columns.get(field.name, pa.nulls(n, field.type)) for field in SCORE_SCHEMA})
    return Scores(table, "m", "m" * 64, "twitter/full", "twitter", None, DIGEST, "list.csv")


def labels_of(answers, *, digest=DIGEST, stratum=None, strata=(), probability=None, kind="simple_random"):
    return LabelTable(
        tuple(answers),
        ("rater_1",),
        np.array([[answer] for answer in answers.values()], dtype=np.int8).reshape(len(answers), 1),
        LabelDesign(kind, digest, None, None, strata),
        probability,
        "sheet.csv",
        (),
        stratum,
    )


def codes(table):
    return [note.code for note in table.notes]


PLAIN = ["active"] * 600 + ["dormant"] * 250 + ["mass_follower"] * 50 + ["suspicious"] * 80 + ["declared_bot"] * 15
PLAIN += ["unknown"] * 5


def test_of_a_full_list_every_share_is_known():
    table = measure_segments(list_of(PLAIN), frame="full")
    assert [segment.name for segment in table.segments] == list(SEGMENT_ORDER)
    assert [segment.n_accounts for segment in table.segments] == [600, 250, 50, 80, 15, 5]
    assert sum(segment.share for segment in table.segments) == pytest.approx(1)
    for segment in table.segments:
        assert segment.share == segment.share_ci_lower == segment.share_ci_upper == segment.n_accounts / 1000
        assert segment.n_followers is None
    assert codes(table) == ["segments_without_labels"]


@pytest.mark.parametrize("frame", ["newest", "unknown"])
def test_a_head_speaks_of_itself_only(frame):
    table = measure_segments(list_of(PLAIN), frame=frame, population=20_000)
    assert table.population is None
    assert table["dormant"].share_ci_lower == table["dormant"].share_ci_upper == 0.25
    assert table["dormant"].n_followers is None


def test_a_random_sample_speaks_of_all_followers_less_surely_the_less_was_seen():
    scores = list_of(PLAIN)
    unbounded, most, few = (
        measure_segments(scores, frame="random", population=population)["dormant"]
        for population in (None, 2_000, 1_000_000)
    )
    assert (unbounded.share_ci_lower, unbounded.share_ci_upper) == pytest.approx(wilson_interval(0.25, 1000), abs=1e-6)
    assert (most.share_ci_lower, most.share_ci_upper) == pytest.approx(wilson_interval(0.25, 2000), abs=1e-6)
    assert few.share_ci_upper == pytest.approx(unbounded.share_ci_upper, abs=1e-4)
    assert unbounded.n_followers is None
    assert (few.n_followers, most.n_followers) == (250_000, 500)
    assert few.n_followers_ci_lower == pytest.approx(few.share_ci_lower * 1_000_000, abs=1)
    whole = measure_segments(scores, frame="random", population=1_000)["dormant"]
    assert (whole.share_ci_lower, whole.n_followers, whole.n_followers_ci_upper) == (0.25, 250, 250)


def test_the_interval_of_followers_never_contradicts_what_was_seen():
    # 999 of 1,005 followers seen: 15 declared ones are there, whatever Wilson says of a share near 0.
    scores = list_of(PLAIN[:999])
    for segment in measure_segments(scores, frame="random", population=1_005).segments:
        assert segment.n_followers_ci_lower >= segment.n_accounts
        assert segment.n_followers_ci_upper <= segment.n_accounts + 6


@pytest.mark.parametrize(
    ("population", "n", "of_group"), [(2_000, 400, 1), (2_000, 400, 4), (600, 200, 2), (1_005, 999, 30), (300, 30, 1)]
)
def test_the_intervals_of_rare_groups_keep_their_word(population, n, of_group):
    # Every outcome of the draw with its probability: Wilson's interval held in 83 to 90 % of them.
    held = held_number = 0.0
    for drawn in range(max(0, of_group - (population - n)), min(n, of_group) + 1):
        chance = math.comb(of_group, drawn) * math.comb(population - of_group, n - drawn) / math.comb(population, n)
        scores = list_of(["mass_follower"] * drawn + ["active"] * (n - drawn))
        found = measure_segments(scores, frame="random", population=population)["mass_follower"]
        share = of_group / population
        held += chance * (found.share_ci_lower - 1e-6 <= share <= found.share_ci_upper + 1e-6)
        held_number += chance * (found.n_followers_ci_lower <= of_group <= found.n_followers_ci_upper)
    assert held >= 0.95
    assert held_number >= 0.95


def test_labels_of_a_group_give_its_exact_interval():
    scores = list_of(PLAIN)
    answers = {f"a{row}": int(row % 5 == 0) for row in range(600, 640)}  # 8 of 40 dormant ones
    answers |= {f"a{row}": 0 for row in range(14)}  # one active too few
    table = measure_segments(scores, labels_of(answers), frame="full")
    dormant = table["dormant"]
    assert (dormant.n_labeled, dormant.organic_share_labeled) == (40, 0.8)
    ends = (dormant.organic_share_labeled_ci_lower, dormant.organic_share_labeled_ci_upper)
    assert ends == pytest.approx(exact_interval(32, 40, 250), abs=1e-6)
    assert dormant.organic_count == 200
    assert (dormant.organic_count_ci_lower, dormant.organic_count_ci_upper) == tuple(round(end * 250) for end in ends)
    assert (table["active"].n_labeled, table["active"].organic_share_labeled) == (14, None)
    assert table["active"].organic_count is None
    assert codes(table) == ["segments_few_labels", "segments_each_alone"]
    more = measure_segments(scores, labels_of({**answers, "a14": 0}), frame="full")["active"]
    assert (more.n_labeled, more.organic_share_labeled) == (15, 1.0)


def test_a_group_that_was_labelled_whole_is_known_and_of_all_followers_it_is_not():
    scores = list_of(PLAIN)
    labels = labels_of({f"a{row}": int(row < 860) for row in range(850, 900)})
    of_list = measure_segments(scores, labels, frame="full")["mass_follower"]
    assert of_list.organic_share_labeled_ci_lower == of_list.organic_share_labeled_ci_upper == 0.8
    assert of_list.organic_count == 40
    of_all = measure_segments(scores, labels, frame="random")["mass_follower"]
    ends = (of_all.organic_share_labeled_ci_lower, of_all.organic_share_labeled_ci_upper)
    assert ends == pytest.approx(exact_interval(40, 50, math.inf), abs=1e-6)
    of_some = measure_segments(scores, labels, frame="random", population=2_000)["mass_follower"]
    assert ends[0] < of_some.organic_share_labeled_ci_lower < 0.8
    # 40 of the list are known to be organic; an interval of all followers is none of these 50.
    for one in (of_all, of_some):
        assert one.organic_count is one.organic_count_ci_lower is one.organic_count_ci_upper is None


def test_declared_accounts_are_known_not_to_be_organic_and_need_no_label():
    labels = labels_of({f"a{row}": 0 for row in range(980, 995)})
    declared = measure_segments(list_of(PLAIN), labels, frame="full")["declared_bot"]
    assert (declared.organic_count, declared.organic_count_ci_upper, declared.n_labeled) == (0, 0, 0)
    assert declared.organic_share_labeled is None


def test_undecided_accounts_are_counted_and_their_band_is_told():
    answers = {f"a{row}": int(row < 604) for row in range(600, 620)} | {f"a{row}": -1 for row in range(620, 630)}
    dormant = measure_segments(list_of(PLAIN), labels_of(answers), frame="full")["dormant"]
    assert (dormant.n_labeled, dormant.n_undecided, dormant.organic_share_labeled) == (20, 10, 0.8)
    assert dormant.unsure_band_lower == pytest.approx(exact_interval(16, 30, 250)[0], abs=1e-6)
    assert dormant.unsure_band_upper == pytest.approx(exact_interval(26, 30, 250)[1], abs=1e-6)
    sure = measure_segments(list_of(PLAIN), labels_of(dict(list(answers.items())[:20])), frame="full")["dormant"]
    assert sure.unsure_band_lower is None


def test_raters_who_disagree_count_half():
    ids = [f"a{row}" for row in range(600, 620)]
    answers = np.array([[1, 0]] * 4 + [[0, 0]] * 16, dtype=np.int8)
    labels = LabelTable(tuple(ids), ("rater_1", "rater_2"), answers, LabelDesign("simple_random"), None, "sheet.csv")
    dormant = measure_segments(list_of(PLAIN), labels, frame="full")["dormant"]
    assert dormant.organic_share_labeled == 0.9


def test_strata_are_weighted_by_what_they_stand_for():
    # 20 of 200 and 20 of 50 dormant accounts labelled; in the small stratum all are suspicious.
    scores = list_of(["dormant"] * 250)
    answers = {f"a{row}": 0 for row in range(20)} | {f"a{row}": 1 for row in range(200, 220)}
    stratum = np.repeat([0, 1], 20)
    strata = (("part_1", 200), ("part_2", 50))
    labels = labels_of(answers, stratum=stratum, strata=strata, kind="stratified")
    dormant = measure_segments(scores, labels, frame="full")["dormant"]
    assert dormant.organic_share_labeled == 0.8
    assert dormant.organic_share_labeled_ci_lower < 0.8 < dormant.organic_share_labeled_ci_upper
    equal = labels_of(answers, probability=np.full(40, 0.1))
    assert measure_segments(scores, equal, frame="full")["dormant"].organic_share_labeled == 0.5


def test_a_stratum_left_early_still_stands_for_all_of_it():
    scores = list_of(["dormant"] * 250)
    # Of the 20 drawn from the large stratum only ten were reached.
    answers = {f"a{row}": 1 for row in range(200, 220)} | {f"a{row}": 0 if row < 10 else -2 for row in range(20)}
    labels = labels_of(
        answers, stratum=np.repeat([1, 0], 20), strata=(("part_1", 200), ("part_2", 50)), kind="stratified"
    )
    assert measure_segments(scores, labels, frame="full")["dormant"].organic_share_labeled == 0.8


def test_labels_of_another_list_are_refused():
    with pytest.raises(SchemaError, match="another list"):
        measure_segments(list_of(PLAIN), labels_of({"a0": 1}, digest="e" * 64))


def test_a_population_that_contradicts_the_list_is_refused():
    with pytest.raises(BotscanError, match="holds 1000 accounts"):
        measure_segments(list_of(PLAIN), frame="random", population=900)


def test_a_list_that_nobody_could_judge_has_no_shares_of_what_only_a_score_gives():
    table = measure_segments(list_of(["unknown"] * 9 + ["declared_bot"]), frame="full")
    assert [table[name].share for name in SEGMENT_ORDER] == [None, None, None, None, 0.1, 0.9]
    assert table["active"].in_words("en") == "\u2013"
    empty = measure_segments(list_of([]), frame="full")
    assert [segment.share for segment in empty.segments] == [None] * 6
    assert [segment.n_accounts for segment in empty.segments] == [0] * 6


def test_a_list_with_everyone_labelled_suspicious_and_none_left():
    table = measure_segments(list_of(["active"] * 20), labels_of({f"a{row}": 1 for row in range(20)}), frame="full")
    assert (table["active"].organic_count, table["active"].organic_count_ci_upper) == (0, 0)


def test_an_interval_stands_with_its_point_or_not_at_all():
    with pytest.raises(ValueError, match="stands inside its interval"):
        SegmentShare("active", 3, 0.5, None, 0.6)
    with pytest.raises(ValueError, match="stands inside its interval"):
        SegmentShare("active", 3, organic_count=3, organic_count_ci_lower=1, organic_count_ci_upper=2)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    verdicts=st.lists(st.sampled_from(SEGMENT_ORDER), max_size=80),
    said=st.lists(st.sampled_from([1, 0, -1, -2]), max_size=80),
    unseen=st.integers(0, 500),
)
def test_every_account_is_in_one_group_and_every_interval_holds_its_point(verdicts, said, unseen):
    answers = {f"a{row}": answer for row, answer in zip(range(len(verdicts)), said, strict=False)}
    table = measure_segments(
        list_of(verdicts), labels_of(answers), frame="random", population=len(verdicts) + unseen
    )  # SegmentShare refuses what does not hold
    assert sum(segment.n_accounts for segment in table.segments) == len(verdicts)
    n_labeled = sum(
        verdict != "declared_bot" and answer in (0, 1) for verdict, answer in zip(verdicts, said, strict=False)
    )
    assert sum(segment.n_labeled for segment in table.segments) == n_labeled
    assert json.loads(table.to_json())["segments"].keys() == set(SEGMENT_ORDER)


def hard_audience(rng, n=3_000, suspicious_share=0.2):
    """An audience whose inactive people score like bought followers, as no model was told."""
    kinds = [
        # verdict, suspicious, share of the list, mean of the log-odds
        ("active", 0, 0.55, -3.0),
        ("dormant", 0, 0.25, 0.5),
        ("active", 1, suspicious_share * 0.3, 0.5),
        ("dormant", 1, suspicious_share * 0.2, 1.0),
        ("suspicious", 1, suspicious_share * 0.5, 4.0),
    ]
    share = np.array([kind[2] for kind in kinds])
    kind = rng.choice(len(kinds), n, p=share / share.sum())
    log_odds = np.round(rng.normal(np.array([one[3] for one in kinds])[kind], 1.0) * 20) / 20
    truth = np.array([one[1] for one in kinds])[kind]
    return list_of([kinds[one][0] for one in kind], log_odds), truth


@pytest.mark.parametrize("design", ["simple_random", "stratified"])
def test_the_intervals_of_labels_keep_their_word_and_those_of_scores_would_not(design):
    rng = np.random.Generator(np.random.Philox(7))
    held, allocated = [], []
    for _ in range(120):
        scores, truth = hard_audience(rng)
        n = scores.n_accounts
        verdicts = np.array(scores.table["verdict"].to_pylist())
        if design == "simple_random":
            drawn = rng.choice(n, 200, replace=False)
            labels = labels_of({f"a{row}": int(truth[row]) for row in drawn})
        else:
            high = scores.steps > 0
            drawn = np.concatenate([rng.choice(np.flatnonzero(high == side), 100, replace=False) for side in (0, 1)])
            labels = labels_of(
                {f"a{row}": int(truth[row]) for row in drawn},
                stratum=np.repeat([0, 1], 100),
                strata=(("part_1", int((~high).sum())), ("part_2", int(high.sum()))),
                kind="stratified",
            )
        for segment in measure_segments(scores, labels, frame="full").segments:
            if segment.organic_share_labeled is None:
                continue
            organic = 1 - truth[verdicts == segment.name].mean()
            held.append(
                segment.organic_share_labeled_ci_lower - 1e-6
                <= organic
                <= segment.organic_share_labeled_ci_upper + 1e-6
            )
        if design == "simple_random":
            share = estimate_from_labels(scores, labels, frame="full")
            found = estimate_bot_probability(scores, share, labels=labels)
            dormant = verdicts == "dormant"
            lower, upper = (1 - found.upper[dormant]).sum(), (1 - found.lower[dormant]).sum()
            allocated.append(lower <= (1 - truth[dormant]).sum() <= upper)
    assert len(held) > 200
    assert np.mean(held) > 0.94
    if allocated:
        assert np.mean(allocated) < 0.8  # why no such interval is offered


def test_how_it_shows_itself():
    answers = {f"a{row}": int(row < 604) for row in range(600, 620)} | {"a620": -1}
    table = measure_segments(list_of(PLAIN), labels_of(answers), frame="random", population=50_000)
    words = table.to_text("en")
    for part in ("250 (25.0 % of the list; of all followers 22.4 % to 27.7 %)", "80 % (56 % to 94 %, 20 labels)"):
        assert part in " ".join(words.split())
    assert "dapat diputuskan (1)" in " ".join(table.to_text("id").split())
    frame = table.to_frame()
    assert frame["name"].tolist() == list(SEGMENT_ORDER)
    assert frame["n_followers"].tolist()[:2] == [30_000, 12_500]
    assert list(table.to_dict()) == ["confidence_level", "frame", "population", "segments", "notes"]
    assert table.to_dict()["segments"]["dormant"]["organic_share_labeled"] == 0.8
    with pytest.raises(KeyError):
        table["bots"]
