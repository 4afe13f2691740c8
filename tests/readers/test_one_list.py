"""Groups of files made one list: numbers in a row, profiles told from lists, what is known of the list alone."""

import io
import json

import pytest

from botscan.errors import SchemaError
from botscan.readers.choose import Wishes
from botscan.readers.containers.files import Source
from botscan.readers.drafts import ReadingOptions
from botscan.readers.one_list import accounts_of, posts_of, read_groups, series_of
from botscan.readers.opening import opened_list

NAMES = b"username\nani\nbudi\ncitra\n"
PROFILES = b"username;followers\nBUDI;5\ndewi;6\n"


def groups_of(*contents, kind="accounts", **options):
    sources = [Source(f"made_{at}", spool=io.BytesIO(data)) for at, data in enumerate(contents)]
    with opened_list(sources, Wishes(kind)) as opened:
        return read_groups(opened, ReadingOptions(**options), kind)


def accounts(*contents, **options):
    return accounts_of(groups_of(*contents, **{"platform": "instagram", **options}), "made")


def page(*handles, cursor=0):
    users = [{"screen_name": one, "friends_count": 1, "followers_count": 2} for one in handles]
    return json.dumps({"users": users, "next_cursor": cursor}).encode()


def test_records_are_numbered_through_all_groups_and_parts_keep_their_names():
    found = groups_of(NAMES, PROFILES, NAMES, platform="instagram")
    assert [[name for _, name in group.parts] for group in found] == [["made_0", "made_2"], ["made_1"]]
    moved = found[1].behind(6)
    assert [raw.row_numbers.tolist() for raw in moved.batches] == [[7, 8]]
    assert moved.parts == ((7, "made_1"),)
    assert moved.plan.rows == 8
    assert found[1].behind(0) is found[1]


def test_typed_batches_come_in_order_and_are_let_go_of():
    numbers, texts = b'[{"username": "ani", "followers": 1}]', b'[{"username": "budi", "followers": "2"}]'
    [group] = groups_of(numbers, texts, platform="instagram")
    assert list(group.typed(lambda raw, plan: raw.first_row)) == [1, 2]
    assert group.batches == []


@pytest.mark.parametrize("contents", [(NAMES, PROFILES), (PROFILES, NAMES)])
def test_profiles_beside_bare_names_complete_them(contents):
    found = accounts(*contents)
    assert found.table["handle"].to_pylist() == ["ani", "BUDI", "citra"]
    assert found.report.reject_reasons == {"not_in_list": 1}
    assert (found.report.rows_in, found.report.duplicates_merged) == (5, 1)


def test_two_lists_of_profiles_and_two_of_names_are_one_list_each():
    more = b"username;followers;following\nani;1;2\n"
    assert accounts(PROFILES, more).n_accounts == 3
    assert accounts(NAMES, b"username,name\nani,A\neka,E\n").n_accounts == 4


def test_what_is_known_of_the_list_is_that_of_the_one_list_there_is():
    ids = json.dumps({"ids": [1_000_001, 1_000_002], "next_cursor": 0}).encode()
    user = b'{"id": "1000001", "username": "ani", "public_metrics": {"followers_count": 5}}\n'
    joined = accounts(user, ids, platform=None)
    assert (joined.report.list_order, joined.report.complete) == ("newest_first", True)
    assert joined.table["follow_rank"].to_pylist() == [1, 0]
    other = json.dumps({"data": [json.loads(user)], "meta": {"result_count": 1}}).encode()
    beside = accounts(page("x", "y"), other, platform=None)
    assert (beside.report.list_order, beside.report.complete) == ("unknown", None)
    assert beside.table.to_pydict().get("follow_rank", [None] * 3) == [None] * 3


@pytest.mark.parametrize(
    "place",
    [
        0,
        1,
    ],
)
def test_a_list_that_is_empty_has_no_say_wherever_it_is_named(place):
    whole = page("ani", "budi")
    contents = [whole]
    contents.insert(place, b"username,followers\n")
    found = accounts(*contents, platform=None)
    assert found.table.equals(accounts(whole, platform=None).table)
    assert (found.report.list_order, found.report.complete) == ("newest_first", True)


def test_a_list_of_nothing_but_empty_files_is_a_list_without_accounts():
    found = accounts(b"username\n", b"username,followers\n")
    assert (found.n_accounts, found.report.rows_in) == (0, 0)


def test_files_without_a_signature_are_of_the_platform_of_those_beside_them():
    assert accounts(page("ani"), PROFILES, platform=None).platform == "twitter"
    export = json.dumps([{"string_list_data": [{"value": "ani", "timestamp": 5}]}]).encode()
    with pytest.raises(SchemaError, match="different platforms: instagram, twitter"):
        accounts(page("ani"), export, platform=None)


def test_notes_of_all_groups_are_told_once():
    strange = b"username,colour\nani,red\n", b"username,followers,colour\nani,5,red\n"
    found = [note for note in accounts(*strange).report.warnings if note.code == "columns_ignored"]
    assert [note.count for note in found] == [1]
    assert accounts(*strange).report.ignored_columns == ("colour",)


def test_posts_and_counts_of_several_groups_are_put_together():
    posts = posts_of(groups_of(b"post_id,text\n5,a\n", b"post_id;text;likes\n6;b;1\n5;a;2\n", kind="posts"), "made")
    assert sorted(posts.table["post_id"].to_pylist()) == ["5", "6"]
    assert (posts.report.rows_in, posts.report.duplicates_merged) == (3, 1)
    series = series_of(
        groups_of(b"date,followers\n2024-05-02,2\n", b"tanggal;pengikut\n1 Mei 2024;1\n", kind="series"), "made"
    )
    assert series.points["followers_count"].to_pylist() == [1, 2]
