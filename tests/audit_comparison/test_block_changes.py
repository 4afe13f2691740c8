"""Blocks of two audits: known again by accounts, ranks or dates, and nothing said where none of them tells."""

import json
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import botscan as bs
from botscan.audit_comparison import compare_audits
from botscan.blocks import FollowBlocks
from botscan.blocks.follow_blocks import MARKED_SCHEMA
from botscan.errors import SchemaError
from botscan.notes import Note
from botscan.simulate import Purchase, make_follow_history
from botscan.wording import LANGUAGES, say

LATER = {"observed_at": "2026-06-01T00:00:00Z"}


def codes(comparison):
    return {note.code for note in comparison.notes if note.code.startswith("compare_blocks")}


def found(comparison):
    changes = comparison.follow_blocks
    return changes.matched_by, changes.kept, changes.new, changes.gone


# By dates


def test_saved_audits_are_matched_by_the_days_of_their_blocks(with_blocks, block_of):
    before = with_blocks(block_of(100, 199, (10, 14)), block_of(400, 459, (60, 62)))
    # The oldest followers left: every rank moved.
    after = with_blocks(block_of(40, 139, (11, 15)), block_of(700, 799, (490, 493)), **LATER)
    comparison = compare_audits(before, after)
    assert found(comparison) == ("dates", ((0, 0),), (1,), (1,))
    assert codes(comparison) == {"compare_blocks_by_dates", "compare_blocks_named_once"}


def test_a_block_beside_an_old_one_is_not_the_old_one(with_blocks, block_of):
    before = with_blocks(block_of(100, 199, (10, 20)))
    after = with_blocks(block_of(100, 199, (10, 20)), block_of(200, 259, (15, 21)), **LATER)
    assert found(compare_audits(before, after)) == ("dates", ((0, 0),), (1,), ())


def test_blocks_of_the_same_days_are_told_apart_by_when_they_were_created(with_blocks, block_of):
    one, other = block_of(100, 199, (10, 14), (1, 3)), block_of(100, 199, (10, 14), (5, 7))
    apart = compare_audits(with_blocks(one), with_blocks(other, **LATER))
    assert found(apart) == ("dates", (), (0,), (0,))
    unknown = compare_audits(with_blocks(one), with_blocks(block_of(100, 199, (10, 14)), **LATER))
    assert found(unknown) == ("dates", ((0, 0),), (), ())


def test_without_dates_nothing_is_called_new_or_gone(with_blocks, block_of):
    before, after = with_blocks(block_of(100, 199)), with_blocks(block_of(100, 199), bound=0.05, **LATER)
    comparison = compare_audits(before, after)
    assert found(comparison) == (None, None, None, None)
    assert codes(comparison) == {"compare_blocks_undated", "compare_blocks_bound_is_shown"}
    assert comparison.follow_blocks.suspicious_share_lower_bound_difference == 0.03
    told = comparison.to_dict()["follow_blocks"]
    assert (told["n_before"], told["n_after"], told["new"], told["gone"], told["kept"]) == (1, 1, None, None, None)


def test_where_one_audit_found_none_nothing_needs_to_be_matched(with_blocks, block_of):
    block = block_of(100, 199)
    assert found(compare_audits(with_blocks(), with_blocks(block, **LATER))) == (None, (), (0,), ())
    assert found(compare_audits(with_blocks(block), with_blocks(**LATER))) == (None, (), (), (0,))
    assert codes(compare_audits(with_blocks(), with_blocks(**LATER))) == set()


spans = st.tuples(st.integers(0, 40), st.integers(0, 10)).map(lambda pair: (pair[0], sum(pair)))
histories = st.lists(st.tuples(spans, st.none() | spans), max_size=6)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=histories, second=histories)
def test_swapping_the_audits_swaps_new_and_gone(with_blocks, block_of, first, second):
    one, other = (
        with_blocks(*(block_of(10 * i, 10 * i + 9, *days, n_excess=5) for i, days in enumerate(blocks)))
        for blocks in (first, second)
    )
    forth, back = compare_audits(one, other).follow_blocks, compare_audits(other, one).follow_blocks
    assert len(forth.new) == len(back.gone)
    assert len(forth.gone) == len(back.new)
    for changes in (forth, back):
        assert len(set(changes.kept)) == len({i for i, _ in changes.kept}) == len({j for _, j in changes.kept})
    same = compare_audits(one, one).follow_blocks
    assert same.new == same.gone == ()


# By ranks


def test_of_the_same_accounts_places_count_and_a_block_may_fall_apart(with_blocks, block_of):
    digest = {"list_digest": "d" * 64}
    before = with_blocks(block_of(100, 199), block_of(400, 449), **digest)
    after = with_blocks(block_of(100, 139), block_of(150, 199), block_of(300, 349), **digest, **LATER)
    comparison = compare_audits(before, after)
    assert found(comparison) == ("ranks", ((0, 0), (0, 1)), (2,), (1,))
    assert "compare_blocks_by_dates" not in codes(comparison)


# By accounts


@pytest.fixture(scope="module")
def audit():
    return bs.audit(bs.make_audience(n=150, random_state=1).accounts)


def holding(audit, blocks, ids, **changes):
    """Put blocks into an audit in memory; `ids` are the accounts of each that show its signs."""
    rows = [{"account_id": one, "block": number} for number, of in enumerate(ids, 1) for one in of]
    marked = pa.Table.from_pylist(rows, schema=MARKED_SCHEMA)
    found = FollowBlocks(tuple(blocks), 150, 150, ("inactive",), 0.1, marked=marked)
    return replace(audit, blocks=found, list_digest=f"{ids}", **changes)


def test_in_memory_accounts_tell_whatever_ranks_and_dates_say(audit, block_of):
    ids = [f"a{n}" for n in range(40)]
    before = holding(audit, [block_of(0, 9, (1, 2)), block_of(20, 29, (8, 9))], [ids[:10], ids[10:20]])
    after = holding(audit, [block_of(0, 9, (8, 9)), block_of(50, 59, (800, 802))], [[*ids[12:20], "x"], ids[30:]])
    comparison = compare_audits(before, after)
    assert found(comparison) == ("accounts", ((1, 0),), (1,), (0,))
    assert codes(comparison) == {"compare_blocks_named_once"}
    assert compare_audits(before.to_dict(), after).follow_blocks.matched_by == "dates"


def test_a_block_of_which_most_were_removed_is_still_the_same(audit, block_of):
    ids = [f"a{n}" for n in range(40)]
    before = holding(audit, [block_of(0, 39, (1, 2))], [ids])
    few = holding(audit, [block_of(0, 39, (1, 2))], [ids[:4]])
    assert found(compare_audits(before, few)) == ("accounts", ((0, 0),), (), ())
    less_than_half = holding(audit, [block_of(0, 39, (1, 2))], [[*ids[:4], *"vwxyz"]])
    assert found(compare_audits(before, less_than_half)) == ("accounts", (), (0,), (0,))


def test_ids_that_were_made_know_no_account_again(audit, block_of):
    made = (*audit.warnings, Note("ids_made", count=150))
    before, after = (
        holding(audit, [block_of(0, 9, (n, n + 1))], [["row-1", "row-2"]], warnings=made, source=f"{n}.csv")
        for n in (1, 60)
    )
    assert before.list_digest == after.list_digest
    assert found(compare_audits(before, after)) == ("dates", (), (0,), (0,))


def test_a_purchase_between_two_lists_is_new_in_memory_and_in_files(tmp_path):
    later = make_follow_history(3_000, [Purchase(200, 400), Purchase(200, 10)], random_state=2)
    table = later.accounts.table
    seen = later.accounts.observed_at
    had_come = pa.array(later.purchase != 1)
    audits = [
        bs.audit(bs.read_accounts(one, platform="twitter", observed_at=seen)) for one in (table.filter(had_come), table)
    ]
    in_memory = compare_audits(*audits)
    (new,) = in_memory.follow_blocks.new
    block = in_memory.follow_blocks.after[new]
    assert 2_900 < block.first_rank < block.last_rank < 3_400
    paths = [tmp_path / f"{name}.json" for name in ("before", "after")]
    for path, one in zip(paths, audits, strict=True):
        path.write_text(one.to_json())
    saved = compare_audits(*paths)
    assert (in_memory.follow_blocks.matched_by, saved.follow_blocks.matched_by) == ("accounts", "dates")
    assert found(saved)[1:] == found(in_memory)[1:]
    assert in_memory.follow_blocks.gone == ()
    told = json.loads(saved.to_json())["follow_blocks"]
    assert told["new"] == json.loads(audits[1].to_json())["follow_blocks"][new : new + 1]


# What a reader must know


def test_where_one_audit_did_not_look_nothing_is_compared(audit_of, with_blocks, block_of):
    looked = {"observed_at": "2026-06-01T00:00:00Z"}
    could_not = with_blocks(bound=0, examined=())
    could_not["follow_order"]["suspicious_share_lower_bound"] = None
    for without in (audit_of(), audit_of(follow_order=None), could_not):
        comparison = compare_audits(without, with_blocks(block_of(0, 9), **looked))
        assert comparison.follow_blocks is None
        assert comparison.to_dict()["follow_blocks"] is None
        assert codes(comparison) == {"compare_blocks_missing_before"}
        assert codes(compare_audits(with_blocks(block_of(0, 9)), without)) == {"compare_blocks_missing_after"}
        assert codes(compare_audits(without, without)) == set()


def test_lists_of_two_platforms_share_no_block(with_blocks, block_of):
    block = block_of(0, 9, (1, 2))
    comparison = compare_audits(with_blocks(block), with_blocks(block, platform="tiktok"))
    assert comparison.follow_blocks is None
    assert codes(comparison) == set()


def test_a_new_block_of_followers_who_had_come_before_is_told(with_blocks, block_of):
    # The earlier list is of 1 May 2026, day 485.
    after = with_blocks(block_of(0, 9, (10, 12)), block_of(20, 29, (470, 480)), block_of(40, 49, (480, 490)), **LATER)
    comparison = compare_audits(with_blocks(block_of(0, 9, (10, 12))), after)
    assert comparison.follow_blocks.new == (1, 2)
    (note,) = (note for note in comparison.notes if note.code == "compare_blocks_came_earlier")
    assert note.count == 1
    undated = compare_audits(with_blocks(observed_at=None), with_blocks(*comparison.follow_blocks.after))
    assert "compare_blocks_came_earlier" not in codes(undated)


@pytest.mark.parametrize(
    "change",
    [
        {"examined": ("inactive", "high_scores")},
        {"model": {"name": "new", "sha256": "b" * 64, "pattern": "twitter/full"}},
    ],
)
def test_other_signs_or_another_model_are_told(with_blocks, block_of, change):
    block = block_of(0, 9, (1, 2))
    assert "compare_blocks_signs_differ" in codes(compare_audits(with_blocks(block), with_blocks(block, **change)))
    assert "compare_blocks_signs_differ" not in codes(compare_audits(with_blocks(), with_blocks(**change)))


# Words


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_block_is_told(with_blocks, block_of, language):
    old, gone, new = block_of(0, 99, (1, 2)), block_of(300, 349, (30, 31)), block_of(500, 619, (400, 401), n_excess=77)
    grown = replace(old, n_accounts=150, n_excess_lower=55)
    comparison = compare_audits(with_blocks(old, gone), with_blocks(grown, new, bound=0.065, **LATER))
    rows = comparison._rows(language)
    told = dict(rows)
    assert told[say("compare_blocks", language)].count("2") == 2
    assert told[say("compare_block_new", language, number=2)] == new.place_in_words(language)
    assert ("", new.evidence_in_words(language)[0]) in rows
    assert told[say("compare_block_gone", language, number=2)] == gone.place_in_words(language)
    kept = told[say("compare_block_kept", language, number=1)]
    assert kept.startswith(grown.place_in_words(language))
    assert kept.endswith(say("compare_block_was", language, n_accounts=100, n_excess=20))
    mark = "." if language == "en" else ","
    for figure in ("4.0 %", "6.5 %", "+2.5"):
        assert figure.replace(".", mark) in told[say("compare_blocks_bound", language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_largest_blocks_are_told_in_words(with_blocks, block_of, language):
    many = [block_of(20 * n, 20 * n + 19, (10 * n, 10 * n + 1), n_excess=n % 13) for n in range(25)]
    comparison = compare_audits(with_blocks(), with_blocks(*many, **LATER))
    rows = comparison._rows(language)
    labels = [say("compare_block_new", language, number=index + 1) for index in range(25)]
    shown = [label for label, _ in rows if label in labels]
    largest = sorted(sorted(range(25), key=lambda n: (-(n % 13), n))[:10])
    assert shown == [labels[n] for n in largest]
    assert ("", say("compare_blocks_more", language, count=15)) in rows
    assert len(comparison.to_dict()["follow_blocks"]["new"]) == 25


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_blocks_at_all_are_one_row(with_blocks, language):
    rows = compare_audits(with_blocks(), with_blocks())._rows(language)
    assert (say("compare_blocks", language), say("compare_blocks_none", language)) in rows
    assert say("compare_blocks_bound", language) not in dict(rows)


# Reading


WRONG = [
    ("first_rank", 300, "a block whose ranks and counts fit together"),
    ("n_excess_lower", 101, "a block whose ranks and counts fit together"),
    ("n_accounts", 1001, "do not fit the list of 1000 accounts"),
    ("n_accounts", -1, r"follow_blocks\[0\].n_accounts: wanted a whole number"),
    ("q_value", 2, "q_value: wanted a number between 0 and 1"),
    ("followed_after", "soon", "followed_after: wanted an instant"),
    ("evidence_details", {}, "evidence_details: wanted a list"),
]


@pytest.mark.parametrize(("key", "value", "told"), WRONG)
def test_a_block_that_cannot_be_is_refused(with_blocks, block_of, key, value, told):
    audit = with_blocks(block_of(100, 199, (1, 2)))
    audit["follow_blocks"][0][key] = value
    with pytest.raises(SchemaError, match=told):
        compare_audits(with_blocks(), audit)


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("code", "moon_phase", "a kind of evidence that this version of botscan knows"),
        ("n_expected", "many", "a number of at least 0"),
        ("n_around", float("inf"), "a number of at least 0"),
        ("created_after", None, "both ends of a creation band"),
    ],
)
def test_evidence_that_cannot_be_is_refused(with_blocks, block_of, key, value, told):
    audit = with_blocks(block_of(100, 199, (1, 2), (0, 1)))
    audit["follow_blocks"][0]["evidence_details"][0][key] = value
    with pytest.raises(SchemaError, match=told):
        compare_audits(audit, with_blocks())


def test_blocks_without_a_bound_are_refused(with_blocks, block_of):
    audit = with_blocks(block_of(100, 199, (1, 2)))
    audit["follow_order"]["suspicious_share_lower_bound"] = None
    with pytest.raises(SchemaError, match="do not fit"):
        compare_audits(audit, with_blocks())
