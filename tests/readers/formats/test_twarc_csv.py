import copy
import csv
import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.readers import read_accounts
from botscan.readers.formats.twarc_csv import TWARC_CSV, TWARC_CSV_COMPLIANCE, TWARC_CSV_COUNTS, TWARC_CSV_LISTS
from botscan.readers.formats.twitter_v2 import TWITTER_V2
from botscan.schema import POST_COLUMNS

FORMATS = Path(os.environ.get("BOTSCAN_FORMATS", Path(__file__).parents[4] / "shared" / "formats"))
needs_samples = pytest.mark.skipif(not FORMATS.is_dir(), reason="the folder of sample files is not here")

ALL = (TWARC_CSV, TWARC_CSV_COUNTS, TWARC_CSV_LISTS, TWARC_CSV_COMPLIANCE)

USERS = """\
id,created_at,username,name,description,entities.url.urls,location,profile_image_url,protected,\
public_metrics.followers_count,public_metrics.following_count,public_metrics.listed_count,public_metrics.tweet_count,\
url,verified,__twarc.retrieved_at,__twarc.url
1135441326322264531,2019-06-03T07:01:22.000Z,kopi_buku,Kopi & Buku,satu\\ndua,\
"[{""url"": ""https://t.co/x"", ""expanded_url"": ""http://kopi.example""}]",Malang,\
https://pbs.twimg.com/profile_images/1/x.jpg,False,3,1874,0,12,https://t.co/x,True,2021-10-23T19:36:18+00:00,
612345678,2012-06-19T01:02:03.000Z,null,NA,,,,,True,,,,,,False,2021-10-23T19:36:18+00:00,
7,,made_name,Made,,,,,,,,,,,,,
"""
POSTS = """\
id,author_id,in_reply_to_user_id,retweeted_user_id,created_at,text,lang,source,public_metrics.impression_count,\
public_metrics.reply_count,public_metrics.retweet_count,public_metrics.like_count,author.id,author.created_at,\
author.username,author.description,author.protected,author.public_metrics.followers_count,author.verified,\
author.entities.description.urls,author.url,__twarc.retrieved_at
11,5,,8,2021-04-08T02:11:52.000Z,satu\\ndua,in,Made App,90,0,410,241,5,2021-01-22T09:00:00.000Z,made_author,\
tiga\\nempat,False,58,False,,http://made.example,2021-04-08T02:12:10+00:00
12,5,8,,2021-04-08T02:12:07.000Z,RT @x baca,und,Made App,0,1,0,2,,,,,,,,,,2021-04-08T02:12:10+00:00
"""


def test_users_are_read_as_the_same_users_in_json(table, take):
    words, rows = table(USERS)
    assert [one.header_evidence(words) > 0 for one in ALL] == [True, False, False, False]
    twarc = {"retrieved_at": "2021-10-23T19:36:18+00:00"}
    user = {
        "id": "1135441326322264531", "created_at": "2019-06-03T07:01:22.000Z", "username": "kopi_buku",
        "name": "Kopi & Buku", "description": "satu\ndua", "location": "Malang", "verified": True,
        "profile_image_url": "https://pbs.twimg.com/profile_images/1/x.jpg", "protected": "False", "__twarc": twarc,
        "entities": {"url": {"urls": [{"expanded_url": "http://kopi.example"}]}},
        "public_metrics": {
            "followers_count": "3", "following_count": "1874", "listed_count": "0", "tweet_count": "12",
        },
    }  # fmt: skip
    assert take(TWARC_CSV, rows[:1]).columns == take(TWITTER_V2, [user]).columns
    taken = take(TWARC_CSV, rows)
    assert taken["handle"] == ["kopi_buku", "null", "made_name"]
    assert taken["is_verified"] == [True, False, None]


def test_an_empty_bio_is_known_to_be_empty_only_where_it_was_asked_for(table, take):
    _, rows = table(USERS)
    taken = take(TWARC_CSV, rows)
    assert taken["bio"] == ["satu\ndua", "", None]
    assert taken["website"] == ["http://kopi.example", "", None]
    asked = "https://api.twitter.com/2/users?user.fields=created_at%2Cdescription&ids=1"
    rows[1]["__twarc"]["url"] = asked
    assert (take(TWARC_CSV, rows)["bio"][1], take(TWARC_CSV, rows)["website"][1]) == ("", None)
    without = [{key: value for key, value in row.items() if key not in ("description", "url")} for row in rows]
    assert take(TWARC_CSV, without)["bio"] == [None] * 3


def test_posts_give_their_columns(table, take):
    words, rows = table(POSTS)
    assert [one.header_evidence(words) > 0 for one in ALL] == [True, False, False, False]
    taken = take(TWARC_CSV, rows, "posts")
    assert set(taken.columns) == {column.name for column in POST_COLUMNS}
    assert (taken["account_id"], taken["post_id"]) == (["5", "5"], ["11", "12"])
    assert taken["text"] == ["satu\ndua", "RT @x baca"]
    assert (taken["language"], taken["source_app"]) == (["in", None], ["Made App"] * 2)
    assert (taken["likes_count"], taken["comments_count"], taken["reposts_count"]) == (
        ["241", "2"],
        ["0", "1"],
        ["410", "0"],
    )
    assert taken["views_count"] == ["90", None]
    assert (taken["is_repost"], taken["is_reply"]) == ([True, False], [False, True])


def test_without_the_ids_a_repost_cannot_be_told(take):
    row = {"id": "1", "author_id": "5", "text": "satu"}
    taken = take(TWARC_CSV, [row], "posts")
    assert (taken["is_repost"], taken["is_reply"]) == ([None], [None])
    row["referenced_tweets"] = {"retweeted": {"id": ""}, "replied_to": {"id": "3"}}
    taken = take(TWARC_CSV, [row], "posts")
    assert (taken["is_repost"], taken["is_reply"]) == ([False], [True])


def test_authors_are_accounts_and_a_bare_id_has_no_time(table, take):
    _, rows = table(POSTS)
    taken = take(TWARC_CSV, rows)
    assert (taken["account_id"], taken["handle"]) == (["5", "5"], ["made_author", None])
    assert (taken["bio"], taken["website"]) == (["tiga\nempat", None], ["http://made.example", None])
    assert taken["observed_at"] == ["2021-04-08T02:12:10+00:00", None]
    rows[0]["author"]["id"] = ""
    assert take(TWARC_CSV, rows)["account_id"] == ["5", "5"]


def encoded(text, *, every):
    """Write a table as the tool does with ``--json-encode-all``, else with ``--json-encode-text``."""

    def cell_of(header, cell):
        is_other = cell.startswith("[") or "metrics" in header or cell in ("", "True", "False")
        if not is_other:
            return json.dumps(cell.replace("\\n", "\n"))
        return cell.lower() if every and cell in ("True", "False") else cell

    headers, *rows = csv.reader(io.StringIO(text))
    written = io.StringIO()
    csv.writer(written).writerows([headers, *([*map(cell_of, headers, row)] for row in rows)])
    return written.getvalue()


@pytest.mark.parametrize("every", [True, False], ids=["all", "text"])
@pytest.mark.parametrize(
    ("text", "kind"), [(USERS, "accounts"), (POSTS, "accounts"), (POSTS, "posts")], ids=["users", "authors", "posts"]
)
def test_cells_that_are_written_as_json_say_the_same(table, take, text, kind, every):
    text = text.replace("Kopi & Buku", '"Kopi é ""Buku"""').replace("Made,", '"""Made""",')
    _, plain = table(text)
    words, rows = table(encoded(text, every=every))
    assert TWARC_CSV.header_evidence(words)
    assert rows[0]["id"].startswith('"')
    before = copy.deepcopy(rows)
    found, expected = take(TWARC_CSV, rows, kind), take(TWARC_CSV, plain, kind)
    hidden = {"is_private"}  # its cells are typed later
    assert {**found.columns, **dict.fromkeys(hidden)} == {**expected.columns, **dict.fromkeys(hidden)}
    assert rows == before
    if text.startswith("id,created_at"):
        assert found["display_name"] == ['Kopi é "Buku"', "NA", '"Made"']


def test_quotes_are_left_where_a_row_is_not_written_as_json(take):
    taken = take(
        TWARC_CSV, [{"id": "7", "username": "a", "name": '"b"'}, {"id": '"8"', "name": '"b', "location": '"\\q"'}]
    )
    assert (taken["account_id"], taken["display_name"], taken["location"]) == (
        ["7", "8"],
        ['"b"', '"b'],
        [None, '"\\q"'],
    )


def test_a_file_written_as_json_is_read(tmp_path):
    for name, text in (("plain", USERS), ("encoded", encoded(USERS, every=True))):
        (tmp_path / name).write_text(text)
    found, expected = (read_accounts(tmp_path / name) for name in ("encoded", "plain"))
    assert found.n_accounts == 3
    assert found.table.equals(expected.table)


def test_users_hold_no_posts(table, take):
    _, rows = table(USERS)
    assert take(TWARC_CSV, rows, "posts")["post_id"] == []


def test_columns_that_nobody_knows_stay_to_be_reported(table, take):
    _, rows = table("id,username,brand_new,__twarc.retrieved_at\n1,a,b,\n")
    (page,) = take(TWARC_CSV, rows).pages
    assert set(page.records[0]) - TWARC_CSV.accounts.known_keys == {"brand_new"}
    _, rows = table(POSTS)
    assert not any(set(page.records[0]) - TWARC_CSV.posts.known_keys for page in take(TWARC_CSV, rows, "posts").pages)


@pytest.mark.parametrize(
    ("header", "form"),
    [
        ("start,end,tweet_count,__twarc.retrieved_at,__twarc.url,__twarc.version", TWARC_CSV_COUNTS),
        (
            "id,owner_id,created_at,name,description,member_count,follower_count,private,__twarc.retrieved_at",
            TWARC_CSV_LISTS,
        ),
        ("id,action,created_at,redacted_at,reason", TWARC_CSV_COMPLIANCE),
    ],
    ids=["counts", "lists", "compliance"],
)
def test_other_files_of_the_tool_are_refused_by_name(table, header, form):
    words, _ = table(header + "\n")
    assert [one for one in ALL if one.header_evidence(words)] == [form]
    assert form.accounts is form.posts is None
    assert form.name.partition("twarc_csv_")[2] in form.refusal


@pytest.mark.parametrize("header", ["username,followers", "author_id,text,likes", "id,text,public_metrics"])
def test_other_tables_are_not_taken(table, header):
    words, _ = table(header + "\n")
    assert not any(one.header_evidence(words) for one in ALL)


@needs_samples
def test_samples_give_what_they_hold(table, take):
    words, users = table((FORMATS / "twarc_csv_users.made.csv").read_text())
    assert TWARC_CSV.header_evidence(words) > 3
    taken = take(TWARC_CSV, users)
    assert taken["followers_count"] == ["580", "164", "2"]
    assert taken["website"][1] == "http://Contoh.example/yohan.d.hartono"
    assert all(taken["created_at"])
    words, posts = table((FORMATS / "twarc_csv_tweets.made.csv").read_text())
    assert TWARC_CSV.header_evidence(words) > 3
    assert set(take(TWARC_CSV, posts)["account_id"]) == {"1352541513177475305"}
    taken = take(TWARC_CSV, posts, "posts")
    assert "\n" in taken["text"][0]
    assert (taken["is_repost"], taken["is_reply"]) == ([True, False], [False, True])
    for path in FORMATS.glob("*.csv"):
        if not path.name.startswith("twarc_csv") and "utf16" not in path.name:
            words, _ = table(path.read_text(errors="replace").splitlines()[0] + "\n")
            assert not any(one.header_evidence(words) for one in ALL), path.name


KEYS = (
    "id", "author", "author_id", "text", "created_at", "entities", "url", "urls", "description", "verified", "name",
    "__twarc", "retweeted_user_id", "referenced_tweets", "retweeted", "public_metrics", "in_reply_to_user_id", "",
)  # fmt: skip
CELLS = (
    st.none()
    | st.text(max_size=5)
    | st.sampled_from(["", '"', '""', '"a"', '"\\ud800"', "[", "[1]", '["a"]', "True", "user.fields=", "\ud800"])
)
VALUES = st.recursive(CELLS, lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=5))


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES | st.integers() | st.lists(st.integers()), max_size=8))
def test_no_row_makes_it_stumble(row):
    for records_of in (TWARC_CSV.accounts, TWARC_CSV.posts):
        records = records_of.unpack(row).records
        for field in records_of.fields:
            assert len(field.values(records)) == len(records)
