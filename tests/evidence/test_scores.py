import pyarrow as pa
import pytest

from botscan.evidence.scores import SCORE_SCHEMA, VERDICTS, Scores


def scores(log_odds, verdicts):
    n = len(log_odds)
    table = pa.table(
        {
            "account_id": [f"a{i}" for i in range(n)],
            "log_odds": log_odds,
            "bot_score": [None if x is None else 0.5 for x in log_odds],
            "verdict": verdicts,
            "review": [False] * n,
            "known_share": [1.0] * n,
            "reasons": [[]] * n,
            "counter_evidence": [["age"]] * n,
            "follow_rank": [None] * n,
        }
    )
    return Scores(table.cast(SCORE_SCHEMA), "model", "sha", "twitter/full", "twitter", None, "digest", "list")


def test_histogram_counts_scored_unscored_and_declared_apart():
    made = scores([1.05, None, 2.0, -3.0], ["active", "unknown", "declared_bot", "suspicious"])
    histogram = made.histogram()
    assert (histogram.n_scored, histogram.n_unscored, histogram.n_declared_bots) == (2, 1, 1)
    assert histogram.n_accounts == made.n_accounts == 4
    assert (histogram.model, histogram.pattern) == ("sha", "twitter/full")


def test_steps_are_the_exact_twentieths():
    made = scores([round(i * 0.05, 2) for i in range(-200, 201)], ["active"] * 401)
    assert made.steps.tolist() == list(range(-200, 201))


def test_segments_name_every_verdict_once():
    made = scores([0.0, None], ["active", "unknown"])
    assert tuple(made.segments()) == VERDICTS
    assert sum(made.segments().values()) == 2


def test_frame_has_one_row_an_account_in_order():
    frame = scores([0.0, None], ["active", "unknown"]).to_frame()
    assert frame["account_id"].tolist() == ["a0", "a1"]
    assert frame["log_odds"].isna().tolist() == [False, True]


def test_another_schema_is_refused():
    with pytest.raises(ValueError, match="schema"):
        Scores(pa.table({"account_id": ["a"]}), "m", "s", "p", None, None, "d", "l")
