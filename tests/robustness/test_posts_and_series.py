"""Posts and counts over time on bad days (robustness, 1a-1g): every record accounted for, nothing made up, one error."""

import bz2
import gzip
import io
import json
import lzma
import random
import zipfile

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.errors import BotscanError, FormatError, SchemaError
from botscan.readers import Source, read_posts, read_series

READ = {"posts": read_posts, "series": read_series}
every_kind = pytest.mark.parametrize("kind", READ)

POSTS = "post_id;posted_at;text;likes;is_repost\n" + "".join(
    f'{at};2024-05-{at:02d}T01:02:03Z;"teks {at}; ☕";1.{at}00;tidak\n' for at in range(1, 10)
)
SERIES = "tanggal;jumlah pengikut;pengikut baru\n" + "".join(f"{at} Mei 2024;31.{at}00;+100\n" for at in range(1, 10))
TABLES = {"posts": POSTS, "series": SERIES}
LINES = {
    "posts": [
        {"post_id": str(2**63 + at), "posted_at": f"2024-05-{at:02d}", "text": "é", "likes": at} for at in range(1, 6)
    ],
    "series": [{"date": f"2024-05-{at:02d}", "followers": str(100 * at)} for at in range(1, 6)],
}
#: One file each of the formats that hold such records.
OTHERS = {
    "posts": {
        "twitter_v1": {"id_str": "5", "text": "RT @a: x", "created_at": "Fri Aug 08 02:16:23 +0000 2014", "user": {"id_str": "7", "screen_name": "a"}, "retweet_count": 3},
        "twitter_v2": {"id": "5", "text": "x", "author_id": "7", "public_metrics": {"like_count": 3}, "created_at": "2024-05-01T00:00:00Z"},
        "instagram_posts": {"media": [{"uri": "a.jpg", "creation_timestamp": 1_600_000_000, "title": "x"}]},
        "telegram_chat": {"messages": [{"id": 1, "type": "message", "date": "2024-05-01T00:00:00", "date_unixtime": "1714521600", "from_id": "user9", "text": "x", "text_entities": []}]},
        "bluesky_feed": {"feed": [{"post": {"uri": "at://did:plc:a/app.bsky.feed.post/b", "cid": "c", "author": {"did": "did:plc:a", "handle": "a.example"}, "record": {"text": "x", "createdAt": "2024-05-01T00:00:00Z"}, "likeCount": 1, "indexedAt": "2024-05-01T00:00:00Z"}}]},
        "mastodon_statuses": {"id": "5", "content": "<p>x</p>", "created_at": "2024-05-01T00:00:00.000Z", "account": {"id": "7", "acct": "a@b.example", "statuses_count": 1}, "reblogs_count": 1, "favourites_count": 1, "replies_count": 1, "visibility": "public", "uri": "https://b.example/5"},
    },
    "series": {"generic": {"name": "x", "data": [{"date": "2024-05-01", "followers": "5"}]}},
}  # fmt: skip


def read(kind, data, **options):
    data = data.encode() if isinstance(data, str) else data
    return READ[kind](Source("made", spool=io.BytesIO(data)), **options)


def rows(table):
    """What a table of posts or a series holds, and its account."""
    return getattr(table, "points", None) if hasattr(table, "points") else table.table


def check(found):
    report = found.report
    assert report.rows_in == report.accounts + report.duplicates_merged + report.rows_rejected
    assert report.rows_rejected == sum(report.reject_reasons.values())
    assert report.accounts == rows(found).num_rows
    assert len(report.rejected) == min(report.rows_rejected, 100)
    return report


def lines(values):
    return "".join(json.dumps(value) + "\n" for value in values)


def in_zip(data):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("list.csv", data)
    return packed.getvalue()


# --- bytes ------------------------------------------------------------------------------------------------------------


@every_kind
def test_packing_encoding_line_ends_and_delimiters_change_nothing(kind):
    text = TABLES[kind]
    expected = read(kind, text)
    assert check(expected).accounts == 9
    zstd = pa.Codec("zstd")
    variants = [
        gzip.compress(text.encode()), lzma.compress(text.encode()), bz2.compress(text.encode()), in_zip(text),
        zstd.compress(text.encode(), asbytes=True), text.encode("utf-8-sig"), text.encode("utf-16"),
        text.replace("\n", "\r\n").encode(), text.replace("\n", "\r").encode(),
        text.replace('; ☕"', ' ☕"').replace(";", "\t").encode(),
    ]  # fmt: skip
    for data in variants[:-1]:
        found = READ[kind](io_parts(data))
        assert rows(found).equals(rows(expected))
    tabbed = read(kind, variants[-1])
    assert rows(tabbed).column(2).to_pylist()[0] == rows(expected).column(2).to_pylist()[0]


def io_parts(data):
    """A source, or the parts of an archive, as a path would give them."""
    from botscan.readers.containers.archives import open_parts

    return open_parts(Source("made", spool=io.BytesIO(data)))


@every_kind
def test_every_framing_of_json_is_one_table(kind):
    values = LINES[kind]
    expected = read(kind, lines(values))
    assert check(expected).accounts == 5
    for text in (
        json.dumps(values),
        json.dumps(values, indent=2),
        "".join(map(json.dumps, values)),
        lines(values) + "\n\n",
    ):
        assert rows(read(kind, text)).equals(rows(expected))


@every_kind
def test_json_cut_at_every_byte_keeps_the_whole_records_before(kind):
    whole = rows(read(kind, lines(LINES[kind]))).to_pylist()
    data = lines(LINES[kind]).encode()
    ends = [at + 1 for at, byte in enumerate(data) if byte == 10]
    for length in range(ends[0], len(data)):
        found = read(kind, data[:length])
        n_whole = sum(end <= length + 1 for end in ends)  # a record may lack its line end
        assert check(found).rows_in - found.report.reject_reasons.get("truncated", 0) == n_whole
        assert rows(found).to_pylist()[:n_whole] == whole[:n_whole]


@every_kind
@pytest.mark.parametrize(
    "content",
    [b"", b"\xef\xbb\xbf", b"<html></html>", b"%PDF-1.7", b"[[[", b"window.YTD.x.part0 = [alert(1)]", b"a,b\n1,2\n"],
)
def test_what_is_no_such_list_is_one_error_with_a_remedy(kind, content):
    with pytest.raises(FormatError) as caught:
        read(kind, content)
    assert str(caught.value).startswith("made: ")
    assert caught.value.remedy


@every_kind
def test_a_list_of_accounts_is_refused_by_its_name_and_with_the_way_to_read_it(kind):
    for content in (
        '{"id": "1", "username": "rahasia", "public_metrics": {"followers_count": 1}}',
        "username,full_name,is_private\nrahasia,A,true\n",
    ):
        if kind == "posts" and content.startswith("{"):
            continue  # pages of X may hold both
        with pytest.raises(FormatError, match="read_accounts") as caught:
            read(kind, content)
        assert "rahasia" not in str(caught.value)


# --- records ----------------------------------------------------------------------------------------------------------


@every_kind
@pytest.mark.parametrize("percent", [1, 20, 80])
def test_bad_records_leave_the_good_ones_as_they_are(kind, percent):
    rng = random.Random(percent)
    values = [
        {
            **LINES[kind][at % 5],
            **({"post_id": str(at)} if kind == "posts" else {"date": f"20{10 + at // 12:02d}-{at % 12 + 1:02d}-01"}),
        }
        for at in range(100)
    ]
    good = read(kind, lines(values))
    mixed = list(map(json.dumps, values))
    bad = [
        ("{oops", "bad_json"),
        ("[1]", "not_an_object"),
        ('"x"', "not_an_object"),
        ('{"x": ' + "[" * 99 + "]" * 99 + "}", "too_deep"),
    ]
    bad.append(("{}", "no_identity" if kind == "posts" else "no_date"))
    reasons = {}
    for _ in range(percent):
        text, reason = rng.choice(bad)
        mixed.insert(rng.randrange(1, len(mixed)), text)
        reasons[reason] = reasons.get(reason, 0) + 1
    found = read(kind, "\n".join(mixed) + "\n")
    assert rows(found).equals(rows(good))
    assert check(found).reject_reasons == reasons
    assert all(one.line == one.row for one in found.report.rejected)


@every_kind
def test_rows_of_the_wrong_length_are_rejected_with_their_lines(kind):
    header, first, *rest = TABLES[kind].splitlines()
    found = read(kind, "\n".join([header, first, "rusak", *rest, "a;" * 9]))
    expected = read(kind, TABLES[kind])
    assert rows(found).equals(rows(expected))
    assert [(one.row, one.reason, one.line, one.column) for one in check(found).rejected] == [
        (2, "wrong_cell_count", 3, None),
        (11, "wrong_cell_count", 12, None),
    ]


@every_kind
def test_the_order_of_rows_never_matters(kind):
    header, *records = TABLES[kind].splitlines()
    expected = rows(read(kind, TABLES[kind])).to_pylist()
    for seed in range(5):
        shuffled = random.Random(seed).sample(records, len(records))
        found = rows(read(kind, "\n".join([header, *shuffled]))).to_pylist()
        assert sorted(found, key=str) == sorted(expected, key=str)
        assert kind == "posts" or found == expected  # a series is sorted


def test_records_name_the_file_they_stand_in(tmp_path):
    for kind, header, bad in (("posts", "post_id;text", ";"), ("series", "tanggal;pengikut", ";5")):
        folder = tmp_path / kind
        folder.mkdir()
        good = {"posts": "5;a", "series": "2024-05-01;5"}[kind]
        (folder / "1.csv").write_text(f"{header}\n{good}\n")
        (folder / "2.csv").write_text(f"{header}\n{good}\n{bad}\n")
        report = check(READ[kind](folder))
        [row] = report.rejected
        assert (row.row, row.line, row.file) == (3, 3, f"{folder}/2.csv")
        assert row.column in ("post_id", "counted_at")
        assert report.duplicates_merged == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(OTHERS["posts"])), st.data())
def test_a_post_of_any_format_with_any_value_at_any_key_is_accounted_for(name, data):
    page = json.loads(json.dumps(OTHERS["posts"][name]))
    holders = list(objects_in(page))
    for _ in range(data.draw(st.integers(1, 3))):
        holder = data.draw(st.sampled_from(holders))
        if holder:
            holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(json_values)
    whole = OTHERS["posts"][name]
    found = read("posts", lines([whole, page]))
    report = check(found)
    assert report.format == name
    assert report.rows_in >= 1


def objects_in(value):
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects_in(inner)


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["posts", "series"]),
    st.lists(
        st.dictionaries(
            st.sampled_from(["post_id", "text", "posted_at", "likes", "date", "followers", "gained", "id", "user"]),
            json_values,
            max_size=4,
        ),
        max_size=5,
    ),
)
def test_any_objects_are_read_or_refused(kind, values):
    first = {"posts": {"post_id": "5", "text": "a"}, "series": {"date": "2024-05-01", "followers": 5}}[kind]
    found = read(kind, lines([first, *values]))
    assert check(found).rows_in >= 1 + sum(isinstance(value, dict) for value in values) or kind == "series"


@settings(deadline=None, max_examples=80)
@given(
    st.sampled_from(["posts", "series"]),
    st.booleans(),
    st.lists(
        st.tuples(
            st.integers(0, 500),
            st.integers(0, 9),
            st.binary(min_size=0, max_size=3) | st.sampled_from([b'"', b"\n", b"{", b"[" * 70, b"9" * 25, b"\\ud800"]),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_mutated_bytes_give_a_list_or_a_typed_error(kind, is_table, changes):
    data = (TABLES[kind] if is_table else lines(LINES[kind])).encode()
    for position, length, token in changes:
        at = position % (len(data) + 1)
        data = data[:at] + token + data[at + length :]
    try:
        found = read(kind, data)
    except BotscanError as error:
        assert str(error).startswith("made")  # noqa: PT017
        return
    check(found)


# --- nothing is made up ------------------------------------------------------------------------------------------------


def test_unknown_never_becomes_zero_or_no():
    posts = read(
        "posts",
        lines(
            [
                {"post_id": "5", "text": "a", "likes": None, "is_repost": None},
                {"post_id": "6", "likes": 0, "is_repost": False},
            ]
        ),
    )
    assert posts.table["likes_count"].to_pylist() == [None, 0]
    assert posts.table["is_repost"].to_pylist() == [None, False]
    for content in OTHERS["posts"].values():
        found = read("posts", json.dumps(content)).table
        assert found.num_rows == 1
        assert "views_count" not in found.column_names or found["views_count"].to_pylist() == [None]


def test_a_series_is_never_filled_smoothed_or_corrected():
    rows_ = [
        "1 Mei 2024;27.800;--",
        "2 Mei 2024;0;-5",
        "5 Mei 2024;27,9 rb;+70",
        "6 Mei 2024;20.000;+1",
        "7 Mei 2024;20.001;",
    ]
    series = read("series", "\n".join(["tanggal;jumlah pengikut;pengikut baru", *rows_]))
    assert series.points["followers_count"].to_pylist() == [27_800, 0, 27_900, 20_000, 20_001]
    assert series.points["followers_gained"].to_pylist() == [None, -5, 70, 1, None]
    assert series.points["half_width"].to_pylist() == [0, 0, 50, 0, 0]
    assert series.is_doubtful_zero.tolist() == [False, True, False, False, False]
    assert series.is_after_gap.tolist() == [False, False, True, False, False]
    told = {(note.code, note.count) for note in series.report.warnings}
    assert told >= {("count_rounded", 1), ("series_gaps", 1), ("series_zeros", 1), ("series_changes_differ", 1)}
    assert series.report.rounded == {"followers_count": 50}


def test_of_two_counts_a_day_the_later_one_stays_and_both_are_accounted_for():
    series = read(
        "series", "date,followers\n2024-05-02T09:00:00Z,3\n2024-05-02T08:00:00Z,2\n2024-05-01,1\n2024-05-02,\n"
    )
    assert series.points["followers_count"].to_pylist() == [1, 3]
    assert (series.report.duplicates_merged, dict(series.report.reject_reasons)) == (1, {"no_count": 1})


def test_platforms_and_zones_that_nobody_knows_are_refused():
    for kind in READ:
        with pytest.raises(SchemaError, match="myspace"):
            read(kind, TABLES[kind], platform="myspace")
        with pytest.raises(SchemaError, match="zone"):
            read(kind, TABLES[kind], tz="Mars/Olympus")


def test_a_date_order_that_nothing_decides_is_left_open_with_the_option_to_say_it():
    posts = read("posts", "post_id,posted_at,text\n5,3/4/2024,a\n")
    assert posts.table["posted_at"].to_pylist() == [None]
    assert "date_order_unknown" in {note.code for note in posts.report.warnings}
    assert (
        read("posts", "post_id,posted_at,text\n5,3/4/2024,a\n", date_order="dmy")
        .table["posted_at"]
        .to_pylist()[0]
        .month
        == 4
    )
    with pytest.raises(FormatError, match="date order"):
        read("posts", "post_id,posted_at,text\n5,3/4/2024,a\n", date_order="ymd")


def test_what_people_wrote_shows_in_no_message_and_no_summary():
    secret = "Kenari Rahasia"
    posts = read(
        "posts", lines([{"post_id": "5", "text": secret, "likes": secret, "posted_at": secret, "author_id": secret}])
    )
    shown = [repr(posts), str(posts), repr(posts.report), json.dumps(posts.to_dict()), posts._repr_html_()]
    series = read("series", f"date,followers,username\n2024-05-01,5,{secret}\n{secret},{secret},x\n")
    shown += [repr(series), repr(series.report), str(series.report)]
    assert not [text for text in shown if secret in text]
