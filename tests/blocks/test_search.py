"""The door of the search: poor lists, and changes to a list that must change nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from botscan.accounts import AccountTable
from botscan.blocks import find_follow_blocks
from botscan.blocks.order_evidence import UNKNOWN_TIME
from botscan.blocks.search import gather_evidence
from botscan.errors import SchemaError
from botscan.follow_times import infer_follow_times
from botscan.follow_times.places import Places
from botscan.schema import ACCOUNT_COLUMNS
from botscan.simulate import Purchase, make_follow_history
from botscan.wording import say_note

START = datetime(2015, 3, 7, 11, 20, tzinfo=UTC)


def with_columns(accounts, **columns):
    both = {name: accounts.table[name] for name in accounts.table.column_names} | columns
    return replace(accounts, table=pa.table({one.name: both[one.name] for one in ACCOUNT_COLUMNS if one.name in both}))


@pytest.fixture
def bought(history_of):
    return history_of(2_000, [Purchase(150, 400)], seed=1)


def rows_of(n, **more):
    """Rows of followers who came every twelve hours, one in ten a newcomer; `more` maps a column to its values."""
    rng = np.random.default_rng(1)
    ages = np.where(rng.random(n) < 0.1, 1.0, rng.exponential(700, n))
    rows = [
        {
            "account_id": f"a{place}",
            "follow_rank": place,
            "created_at": START + timedelta(days=3_000 + place / 2 - min(ages[place], 2_900)),
        }
        for place in range(n)
    ]
    for place, row in enumerate(rows):
        row |= {name: values[place] for name, values in more.items()}
    return rows


def list_of(rows, platform="github"):
    return AccountTable.from_frame(rows, platform=platform, observed_at=datetime(2027, 1, 1, tzinfo=UTC))


def codes(found):
    return [note.code for note in found.notes]


def is_nothing(found, n):
    return (
        len(found) == 0
        and found.suspicious_share_lower_bound is None
        and found.examined == ()
        and found.block_of.tolist() == [-1] * n
    )


def test_an_empty_list_says_that_it_is_empty():
    empty = make_follow_history(300).accounts
    empty = replace(empty, table=empty.table.slice(0, 0), report=replace(empty.report, accounts=0, rows_in=0))
    found = find_follow_blocks(empty)
    assert is_nothing(found, 0)
    assert codes(found) == ["blocks_no_accounts"]


@pytest.mark.parametrize("n", [1, 2, 199])
def test_a_short_list_says_how_many_it_has_and_how_many_it_wants(n):
    found = find_follow_blocks(list_of(rows_of(n)))
    assert is_nothing(found, n)
    (note,) = found.notes
    assert (note.code, note.count) == ("blocks_too_few", n)
    words = say_note(note)
    assert ("1 account in" in words) == (n == 1)
    assert "200 are wanted" in words


def test_two_hundred_accounts_are_enough_to_look():
    found = find_follow_blocks(list_of(rows_of(200)))
    assert (found.n_ordered, "creation_band" in found.examined) == (200, True)
    assert found.suspicious_share_lower_bound == 0


def test_a_list_without_order_says_so():
    found = find_follow_blocks(list_of([{**row, "follow_rank": None} for row in rows_of(300)]))
    assert is_nothing(found, 300)
    assert codes(found) == ["blocks_no_order"]
    for language in ("en", "id"):
        words = say_note(found.notes[0], language)
        assert "--map follow_rank=HEADER" in words
        assert "--order newest" in words


def test_a_list_without_dates_scores_or_anything_says_so():
    rows = [{"account_id": row["account_id"], "follow_rank": row["follow_rank"]} for row in rows_of(300)]
    found = find_follow_blocks(list_of(rows))
    assert is_nothing(found, 300)
    assert codes(found) == ["blocks_nothing_known"]


def test_newest_first_is_not_searched():
    rows = [{**row, "follow_rank": 999 - row["follow_rank"]} for row in rows_of(1_000)]
    found = find_follow_blocks(list_of(rows))
    assert is_nothing(found, 1_000)
    assert "order_seems_reversed" in codes(found)


def test_an_order_that_has_nothing_to_do_with_time_is_not_searched():
    places = np.random.default_rng(2).permutation(1_000).tolist()
    rows = [{**row, "follow_rank": place} for row, place in zip(rows_of(1_000), places, strict=True)]
    found = find_follow_blocks(list_of(rows))
    assert is_nothing(found, 1_000)
    assert "order_not_by_time" in codes(found)


@pytest.mark.parametrize("size", [5, 20, 60])
def test_accounts_that_share_their_places_are_searched_and_the_first_place_is_no_block_of_newcomers(bought, size):
    history, scores = bought
    ranks = pc.divide(history.accounts.table["follow_rank"], size)
    found = find_follow_blocks(with_columns(history.accounts, follow_rank=ranks), scores)
    assert len(found) == 1
    bought_ranks = ranks.to_numpy()[history.is_bought]
    assert found.blocks[0].first_rank <= np.median(bought_ranks) <= found.blocks[0].last_rank
    assert found.blocks[0].n_excess_lower <= 150
    assert "follow_ranks_shared" in codes(found)


def test_accounts_without_a_place_take_no_part_and_are_in_no_block(bought):
    history, scores = bought
    is_out = np.arange(len(history.accounts)) % 5 == 0
    ranks = pc.if_else(pa.array(is_out), pa.scalar(None, pa.int64()), history.accounts.table["follow_rank"])
    found = find_follow_blocks(with_columns(history.accounts, follow_rank=ranks), scores)
    assert len(found) == 1
    assert found.n_ordered == (~is_out).sum()
    assert next(note.count for note in found.notes if note.code == "follow_ranks_missing") == is_out.sum()
    assert (found.block_of[is_out] == -1).all()
    assert 0 < found.blocks[0].n_excess_lower <= (history.is_bought & ~is_out).sum()


def test_one_date_for_all_says_that_there_is_nothing_to_look_at():
    found = find_follow_blocks(list_of(rows_of(400, created_at=[START] * 400)))
    assert is_nothing(found, 400)
    assert codes(found) == ["blocks_nothing_known"]


def test_a_future_date_in_the_middle_changes_little_else():
    rows = rows_of(2_000)
    for row in rows[1_000:1_150]:
        row["created_at"] = START + timedelta(days=3_300 + row["follow_rank"] % 6)
    (wanted,) = find_follow_blocks(list_of(rows)).blocks
    for wrong in (datetime(2026, 12, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)):
        rows[700]["created_at"] = wrong
        (block,) = find_follow_blocks(list_of(rows)).blocks
        assert (block.first_rank, block.last_rank) == pytest.approx((wanted.first_rank, wanted.last_rank), abs=5)
        assert abs(block.followed_after - wanted.followed_after) < timedelta(days=20)


def test_a_date_that_was_set_aside_is_no_evidence_and_ages_are_those_of_the_follow_times():
    rows = rows_of(2_000)
    rows[700]["created_at"] = datetime(2026, 12, 1, tzinfo=UTC)
    accounts = list_of(rows)
    evidence = gather_evidence(accounts, None, infer_follow_times(accounts), Places.of_table(accounts.table))
    assert np.flatnonzero(evidence.created_at == UNKNOWN_TIME).tolist() == [700]
    known = np.arange(2_000) >= evidence.caught_up_from
    known[700] = False
    assert (~np.isnan(evidence.age_days) == known).all()
    assert np.nanmin(evidence.age_days) >= 0


def test_client_set_dates_are_never_evidence():
    rows = rows_of(2_000)
    for row in rows[1_000:1_150]:
        row["created_at"] = START + timedelta(days=3_300 + row["follow_rank"] % 6)
    found = find_follow_blocks(list_of(rows, platform="bluesky"))
    assert len(found) == 0
    assert not {"creation_band", "fresh_accounts"} & set(found.examined)
    # The list has dates: a reader must hear why they are not used.
    assert codes(found) == ["blocks_nothing_known", "follow_dates_client_set"]
    silent = list_of(rows_of(2_000, posts_count=[place % 7 for place in range(2_000)]), platform="bluesky")
    told = codes(find_follow_blocks(silent))
    assert told[0] == "blocks_none_is_no_proof"
    assert "follow_dates_client_set" in told
    assert "No dates are known" not in find_follow_blocks(silent).to_text()
    assert len(find_follow_blocks(list_of(rows))) == 1


def test_scores_of_other_accounts_are_refused(bought, scores_of):
    history, scores = bought
    fewer = replace(scores, table=scores.table.slice(1))
    turned = replace(scores, table=scores.table.take(np.arange(len(scores))[::-1]))
    for wrong in (fewer, turned):
        with pytest.raises(SchemaError, match="not the same"):
            find_follow_blocks(history.accounts, wrong)


def test_null_scores_are_unknown_and_where_there_is_none_dates_are_searched_alone(bought, scores_of):
    history, scores = bought
    plain = find_follow_blocks(history.accounts)
    none = find_follow_blocks(history.accounts, scores_of(history.accounts, np.full(len(scores), np.nan)))
    assert none.to_dict() == plain.to_dict()
    assert "blocks_without_scores" in codes(none)
    log_odds = scores.table["log_odds"].to_numpy().copy()
    log_odds[::3] = np.nan
    (block,) = find_follow_blocks(history.accounts, scores_of(history.accounts, log_odds)).blocks
    of_scores = next(one for one in block.evidence if one.code == "high_scores")
    assert of_scores.n_known < 0.75 * block.n_accounts


def test_the_order_of_the_rows_changes_nothing_but_the_order_of_the_marks(bought, scores_of):
    history, scores = bought
    wanted = find_follow_blocks(history.accounts, scores)
    rows = np.random.default_rng(3).permutation(len(history.accounts))
    mixed = replace(history.accounts, table=history.accounts.table.take(rows))
    found = find_follow_blocks(mixed, replace(scores, table=scores.table.take(rows)))
    assert found.to_json() == wanted.to_json()
    assert (found.block_of == wanted.block_of[rows]).all()
    assert len(wanted) == 1


def test_names_of_accounts_change_nothing_but_similar_handles(bought, scores_of):
    history, scores = bought
    n = len(history.accounts)
    wanted = find_follow_blocks(history.accounts, scores)
    ids = pa.array([f"{(place * 7919) % 100_003:08x}" for place in range(n)], pa.large_string())
    renamed = with_columns(history.accounts, account_id=ids)
    again = find_follow_blocks(renamed, scores_of(renamed, scores.table["log_odds"].to_numpy()))
    assert again.to_json() == wanted.to_json()
    rng = np.random.default_rng(4)
    handles = pa.array(
        [
            f"promo{rng.integers(10_000, 99_999)}" if bought else "".join(rng.choice(list("abcdefg1._"), 3 + place % 9))
            for place, bought in enumerate(history.is_bought)
        ],
        pa.large_string(),
    )
    named = find_follow_blocks(with_columns(history.accounts, handle=handles), scores)
    assert "similar_handles" in [one.code for one in named.blocks[0].evidence]
    assert "similar_handles" not in wanted.examined
    hashed = pa.array([sha256(b"%d" % place).hexdigest()[:16] for place in range(n)], pa.large_string())
    blind = find_follow_blocks(with_columns(history.accounts, handle=hashed), scores)
    assert [one.code for one in blind.blocks[0].evidence] == [one.code for one in wanted.blocks[0].evidence]
    assert (blind.blocks[0].first_rank, blind.blocks[0].last_rank) == (
        wanted.blocks[0].first_rank,
        wanted.blocks[0].last_rank,
    )


def test_a_shift_of_all_dates_shifts_the_dates_and_nothing_else(bought):
    history, scores = bought
    shift = timedelta(days=-37)
    wanted = find_follow_blocks(history.accounts, scores).to_dict()
    columns = {
        name: pc.add(history.accounts.table[name], pa.scalar(shift, pa.duration("us")))
        for name in ("created_at", "observed_at", "last_post_at")
    }
    moved = replace(with_columns(history.accounts, **columns), observed_at=history.accounts.observed_at + shift)
    found = find_follow_blocks(moved, scores).to_dict()

    def shifted(value, by):
        if isinstance(value, dict):
            return {name: shifted(one, by) for name, one in value.items()}
        if isinstance(value, list):
            return [shifted(one, by) for one in value]
        is_time = isinstance(value, str) and value.endswith("Z")
        return (datetime.fromisoformat(value) + by).isoformat() if is_time else value

    assert shifted(found, -shift) == shifted(wanted, timedelta(0))
    assert found != wanted


def test_without_scores_what_dates_show_stays(bought):
    history, scores = bought
    with_scores = find_follow_blocks(history.accounts, scores)
    without = find_follow_blocks(history.accounts)
    dates = {"creation_band", "fresh_accounts"}
    (one,), (other,) = with_scores.blocks, without.blocks
    assert dates & {part.code for part in one.evidence} == dates & {part.code for part in other.evidence} != set()
    assert (other.first_rank, other.last_rank) == pytest.approx((one.first_rank, one.last_rank), abs=30)


def test_the_same_list_gives_the_same_bytes(bought):
    history, scores = bought
    one, again = (find_follow_blocks(history.accounts, scores) for _ in range(2))
    assert one.to_json().encode() == again.to_json().encode()
    assert one.block_of.tobytes() == again.block_of.tobytes()


@pytest.mark.parametrize("days", [7, 30, 90])
def test_many_accounts_that_share_a_rank_are_no_block_in_any_order_of_the_rows(days):
    for seed in range(4):
        history = make_follow_history(2_000, random_state=seed)
        day = history.followed_at.astype("datetime64[D]").astype(np.int64)
        ranks = pa.array((day - day.min()) // days)
        table = with_columns(history.accounts, follow_rank=ranks).table
        mixed = table.take(pa.array(np.random.default_rng([5, seed]).permutation(len(table))))
        found = find_follow_blocks(replace(history.accounts, table=mixed))
        assert "creation_band" in found.examined
        assert len(found) == 0


def test_a_list_without_dates_is_searched_in_the_order_it_claims_and_told_that_nobody_checked(bought):
    history, scores = bought
    undated = replace(history.accounts, table=history.accounts.table.drop_columns(["created_at"]))
    found = find_follow_blocks(undated, scores)
    assert len(found) == 1
    assert "blocks_order_unchecked" in codes(found)
    assert "blocks_order_unchecked" not in codes(find_follow_blocks(history.accounts, scores))


def test_silent_newcomers_alone_are_shown_with_a_note_and_bound_nothing():
    silent = np.random.default_rng(3).random(2_000) < 0.05
    silent[1_000:1_120] = True
    found = find_follow_blocks(list_of(rows_of(2_000, posts_count=np.where(silent, 0, 7).tolist())))
    assert [one.code for block in found.blocks for one in block.evidence] == ["inactive"]
    assert found.blocks[0].n_excess_lower > 0
    assert found.suspicious_share_lower_bound == 0
    assert "blocks_of_weak_signs" in codes(found)


@pytest.mark.parametrize("size", [250, 1_000])
@pytest.mark.parametrize("name", ["created_at", "handle"])
def test_the_order_of_rows_inside_a_shared_place_is_no_follow_order(name, size):
    rng = np.random.default_rng(size)
    n = 3_000
    days = rng.uniform(0, 3_000, n)
    rows = [
        {
            "account_id": f"a{at}",
            "created_at": datetime(2012, 1, 1, tzinfo=UTC) + timedelta(days=float(days[at])),
            "handle": "".join(rng.choice(list("abcdefgh"), 8)),
            "follow_rank": at // size,
        }
        for at in range(n)
    ]
    rows.sort(key=lambda row: (row["follow_rank"], row[name]))
    found = find_follow_blocks(AccountTable.from_frame(rows, platform="twitter"))
    assert (len(found), found.suspicious_share_lower_bound) == (0, 0.0)


def test_where_all_share_one_place_there_is_no_order():
    rows = [{"account_id": str(at), "handle": f"rina{at}", "follow_rank": 4} for at in range(300)]
    found = find_follow_blocks(AccountTable.from_frame(rows, platform="twitter"))
    assert (len(found), found.suspicious_share_lower_bound, codes(found)) == (0, None, ["blocks_order_shared"])


def test_follow_times_that_are_known_are_no_list_without_dates():
    rows = [
        {"account_id": f"a{place}", "follow_rank": place, "followed_at": START + timedelta(days=place / 2)}
        for place in range(2_000)
    ]
    silent = np.random.default_rng(3).random(2_000) < 0.05
    silent[1_000:1_120] = True
    for row, is_silent in zip(rows, silent, strict=True):
        row["posts_count"] = 0 if is_silent else 7
    found = find_follow_blocks(list_of(rows))
    assert found.blocks[0].followed_after is not None
    assert "blocks_without_creation_dates" in codes(found)
    assert not {"blocks_without_dates", "blocks_order_unchecked"} & set(codes(found))
    text = " ".join(found.to_text().split())
    assert "no dates" not in text.lower()
    assert "No dates" not in text


def test_that_a_purchase_of_most_of_the_list_cannot_be_told_is_said_with_and_without_blocks(bought):
    history, scores = bought
    clean = find_follow_blocks(list_of(rows_of(1_000)))
    for found in (find_follow_blocks(history.accounts, scores), clean):
        for language, words in (("en", "about a third of the list"), ("id", "kira-kira sepertiga daftar")):
            assert words in " ".join(found.to_text(language).split())


def test_marked_accounts_are_those_of_the_list_with_all_that_is_known_of_them(bought):
    history, scores = bought
    accounts = history.accounts
    found = find_follow_blocks(accounts, scores)
    frame = found.marked_accounts()
    rows = np.flatnonzero(found.block_of >= 0)
    assert len(frame) == len(rows) > 0
    for name in ("account_id", "follow_rank", "created_at"):
        assert frame[name].tolist() == accounts.table[name].take(pa.array(rows)).to_pylist()
    assert frame["handle"].isna().all()  # this list knows none
    assert frame["block"].tolist() == (found.block_of[rows] + 1).tolist()
    times = infer_follow_times(accounts).to_frame()["followed_after"]
    assert frame["followed_after"].tolist() == times[rows].tolist()
    assert find_follow_blocks(list_of(rows_of(100))).marked_accounts().empty
