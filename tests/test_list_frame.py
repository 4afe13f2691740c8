"""Signs of a list that holds only a part of the followers: found in parts, and hardly ever in whole lists."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botscan.accounts import AccountTable
from botscan.list_frame import CAPS, LATE_DAYS, PAGE_SIZES, ListFrame, find_frame_signs, find_size_sign
from botscan.notes import Note
from botscan.readers import read_accounts
from botscan.schema import PLATFORMS
from botscan.simulate import make_audience
from botscan.wording import LANGUAGES, say_note

SEEN = datetime(2026, 6, 30, tzinfo=UTC)
SIGNS = (
    "list_whole_pages", "list_at_cap_size", "list_not_ended", "list_ended", "list_begins_late", "ranks_start_late",
    "ranks_have_gaps", "ranks_end_early",
)  # fmt: skip


def table_of(n, platform="instagram", **columns):
    ids = pa.array([f"{one}" for one in range(1, n + 1)], pa.large_string())
    frame = pa.table({"account_id": ids, **columns})
    return AccountTable.from_frame(frame, platform=platform, observed_at=SEEN)


def codes(accounts, population=None):
    return {note.code for note in find_frame_signs(accounts, population).signs}


def ranked(ranks, **columns):
    return table_of(len(ranks), follow_rank=pa.array(np.asarray(ranks)[::-1]), **columns)


def newest(audience, n):
    """The list as a reader gives its newest part: places count the file alone."""
    part = audience.accounts.table.slice(0, n)
    places = pa.array(np.arange(n)[::-1])
    part = part.set_column(part.column_names.index("follow_rank"), "follow_rank", places)
    return AccountTable.from_frame(part, platform=audience.accounts.platform, observed_at=SEEN)


# Sizes


@pytest.mark.parametrize("platform", sorted(PLATFORMS))
def test_a_whole_list_of_any_size_is_rarely_taken_for_cut(platform):
    sizes = np.exp(np.random.default_rng(5).uniform(np.log(50), np.log(200_000), 5_000)).astype(int)
    assert np.mean([find_size_sign(int(n), platform) is not None for n in sizes]) <= 0.02


@pytest.mark.parametrize("platform", [*PAGE_SIZES, "instagram"])
def test_so_are_neighbouring_sizes(platform):
    # However sizes are spread: no 10,000 neighbouring ones hold more, away from a cap.
    for first in (1_000, 20_001):
        found = [find_size_sign(n, platform) for n in range(first, first + 10_000)]
        pages = [note for note in found if note is not None and note.code == "list_whole_pages"]
        assert len(pages) <= 0.011 * len(found)


@given(st.sampled_from(sorted(PAGE_SIZES)), st.integers(1, 300_000))
def test_a_sign_tells_the_truth_about_the_size(platform, n):
    note = find_size_sign(n, platform)
    if note is not None and note.code == "list_whole_pages":
        page, pages = note.numbers["page"], note.numbers["pages"]
        assert page * pages == note.count == n
        assert note.numbers["chance"] == 1 / page <= 0.01
    for page in PAGE_SIZES[platform]:
        assert find_size_sign(page * (n % 50 + 2), platform) is not None


def test_caps_are_found_where_lists_end_there():
    for platform, caps in CAPS.items():
        for cap, beside in caps:
            assert find_size_sign(cap, platform).code == "list_at_cap_size"
            outside = find_size_sign(round(cap * (1 + beside)) + 1, platform)
            assert outside is None or outside.code != "list_at_cap_size"
    assert find_size_sign(4_977, "tiktok").numbers["cap"] == 5_000
    assert find_size_sign(4_977, "instagram") is None


@pytest.mark.parametrize(("n", "platform"), [(0, "twitter"), (100, "github"), (200, "twitter"), (999, None)])
def test_one_small_page_says_nothing(n, platform):
    assert find_size_sign(n, platform) is None


def test_rejected_and_merged_records_count_for_the_size():
    rows = [{"account_id": f"{one}"} for one in range(1, 2_000)] + [{"account_id": "7"}]
    accounts = AccountTable.from_frame(rows, platform="instagram")
    assert accounts.n_accounts == 1_999
    assert codes(accounts) == {"list_whole_pages"}


# Simulated lists


def test_whole_simulated_lists_show_no_sign():
    random = np.random.default_rng(11)
    found = Counter()
    for seed in range(60):
        platform = ("twitter", "instagram", "tiktok")[seed % 3]
        n = int(np.exp(random.uniform(np.log(100), np.log(6_000))))
        audience = make_audience(n, float(random.uniform(0.2, 1)), platform, seed)
        found.update(note.code for note in find_frame_signs(audience.accounts, n).signs)
    assert sum(found.values()) <= 0.02 * 60 + 2, found
    assert not found.keys() & {"list_begins_late", "ranks_start_late", "ranks_have_gaps", "ranks_end_early"}


@pytest.mark.parametrize(("platform", "n"), [("twitter", 1_501), ("instagram", 501)])  # by creation, by follow dates
def test_the_newest_part_of_a_simulated_list_begins_late(platform, n):
    for seed in range(3):
        audience = make_audience(20 * n, 0.95, platform, seed)
        found = find_frame_signs(newest(audience, n))
        assert [note.code for note in found.signs] == ["list_begins_late"]
        assert 0 < found.signs[0].numbers["days"] <= LATE_DAYS
        assert found.may_be == "newest"
        assert [note.code for note in found.warnings("full")] == ["list_begins_late"]
        assert find_frame_signs(newest(audience, 20 * n - 99)).signs == ()


# Follow times and their bounds


def days_ago(days):
    return pa.array([SEEN - timedelta(days=float(one)) for one in days], pa.timestamp("us", tz="UTC"))


def test_the_days_are_those_in_which_nine_tenths_followed():
    accounts = table_of(200, followed_at=days_ago([*np.linspace(1, 30, 180), *np.linspace(400, 900, 20)]))
    (note,) = find_frame_signs(accounts).signs
    assert (note.code, note.numbers["days"], note.numbers["part"]) == ("list_begins_late", 30, 0.9)
    assert codes(table_of(200, followed_at=days_ago([*np.linspace(1, 30, 170), *np.linspace(400, 900, 30)]))) == set()


def test_an_account_made_late_bounds_all_that_stand_after_it():
    created = np.full(300, 2_000.0)
    created[5:9] = 20.0  # four of the oldest were made 20 days ago: everybody after them followed since
    accounts = ranked(range(300), created_at=days_ago(created[::-1]))
    (note,) = find_frame_signs(accounts).signs
    assert (note.code, note.numbers["days"]) == ("list_begins_late", 20)


def test_two_wrong_dates_prove_nothing():
    created = np.full(300, 2_000.0)
    created[5:7] = 20.0
    assert codes(ranked(range(300), created_at=days_ago(created[::-1]))) == set()


def test_without_a_day_of_observation_or_an_order_nothing_is_said_about_time():
    created = days_ago(np.full(300, 20.0))
    assert codes(table_of(300, created_at=created)) == set()
    frame = pa.table({"account_id": [f"{one}" for one in range(1, 301)], "followed_at": days_ago(np.full(300, 20.0))})
    assert codes(AccountTable.from_frame(frame, platform="instagram")) == set()


def test_a_small_list_is_not_examined():
    assert codes(table_of(99, followed_at=days_ago(np.full(99, 2.0)))) == set()
    assert codes(ranked(range(500, 599))) == set()


# Places


def test_places_behind_others_are_a_head():
    found = find_frame_signs(ranked(range(18_000, 20_001)), 20_001)
    assert [(note.code, note.count) for note in found.signs] == [("ranks_start_late", 18_000)]
    assert found.may_be == "newest"


def test_places_in_front_of_others_are_no_head():
    found = find_frame_signs(ranked(range(5_000, 7_001)), 20_001)
    assert {note.code: note.count for note in found.signs} == {"ranks_start_late": 5_000, "ranks_end_early": 13_000}
    assert found.may_be is None


def test_a_sample_has_gaps_and_no_early_or_late_end():
    random = np.random.default_rng(3)
    for _ in range(30):
        ranks = np.sort(random.choice(100_000, 1_001, replace=False))
        found = find_frame_signs(ranked(ranks), 100_000)
        assert [note.code for note in found.signs] == ["ranks_have_gaps"]
        assert found.warnings("random") == ()
        assert [note.code for note in found.warnings("newest")] == ["ranks_have_gaps"]


def test_a_sample_of_a_part_has_a_late_or_early_end():
    random = np.random.default_rng(3)
    late = np.sort(random.choice(50_000, 1_001, replace=False)) + 50_000
    assert codes(ranked(late), 100_000) == {"ranks_have_gaps", "ranks_start_late"}
    assert codes(ranked(late - 50_000), 100_000) == {"ranks_have_gaps", "ranks_end_early"}


def test_places_of_the_file_end_nowhere():
    assert codes(ranked(range(501)), 100_000) == set()


def test_records_that_were_lost_leave_gaps_that_say_nothing():
    ids = [f"{one}" for one in range(1, 301)] + ["1"] * 40
    frame = pa.table({"account_id": ids, "follow_rank": pa.array(np.arange(340)[::-1])})
    accounts = AccountTable.from_frame(frame, platform="instagram")
    assert accounts.report.duplicates_merged == 40
    assert codes(accounts) == set()


# Sources


@pytest.fixture
def read_page(tmp_path):
    def make(cursor, n=3):
        path = tmp_path / "page.json"
        path.write_bytes(page(cursor, n))
        return read_accounts(path)

    return make


def page(cursor, n):
    users = ",".join(
        f'{{"id_str": "{one}", "screen_name": "nama{one}", "friends_count": 4, "followers_count": 2,'
        f' "statuses_count": 9}}'
        for one in range(1, n + 1)
    )
    return f'{{"users": [{users}], "next_cursor": {cursor}}}'.encode()


def test_a_cursor_that_is_left_is_a_sign_that_the_reader_tells_itself(read_page):
    accounts = read_page(17)
    found = find_frame_signs(accounts)
    assert [note.code for note in found.signs] == ["list_not_ended"]
    assert found.may_be == "newest"
    assert "newest_followers_only" in {note.code for note in accounts.report.warnings}
    assert found.warnings("full") == ()  # not twice


def test_a_list_that_ended_contradicts_a_head_and_its_size_says_nothing(read_page):
    found = find_frame_signs(read_page(0, 400))
    assert [note.code for note in found.signs] == ["list_ended"]
    assert found.may_be == "full"
    assert [note.code for note in found.warnings("newest")] == ["list_ended"]
    assert found.warnings("full") == found.warnings("random") == found.warnings("unknown") == ()


# Frames


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ("full", set(SIGNS) - {"list_ended"}),
        ("unknown", set(SIGNS) - {"list_ended"}),
        ("random", {"list_not_ended", "list_begins_late", "ranks_start_late", "ranks_end_early"}),
        ("newest", {"list_ended", "ranks_end_early", "ranks_have_gaps"}),
    ],
)
def test_a_frame_is_warned_of_what_contradicts_it(frame, expected):
    found = ListFrame(tuple(map(Note, SIGNS)))
    assert {note.code for note in found.warnings(frame)} == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sign_has_words(language):
    numbers = {
        "page": 200, "pages": 3, "cap": 5_000, "days": 12, "part": 0.9, "first": 4, "last": 99, "population": 20_000,
    }  # fmt: skip
    for code in SIGNS:
        for count in (1, 600):
            assert "{" not in say_note(Note(code, count=count, numbers=numbers), language)


def test_an_empty_list_shows_nothing():
    assert find_frame_signs(table_of(0)).signs == ()


def test_a_list_as_long_as_the_number_of_followers_is_whole_however_round():
    accounts = table_of(15_000, platform="twitter")
    assert "list_at_cap_size" in codes(accounts)
    assert "list_at_cap_size" in codes(accounts, population=20_000)
    assert "list_at_cap_size" not in codes(accounts, population=15_100)
