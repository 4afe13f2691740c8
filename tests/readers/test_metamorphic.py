"""Relations between readings: what a file could have been instead, without anything changing in the result.

Order of rows and columns, extra columns, repeated rows, types of cells, bad rows among good ones: the scores of the
accounts are the same to the last bit, and so is the histogram that every estimate of a share is made from.
"""

import csv
import io
import json
import random
from datetime import UTC, datetime, timedelta

import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import botscan as bs

SEEN = datetime(2026, 6, 30, tzinfo=UTC)
N = 90
#: Milliseconds since 1970 at which ids of X begin to count.
SNOWFLAKE_EPOCH = 1_288_834_974_657
COLUMNS = (
    "account_id", "handle", "display_name", "bio", "location", "created_at", "followers_count", "following_count",
    "posts_count", "likes_given_count", "listed_count", "is_verified", "is_private", "has_avatar",
)  # fmt: skip


def person(rng, at):
    made = datetime(2017, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(290_000_000))
    milliseconds = int(made.timestamp()) * 1000
    is_empty = rng.random() < 0.4
    return {
        "account_id": str((milliseconds - SNOWFLAKE_EPOCH << 22) + at),
        "handle": f"buatan{rng.randrange(10**8)}_{at}" if is_empty else rng.choice(["ani", "Budi", "null", "NA"]) + f"_{at}",
        "display_name": rng.choice(["Ani Lestari", "Budi", "", "Citra ☕ Dewi", 'Eka "E"']),
        "bio": "" if is_empty else rng.choice(["kopi, senja; hujan", "ibu dua anak\ndi Malang", "🙂", "=1+1"]),
        "location": rng.choice(["Malang", "Kota Batu", ""]),
        "created_at": None if rng.random() < 0.1 else made,
        "followers_count": None if rng.random() < 0.05 else rng.randrange(40 if is_empty else 3_000),
        "following_count": rng.randrange(5_000 if is_empty else 900),
        "posts_count": 0 if is_empty else rng.randrange(20_000),
        "likes_given_count": rng.randrange(10_000),
        "listed_count": rng.randrange(20),
        "is_verified": rng.random() < 0.02,
        "is_private": rng.random() < 0.3,
        "has_avatar": not is_empty or rng.random() < 0.5,
    }  # fmt: skip


def make_people(n=N, seed=7):
    rng = random.Random(seed)
    return [person(rng, at) for at in range(n)]


PEOPLE = make_people()


# --- one list of people in many formats; each writer takes rows (dicts with any further keys) -----------------------


def text_of(cell):
    if isinstance(cell, bool):
        return str(cell).lower()
    return "" if cell is None else cell.isoformat() if isinstance(cell, datetime) else str(cell)


def delimited(rows):
    """Rows of one set of keys, in the order of the first."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows([text_of(row[name]) for name in rows[0]] for row in rows)
    return file.getvalue().encode()


def lines(rows):
    return "".join(json.dumps(row, default=text_of) + "\n" for row in rows).encode()


def generic_csv(people):
    return delimited(people)


def generic_lines(people):
    return lines(people)


def parquet(people):
    file = io.BytesIO()
    names = dict.fromkeys(name for one in people for name in one)
    pq.write_table(pa.table({name: [one.get(name) for one in people] for name in names}), file)
    return file.getvalue()


def workbook(people):
    book = openpyxl.Workbook()
    book.active.append(list(people[0]))
    for one in people:
        cells = [cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell for cell in one.values()]
        book.active.append(cells)
        for cell in book.active[book.active.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # "=1+1" is what somebody wrote, no formula
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def of_instagram(one):
    """As follower scrapers write it; accounts of Instagram have no dates."""
    known = {
        "pk": one["account_id"],
        "username": one["handle"],
        "full_name": one["display_name"],
        "is_private": one["is_private"],
        "is_verified": one["is_verified"],
        "profile_pic_url": "https://cdn.example/"
        + ("a.jpg" if one["has_avatar"] else "44884218_345707102882519_n.jpg"),
        "followersCount": one["followers_count"],
        "followsCount": one["following_count"],
        "postsCount": one["posts_count"],
        "biography": one["bio"],
    }
    return {**known, **{name: cell for name, cell in one.items() if name not in COLUMNS}}


def instagram_csv(people):
    rows = [of_instagram(one) for one in people]
    order = [name for name in people[0] if name not in COLUMNS]
    # The order of columns follows that of the people, whose keys are called otherwise.
    names = [*rows[0]]
    if list(people[0]) != sorted(people[0], key=[*COLUMNS, *order].index):
        names.reverse()
    return delimited([{name: row[name] for name in names} for row in rows])


def v1_date(moment):
    return moment and moment.strftime("%a %b %d %H:%M:%S +0000 %Y")


def of_v1(one):
    keys = {
        "account_id": "id_str", "handle": "screen_name", "display_name": "name", "bio": "description",
        "following_count": "friends_count", "posts_count": "statuses_count", "likes_given_count": "favourites_count",
        "is_verified": "verified", "is_private": "protected",
    }  # fmt: skip
    user = {keys.get(name, name): cell for name, cell in one.items()}
    user["created_at"] = v1_date(one["created_at"])
    user["default_profile_image"] = not user.pop("has_avatar")
    return user


def v1_lines(people):
    return lines([of_v1(one) for one in people])


def of_v2(one):
    counts = {
        "followers_count": one["followers_count"],
        "following_count": one["following_count"],
        "tweet_count": one["posts_count"],
        "like_count": one["likes_given_count"],
        "listed_count": one["listed_count"],
    }
    picture = "https://pbs.example/" + ("1/a.jpg" if one["has_avatar"] else "default_profile_images/d.png")
    user = {
        "id": one["account_id"],
        "username": one["handle"],
        "name": one["display_name"],
        "description": one["bio"],
        "location": one["location"],
        "verified": one["is_verified"],
        "verified_type": "business" if one["is_verified"] else "none",
        "protected": one["is_private"],
        "profile_image_url": picture,
        "public_metrics": counts,
        **({} if one["created_at"] is None else {"created_at": one["created_at"].strftime("%Y-%m-%dT%H:%M:%S.000Z")}),
    }
    user = {**user, **{name: cell for name, cell in one.items() if name not in COLUMNS}}
    return dict(reversed(user.items())) if next(iter(one)) != "account_id" else user


def v2_lines(people):
    return lines([of_v2(one) for one in people])


#: Writer, options of reading, name of the format.
FORMATS = {
    "csv": (generic_csv, {"platform": "twitter"}, "generic"),
    "jsonl": (generic_lines, {"platform": "twitter"}, "generic"),
    "parquet": (parquet, {"platform": "twitter"}, "generic"),
    "xlsx": (workbook, {"platform": "twitter"}, "generic"),
    "instagram scraper": (instagram_csv, {}, "instagram_scraper"),
    "twitter v1": (v1_lines, {}, "twitter_v1"),
    "twitter v2": (v2_lines, {}, "twitter_v2"),
}
every_format = pytest.mark.parametrize("name", FORMATS)


@pytest.fixture
def read(tmp_path):
    """A function from (name of a format, people) to an AccountTable, through a file."""
    made = 0

    def from_file(name, people):
        nonlocal made
        made += 1
        write, options, _ = FORMATS[name]
        path = tmp_path / f"list_{made}"
        path.write_bytes(write(people))
        return bs.read_accounts(path, observed_at=SEEN, **options)

    return from_file


def bits(source, **options):
    """Account to its log-odds as bits, so that not even the last one may differ; None = not scored."""
    scores = bs.score_accounts(source, **options)
    ids, odds = scores.table["account_id"].to_pylist(), scores.table["log_odds"].to_pylist()
    assert any(one is not None for one in odds)
    return {key: None if one is None else float(one).hex() for key, one in zip(ids, odds, strict=True)}


def histogram(source):
    return bs.score_accounts(source).histogram().to_dict()


# --- formats ------------------------------------------------------------------------------------------------------


@every_format
def test_the_writers_write_what_they_should(read, name):
    accounts = read(name, PEOPLE)
    assert accounts.report.format == FORMATS[name][2]
    assert accounts.n_accounts == N
    assert accounts.table["handle"].to_pylist() == [one["handle"] for one in PEOPLE]
    assert accounts.table["followers_count"].to_pylist() == [one["followers_count"] for one in PEOPLE]
    assert accounts.table["has_avatar"].to_pylist() == [one["has_avatar"] for one in PEOPLE]
    assert len(set(bits(accounts).values())) > N // 2  # scores that all were one would show nothing


def test_one_list_in_every_format_of_one_platform_has_the_same_scores(read):
    names = [name for name in FORMATS if name != "instagram scraper"]
    tables = {name: read(name, PEOPLE) for name in names}
    expected = bits(tables["csv"])
    for name, accounts in tables.items():
        assert bits(accounts) == expected, name
        for column in (*COLUMNS, "bio_length"):
            assert accounts.table[column].to_pylist() == tables["csv"].table[column].to_pylist(), (name, column)


# --- order, extra columns, repeats -----------------------------------------------------------------------------------


@every_format
def test_the_order_of_rows_and_of_columns_changes_no_score(read, name):
    accounts = read(name, PEOPLE)
    expected, drawn = bits(accounts), histogram(accounts)
    for seed in range(3):
        rng = random.Random(seed)
        people = rng.sample(PEOPLE, N)
        keys = list(COLUMNS) if seed == 0 else rng.sample(COLUMNS, len(COLUMNS))
        shuffled = read(name, [{key: one[key] for key in keys} for one in people])
        assert bits(shuffled) == expected
        assert histogram(shuffled) == drawn
        assert shuffled.digest == accounts.digest


@every_format
def test_extra_columns_change_no_score(read, name):
    expected = bits(read(name, PEOPLE))
    strange = {"warna": "biru", "__proto__": "x", "x_score": "7", "catatan panjang": "a,b"}
    wider = read(name, [{**strange, **one, "zodiac": "leo"} for one in PEOPLE])
    assert bits(wider) == expected
    ignored = [note for note in wider.report.warnings if note.code == "columns_ignored"]
    assert [note.count for note in ignored] == [len(strange) + 1]


@every_format
def test_repeated_rows_change_no_score_and_are_counted(read, name):
    expected = histogram(read(name, PEOPLE))
    rng = random.Random(3)
    people = [one for one in PEOPLE for _ in range(rng.randint(1, 5))]
    rng.shuffle(people)
    accounts = read(name, people)
    report = accounts.report
    assert (report.rows_in, report.accounts, report.duplicates_merged) == (len(people), N, len(people) - N)
    assert bits(accounts) == bits(read(name, PEOPLE))
    assert histogram(accounts) == expected


def test_a_hundred_shuffles_leave_what_shares_are_estimated_from(tmp_path):
    path = tmp_path / "list"
    drawn, found = set(), set()
    for seed in range(100):
        people = random.Random(seed).sample(PEOPLE, N)
        path.write_bytes(delimited(people + people[: seed % 5]))
        scores = bs.score_accounts(path, platform="twitter", observed_at=SEEN)
        drawn.add(json.dumps(scores.histogram().to_dict(), sort_keys=True))
        found.add(scores.list_digest)
    assert len(drawn) == len(found) == 1


def test_shuffled_repeats_with_noise_in_their_names_are_the_same_accounts(tmp_path):
    known = ("handle", "followers_count", "following_count", "posts_count")
    people = [{key: one[key] for key in known} for one in PEOPLE]

    def read_rows(rows):
        path = tmp_path / "list"
        path.write_bytes(delimited(rows))
        return bs.read_accounts(path, platform="instagram")

    expected = bits(read_rows(people))
    for seed in range(10):
        rng = random.Random(seed)
        noisy = [
            {**one, "handle": rng.choice(["", "@", " ", " @"]) + rng.choice([str, str.upper, str.lower])(one["handle"])}
            for one in people
            for _ in range(rng.randint(1, 3))
        ]
        rng.shuffle(noisy)
        accounts = read_rows(noisy)
        assert accounts.n_accounts == N
        assert bits(accounts) == expected


# --- types of cells ------------------------------------------------------------------------------------------------


def frames():
    """Yield one list under the types that libraries give it."""
    arrow = pa.table({name: [one[name] for one in PEOPLE] for name in COLUMNS})
    yield "arrow", arrow
    yield "dicts", PEOPLE
    yield "arrow dictionaries", arrow.set_column(1, "handle", arrow["handle"].dictionary_encode())
    yield "arrow small", arrow.set_column(6, "followers_count", arrow["followers_count"].cast(pa.int32()))
    plain = arrow.to_pandas()
    yield "pandas", plain
    yield "pandas nullable", plain.convert_dtypes()
    yield "pandas Int64", plain.astype(dict.fromkeys(COLUMNS[6:11], "Int64"))
    yield "pandas float32", plain.astype(dict.fromkeys(COLUMNS[6:11], "float32"))
    yield "pandas arrow", arrow.to_pandas(types_mapper=pd.ArrowDtype)
    yield "pandas categories", plain.astype({"handle": "category", "location": "category", "is_private": "category"})
    yield "pandas objects", plain.astype(object)
    yield "pandas with a strange index", plain.set_axis([5] * N)
    texts = pd.DataFrame([{name: text_of(one[name]) or None for name in COLUMNS} for one in PEOPLE])
    texts[["bio", "display_name", "location"]] = plain[["bio", "display_name", "location"]]
    yield "pandas texts", texts
    yield "pandas strings", texts.astype("string")
    yield "polars", pl.from_arrow(arrow)
    yield "polars texts", pl.from_pandas(texts)
    yield "polars categories", pl.from_arrow(arrow).with_columns(pl.col("handle", "location").cast(pl.Categorical))
    yield "polars small", pl.from_arrow(arrow).with_columns(pl.col(COLUMNS[6:11]).cast(pl.Int32))


@pytest.mark.parametrize(("name", "frame"), list(frames()), ids=[name for name, _ in frames()])
def test_types_of_cells_change_no_score(tmp_path, name, frame):
    path = tmp_path / "list"
    path.write_bytes(delimited(PEOPLE))
    expected = bits(path, platform="twitter", observed_at=SEEN)
    assert bits(frame, platform="twitter", observed_at=SEEN) == expected
    scores = bs.score_accounts(frame, platform="twitter", observed_at=SEEN)
    assert scores.histogram().to_dict() == histogram(bs.read_accounts(path, platform="twitter", observed_at=SEEN))


# --- bad rows among good ones ----------------------------------------------------------------------------------------


def bad_lines(name):
    """What a killed or careless process leaves between good records: (lines, reject reason)."""
    if name == "csv":
        return [
            (b"only one cell", "wrong_cell_count"),
            (b"a,b," * 20, "wrong_cell_count"),
            (b",,,x,,,,,,,,,,", "no_identity"),
        ]
    if name == "instagram scraper":
        return [(b"only one cell", "wrong_cell_count"), (b",,x,true,,,,,,", "no_identity")]
    return [(b'{"id": 5, oops}', "bad_json"), (b"[1, 2]", "not_an_object"), (b"{}", "no_identity"), (b"{" * 9, "bad_json"),
            (b'{"x": ' + b"[" * 99 + b"]" * 99 + b"}", "too_deep"), (b'"teks"', "not_an_object")]  # fmt: skip


@pytest.mark.parametrize("name", ["csv", "jsonl", "instagram scraper", "twitter v1", "twitter v2"])
@pytest.mark.parametrize("percent", [1, 10, 60])
def test_bad_rows_leave_the_scores_of_good_ones_to_the_bit(tmp_path, read, name, percent):
    write, options, _ = FORMATS[name]
    people = [{**one, "bio": one["bio"].replace("\n", " ")} for one in PEOPLE]  # one line a record
    head, *records = write(people).splitlines()
    if name not in ("csv", "instagram scraper"):
        records = [head, *records]
        head = None
    rng = random.Random(percent)
    reasons = {}
    mixed = list(records)
    for _ in range(max(1, percent * N // 100)):
        bad, reason = rng.choice(bad_lines(name))
        mixed.insert(rng.randrange(1, len(mixed)), bad)
        reasons[reason] = reasons.get(reason, 0) + 1
    path = tmp_path / "mixed"
    path.write_bytes(b"\n".join([head, *mixed] if head else mixed) + b"\n")
    accounts = bs.read_accounts(path, observed_at=SEEN, **options)
    good = read(name, people)
    assert accounts.report.reject_reasons == reasons
    assert accounts.table.equals(good.table)
    assert bits(accounts) == bits(good)
    assert len(accounts.report.rejected) == sum(reasons.values())
    for row in accounts.report.rejected:
        assert row.line == row.row + bool(head)
