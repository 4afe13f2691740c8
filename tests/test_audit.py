"""The Audit value: its JSON is a contract, holds no account, and adds up."""

import json
from dataclasses import replace

import pytest

import botscan as bs
from botscan.audit import AUDIT_SCHEMA_VERSION
from botscan.audit import audit as put_together
from botscan.evidence.scores import SEGMENT_ORDER, VERDICTS
from botscan.notes import Note
from botscan.simulate import Purchase, make_follow_history

SHARE_KEYS = [
    "organic_share", "organic_share_ci_lower", "organic_share_ci_upper", "confidence_level", "method", "validated",
    "estimand", "share_of", "frame", "population", "n_accounts", "n_scored", "n_labeled", "suspicious_share_lower_bound", "notes",
]  # fmt: skip
KEYS = [
    "schema_version", "botscan_version", "model", "source", "platform", "observed_at", "list_digest", "reading",
    "organic_share", "segments", "segment_shares", "allow_list", "follow_blocks", "follow_order", "warnings",
]  # fmt: skip
READING_KEYS = [
    "format", "rows_in", "accounts", "duplicates_merged", "rows_rejected", "reject_reasons", "evidence_level",
    "coverage",
]  # fmt: skip


@pytest.fixture(scope="module")
def result():
    return bs.audit(bs.make_audience(n=300, random_state=2).accounts, n_review_rows=5)


@pytest.fixture(scope="module")
def labelled():
    audience = bs.make_audience(n=300, random_state=2)
    ids = audience.accounts.table["account_id"].to_pylist()
    labels = [
        {"account_id": one, "rater_1": "yes" if bad else "no"}
        for one, bad in zip(ids[:120], audience.is_suspicious[:120], strict=True)
    ]
    return bs.audit(audience.accounts, labels, frame="full")


def test_the_json_has_exactly_the_keys_of_the_contract_in_order(result):
    found = json.loads(result.to_json())
    assert list(found) == KEYS
    assert found["schema_version"] == AUDIT_SCHEMA_VERSION == 1
    assert found["botscan_version"] == bs.__version__
    assert list(found["model"]) == ["name", "sha256", "pattern"]
    assert list(found["reading"]) == READING_KEYS
    assert list(found["organic_share"]) == SHARE_KEYS
    assert list(found["segments"]) == ["active", "dormant", "mass_follower", "suspicious", "declared_bot", "unknown"]
    for note in (*found["warnings"], *found["organic_share"]["notes"]):
        assert list(note) == ["code", "column", "count", "numbers", "text"]
        assert note["text"]


def test_segments_are_the_verdicts_and_add_up(result):
    assert set(SEGMENT_ORDER) == set(VERDICTS)
    assert sum(result.to_dict()["segments"].values()) == result.n_accounts == 300
    histogram = result.histogram
    assert histogram.n_accounts == 300
    assert result.segments["unknown"] == histogram.n_unscored


def test_what_a_reader_must_know_is_shown_beside_the_figures(labelled):
    shown = str(labelled)
    assert "includes" in shown
    assert "Finding no block is no proof" in shown


@pytest.fixture(scope="module")
def bought():
    history = make_follow_history(3_000, [Purchase(200, start_days_ago=300)], random_state=4)
    return history, bs.audit(history.accounts, n_review_rows=20)


def test_the_blocks_of_a_list_are_in_its_audit_and_bound_the_suspicious_share(bought):
    history, result = bought
    found, blocks = result.to_dict(), result.blocks
    assert len(blocks) == len(found["follow_blocks"]) >= 1
    assert all(block["q_value"] < 0.05 for block in found["follow_blocks"])
    assert found["follow_order"]["suspicious_share_lower_bound"] == blocks.suspicious_share_lower_bound
    assert found["organic_share"]["suspicious_share_lower_bound"] == blocks.suspicious_share_lower_bound
    assert 0 < blocks.suspicious_share_lower_bound <= history.is_bought.mean()
    assert "does not show who paid" in str(result)
    assert {row.block for row in result.review_rows} >= {1}
    assert "blocks_not_examined" not in {note["code"] for note in found["warnings"]}


def test_blocks_never_move_the_share(bought):
    history, result = bought
    alone = bs.estimate_organic_share(bs.score_accounts(history.accounts))
    names = ("organic_share", "organic_share_ci_lower", "organic_share_ci_upper", "method", "notes")
    assert [getattr(result.share, name) for name in names] == [getattr(alone, name) for name in names]


def test_blocks_that_nobody_looked_for_are_empty_and_a_warning_says_so():
    accounts = bs.make_audience(n=50).accounts
    scorer = bs.load_model()
    scores = scorer.score(accounts)
    found = put_together(accounts, scores, bs.estimate_organic_share(scores), scorer).to_dict()
    assert (found["follow_blocks"], found["follow_order"]) == ([], None)
    assert [note["code"] for note in found["warnings"]].count("blocks_not_examined") == 1


def test_words_follow_the_language_and_nothing_else_does(result):
    english, indonesian = result.to_dict(), result.to_dict("id")
    assert english != indonesian
    for found in (english, indonesian):
        for note in (*found["warnings"], *found["organic_share"]["notes"], *found["follow_order"]["notes"]):
            note["text"] = ""
    assert english == indonesian


def test_the_json_is_strict_ascii_and_rounded(labelled):
    text = labelled.to_json()
    assert text.isascii()
    found = json.loads(text, parse_constant=pytest.fail)["organic_share"]
    assert found["organic_share"] is not None
    for name in ("organic_share", "organic_share_ci_lower", "organic_share_ci_upper"):
        assert found[name] == round(found[name], 6)


def test_no_account_is_in_any_output_but_the_review_rows(result):
    table = bs.make_audience(n=300, random_state=2).accounts.table
    secrets = {one for name in ("account_id", "handle") for one in table[name].to_pylist()}
    assert any(row.account_id in secrets for row in result.review_rows)
    for shown in (
        result.to_json(),
        str(result),
        repr(result),
        result.to_markdown(),
        result._repr_html_(),
        str(result.to_frame()),
    ):
        assert not [one for one in secrets if one in shown]


def test_reasons_are_counted_most_frequent_first(result):
    scores = bs.score_accounts(bs.make_audience(n=300, random_state=2).accounts)
    listed = [code for codes in scores.table["reasons"].to_pylist() for code in codes or []]
    assert dict(result.reasons) == {code: listed.count(code) for code in set(listed)}
    assert list(result.reasons.values()) == sorted(result.reasons.values(), reverse=True)
    assert result.n_review == sum(1 for one in scores.table["review"].to_pylist() if one)


@pytest.mark.parametrize(
    ("platform", "code"),
    [
        ("twitter", None),
        ("instagram", "model_few_sources"),
        ("tiktok", "model_few_sources"),
        ("mastodon", "model_of_other_platforms"),
    ],
)
def test_a_platform_that_little_was_learned_from_is_told_so(platform, code):
    found = bs.audit(bs.make_audience(n=50, platform=platform).accounts)
    codes = [note.code for note in found.warnings if note.code.startswith("model_")]
    assert codes == ([code] if code else [])


def test_warnings_of_the_reader_come_first():
    rows = [{"account_id": "1", "followers_count": -5}, {"account_id": "2", "followers_count": 5}]
    codes = [note.code for note in bs.audit(rows, platform="twitter").warnings]
    assert codes[0] == "negative_count"
    assert len(codes) > 1


def test_a_list_without_its_date_is_told_that_ages_are_missing():
    rows = [{"account_id": "1", "created_at": "2019-01-01T00:00:00Z"}]
    missing = Note("observed_at_missing", column="observed_at")
    assert missing in bs.audit(rows, platform="twitter").warnings
    assert missing not in bs.audit(rows, platform="twitter", observed_at="2026-06-30").warnings
    assert missing not in bs.audit([{"account_id": "1"}], platform="twitter").warnings


def test_an_empty_list_is_a_fact():
    result = bs.audit(bs.read_accounts([{"account_id": None, "followers_count": None}], platform="twitter"))
    found = json.loads(result.to_json())
    assert found["reading"]["reject_reasons"] == {"no_identity": 1}
    assert found["organic_share"]["organic_share"] is None
    assert sum(found["segments"].values()) == 0
    assert "no accounts" in str(result)


def test_ids_alone_give_no_score_and_no_number():
    result = bs.audit([{"account_id": str(n)} for n in range(1, 50)], platform="twitter")
    assert result.segments["unknown"] == 49
    assert (result.pattern, result.suspicious_threshold, result.review_threshold) == ("", None, None)
    assert result.share.organic_share is None


def test_equal_lists_give_equal_bytes(result):
    again = bs.audit(bs.make_audience(n=300, random_state=2).accounts, n_review_rows=5)
    assert again.to_json() == result.to_json()
    assert str(again) == str(result)


def test_the_source_is_shown_escaped(result):
    strange = replace(result, source="a\x1b[31m\nb.csv")
    assert "\x1b" not in str(strange)
    assert "\x1b" not in strange.to_json()


def test_segments_of_which_nothing_is_known_have_a_dash_and_the_known_ones_a_number():
    thin = bs.audit([{"handle": "ani"}, {"handle": "budi", "is_declared_bot": True}], platform="twitter")
    assert not thin.is_judged
    assert thin.segment_in_words("suspicious") == ("\u2013", "\u2013")
    assert thin.segment_in_words("declared_bot") == thin.segment_in_words("unknown") == ("1", "50.0 %")
    assert [note.count for note in thin.warnings if note.code == "segments_not_judged"] == [1]


@pytest.mark.parametrize("rows", [[], [{"handle": "ani", "is_declared_bot": True}]])
def test_where_nothing_is_unknown_a_zero_is_a_zero(rows):
    found = bs.audit(rows, platform="twitter")
    assert found.is_judged
    assert found.segment_in_words("suspicious", "id")[0] == "0"
    assert "segments_not_judged" not in {note.code for note in found.warnings}
