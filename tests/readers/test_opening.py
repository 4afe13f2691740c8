"""Which parts of what was named belong together, and what is said about the rest."""

import io
import json
import zipfile

import pytest

from botscan.errors import FormatError
from botscan.readers.choose import Wishes
from botscan.readers.containers.files import Source
from botscan.readers.opening import opened_list

IDS = '{"ids": [1000001, 1000002], "next_cursor": 0}'
USERS = '{"id_str": "1000001", "screen_name": "ani", "friends_count": 1}\n'
FLAT = '{"id": "1000001", "username": "ani", "public_metrics": {"followers_count": 1}}\n'


def script(part, *ids):
    return f"window.YTD.follower.part{part} = " + json.dumps([{"follower": {"accountId": str(one)}} for one in ids])


@pytest.fixture
def put(tmp_path):
    def make(**files):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_dot_", ".").replace("_dash_", "-")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return make


def shapes(source, wishes=Wishes()):  # noqa: B008  frozen
    """Format of each group, the last parts of the names in it, and the codes of its notes."""
    with opened_list(source, wishes) as opened:
        return [
            (
                group.format.name,
                [part.name.rsplit("/", 1)[-1] for part, _ in group.parts],
                [note.code for note in group.notes],
            )
            for group in opened.groups
        ]


def test_files_of_one_format_and_with_the_same_columns_are_one_group(put):
    folder = put(
        a_dot_csv="id,followers\n1,2\n", b_dot_csv="followers;id\n2;1\n", c_dot_csv="id\n1\n", d_dot_jsonl=FLAT
    )
    assert shapes(folder) == [
        ("generic", ["a.csv", "b.csv"], []),
        ("generic", ["c.csv"], []),
        ("twitter_v2", ["d.jsonl"], []),
    ]


def test_pages_of_one_api_are_one_group_whatever_their_framing(put):
    folder = put(a_dot_json=FLAT, b_dot_json=json.dumps([json.loads(FLAT)], indent=2))
    assert shapes(folder) == [("twitter_v2", ["a.json", "b.json"], [])]


def test_groups_come_in_the_order_of_their_first_part_as_named(put):
    folder = put(a_dot_csv="id,followers\n1,2\n", b_dot_jsonl=FLAT)
    paths = [folder / "b.jsonl", folder / "a.csv"]
    assert [form for form, _, _ in shapes(paths)] == ["twitter_v2", "generic"]
    assert [form for form, _, _ in shapes(paths[::-1])] == ["generic", "twitter_v2"]


def test_numbered_parts_are_put_in_order_and_gaps_are_told(put):
    folder = put(
        follower_dot_js=script(0, 1), follower_dash_part1_dot_js=script(1, 2), follower_dash_part4_dot_js=script(4, 3)
    )
    [(form, names, notes)] = shapes(folder)
    assert (form, notes) == ("x_archive_follower", ["parts_missing"])
    assert names == ["follower.js", "follower-part1.js", "follower-part4.js"]
    paths = [folder / name for name in reversed(names)]
    assert shapes(paths) == [(form, names, notes)]
    with opened_list(folder, Wishes()) as opened:
        [note] = opened.groups[0].notes
    assert (note.count, note.numbers["names"]) == (2, "2, 3")


def test_a_part_number_beyond_all_sense_is_no_list_of_gaps(put):
    folder = put(follower_dot_js=script(0, 1), follower_dash_part9999_dot_js=script(9_999, 2))
    [(_, names, notes)] = shapes(folder)
    assert len(names) == 2
    assert notes == []


def test_an_archive_says_whose_it_is_and_when_it_was_made(put):
    folder = put(
        data__follower_dot_js=script(0, 1),
        data__account_dot_js='window.YTD.account.part0 = [{"account": {"accountId": "77"}}]',
        data__manifest_dot_js='window.__THAR_CONFIG = {"archiveInfo": {"generationDate": "2026-06-30T00:00:00.000Z"}}',
    )
    with opened_list(folder, Wishes()) as opened:
        about = opened.groups[0].about
    assert (about.subject, about.observed_at) == ("77", "2026-06-30T00:00:00.000Z")


def test_what_an_archive_says_of_itself_may_be_broken(put):
    folder = put(
        data__follower_dot_js=script(0, 1), data__account_dot_js="alert(1)", data__manifest_dot_js="window.x = {{{"
    )
    with opened_list(folder, Wishes()) as opened:
        about = opened.groups[0].about
    assert (about.subject, about.observed_at) == (None, None)


def test_data_files_that_are_no_list_are_skipped_and_told_and_a_single_file_is_not(put):
    folder = put(a_dot_csv="id,followers\n1,2\n", b_dot_csv="colour\nred\n", c_dot_json="[[[")
    [(_, names, notes)] = shapes(folder)
    assert (names, notes) == (["a.csv"], ["parts_skipped"])
    with pytest.raises(FormatError, match=r"b\.csv"):
        shapes(folder / "b.csv")
    with pytest.raises(FormatError, match=r"b\.csv"):
        shapes([folder / "a.csv", folder / "b.csv"])  # it was named, so it must be one


def test_the_first_file_that_is_none_is_named_when_there_is_no_list(put):
    folder = put(a_dot_csv="colour\nred\n", b_dot_json="[[[")
    with pytest.raises(FormatError, match=r"a\.csv"):
        shapes(folder)


def test_a_list_is_called_as_it_was_named(put, monkeypatch):
    folder = put(a_dot_csv="id\n1\n", b_dot_csv="id\n2\n")
    with zipfile.ZipFile(folder / "all.zip", "w") as archive:
        archive.write(folder / "a.csv", "a.csv")
    for source, name in (
        (folder, str(folder)),
        (folder / "a.csv", str(folder / "a.csv")),
        (folder / "all.zip", str(folder / "all.zip")),
        ([folder / "b.csv", folder / "a.csv"], str(folder / "b.csv")),
    ):
        with opened_list(source, Wishes()) as opened:
            assert opened.name == name


def test_nothing_named_is_refused():
    with pytest.raises(FormatError, match="No file was named"):
        shapes([])


def test_an_opened_source_stays_open():
    spool = io.BytesIO(b"id\n1\n")
    source = Source("made", spool=spool)
    assert shapes(source) == [("generic", ["made"], [])]
    assert not spool.closed


def test_posts_are_looked_for_under_other_names_than_accounts(put):
    tweets = 'window.YTD.tweets.part0 = [{"tweet": {"id_str": "5", "full_text": "a", "created_at": "x"}}]'
    folder = put(data__follower_dot_js=script(0, 1), data__tweets_dot_js=tweets)
    assert [names for _, names, _ in shapes(folder)] == [["follower.js"]]
    assert [names for _, names, _ in shapes(folder, Wishes("posts"))] == [["tweets.js"]]


def test_ids_and_the_users_looked_up_for_them_are_two_groups(put):
    folder = put(ids_dot_json=IDS, users_dot_jsonl=USERS)
    assert len(shapes(folder)) == 2
