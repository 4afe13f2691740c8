from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from botscan.accounts import AccountTable
from botscan.errors import SchemaError
from botscan.evidence.labels import LabelDesign, LabelTable
from botscan.evidence.scores import VERDICTS
from botscan.labels.allow_list import read_allow_list
from botscan.labels.allowed_accounts import AllowMatch, apply_allow_list, match_allow_list
from botscan.prevalence import cannot_say, estimate_from_labels
from botscan.pseudonyms import PseudonymKey, account_pseudonym, handle_pseudonym
from botscan.scoring import load_model
from botscan.simulate import make_audience

KEY = PseudonymKey(bytes(range(32)))
ROWS = [
    {"account_id": "1", "handle": "Ani"},
    {"account_id": "2", "handle": "Budi_17"},
    {"account_id": "3", "handle": None},
    {"account_id": None, "handle": "Cici"},
    {"account_id": "12345", "handle": "4"},
]


@pytest.fixture
def accounts():
    return AccountTable.from_frame(ROWS, platform="twitter", observed_at=datetime(2026, 6, 30, 9, tzinfo=UTC))


@pytest.fixture(scope="module")
def audience():
    found = make_audience(n=3_000, organic_share=0.7, random_state=3)
    return found.accounts, load_model().score(found.accounts)


def codes(result):
    return [(note.code, note.count) for note in result.notes]


def allowed(accounts, allow, key=None):
    match = match_allow_list(accounts, read_allow_list(allow), key)
    return np.flatnonzero(match.is_allowed).tolist(), match


def test_accounts_are_found_by_id_and_handle(accounts):
    rows, match = allowed(accounts, [{"account_id": "3"}, {"handle": "@BUDI_17"}, {"account_id": "@cici"}])
    assert rows == [1, 2, 3]
    assert (match.n_listed, match.n_found, match.n_not_found, match.n_expired) == (3, 3, 0, 0)
    assert match.notes == ()


def test_an_id_is_exact_and_never_a_handle(accounts):
    rows, match = allowed(accounts, [{"account_id": "4"}, {"account_id": "01"}, {"account_id": "123"}])
    assert (rows, match.n_not_found) == ([], 3)
    assert codes(match) == [("allow_list_not_found", 3)]


def test_a_handle_that_somebody_else_took_over_is_not_allowed(accounts):
    rows, match = allowed(accounts, [{"account_id": "99", "handle": "ani"}, {"account_id": "98", "handle": "cici"}])
    assert rows == [3]  # the account without an id may be the one that was meant
    assert (match.n_found, match.n_not_found) == (1, 1)


def test_a_bare_word_may_be_either():
    rows = [{"account_id": "UCabcdefghij", "handle": "x"}, {"account_id": "UCzzzzzzzzzz", "handle": "kota"}]
    accounts = AccountTable.from_frame(rows, platform="youtube")
    assert allowed(accounts, ["UCabcdefghij", "Kota"])[0] == [0, 1]


def test_pseudonyms_of_ids_and_of_handles_need_their_key(accounts):
    listed = [
        {"pseudonym": account_pseudonym(KEY, "twitter", "2")},
        {"pseudonym": handle_pseudonym(KEY, "twitter", "cici")},
        {"pseudonym": account_pseudonym(KEY, "instagram", "3")},
    ]
    rows, match = allowed(accounts, listed, KEY)
    assert (rows, match.n_not_found) == ([1, 3], 1)
    assert allowed(accounts, listed, PseudonymKey(bytes(range(1, 33))))[0] == []
    with pytest.raises(SchemaError, match="key"):
        allowed(accounts, listed)


def test_the_pseudonym_of_a_handle_that_was_taken_over_allows_nobody_else(accounts):
    name = handle_pseudonym(KEY, "twitter", "ani")
    rows, match = allowed(accounts, [{"account_id": "99", "pseudonym": name}], KEY)
    assert (rows, match.n_not_found) == ([], 1)
    assert allowed(accounts, [{"account_id": "1", "pseudonym": name}], KEY)[0] == [0]
    assert allowed(accounts, [{"pseudonym": name}], KEY)[0] == [0]
    without_id = handle_pseudonym(KEY, "twitter", "cici")
    assert allowed(accounts, [{"account_id": "98", "pseudonym": without_id}], KEY)[0] == [3]


def test_an_entry_that_names_several_accounts_is_told(accounts):
    listed = [
        {"account_id": "1", "pseudonym": account_pseudonym(KEY, "twitter", "2")},
        {"account_id": "1", "handle": "ani"},  # one account, by two names
        {"handle": "budi_17", "pseudonym": account_pseudonym(KEY, "twitter", "3")},
    ]
    rows, match = allowed(accounts, listed, KEY)
    assert rows == [0, 1, 2]
    assert codes(match) == [("allow_list_names_several", 2)]


def test_entries_hold_to_the_end_of_their_last_day_when_the_list_was_seen(accounts):
    listed = [
        {"account_id": "1", "until": "2026-06-29"},
        {"account_id": "2", "until": "2026-06-30"},
        {"account_id": "3", "until": ""},
    ]
    rows, match = allowed(accounts, listed)
    assert rows == [1, 2]
    assert (match.n_expired, match.n_found, match.n_listed) == (1, 2, 3)
    assert codes(match) == [("allow_list_expired", 1)]
    unseen = AccountTable.from_frame(ROWS, platform="twitter")
    rows, match = allowed(unseen, listed)
    assert rows == [0, 1, 2]
    assert codes(match) == [("allow_list_until_not_compared", 2)]


def test_reasons_are_counted_of_what_was_found(accounts):
    listed = [
        {"account_id": "1", "reason": "mitra"},
        {"account_id": "2", "reason": "appeal"},
        {"account_id": "3", "reason": "appeal"},
        {"account_id": "404", "reason": "staff"},
    ]
    _, match = allowed(accounts, listed)
    assert list(match.n_by_reason.items()) == [("appeal", 2), ("partner", 1)]


def test_a_list_without_handles_and_an_empty_one():
    bare = AccountTable.from_frame([{"account_id": "1"}], platform="twitter")
    assert allowed(bare, ["@ani", "1"])[0] == [0]
    empty = AccountTable.from_frame([{"account_id": "1"}], platform="twitter")
    empty = AccountTable(empty.table.slice(0, 0), "twitter", None, "x", replace(empty.report, rows_in=0, accounts=0))
    rows, match = allowed(empty, ["@ani"])
    assert (rows, match.n_not_found) == ([], 1)


def test_counts_that_do_not_add_up_are_no_match():
    with pytest.raises(ValueError, match="found, not found or expired"):
        AllowMatch(np.zeros(1, bool), 3, 1, 1, 0, {})


def test_allowed_accounts_leave_the_lists_of_suspects_and_nothing_else_moves(audience):
    accounts, scores = audience
    before = np.array(scores.table["verdict"].to_pylist())
    ids = np.array(scores.account_ids.to_pylist())
    suspicious, active = np.flatnonzero(before == "suspicious"), np.flatnonzero(before == "active")
    chosen = np.sort(np.r_[suspicious[::2], active[:20]])
    match = match_allow_list(accounts, read_allow_list(ids[chosen].tolist()))
    changed, outcome = apply_allow_list(scores, match, accounts)
    after = np.array(changed.table["verdict"].to_pylist())
    kept = np.setdiff1d(np.arange(len(scores)), suspicious[::2])
    assert (after[kept] == before[kept]).all()
    assert set(after[suspicious[::2]]) <= {"active", "dormant", "mass_follower"}
    assert len(set(after[suspicious[::2]])) > 1  # what the rules say of each, not one word for all
    assert not np.array(changed.table["review"].to_pylist())[chosen].any()
    assert (outcome.n_removed, outcome.n_accounts) == (len(suspicious[::2]), len(chosen))
    assert sum(changed.segments().values()) == len(scores)
    assert changed.segments()["suspicious"] == scores.segments()["suspicious"] - outcome.n_removed
    for name in scores.table.column_names:
        if name not in ("verdict", "review"):
            assert changed.table[name].equals(scores.table[name])
    assert changed.table.schema.equals(scores.table.schema)
    was = np.array(scores.table["review"].to_pylist()) == True  # noqa: E712  null is not worth a look
    assert outcome.n_review_removed == was[chosen].sum() > 0
    note = outcome.notes[0]
    assert (note.code, note.count) == ("allow_list_applied", outcome.n_removed)
    assert note.numbers["n_listed"] == note.numbers["n_found"] == len(chosen)


def test_the_verdict_without_the_score_is_the_one_of_the_rules():
    common = {"platform": "twitter", "observed_at": "2026-06-30", "created_at": "2026-06-01"}
    rows = [
        {"account_id": "1", "following_count": 5_000, "followers_count": 1, "posts_count": 0, **common},
        {"account_id": "2", "following_count": 900, "followers_count": 1, "posts_count": 0, **common},
        {"account_id": "3", "following_count": 900, "followers_count": 1, "posts_count": 9, **common},
    ]
    accounts = AccountTable.from_frame(rows)
    scores = load_model().score(accounts)
    suspicious = pa.DictionaryArray.from_arrays(pa.array([2, 2, 2], pa.int8()), pa.array(VERDICTS, pa.string()))
    scores = replace(scores, table=scores.table.set_column(3, scores.table.schema.field("verdict"), suspicious))
    assert scores.segments()["suspicious"] == 3
    match = match_allow_list(accounts, read_allow_list(["1", "2", "3"]))
    changed, outcome = apply_allow_list(scores, match, accounts)
    assert changed.table["verdict"].to_pylist() == ["mass_follower", "dormant", "active"]
    assert outcome.n_removed == 3


def test_no_share_moves(audience):
    accounts, scores = audience
    ids = scores.account_ids.to_pylist()
    match = match_allow_list(accounts, read_allow_list(ids[::3]))
    changed, _ = apply_allow_list(scores, match, accounts)
    assert changed.histogram() == scores.histogram()
    assert cannot_say(changed.histogram()) == cannot_say(scores.histogram())
    answers = np.array([[row % 3 == 0] for row in range(120)], dtype=np.int8)
    labels = LabelTable(
        tuple(ids[:120]), ("rater_1",), answers, LabelDesign("simple_random", scores.list_digest), None, "sheet.csv"
    )
    assert estimate_from_labels(changed, labels) == estimate_from_labels(scores, labels)


def test_unscored_and_declared_accounts_stay_what_they_are(audience):
    _, scores = audience
    rows = [{"account_id": "1"}, {"account_id": "2", "is_declared_bot": True}]
    accounts = AccountTable.from_frame(rows, platform="twitter")
    scores = load_model().score(accounts)
    match = match_allow_list(accounts, read_allow_list(["1", "2"]))
    changed, outcome = apply_allow_list(scores, match, accounts)
    assert changed.table.equals(scores.table)
    assert (outcome.n_removed, outcome.n_review_removed, outcome.n_accounts) == (0, 0, 2)


def test_scores_of_another_list_are_refused(audience, accounts):
    _, scores = audience
    with pytest.raises(SchemaError, match="not of one list"):
        apply_allow_list(scores, match_allow_list(accounts, read_allow_list(["1"])), accounts)


def test_how_it_shows_itself(audience):
    accounts, scores = audience
    ids = scores.account_ids.to_pylist()
    listed = [{"account_id": one, "reason": "staf"} for one in ids[:200]]
    match = match_allow_list(accounts, read_allow_list(listed))
    changed, outcome = apply_allow_list(scores, match, accounts)
    assert "200" in outcome.to_text("en")
    assert "pegawai" in outcome.to_text("id")
    assert outcome.to_dict()["n_by_reason"] == {"staff": 200}
    for shown in (repr(match), repr(outcome), outcome.to_json(), str(outcome), repr(changed)):
        assert not any(one in shown for one in ids[:200])
