"""A plan and its batches: of every kind of source they say what reading it as a whole says, whatever the batch size."""

import gzip
import io
import json
import zipfile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from botscan.accounts import AccountTable
from botscan.errors import BotscanError, FormatError
from botscan.readers import ReadingPlan, Source, plan_reading, planned, read_accounts, read_batches

N = 23


def lines(values):
    return "".join(json.dumps(value) + "\n" for value in values)


def v1(at):
    return {
        "id_str": str(1_000_000 + at), "screen_name": f"o{at}", "friends_count": at, "followers_count": 2, "novel": 1,
        "created_at": "" if at % 3 else "Fri Aug 08 02:16:23 +0000 2014", "url": None if at % 2 else "https://a.example",
    }  # fmt: skip


def v2_page(numbers):
    users = [
        {"id": str(1_000_000 + at), "username": f"o{at}", "public_metrics": {"followers_count": at}} for at in numbers
    ]
    gone = {"resource_type": "user", "parameter": "ids", "value": "77", "title": "Not Found Error"}
    return {"data": users, "errors": [gone], "meta": {"result_count": len(users), "next_token": "x"}}


def workbook():
    book = openpyxl.Workbook()
    for row in (
        ["Daftar"],
        ["Nama pengguna", "Pengikut", "Bergabung"],
        *([f"o{at}", at, 43_000 + at] for at in range(N)),
    ):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parquet():
    file = io.BytesIO()
    pq.write_table(pa.table({"username": [f"o{at}" for at in range(N)], "followers": range(N)}), file, row_group_size=5)
    return file.getvalue()


def zipped(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return packed.getvalue()


CSV = "username;pengikut;bergabung\n" + "".join(f"o{at};1.{at:03d};{at + 1}/1/2020\n" for at in range(N))
EXPORT = [
    {"title": "", "string_list_data": [{"href": f"https://www.instagram.com/o{at}", "value": f"o{at}", "timestamp": 1_600_000_000 - at}]}
    for at in range(N)
]  # fmt: skip
SOURCES = {
    "table": (CSV + "rusak\n", "instagram"),
    "packed table": (gzip.compress(CSV.encode()), "instagram"),
    "parts of a table": (zipped({f"{at}.csv": CSV.replace("o", f"p{at}") for at in (2, 10)}), "instagram"),
    "workbook": (workbook(), "instagram"),
    "parquet": (parquet(), "instagram"),
    "handles": ("".join(f"@o{at}\n" for at in range(N)), "instagram"),
    "links": ("".join(f"https://www.instagram.com/o{at}/\n" for at in range(N)), None),
    "user objects": (lines(v1(at) for at in range(N)) + "{oops\n", None),
    "pages": (lines([{"users": [v1(at) for at in range(9)], "next_cursor": 4}, {"users": [v1(at) for at in range(9, N)], "next_cursor": 0}]), None),
    "pages with gone accounts": (lines([v2_page(range(7)), v2_page(range(7, N))]), None),
    "ids": (json.dumps({"ids": list(range(1_000_000, 1_000_000 + N)), "next_cursor": 9}), None),
    "download": (zipped({f"followers_{at + 1}.json": json.dumps(EXPORT[at::2]) for at in range(2)}), None),
    "twarc csv": ("id,username,public_metrics.followers_count,__twarc.retrieved_at\n" + "".join(f"{at + 5},o{at},{at},2024-01-01T00:00:00Z\n" for at in range(N)), None),
    "empty": ("username,followers\n", "instagram"),
}  # fmt: skip


@pytest.fixture
def put(tmp_path):
    def make(content, name="list"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return make


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("batch_rows", [1, 7, 1_000])
def test_batches_hold_the_records_of_the_whole(put, name, batch_rows):
    content, platform = SOURCES[name]
    path = put(content)
    whole = read_accounts(path, platform=platform)
    plan = plan_reading(path, platform=platform)
    assert ReadingPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan
    batches = list(read_batches(path, plan, batch_rows))
    numbers = [number for batch in batches for number in batch.row_numbers.tolist()]
    assert numbers == list(range(1, plan.rows + 1))
    assert all(len(batch) <= batch_rows for batch in batches)
    joined = AccountTable.from_records(
        batches, source=str(path), format=plan.format, platform=plan.platform, notes=plan.notes,
        list_order=plan.list_order, complete=plan.complete,
    )  # fmt: skip
    assert joined.table.equals(whole.table)
    assert joined.report.reject_reasons == whole.report.reject_reasons
    assert (joined.report.list_order, joined.report.complete) == (whole.report.list_order, whole.report.complete)
    assert [(one.row, one.reason, one.line) for one in joined.report.rejected] == [
        (one.row, one.reason, one.line) for one in whole.report.rejected
    ]
    assert sorted(joined.report.warnings, key=repr) == sorted(whole.report.warnings, key=repr)


@pytest.mark.parametrize("name", [name for name in SOURCES if name != "empty"])
def test_the_plan_knows_what_the_whole_knows(put, name):
    content, platform = SOURCES[name]
    path = put(content)
    whole = read_accounts(path, platform=platform)
    plan = plan_reading(path, platform=platform)
    assert (plan.platform, plan.rows) == (whole.platform, whole.report.rows_in)
    ranked = {"follow_rank"} if whole.report.list_order == "by_followed_at" else set()  # only the whole list knows it
    known = {column: share for column, share in whole.coverage().items() if column not in ranked}
    assert dict(plan.coverage) == pytest.approx(known)


def test_files_of_several_kinds_have_no_plan_together(put, tmp_path):
    put("username\nani\n", "1.csv")
    put("username,followers\nbudi,5\n", "2.csv")
    with pytest.raises(FormatError, match="files of 2 kinds") as caught:
        plan_reading(tmp_path, platform="instagram")
    assert "read_accounts" in caught.value.remedy


@pytest.mark.parametrize("change", ["a part less", "a part more", "another format"])
def test_a_plan_holds_for_the_files_that_were_planned_only(put, tmp_path, change):
    for at in (1, 2):
        put(f"username,followers\no{at},5\n", f"{at}.csv")
    plan = plan_reading(tmp_path, platform="instagram")
    if change == "a part less":
        (tmp_path / "2.csv").unlink()
    else:
        put(
            "username,followers\no3,5\n" if change == "a part more" else "@ani\n",
            "3.csv" if change == "a part more" else "1.csv",
        )
    with pytest.raises(FormatError):
        list(read_batches(tmp_path, plan))


class Blind(planned._Guess):
    """A guess that has seen no keys before the first batch."""

    def __init__(self, draft):
        super().__init__(draft)
        if draft.holds == "json":
            self._headers = {}


class Passes:
    """Readings with small batches in the first pass, which count how often the source is passed over."""

    def __init__(self, patch):
        self.n = 0
        stream, batches = planned.RawStream, planned._batches

        def second(*args):
            self.n += 1
            return batches(*args)

        patch.setattr(planned, "RawStream", lambda *args, **words: stream(*args, **{"batch_rows": 3, **words}))
        patch.setattr(planned, "_batches", second)
        patch.setattr(planned, "_Guess", Blind)
        self._patch = patch

    def of(self, content, **options):
        """Return the plan, and the passes that it took."""
        self.n = 1
        plan = plan_reading(Source("list", spool=io.BytesIO(content.encode())), **options)
        return plan, self.n

    def in_two(self, content, **options):
        """Return the plan of two passes."""
        with self._patch.context() as patch:
            patch.setattr(Blind, "was_right", lambda *_: False)
            plan, n = self.of(content, **options)
        assert n == 2
        return plan


@pytest.fixture(scope="module")
def passes():
    with pytest.MonkeyPatch.context() as patch:
        yield Passes(patch)


#: Content -> passes that a plan takes. Batches hold three records.
BY_PASSES = {
    "keys of generic objects": (lines({"username": f"o{at}", "followers": at} for at in range(N)), 1),
    "a column that comes late": (lines({"username": f"o{at}", **({"bio": "x"} if at > 9 else {})} for at in range(N)), 1),
    "a key that is never filled": (lines({"username": f"o{at}", "bio": None} for at in range(N)), 1),
    "a better key that comes late": (lines({"name" if at < 9 else "display_name": "A", "username": f"o{at}"} for at in range(N)), 2),
    "two spellings of a key, the first of which is never filled": (lines({"userName": None, "user_name": f"o{at}"} for at in range(N)), 2),
    "a word that another explains later": (lines({"username": f"o{at}", "followed": 5, **({"followers": 1} if at > 9 else {})} for at in range(N)), 1),
    "a key by which rows are numbered, never filled": (lines({"followers": None} for _ in range(N)), 2),
    "a flag that is turned round": (lines({"username": f"o{at}", "default_profile_image": at % 2 > 0} for at in range(N)), 1),
    "days before months": ("username,created_at\n" + "".join(f"o{at},{at + 1}/1/2020\n" for at in range(13, N)), 1),
    "days before months, as is said late": ("username,created_at\n" + "".join(f"o{at},{at + 1}/1/2020\n" for at in range(N)), 2),
    "a table of canonical columns": ("username,followers\n" + "".join(f"o{at},5\n" for at in range(N)), 1),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_PASSES)
def test_one_pass_is_enough_where_the_first_records_tell_what_holds(passes, name):
    content, n = BY_PASSES[name]
    plan, taken = passes.of(content, platform="twitter")
    assert taken == n
    assert dict(plan.coverage) == dict(passes.in_two(content, platform="twitter").coverage)


@pytest.mark.parametrize(
    ("rows", "n"),
    [
        ([{"username": "a", "platform": "X"}] * 4, 1),
        ([{"username": "https://www.instagram.com/ana"}] * 4, 1),
        ([{"username": "https://www.instagram.com/ana", "platform": ""}] * 3 + [{"username": "b", "platform": "X"}], 2),
        ([{"username": "ana", "platform": ""}] * 3 + [{"username": "b", "platform": "X"}], 2),
    ],
)
def test_the_platform_is_guessed_from_the_first_records(passes, rows, n):
    table = "username,platform\n" + "".join(f"{row['username']},{row.get('platform', '')}\n" for row in rows)
    for content in (lines(rows), table):
        plan, taken = passes.of(content)
        assert taken == n
        two = passes.in_two(content)
        assert (plan.platform, dict(plan.coverage)) == (two.platform, dict(two.coverage))


def test_blanks_that_mean_no_take_one_pass(passes):
    header = "id,name,screen_name,statuses_count,friends_count,default_profile,default_profile_image,geo_enabled,protected,verified,updated,dataset,timestamp"
    for default_image, n in (("1", 1), ("", 2)):  # a column turned round that is never filled tells nothing
        rows = (f"{at},A,o{at},5,6,1,{default_image},,,,2020-01-02,E13,2020-01-02" for at in range(N))
        content = "\n".join([header, *rows, ""])
        plan, taken = passes.of(content)
        assert (plan.format, taken) == ("cresci_csv", n)
        assert dict(plan.coverage) == dict(passes.in_two(content).coverage)


def test_a_column_that_the_caller_names_may_come_late(passes):
    content = lines({"username": f"o{at}", **({"fans": at} if at > 9 else {})} for at in range(N))
    options = {"platform": "twitter", "column_map": {"followers_count": "fans"}}
    plan, taken = passes.of(content, **options)
    assert (taken, plan.coverage["followers_count"]) == (1, 13 / N)
    assert dict(plan.coverage) == dict(passes.in_two(content, **options).coverage)


_KEYS = (
    "id", "userName", "user_name", "handle", "name", "display_name", "followers", "followers_count", "followed", "likes", "bio",
    "handle_length", "handle_digits", "platform", "verified", "default_profile", "created_at", "created_at_precision",
    "observed_at", "website", "account_status",
)  # fmt: skip
_VALUES = st.sampled_from(
    [None, "", " ", "a", "ana", "x", "twitter", "1500000000000000000", "7", 12, -1, True, False, "true", "12,3 rb", [1],
     "2020-01-02T00:00:00Z", "2020-01-02 10:30:00", "2020-01-02", "3/4/2020", "25/4/2020", "4/25/2020", "https://instagram.com/ana", "suspended", {"a": 1}]
)  # fmt: skip


@settings(deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=8), min_size=1, max_size=14),
    st.fixed_dictionaries(
        {
            "platform": st.sampled_from([None, "twitter", "instagram"]),
            "date_order": st.sampled_from([None, "dmy"]),
            "column_map": st.sampled_from([{}, {"bio": "name"}, {"followers_count": "likes"}]),
        }
    ),
    st.booleans(),
)
def test_one_pass_knows_what_two_know(passes, rows, options, is_table):
    if is_table:
        keys = list(dict.fromkeys(key for row in rows for key in row))
        cells = [[str(row.get(key) or "").replace(",", ".") for key in keys] for row in rows]
        content = "".join(",".join(row) + "\n" for row in [keys, *cells])
    else:
        content = lines(rows)
    assert outcome(passes.of, content, options) == outcome(passes.in_two, content, options)


def outcome(read, content, options):
    try:
        plan = read(content, **options)
    except BotscanError as error:
        return str(error)
    return (plan[0] if isinstance(plan, tuple) else plan).to_dict()
