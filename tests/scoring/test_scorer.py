import bisect
import json
import math
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts.records import AccountRecords
from botscan.accounts.table import AccountTable
from botscan.errors import ModelError
from botscan.evidence.scores import SCORE_SCHEMA, Scores
from botscan.features.extract import extract_matrix
from botscan.features.grid import EDGES
from botscan.features.registry import FEATURE
from botscan.scoring import load_model
from botscan.scoring.model import GROUPS, RESEMBLANCE
from botscan.scoring.model_files import find_default_model
from botscan.scoring.scorer import Scorer
from botscan.simulate import make_audience

SHIPPED_SHA256 = "5b596b098035554786bcddb7bafda026401d68e7878d888c30ef471f3ffa32d0"


@pytest.fixture(scope="module")
def scorer():
    return load_model()


@pytest.fixture(scope="module")
def audience():
    return make_audience(n=3_000, random_state=5)


@pytest.fixture(scope="module")
def scores(scorer, audience):
    return scorer.score(audience.accounts)


def records_of(table, reject_reasons=None):
    reasons = pa.nulls(table.num_rows, pa.string()) if reject_reasons is None else reject_reasons
    return AccountRecords(table, np.arange(1, table.num_rows + 1), reasons)


def accounts_of(n=300, *, platform="twitter", drop=(), random_state=1):
    accounts = make_audience(n=n, platform=platform, random_state=random_state).accounts
    return AccountTable.from_frame(accounts.table.drop_columns(list(drop)), platform=platform)


def slow_memory(row, memory, features):
    """Add up the pairs of one account from the card's JSON and the edges of the grid."""
    first_bins = {item["feature"]: item["first_bins"] for item in memory["levels"]} if memory else {}

    def level(name):
        value = row.get(name, math.nan)
        if name not in features or math.isnan(value):
            return None
        return bisect.bisect_right(first_bins[name], bisect.bisect_right(EDGES[name].tolist(), value))

    total = 0
    for pair in memory["pairs"] if memory else ():
        first, second = (level(name) for name in pair["features"])
        if first is not None and second is not None:
            total += pair["steps"][first][second]
    return total


def slow_score(row, section, features):
    """Score one account from the card's JSON with lists and bisection; shares no code with the scorer."""
    total = round(section["intercept"] * 20)
    by_group = {}
    for item in section["features"]:
        value = row.get(item["name"], math.nan)
        if item["name"] in features and not math.isnan(value):
            edges = [float(np.float32(edge)) for edge in item["edges"]]
            steps = round(item["points"][bisect.bisect_right(edges, value)] * 20)
            total += steps
            by_group[item["group"]] = by_group.get(item["group"], 0) + steps
    remembered = slow_memory(row, section["memory"], features)
    if remembered > 0:
        total += remembered
        by_group[RESEMBLANCE] = remembered
    ordered = sorted(GROUPS, key=lambda group: (-by_group.get(group, 0), GROUPS.index(group)))
    against = sorted(GROUPS, key=lambda group: (by_group.get(group, 0), GROUPS.index(group)))
    return (
        total,
        [group for group in ordered if by_group.get(group, 0) > 0][:3],
        [group for group in against if by_group.get(group, 0) < 0][:3],
    )


@pytest.mark.parametrize(
    ("platform", "drop"),
    [
        ("twitter", ()),
        ("twitter", ("has_geo", "listed_count")),
        ("twitter", ("bio",)),
        ("twitter", ("created_at",)),
        ("twitter", ("created_at", "bio", "has_avatar")),
        ("instagram", ()),
        ("instagram", ("has_avatar",)),
        ("tiktok", ()),
        ("tiktok", ("likes_received_count",)),
        ("mastodon", ()),
    ],
)
def test_a_slow_reference_that_reads_the_card_agrees_to_the_last_step(scorer, platform, drop):
    drop = tuple(name for name in drop if name != "bio") + (("bio", "bio_length") if "bio" in drop else ())
    accounts = accounts_of(platform=platform, drop=drop)
    found = scorer.score(accounts)
    assert found.pattern
    name, pattern_name = found.pattern.split("/")
    card = json.loads((find_default_model() / "card.json").read_text(encoding="utf-8"))
    section = card["platforms"][name]
    (pattern,) = [item for item in section["patterns"] if item["name"] == pattern_name]
    names = pattern["features"]
    matrix = extract_matrix(accounts.table, names)
    for values, row in zip(matrix.tolist(), found.table.to_pylist(), strict=True):
        total, reasons, counter_evidence = slow_score(
            dict(zip(names, values, strict=True)), section, pattern["features"]
        )
        assert round(row["log_odds"] * 20) == total
        assert row["log_odds"] == total / 20
        assert row["reasons"] == reasons
        assert row["counter_evidence"] == counter_evidence
        assert row["review"] == (total / 20 >= pattern["thresholds"]["review"]["log_odds"])
        if row["verdict"] == "suspicious":
            assert total / 20 >= pattern["thresholds"]["suspicious"]["log_odds"]
    # bot_score rises with log_odds.
    order = np.argsort(found.table["log_odds"].to_numpy(), kind="stable")
    assert np.all(np.diff(found.table["bot_score"].to_numpy()[order]) >= 0)


def test_the_table_has_the_promised_schema_and_belongs_to_the_list(scorer, audience, scores):
    assert scores.table.schema.equals(SCORE_SCHEMA)
    assert isinstance(scores, Scores)
    assert scores.table["account_id"].to_pylist() == audience.accounts.table["account_id"].to_pylist()
    assert (scores.model_sha256, scores.model_name) == (scorer.sha256, "botscan-default")
    assert (scores.pattern, scores.platform) == ("twitter/full", "twitter")
    assert scores.list_digest == audience.accounts.digest
    assert sum(scores.segments().values()) == len(audience.accounts)
    scores.table.validate(full=True)


def test_the_model_that_ships_is_this_one(scorer):
    assert scorer.sha256 == SHIPPED_SHA256


@pytest.mark.parametrize("size", [1, 7, 256, 1_000])
def test_batches_change_nothing(scorer, audience, scores, size):
    table = audience.accounts.table.slice(0, {1: 40, 7: 400}.get(size, 3_000))
    pattern = scorer.choose_pattern("twitter", audience.accounts.coverage())
    parts = [
        scorer.score_records(records_of(table.slice(start, size)), pattern) for start in range(0, table.num_rows, size)
    ]
    assert pa.concat_tables(parts).combine_chunks().equals(scores.table.slice(0, table.num_rows).combine_chunks())


def test_the_order_of_rows_changes_nothing(scorer, audience, scores):
    order = np.random.Generator(np.random.Philox(2)).permutation(3_000)
    pattern = scorer.choose_pattern("twitter", audience.accounts.coverage())
    shuffled = scorer.score_records(records_of(audience.accounts.table.take(pa.array(order))), pattern)
    assert shuffled.to_pylist() == scores.table.take(pa.array(order)).to_pylist()


def test_a_column_outside_the_pattern_contributes_nothing(scorer, audience):
    table = audience.accounts.table
    pattern = next(item for item in scorer.patterns["twitter"] if item.name == "counts_only")
    with_all = scorer.score_records(records_of(table), pattern)
    bare = scorer.score_records(records_of(table.select(["account_id", *pattern.columns])), pattern)
    for name in ("log_odds", "bot_score", "known_share", "reasons", "counter_evidence", "review"):
        assert with_all[name].to_pylist() == bare[name].to_pylist()


def test_ids_only_gets_no_number(scorer):
    accounts = AccountTable.from_frame(
        [{"account_id": str(i), "handle": f"akun_{i}"} for i in range(5)], platform="twitter"
    )
    found = scorer.score(accounts)
    assert found.pattern == ""
    assert found.segments()["unknown"] == 5
    assert found.table["log_odds"].null_count == found.table["bot_score"].null_count == 5
    assert found.table["reasons"].null_count == found.table["review"].null_count == 5
    assert found.table["known_share"].to_pylist() == [0.0] * 5
    assert found.histogram().n_unscored == 5


def test_an_empty_list(scorer):
    empty = accounts_of(n=10).table.slice(0, 0)
    found = scorer.score_records(records_of(empty), scorer.patterns["twitter"][0])
    assert found.schema.equals(SCORE_SCHEMA)
    assert found.num_rows == 0


def blanked(table, row, keep):
    """Make all columns but some null in one row."""
    mask = pa.array([index == row for index in range(table.num_rows)])
    for position, name in enumerate(table.column_names):
        if name not in keep:
            nulls = pa.nulls(table.num_rows, table[name].type)
            table = table.set_column(position, table.field(name), pa.compute.if_else(mask, nulls, table[name]))
    return table


def test_a_row_of_which_too_little_is_known_is_not_judged(scorer, audience):
    pattern = scorer.patterns["twitter"][0]
    table = audience.accounts.table.slice(0, 20)
    row = scorer.score_records(
        records_of(blanked(table, 3, ("account_id", "bio_length", "has_geo"))), pattern
    ).to_pylist()[3]
    assert row["verdict"] == "unknown"
    assert row["log_odds"] is row["bot_score"] is row["review"] is row["reasons"] is None
    assert 0 < row["known_share"] < 0.5
    counts = ("account_id", "followers_count", "following_count", "posts_count", "created_at", "observed_at")
    row = scorer.score_records(records_of(blanked(table, 3, counts)), pattern).to_pylist()[3]
    assert row["log_odds"] is not None
    assert 0.5 <= row["known_share"] < 1


def test_a_rejected_record_keeps_its_place_and_nothing_else(scorer, audience):
    pattern = scorer.patterns["twitter"][0]
    table = blanked(audience.accounts.table.slice(0, 5), 2, ())
    reasons = pa.array([None, None, "bad_json", None, None], pa.string())
    rows = scorer.score_records(records_of(table, reasons), pattern).to_pylist()
    assert rows[2] == dict.fromkeys(SCORE_SCHEMA.names) | {"verdict": "unknown"}
    whole = scorer.score_records(records_of(audience.accounts.table.slice(0, 5)), pattern).to_pylist()
    assert [rows[i] for i in (0, 1, 3, 4)] == [whole[i] for i in (0, 1, 3, 4)]


def test_a_bot_that_says_so_is_that_first(scorer, audience, scores):
    table = audience.accounts.table.slice(0, 6)
    said = table.append_column("is_declared_bot", pa.array([True, False, None, True, True, False]))
    rows = scorer.score_records(records_of(said), scorer.patterns["twitter"][0]).to_pylist()
    before = scores.table.slice(0, 6).to_pylist()
    for index, row in enumerate(rows):
        declared = index in (0, 3, 4)
        assert row["verdict"] == ("declared_bot" if declared else before[index]["verdict"])
        assert row["log_odds"] == before[index]["log_odds"]


def account(**changes):
    seen = datetime(2026, 6, 30, tzinfo=UTC)
    whole = {
        "account_id": "1", "followers_count": 2, "following_count": 1_950, "posts_count": 0, "listed_count": 0, "bio": "",
        "has_avatar": False, "has_geo": False, "created_at": datetime(2026, 4, 1, tzinfo=UTC), "observed_at": seen,
    }  # fmt: skip
    return {**whole, **changes}


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "suspicious"),
        ({"is_declared_bot": True}, "declared_bot"),
        ({"following_count": 60}, "dormant"),
        ({"created_at": datetime(2008, 1, 1, tzinfo=UTC)}, "mass_follower"),
        ({"created_at": datetime(2008, 1, 1, tzinfo=UTC), "following_count": 200}, "dormant"),
        ({"followers_count": 300, "following_count": 290, "posts_count": 4_000, "has_avatar": True}, "active"),
        ({"followers_count": 900, "following_count": 2_900, "posts_count": 9_000, "listed_count": 12,
          "has_avatar": True, "has_geo": True, "bio": "Kopi", "created_at": datetime(2018, 1, 1, tzinfo=UTC)},
         "mass_follower"),
    ],
)  # fmt: skip
def test_verdicts_of_made_up_accounts(scorer, changes, verdict):
    found = scorer.score(AccountTable.from_frame([account(**changes)], platform="twitter"))
    assert found.pattern == "twitter/full"
    assert found.table["verdict"].to_pylist() == [verdict]


def test_quiet_readers_are_not_called_suspicious(scorer):
    for random_state in range(3):
        audience = make_audience(n=8_000, random_state=random_state)
        verdicts = np.array(scorer.score(audience.accounts).table["verdict"].to_pylist())
        assert (verdicts[audience.kinds == "quiet_reader"] == "suspicious").mean() <= 0.02


def test_bought_accounts_of_generators_that_know_no_model_score_higher(scorer, audience, scores):
    log_odds = scores.table["log_odds"].to_numpy()
    bought, others = log_odds[audience.is_suspicious], log_odds[~audience.is_suspicious]
    assert (bought[:, None] > others[None, :]).mean() > 0.95


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "followers_count": st.none() | st.integers(0, 10**12),
                "following_count": st.none() | st.integers(0, 10**12),
                "posts_count": st.none() | st.integers(0, 10**12),
                "listed_count": st.none() | st.integers(0, 10**12),
                "has_avatar": st.none() | st.booleans(),
                "has_geo": st.none() | st.booleans(),
                "bio_length": st.none() | st.integers(0, 10**6),
            }
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_counts_whatever(rows):
    scorer = load_shipped()
    schema = pa.schema([(name, pa.bool_() if name.startswith("has_") else pa.int64()) for name in rows[0]])
    table = pa.Table.from_pylist(rows, schema=schema)
    for pattern in (*scorer.patterns["twitter"], *scorer.patterns["general"]):
        found = scorer.score_records(records_of(table), pattern)
        for row in found.to_pylist():
            assert (row["verdict"] == "unknown") == (row["log_odds"] is None)
            assert row["bot_score"] is None or 0 < row["bot_score"] < 1
            assert 0 <= row["known_share"] <= 1


_SHIPPED = []


def load_shipped():
    if not _SHIPPED:
        _SHIPPED.append(load_model())
    return _SHIPPED[0]


def test_profiles_by_pattern(scorer):
    for pattern_id, thresholds in scorer.thresholds.items():
        profile = scorer.profile(pattern_id)
        assert (profile.model, profile.pattern) == (scorer.sha256, pattern_id)
        assert thresholds.review <= thresholds.suspicious
        suspicious, organic = profile.pooled()
        assert suspicious.sum() > 0
        assert organic.sum() > 0
    assert scorer.model.sections["twitter"].validation == "left_out_sources"
    assert scorer.model.sections["tiktok"].validation == "random_halves"
    assert scorer.profile("twitter/full").n_bins == 12


def test_a_pattern_that_does_not_exist_is_named(scorer):
    from botscan.errors import ModelError

    with pytest.raises(ModelError, match="no pattern 'twitter/best'"):
        scorer.profile("twitter/best")


def test_a_loaded_model_cannot_be_changed(scorer):
    with pytest.raises(AttributeError):
        scorer.lowest = 0
    with pytest.raises(TypeError):
        scorer.lookups["twitter/full"] = None
    for array in (
        scorer.bot_scores,
        scorer.lookups["twitter/full"].points,
        scorer.model.sections["twitter"].tables[0].steps,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_scoring_needs_no_fitting_library():
    code = (
        "import sys\n"
        "from botscan.scoring import load_model\n"
        "from botscan.simulate import make_audience\n"
        "load_model().score(make_audience(n=50).accounts)\n"
        "print([name for name in ('sklearn', 'scipy', 'matplotlib') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_every_feature_of_the_model_is_declared(scorer):
    for section in scorer.model.sections.values():
        assert {table.name for table in section.tables} <= set(FEATURE)


def test_a_model_without_tables_for_the_platform_says_so(scorer):
    only = replace(scorer.model, sections={"tiktok": scorer.model.sections["tiktok"]})
    with pytest.raises(ModelError, match="scores tiktok only; the list is of twitter"):
        Scorer.of(only).score(accounts_of(n=5))
