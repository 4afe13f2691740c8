"""Every kind of source through every verb: result, exit code and shape of the JSON, or one sentence and nothing else."""

import bz2
import csv
import gzip
import io
import json
import lzma
import os
import subprocess
import sys
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

PEOPLE = ["ani_l", "budi", "citra", "NULL", "eka"]
GONE = "90071992547409931"


def zipped(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def table(delimiter=","):
    rows = [["id", "username", "name", "followers", "following", "posts", "joined"]]
    rows += [[1_000_001 + at, handle, "N", at, 5 * at, 7, "2019-02-03"] for at, handle in enumerate(PEOPLE)]
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return file.getvalue()


def workbook():
    book = openpyxl.Workbook()
    for row in (["Daftar pengikut"], [], ["Nama pengguna", "Pengikut", "Mengikuti"], *([one, 5, 6] for one in PEOPLE)):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parquet():
    file = io.BytesIO()
    pq.write_table(pa.table({"username": PEOPLE, "followers": range(5), "following": range(5)}), file)
    return file.getvalue()


def lines(values):
    return "".join(json.dumps(value) + "\n" for value in values)


def v1(at, handle):
    return {
        "id_str": str(1_000_001 + at), "screen_name": handle, "name": "N", "followers_count": at, "friends_count": 9,
        "statuses_count": 3, "created_at": "Fri Aug 08 02:16:23 +0000 2014", "default_profile_image": False,
    }  # fmt: skip


def v2_page():
    users = [
        {
            "id": str(1_000_001 + at),
            "username": handle,
            "name": "N",
            "public_metrics": {"followers_count": 5, "following_count": 6, "tweet_count": 7},
        }
        for at, handle in enumerate(PEOPLE)
    ]
    error = {"resource_type": "user", "parameter": "ids", "value": GONE, "title": "Not Found Error"}
    return json.dumps({"data": users, "errors": [error], "meta": {"result_count": 5}})


def entry(handle, moment):
    link = f"https://www.instagram.com/{handle}"
    return {"title": "", "string_list_data": [{"href": link, "value": handle, "timestamp": moment}]}


def script(name, rows, part=0):
    return f"window.YTD.{name}.part{part} = {json.dumps(rows)}"


def graphql():
    entries = [
        {
            "entryId": f"user-{at}",
            "sortIndex": str(1_000 - at),
            "content": {"itemContent": {"user_results": {"result": {
                "__typename": "User", "rest_id": str(1_000_001 + at),
                "core": {"screen_name": handle, "name": "N", "created_at": "Fri Aug 08 02:16:23 +0000 2014"},
                "relationship_counts": {"followers": 5, "following": 6}, "tweet_counts": {"tweets": 7},
            }}}},
        }
        for at, handle in enumerate(PEOPLE)
    ]  # fmt: skip
    instructions = [{"type": "TimelineAddEntries", "entries": entries}]
    return json.dumps({"data": {"user": {"result": {"timeline": {"timeline": {"instructions": instructions}}}}}})


INSTAGRAM = {
    f"connections/followers_and_following/followers_{at}.json": json.dumps([entry(one, 1_600_000_000 + at)])
    for at, one in enumerate(PEOPLE, 1)
} | {
    "connections/followers_and_following/following.json": json.dumps({"relationships_following": [entry("x", 5)]}),
    "personal_information/me.json": "{}",
}
X_ARCHIVE = {
    "data/follower.js": script("follower", [{"follower": {"accountId": str(1_000_001 + at)}} for at in range(3)]),
    "data/follower-part1.js": script(
        "follower", [{"follower": {"accountId": str(1_000_004 + at)}} for at in range(2)], 1
    ),
    "data/following.js": script("following", [{"following": {"accountId": "5"}}]),
    "data/account.js": script("account", [{"account": {"accountId": "77", "email": "rahasia@contoh.example"}}]),
}
PAGES = {f"page_{at}.csv": table().splitlines()[0] + f"\n{at},h{at},N,1,2,3,2020-01-01\n" for at in range(1, 6)}
TWITTER = ("--platform", "twitter")
INSTA = ("--platform", "instagram")

#: Name: content (a dict is a folder), options, expected platform. All hold five accounts.
SOURCES = {
    "csv": (table(), TWITTER, "twitter"),
    "tsv in utf-16": (table("\t").encode("utf-16"), TWITTER, "twitter"),
    "csv.gz": (gzip.compress(table().encode()), TWITTER, "twitter"),
    "csv.xz": (lzma.compress(table().encode()), TWITTER, "twitter"),
    "csv.bz2": (bz2.compress(table().encode()), TWITTER, "twitter"),
    "csv.zst": (pa.Codec("zstd").compress(table().encode(), asbytes=True), TWITTER, "twitter"),
    "zip of a csv": (zipped({"list.csv": table()}), TWITTER, "twitter"),
    "zip of pages": (zipped(PAGES), TWITTER, "twitter"),
    "folder of pages": (PAGES, TWITTER, "twitter"),
    "workbook": (workbook(), INSTA, "instagram"),
    "parquet": (parquet(), INSTA, "instagram"),
    "handles": ("# daftar\n@" + "\n@".join(PEOPLE) + "\n", INSTA, "instagram"),
    "links": ("".join(f"https://www.instagram.com/{one}/\n" for one in PEOPLE), (), "instagram"),
    "ids": ("".join(f"{1_000_001 + at}\n" for at in range(5)), TWITTER, "twitter"),
    "page of ids": (json.dumps({"ids": list(range(1_000_001, 1_000_006)), "next_cursor": 0}), (), "twitter"),
    "v1 lines": (lines(v1(*one) for one in enumerate(PEOPLE)), (), "twitter"),
    "v1 page": (json.dumps({"users": [v1(*one) for one in enumerate(PEOPLE)], "next_cursor": 5}), (), "twitter"),
    "v2 page": (v2_page(), (), "twitter"),
    "graphql": (graphql(), (), "twitter"),
    "download of Instagram as a folder": (INSTAGRAM, (), "instagram"),
    "download of Instagram as a zip": (zipped(INSTAGRAM), (), "instagram"),
    "X archive as a folder": (X_ARCHIVE, (), "twitter"),
    "X archive as a zip": (zipped(X_ARCHIVE), (), "twitter"),
    "scraper": (
        "pk,username,full_name,is_private,profile_pic_url,target_username\n"
        + "".join(f"{at + 9},{one},N,,https://cdn.example/a.jpg,toko\n" for at, one in enumerate(PEOPLE)),
        (),
        "instagram",
    ),
    "telegram": (
        lines({"_": "User", "id": at + 9, "first_name": "N", "username": one, "access_hash": 123456789, "phone": "628550100999"}
              for at, one in enumerate(PEOPLE)),
        (),
        "telegram",
    ),
    "bluesky": (
        json.dumps({"profiles": [{"did": f"did:plc:{at}", "handle": f"{one}.example", "followersCount": 1, "followsCount": 2, "postsCount": 3} for at, one in enumerate(PEOPLE)]}),
        (),
        "bluesky",
    ),
    "mastodon": (
        json.dumps([{"id": str(at + 9), "acct": f"{one}@contoh.example", "statuses_count": 3, "followers_count": 1, "following_count": 1, "note": "<p>x</p>", "created_at": "2020-01-01T00:00:00.000Z", "locked": False} for at, one in enumerate(PEOPLE)]),
        (),
        "mastodon",
    ),
}  # fmt: skip
every_source = pytest.mark.parametrize("name", SOURCES)


@pytest.fixture
def put(tmp_path):
    """A function from content to a path: bytes or text to a file, a dict to a folder."""
    made = 0

    def make(content, ending=""):
        nonlocal made
        made += 1
        path = tmp_path / f"sumber {made}{ending}"
        if isinstance(content, dict):
            for name, inner in content.items():
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                (path / name).write_text(inner, encoding="utf-8")
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


def shape(value):
    """Keys of objects inside one another; of counts by reason and of shares by column only that they are objects."""
    if not isinstance(value, dict):
        return None
    return {key: {} if key in ("coverage", "reject_reasons") else shape(inner) for key, inner in value.items()}


@every_source
def test_audit_gives_the_same_shape_for_every_source(shell, put, name):
    content, options, platform = SOURCES[name]
    outcome = shell("audit", put(content), "--json", *options)
    shell.check_accounting(outcome)
    assert outcome.code == 0
    assert outcome.err == ""
    assert outcome.json["platform"] == platform
    assert outcome.reading["accounts"] == 5
    yardstick = shell("audit", put(table()), "--json", *TWITTER)
    assert shape(outcome.json) == shape(yardstick.json)
    assert {frozenset(one) for one in outcome.json["warnings"]} <= {
        frozenset({"code", "column", "count", "numbers", "text"})
    }
    assert all(one["text"].strip() and "{" not in one["text"] for one in outcome.json["warnings"])
    assert outcome.json["segments"].keys() == yardstick.json["segments"].keys()
    assert sum(outcome.json["segments"].values()) == 5


@every_source
def test_audit_speaks_two_languages_about_every_source(shell, put, name):
    content, options, _ = SOURCES[name]
    path = put(content)
    texts = [shell("audit", path, *options, "--language", language).out for language in ("en", "id")]
    assert all(texts)
    assert texts[0] != texts[1]
    assert not any("Traceback" in text or "note_" in text for text in texts)


@every_source
def test_score_writes_one_row_a_record_of_every_source(shell, put, tmp_path, name):
    content, options, _ = SOURCES[name]
    path = put(content)
    reading = shell("audit", path, "--json", *options).reading
    target = tmp_path / "out.csv"
    outcome = shell("score", path, "-o", target, "--json", *options)
    assert (outcome.code, outcome.err) == (0, "")
    with target.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == outcome.json["rows_in"] == reading["rows_in"]
    assert sum(not row["reject_reason"] for row in rows) == reading["accounts"]
    assert outcome.json["reject_reasons"] == reading["reject_reasons"]


@every_source
def test_explain_and_the_sheet_take_every_source(shell, put, tmp_path, name):
    content, options, _ = SOURCES[name]
    path, sheet = put(content), tmp_path / "sheet.csv"
    outcome = shell("labels", "sheet", path, "-n", "3", "-o", sheet, "--json", *options)
    assert outcome.code == 0
    # Of bare ids raters know nothing to look up, and that is said.
    assert not outcome.err or ("neither a handle nor a link" in outcome.err and outcome.err.count("\n") == 1)
    assert (outcome.json["n_drawn"], outcome.json["n_accounts"]) == (3, 5)
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        drawn = [row["account_id"].removeprefix("'") for row in csv.DictReader(file)]
    assert len(set(drawn)) == 3
    explained = shell("explain", path, drawn[0], "--json", *options)
    assert (explained.code, explained.err) == (0, "")
    assert explained.json["account_id"] == drawn[0]


def test_secrets_of_a_source_leave_by_no_door(shell, put, tmp_path):
    for name in ("telegram", "X archive as a zip", "X archive as a folder"):
        path, page = put(SOURCES[name][0]), tmp_path / "a.html"
        outcomes = [
            shell("audit", path, "--json"),
            shell("audit", path, "--html", page, "--show-handles"),
            shell("score", path, "-o", tmp_path / "out.csv"),
            shell("labels", "sheet", path, "-o", tmp_path / "sheet.csv"),
        ]
        written = [one.read_text(encoding="utf-8") for one in (page, tmp_path / "out.csv", tmp_path / "sheet.csv")]
        for text in (*written, *(one.out + one.err for one in outcomes)):
            assert not [one for one in ("123456789", "628550100999", "rahasia@contoh") if one in text]


def test_accounts_that_are_gone_are_counted_and_named_nowhere(shell, put, tmp_path):
    import botscan as bs

    answer = {name: inner for name, inner in json.loads(v2_page()).items() if name != "meta"}
    path, page = put(json.dumps(answer)), tmp_path / "a.html"
    outcome = shell("audit", path, "--json")
    assert outcome.reading["reject_reasons"] == {"not_found": 1}
    shell("audit", path, "--html", page, "--show-handles")
    accounts = bs.read_accounts(path)
    assert accounts.report.gone == {"not_found": (GONE,)}
    result = bs.audit(accounts)
    shown = [
        outcome.out, shell("audit", path).out, page.read_text(encoding="utf-8"), repr(accounts), str(accounts),
        repr(accounts.report), str(accounts.report), json.dumps(accounts.report.to_dict()), accounts.to_json(),
        accounts._repr_html_(), accounts.to_markdown(), repr(result), result.to_json(), result._repr_html_(),
        shell("score", path, "-o", tmp_path / "s.csv", "--json").out, (tmp_path / "s.csv.histogram.json").read_text(),
        repr(bs.make_label_sheet(accounts, n=3)),
    ]  # fmt: skip
    assert not [text for text in shown if GONE in text]


@pytest.mark.parametrize(
    "language",
    [
        "en",
        "id",
    ],
)
def test_a_list_that_knows_whether_it_is_whole_shows_itself(put, language):
    import botscan as bs

    for cursor in (0, 5):
        page = json.dumps({"users": [v1(1, "ani")], "next_cursor": cursor})
        assert bs.read_accounts(put(page)).to_text(language)


# --- exit codes -------------------------------------------------------------------------------------------------------

VERBS = ("audit", "score", "explain", "labels sheet")


def command(verb, path, folder, *options):
    target = folder / "target.csv"
    words = {
        "audit": ["audit", path, "--json"],
        "score": ["score", path, "-o", target],
        "explain": ["explain", path, "ani_l"],
        "labels sheet": ["labels", "sheet", path, "-o", target],
    }[verb]
    return [*words, *options], target


@pytest.mark.parametrize("verb", VERBS)
def test_a_rejected_row_is_3_under_strict_and_the_result_is_there(shell, put, tmp_path, verb):
    path = put(zipped({"1.csv": table(), "2.csv": table().splitlines()[0] + "\nrusak\n"}))
    words, target = command(verb, path, tmp_path, *TWITTER)
    assert shell(*words).code == 0
    outcome = shell(*words, "--strict")
    assert outcome.code == 3
    assert outcome.out
    assert verb not in ("score", "labels sheet") or target.exists()


def post(at):
    return {"id_str": str(at), "full_text": "teks rahasia", "created_at": "Fri Aug 08 02:16:23 +0000 2014"}


def encrypted():
    data = bytearray(zipped({"list.csv": table()}))
    for magic, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        data[data.find(magic) + offset] |= 1
    return bytes(data)


#: Name: content, options, words of the message.
REFUSED = {
    "following of Instagram": (json.dumps({"relationships_following": [entry("rahasia", 5)]}), (), ["not the followers", "--format instagram_following"]),
    "following of X": (X_ARCHIVE["data/following.js"], (), ["not followers", "--format x_archive_following"]),
    "following of Mastodon": ("Account address,Show boosts\nrahasia@contoh.example,true\n", (), ["not followers"]),
    "posts": (script("tweets", [{"tweet": post(5)}]), (), ["not accounts", "read_posts"]),
    "table of posts": ("tweet id,text,likes\n5,teks rahasia,3\n", TWITTER, ["posts", "read_posts"]),
    "counts over time": ("date,followers\n2024-05-01,5\n", INSTA, ["a count over time", "read_series"]),
    "counts over time in JSON": (json.dumps({"data": [{"date": "2024-05-01", "followers": "5"}]}), INSTA, ["read_series"]),
    "labels": ("509316353\thuman\n612345678\tbot\n", TWITTER, ["label file"]),
    "chat": (json.dumps({"messages": [{"id": 1, "type": "message", "date": "2024-05-01T00:00:00", "from_id": "user9", "text": "teks rahasia", "date_unixtime": "5", "text_entities": []}]}), (), ["messages of a chat"]),
    "HTML of Instagram": ('<html><a href="https://www.instagram.com/rahasia">rahasia</a></html>', (), ["JSON"]),
    "empty": (b"", TWITTER, ["empty file"]),
    "empty folder": ({}, TWITTER, ["holds no file"]),
    "empty zip": (zipped({}), TWITTER, ["holds no file"]),
    "folder of pictures": ({"rahasia.jpg": "x"}, TWITTER, ["holds no file that botscan knows"]),
    "zip of a zip": (zipped({"rahasia.zip": b"x"}), TWITTER, ["holds no file that botscan knows"]),
    "zip of a script": (zipped({"list.csv": "alert(1)"}), TWITTER, ["list.csv"]),
    "zip that leads out": (zipped({"../list.csv": table()}), TWITTER, ["unsafe name"]),
    "zip with a password": (encrypted(), TWITTER, ["encrypted"]),
    "zip that was cut": (zipped({"list.csv": table()})[:-30], TWITTER, ["damaged"]),
    "gzip in gzip": (gzip.compress(gzip.compress(table().encode())), TWITTER, ["inside"]),
    "gzip of nothing": (gzip.compress(b""), TWITTER, ["empty file"]),
    "bomb": (gzip.compress(b"id\n" + b"0" * (40 << 20)), TWITTER, ["100 times"]),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), TWITTER, ["CSV UTF-8"]),
    "document": (zipped({"word/document.xml": "x", "[Content_Types].xml": "x"}), TWITTER, ["Word"]),
    "parquet that was cut": (parquet()[:-20], TWITTER, ["Parquet"]),
    "two platforms": ({"1.jsonl": lines([v1(1, "a")]), "2.json": json.dumps([entry("b", 5)])}, (), ["different platforms"]),
    "several audiences": ("username,full_name,is_private,target_username\na,A,true,toko\nb,B,true,warung\n", (), ["2 or more different accounts"]),
    "no platform": (table(), (), ["--platform"]),
    "other format": (table(), (*TWITTER, "--format", "bluesky_profiles"), ["bluesky_profiles"]),
    "unknown format": (table(), (*TWITTER, "--format", "nosuch"), ["'nosuch' is not known"]),
    "broken records only": ('{"a": \n{"b": \n', TWITTER, ["none of its 2 records"]),
    "pictures named as lists": ({"a.csv": "colour\nred\n", "b.json": "[[["}, TWITTER, ["a.csv"]),
}  # fmt: skip
KINDS_APART = {"two platforms": {"score"}}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_is_refused_alike_by_every_verb(shell, put, tmp_path, name, verb):
    content, options, words = REFUSED[name]
    if isinstance(content, dict):
        (tmp_path / "sumber 1").mkdir()
    path = put(content)
    typed, target = command(verb, path, tmp_path, *options)
    outcome = shell(*typed)
    assert outcome.code == 2
    assert outcome.out == ""
    assert outcome.err.startswith("botscan: ")
    assert outcome.err.count("\n") == 1
    assert "Traceback" not in outcome.err
    assert "rahasia" not in outcome.err.replace("rahasia.jpg", "").replace("rahasia.zip", "")
    if not (name == "two platforms" and verb == "score"):
        assert not [one for one in words if one not in outcome.err]
    if name != "unknown format":
        assert path.name in outcome.err
    assert not target.exists()
    assert sorted(one.name for one in tmp_path.iterdir()) == [path.name]


def test_kinds_that_are_joined_in_memory_are_scored_one_by_one(shell, put, tmp_path):
    page = json.dumps({"ids": [1_000_001, 1_000_002], "next_cursor": 0})
    users = {
        "data": [{"id": "1000001", "username": "a", "public_metrics": {"followers_count": 1}}],
        "meta": {"result_count": 1},
    }
    path = put({"ids.json": page, "users.json": json.dumps(users)})
    assert shell("audit", path, "--json").reading["accounts"] == 2
    outcome = shell("score", path, "-o", tmp_path / "out.csv")
    assert (outcome.code, outcome.out) == (2, "")
    assert not (tmp_path / "out.csv").exists()


def test_several_files_at_audit_are_parts_of_one_list(shell, put):
    whole = shell("audit", put(PAGES), "--json", *TWITTER).json
    apart = [put(content) for content in PAGES.values()]
    found = shell("audit", *apart, "--json", *TWITTER).json
    assert {**found, "source": ""} == {**whole, "source": ""}


def test_the_folder_of_a_source_is_left_as_it_was(shell, put, tmp_path):
    path = put(INSTAGRAM)
    before = {one: one.stat().st_mtime_ns for one in path.rglob("*")}
    for verb in VERBS:
        shell(*command(verb, path, tmp_path)[0])
    assert {one: one.stat().st_mtime_ns for one in path.rglob("*")} == before


def test_the_output_may_not_be_the_archive_that_is_read(shell, put):
    path = put(zipped({"list.csv": table()}), ".csv")
    before = path.read_bytes()
    outcome = shell("score", path, "-o", path, *TWITTER)
    assert (outcome.code, outcome.out) == (2, "")
    assert path.read_bytes() == before


def test_a_real_process_reads_an_archive_from_a_pipe(tmp_path):
    words = [sys.executable, "-m", "botscan", "audit", "-", "--json"]
    done = subprocess.run(
        words, input=zipped(INSTAGRAM), capture_output=True, check=False, timeout=60, cwd=tmp_path, env={**os.environ}
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["reading"]["accounts"] == 5
    done = subprocess.run(
        words, input=zipped({"x.jpg": "x"}), capture_output=True, check=False, timeout=60, cwd=tmp_path
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"botscan: ")
